"""The sample council, end to end, through the very flows that a council schedules."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

from prefect import flow

from flows.assurance import assurance
from flows.binding import task_of, without_heartbeats
from flows.board import board
from flows.changes import changes
from flows.match import match
from flows.nudge import nudge
from flows.pull import pull
from flows.report import report
from tasks.assurance import Reconciliation, reconcile
from tasks.board import BoardWritten
from tasks.failures import PullsFailed
from tasks.journal import JournalReport, record_journal
from tasks.match import MatchReport
from tasks.nudge import NudgeReport
from tasks.report import ReportWritten
from tasks.status import Status, status

Progress = Callable[[str], None]


@dataclass(frozen=True)
class DemoRun:
    """What every part of the run reported."""

    reconciliation: Reconciliation
    matched: MatchReport
    journal: JournalReport
    nudged: NudgeReport
    pack: ReportWritten
    board: BoardWritten
    status: Status
    failures: list[str] = field(default_factory=list)


@flow(name="staff-notes", persist_result=False)
def staff_notes(path: str, at: datetime) -> JournalReport:
    """Record what the sample's staff wrote down: who decided what, and how people were told."""
    return task_of(record_journal)(path, at)


def run_demo(out: Path, sample: Path, at: datetime, month: str, progress: Progress) -> DemoRun:
    """Run the whole path as at one instant; `progress` is told before each part begins."""
    with without_heartbeats():
        return _run_each(out, sample, at, month, progress)


def _run_each(out: Path, sample: Path, at: datetime, month: str, progress: Progress) -> DemoRun:
    progress("pulling ten sources: keep, read, check, land, screen")
    failures = _failures(lambda: pull(at=at))
    progress("pulling two registers of changes")
    failures += _failures(lambda: changes(at=at))
    progress("matching what was said with what was done")
    matched = match(at=at)
    progress("recording what staff decided and how people were told")
    journal = staff_notes(str(sample / "journal.jsonl"), at)
    progress("nudging the owners who have not moved")
    nudged = nudge(at=at)
    progress("writing the board pack and the public board")
    as_of: date = at.date()
    pack = report(month=month, as_of=as_of, out=str(out / "reports"))
    shown = board(as_of=as_of, out=str(out / "board"))
    progress("checking that every row and every move is accounted for")
    assurance()
    return DemoRun(reconcile(), matched, journal, nudged, pack, shown, status(at), failures)


def _failures(run: Callable[[], object]) -> list[str]:
    """Why feeds did not land, if any: the path goes on without them, as it does for a council."""
    try:
        run()
    except PullsFailed as failed:
        return [str(failed)]
    return []
