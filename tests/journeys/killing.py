"""Pulling in a process of its own that kills itself with SIGKILL at a checkpoint, so that nothing can be tidied up."""

import os
import signal
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import wraps
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, event
from sqlalchemy.orm import Session

import tasks.pull
from heardback.checks import gate
from heardback.landing import accepted, batch, checked, intake, source_files
from heardback.sources.connector import Fetched
from heardback.sources.folders.files import FileDrop
from heardback.store import raw_files
from heardback.store.session import open_store
from tests.factories import NOW
from tests.journeys.forking import exit_code_of

STEPS: dict[str, tuple[Any, str]] = {
    "fetch": (FileDrop, "fetch"),
    "keep": (raw_files, "keep"),
    "write": (os, "fdopen"),
    "rename": (Path, "replace"),
    "note_raw_file": (intake, "note_raw_file"),
    "table_of": (source_files, "table_of"),
    "outline": (checked, "outline_of"),
    "map": (checked, "map_part"),
    "gate": (checked, "hold"),
    "keep_results": (source_files, "_keep_results"),
    "write_pull": (source_files, "write_pull"),
    "quarantine": (accepted, "quarantine"),
    "sort_arrivals": (batch, "sort_arrivals"),
    "apply_edits": (batch, "apply_edits"),
    "open_loops": (batch, "open_loops"),
    "land": (accepted, "land"),
    "withdraw": (source_files, "withdraw"),
    "balance_pull": (source_files, "balance_pull"),
    "note_source": (tasks.pull, "note_source"),
}
# The first transaction that writes notes the raw bytes, the second lands the rows. After one step is before the next,
# but for those named here.
CHECKPOINTS = [f"before {step}" for step in [*STEPS, "commit 1", "commit 2"]]
CHECKPOINTS += [f"after {step}" for step in ("fetch", "rename", "gate", "land", "commit 1", "commit 2", "note_source")]


@dataclass
class Killer:
    """Counts what the process passes by, and kills it at the nth time that it passes the checkpoint in the file."""

    checkpoint: str
    file: str = ""
    nth: int = 1
    at_file: str = ""
    commits: int = 0
    is_writing: bool = False

    def pass_by(self, here: str) -> None:
        """Die here, or go on."""
        if here != self.checkpoint or self.file not in ("", self.at_file):
            return
        self.nth -= 1
        if not self.nth:
            os.kill(os.getpid(), signal.SIGKILL)

    def begin_file(self, drop: FileDrop) -> None:
        """From now on everything is about this file."""
        self.at_file, self.commits = drop.name, 0

    def before_commit(self, connection: Connection) -> None:
        """Called by SQLAlchemy before a transaction is kept."""
        self.is_writing = not connection.get_execution_options().get("read_only")
        self.commits += self.is_writing
        self.pass_by(f"before commit {self.commits * self.is_writing}")

    def after_commit(self, _session: Session) -> None:
        """Called by SQLAlchemy once it was kept."""
        self.pass_by(f"after commit {self.commits * self.is_writing}")


def pull_and_die(environment: Mapping[str, str], checkpoint: str = "", file: str = "", nth: int = 1) -> int | None:
    """Pull the source `exit` in a process that dies the nth time it passes a checkpoint in a file; its exit code.

    A checkpoint is one of CHECKPOINTS, or "statement": before any statement that goes to the database.
    """
    return exit_code_of(_pull, dict(environment), Killer(checkpoint, file, nth))


def migrate_and_die(url: str, nth: int) -> int | None:
    """Open a new database in a process that dies before the nth statement that goes to it; its exit code."""
    return exit_code_of(_migrate, url, Killer("statement", nth=nth))


def _migrate(url: str, killer: Killer) -> None:
    event.listen(Engine, "before_cursor_execute", lambda *_: killer.pass_by("statement"))
    open_store(url).dispose()


def _pull(environment: Mapping[str, str], killer: Killer) -> None:
    os.environ.update(environment)
    gate.run_rules = lambda *_: []  # mapping's own faults are enough here, and Great Expectations takes 0.1 s a file
    _give_every_file_a_cursor(killer)
    for name, (place, attribute) in STEPS.items():
        setattr(place, attribute, _between(getattr(place, attribute), name, killer))
    event.listen(Engine, "before_cursor_execute", lambda *_: killer.pass_by("statement"))
    event.listen(Engine, "commit", killer.before_commit)
    event.listen(Session, "after_commit", killer.after_commit)
    tasks.pull.pull_source("exit", NOW)


def _give_every_file_a_cursor(killer: Killer) -> None:
    """A folder has none of its own, so each file moves it to its name."""
    fetch = FileDrop.fetch

    def fetch_with_cursor(drop: FileDrop) -> Fetched:
        return replace(fetch(drop), cursor=drop.name)

    FileDrop.fetch = fetch_with_cursor  # type: ignore[method-assign]


def _between(step: Callable[..., Any], name: str, killer: Killer) -> Callable[..., Any]:
    @wraps(step)
    def stepped(*given: Any, **more: Any) -> Any:
        if name == "fetch":
            killer.begin_file(given[0])
        killer.pass_by(f"before {name}")
        result = step(*given, **more)
        killer.pass_by(f"after {name}")
        return result

    return stepped
