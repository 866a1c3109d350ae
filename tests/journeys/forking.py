"""Processes that may be killed, forked from one that has imported and done everything once: a kill costs no start."""

from collections.abc import Callable
from multiprocessing import get_context
from typing import Any

PATIENCE_SECONDS = 120
SPAWN = get_context("forkserver")
SPAWN.set_forkserver_preload(["tests.journeys.warm"])  # one fork server for all kinds of killing


def exit_code_of(work: Callable[..., None], *given: Any) -> int | None:
    """Do this work in a process of its own; its exit code (-9 where it killed itself), None where it still runs."""
    child = SPAWN.Process(target=work, args=given)
    child.start()
    child.join(PATIENCE_SECONDS)
    return child.exitcode
