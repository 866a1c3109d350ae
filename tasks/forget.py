"""Forget what has been kept long enough: words, raw files, quarantined cells; never the history."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime

import pandas as pd
from sqlalchemy.orm import Session

from heardback.errors import SanityStop
from heardback.store import retention
from heardback.store.session import reading, scrub, transaction
from tasks.step import step
from tasks.workplace import Workplace, open_workplace

FOR_EVER = datetime(9999, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Forgetting:
    """What is due to be forgotten, by kind, and of how many there still are that is a part."""

    comments: list[str]
    comments_with_words: int
    raw_files: list[str]
    quarantined: list[int]
    raw_files_kept: int = 0
    quarantined_with_cells: int = 0
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
        with reading(work.store) as session:
            retention.forget_strays(session, work.settings.raw, at)
        scrub(work.store)
        return replace(due, done=True)


def _due(session: Session, work: Workplace, at: datetime) -> Forgetting:
    kept = work.council.policy.retention
    return Forgetting(
        comments=retention.comments_due(session, _months_before(at, kept.comment_text_months).date()),
        comments_with_words=retention.comments_with_words(session),
        raw_files=retention.raw_files_due(session, _months_before(at, kept.raw_files_months), work.settings.raw),
        quarantined=retention.quarantine_due(session, _months_before(at, kept.quarantine_months)),
        raw_files_kept=len(retention.raw_files_due(session, FOR_EVER, work.settings.raw)),
        quarantined_with_cells=len(retention.quarantine_due(session, FOR_EVER)),
    )


def _months_before(at: datetime, months: int) -> datetime:
    return (pd.Timestamp(at) - pd.DateOffset(months=months)).to_pydatetime()


def _check_share(due: Forgetting, max_share: float) -> None:
    """A clock that runs a year ahead makes everything due at once, of whatever kind."""
    kinds = (
        ("comments", len(due.comments), due.comments_with_words),
        ("raw files", len(due.raw_files), due.raw_files_kept),
        ("quarantined rows", len(due.quarantined), due.quarantined_with_cells),
    )
    too_many = [f"{going} of {there} {kind}" for kind, going, there in kinds if there and going / there > max_share]
    if too_many:
        raise SanityStop(
            f"{', '.join(too_many)} would be forgotten at once; nothing was",
            where="retention",
            do="check this machine's clock and policy.yaml; raise retention.max_share for one run if it is right",
        )
