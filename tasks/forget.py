"""Forget what has been kept long enough: words, raw files, quarantined cells, verdicts; never the history."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from sqlalchemy.orm import Session

from heardback.errors import SanityStop
from heardback.store import retention
from heardback.store.session import reading, scrub, transaction
from tasks.retaining import FOR_EVER, Due, Kept, due_of_all, kept_back
from tasks.step import step
from tasks.workplace import Workplace, open_workplace

MANY = 20  # of one source: a small one may well lose all that it has on one day


@dataclass(frozen=True)
class Forgetting:
    """What is due to be forgotten, by kind, and of how many there still are that is a part; `why` has every rule.

    `kept` is what no clock reaches; until `backups_until` the words of today are in backups, as the policy says.
    """

    comments: list[str]
    comments_with_words: int
    raw_files: list[str]
    quarantined: list[int]
    verdicts: list[str]
    backups_until: date
    raw_files_kept: int = 0
    quarantined_with_cells: int = 0
    why: list[Due] = field(default_factory=list)
    kept: Kept = field(default_factory=Kept)
    done: bool = False


@step(retries=2)
def forget(at: datetime, *, dry_run: bool = False) -> Forgetting:
    """Forget what the policy's retention says is due. Raises SanityStop where that would be far more than usual."""
    with open_workplace() as work:
        with reading(work.store) as session:
            due = _due(session, work, at)
        if dry_run:
            return due
        _check_share(due, work.council.policy.retention.max_share)
        with transaction(work.store) as session:
            retention.forget_comments(session, due.comments)
            retention.forget_quarantine(session, due.quarantined)
        retention.forget_raw_files(work.settings.raw, due.raw_files)
        retention.forget_verdicts(work.settings.home / "validation", due.verdicts)
        with reading(work.store) as session:
            retention.forget_strays(session, work.settings.raw, at)
        scrub(work.store)
        return replace(due, done=True)


def _due(session: Session, work: Workplace, at: datetime) -> Forgetting:
    why = due_of_all(session, work, at)
    after = -work.council.policy.retention.backups_months
    return Forgetting(
        comments=_ids(why, "comments"),
        comments_with_words=retention.comments_with_words(session),
        raw_files=_ids(why, "raw files"),
        quarantined=sorted(map(int, _ids(why, "quarantined rows"))),
        verdicts=_ids(why, "verdicts"),
        backups_until=retention.months_before(at, after).date(),
        raw_files_kept=len(retention.raw_files_due(session, FOR_EVER, work.settings.raw)),
        quarantined_with_cells=len(retention.quarantine_due(session, FOR_EVER)),
        why=why,
        kept=kept_back(session),
    )


def _ids(why: Iterable[Due], kind: str) -> list[str]:
    return sorted({one for due in why if due.kind == kind for one in due.ids})


def _check_share(due: Forgetting, max_share: float) -> None:
    """A clock that runs a year ahead makes everything due at once, a slip in the policy all of one source."""
    kinds = [
        ("comments", len(due.comments), due.comments_with_words),
        ("raw files", len(due.raw_files), due.raw_files_kept),
        ("quarantined rows", len(due.quarantined), due.quarantined_with_cells),
        *_large_parts(due.why),
    ]
    too_many = [f"{going} of {there} {kind}" for kind, going, there in kinds if there and going / there > max_share]
    if too_many:
        raise SanityStop(
            f"{', '.join(too_many)} would be forgotten at once; nothing was",
            where="retention",
            do="check this machine's clock and policy.yaml; raise retention.max_share for one run if it is right",
        )


def _large_parts(why: Iterable[Due]) -> list[tuple[str, int, int]]:
    """What goes of each source, where that is a lot; of verdicts nobody is told anything that a person said."""
    going: dict[tuple[str, str], int] = defaultdict(int)
    there: dict[tuple[str, str], int] = {}
    for due in why:
        if due.source and due.kind != "verdicts":
            going[due.kind, due.source] += len(due.ids)
            there[due.kind, due.source] = due.of
    return [(f"{kind} of {source}", n, there[kind, source]) for (kind, source), n in going.items() if n >= MANY]
