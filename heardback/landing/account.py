"""What became of a file, and the sum that must hold before any of it is kept (G1)."""

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.orm import Session

from heardback.checks.gate import Held
from heardback.domain.events import CommentsLanded, Event, PullCompleted
from heardback.errors import PullRefused
from heardback.landing.batch import Landed
from heardback.store import Pull, outbox
from heardback.store.pull_records import LANDED


@dataclass(frozen=True)
class FileReport:
    """What became of one file. `status`: landed, unchanged, arriving, gone or failed; `fates` sum to `rows_read`."""

    file: str
    status: str
    rows_read: int = 0
    fates: dict[str, int] = field(default_factory=dict)
    comments: int = 0
    withdrawn: int = 0
    notes: list[str] = field(default_factory=list)
    error: str = ""


def balance_pull(session: Session, pull: Pull, held: Held, landed: Landed, withdrawn: int, at: datetime) -> FileReport:
    """Balance a pull and write its events. Raises PullRefused where a row is missing, so that nothing is kept."""
    pull.duplicates = len(held.repeats) + landed.known + landed.waiting
    fates = {**landed.fates, "duplicate": pull.duplicates, "quarantine": len(held.quarantined) - landed.waiting}
    if sum(fates.values()) != pull.rows_read:
        raise PullRefused(
            f"{pull.rows_read} rows read and {sum(fates.values())} accounted for; nothing was kept",
            where=pull.file_name,
            do="this is a fault in Heardback: report it with the number of rows and the source's map",
        )
    outbox.record(session, _news(pull, landed), at)
    shown = {fate: rows for fate, rows in fates.items() if rows}
    return FileReport(pull.file_name, LANDED, pull.rows_read, shown, landed.comments, withdrawn, pull.remarks)


def _news(pull: Pull, landed: Landed) -> list[Event]:
    resource = f"heardback.source.{pull.source_id}"
    news: list[Event] = [PullCompleted(resource, pull.source_id, pull.rows_read)]
    if landed.comments:
        news.append(CommentsLanded(resource, pull.source_id, landed.comments))
    return news
