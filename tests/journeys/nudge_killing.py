"""Nudging in a process of its own that dies, by SIGKILL, at a checkpoint of its choosing."""

import os
import signal
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import wraps
from typing import Any

from sqlalchemy import Connection, Engine, event
from sqlalchemy.orm import Session

import tasks.deliver
import tasks.nudge
from heardback.messages.slack import SlackSender
from heardback.store.nudges import ABANDONED_AFTER
from tests.journeys.forking import exit_code_of

STEPS: dict[str, tuple[Any, str]] = {
    "claim": (tasks.nudge, "claim"),
    "deliver": (tasks.deliver.Delivery, "deliver"),
    "note_way": (tasks.deliver, "note_way"),
    "look": (SlackSender, "find"),
    "post": (SlackSender, "send"),
    "mark": (tasks.deliver, "mark"),
    "end": (tasks.nudge, "set_mark"),
}
# Of two people's messages: each step before and after, for the first and the second; and every commit on the way.
CHECKPOINTS = [(f"{when} {step}", nth) for step in STEPS for when in ("before", "after") for nth in (1, 2)
               if not (step in ("end", "look") and nth == 2)]  # fmt: skip
CHECKPOINTS += [(f"{when} commit", nth) for nth in range(1, 8) for when in ("before", "after")]
LATER = ABANDONED_AFTER + timedelta(minutes=1)


@dataclass
class Killer:
    """Kills its own process the nth time that it passes the checkpoint."""

    checkpoint: str = ""
    nth: int = 1
    is_writing: bool = False

    def pass_by(self, here: str) -> None:
        """Die here, or go on."""
        if here != self.checkpoint:
            return
        self.nth -= 1
        if not self.nth:
            os.kill(os.getpid(), signal.SIGKILL)

    def before_commit(self, connection: Connection) -> None:
        """Called by SQLAlchemy before a transaction is kept."""
        self.is_writing = not connection.get_execution_options().get("read_only")
        if self.is_writing:
            self.pass_by("before commit")

    def after_commit(self, _session: Session) -> None:
        """Called by SQLAlchemy once it was kept."""
        if self.is_writing:
            self.pass_by("after commit")


def nudge_and_die(environment: Mapping[str, str], at: datetime, checkpoint: str = "", nth: int = 1) -> int | None:
    """Nudge in a process that dies the nth time it passes a checkpoint; its exit code (-9 where it died)."""
    return exit_code_of(_nudge, dict(environment), at, Killer(checkpoint, nth))


def killed_and_restarted(environment: Mapping[str, str], at: datetime, *checkpoints: tuple[str, int]) -> int:
    """One run after another, each killed at its checkpoint, and two that nobody kills; how many were killed."""
    kills = 0
    for checkpoint, nth in checkpoints:
        kills += nudge_and_die(environment, at, checkpoint, nth) == -signal.SIGKILL
        at += LATER
    for _ in range(2):
        if nudge_and_die(environment, at):
            raise AssertionError("a run that nobody killed did not come through")
        at += LATER
    return kills


def _nudge(environment: Mapping[str, str], at: datetime, killer: Killer) -> None:
    os.environ.update(environment)
    for name, (place, attribute) in STEPS.items():
        setattr(place, attribute, _between(getattr(place, attribute), name, killer))
    event.listen(Engine, "commit", killer.before_commit)
    event.listen(Session, "after_commit", killer.after_commit)
    tasks.nudge.nudge(at)


def _between(step: Callable[..., Any], name: str, killer: Killer) -> Callable[..., Any]:
    @wraps(step)
    def stepped(*given: Any, **more: Any) -> Any:
        killer.pass_by(f"before {name}")
        result = step(*given, **more)
        killer.pass_by(f"after {name}")
        return result

    return stepped
