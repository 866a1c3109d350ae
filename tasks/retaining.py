"""What retention says is due, source by source: which rule, how many, and what is kept back from the clock."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from sqlalchemy.orm import Session

from config.policy import RetentionPeriods
from heardback.landing.erasing import quarantined_rows_of
from heardback.store import retention
from heardback.store.erasures import Held, held, holds_in_force
from heardback.store.quarantine import quarantined_cells
from tasks.workplace import Workplace

FOR_EVER = datetime(9999, 1, 1, tzinfo=UTC)
TAKEN_BACK = "taken back where it came from"
LEFT_OVER = "an erased response stands in it, or may"


@dataclass(frozen=True)
class Due:
    """What one rule makes due of one source: ids and counts, never a word. `of` is how many there still are."""

    kind: str
    source: str
    rule: str
    before: date | None
    ids: list[str]
    of: int


@dataclass(frozen=True)
class Kept:
    """What no clock reaches: comments that wait for a trained reader, and what is under a legal hold."""

    unread: list[str] = field(default_factory=list)
    holds: list[dict[str, str]] = field(default_factory=list)


def due_of_all(session: Session, work: Workplace, at: datetime) -> list[Due]:
    """Everything that is due, by kind, source and rule."""
    held_now = held(session)
    free = [source for source in retention.sources_on_record(session) if source not in held_now.sources]
    words = [due for source in free for due in _words(session, work, source, at, held_now)]
    cells = [due for source in free for due in _cells(session, work, source, at, held_now)]
    verdicts = [due for source in free for due in _verdicts(session, work, source, at)]
    return [due for due in (*words, *_raw(session, work, at, held_now), *cells, *verdicts) if due.ids]


def kept_back(session: Session) -> Kept:
    """What stays however old it is."""
    holds = [
        {"what": entry.kind, "id": entry.about, "since": entry.at.date().isoformat(), "by": entry.actor}
        for entry in holds_in_force(session)
    ]
    return Kept(retention.comments_unread(session), holds)


def _periods(work: Workplace, source: str) -> RetentionPeriods:
    return work.council.policy.retention.of(source)


def _words(session: Session, work: Workplace, source: str, at: datetime, held_now: Held) -> list[Due]:
    months = _periods(work, source).comment_text_months
    before = retention.months_before(at, months).date()
    spared = retention.comments_of(session, held_now.responses)
    old = retention.comments_due(session, before, source, withdrawn=False)
    also_withdrawn = retention.comments_due(session, before, source)
    back = sorted(set(also_withdrawn) - set(old) - spared)
    old = [uid for uid in old if uid not in spared]
    there = retention.comments_with_words(session, source)
    rule = f"comment_text_months: {months}"
    return [Due("comments", source, rule, before, old, there), Due("comments", source, TAKEN_BACK, None, back, there)]


def _raw(session: Session, work: Workplace, at: datetime, held_now: Held) -> list[Due]:
    """Raw files have no one source: a file that two brought is kept for the longer of their times."""
    folder, policy = work.settings.raw, work.council.policy.retention
    own = {code: retention.months_before(at, policy.of(code).raw_files_months) for code in policy.sources}
    default = retention.months_before(at, policy.raw_files_months)
    sources = held_now.sources | retention.sources_of(session, held_now.responses)
    spared = retention.raw_files_of(session, sources)  # of a held response every file of its source: nobody reads them
    left = [digest for digest in retention.raw_files_left_over(session, folder, at) if digest not in spared]
    old = set(retention.raw_files_due(session, default, folder, own)) - spared - set(left)
    there = len(retention.raw_files_due(session, FOR_EVER, folder))
    rule = f"raw_files_months: {policy.raw_files_months}" + ("; of some sources their own" if own else "")
    return [
        Due("raw files", "", rule, default.date(), sorted(old), there),
        Due("raw files", "", LEFT_OVER, None, left, there),
    ]


def _cells(session: Session, work: Workplace, source: str, at: datetime, held_now: Held) -> list[Due]:
    months = _periods(work, source).quarantine_months
    before = retention.months_before(at, months)
    spared: set[int] = set()
    if held_now.responses and source in work.council.sources:
        rows = quarantined_cells(session, source)
        spared = set(quarantined_rows_of(work.council.sources[source], rows, held_now.responses))
    old = [str(row) for row in retention.quarantine_due(session, before, source) if row not in spared]
    there = len(retention.quarantine_due(session, FOR_EVER, source))
    return [Due("quarantined rows", source, f"quarantine_months: {months}", before.date(), old, there)]


def _verdicts(session: Session, work: Workplace, source: str, at: datetime) -> list[Due]:
    months, folder = _periods(work, source).validation_months, work.settings.home / "validation"
    before = retention.months_before(at, months)
    old = retention.verdicts_due(session, before, folder, source)
    there = len(retention.verdicts_due(session, FOR_EVER, folder, source))
    return [Due("verdicts", source, f"validation_months: {months}", before.date(), old, there)]
