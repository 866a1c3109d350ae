"""Forget what has been kept long enough: words, raw files, quarantined cells; never the history."""

from dataclasses import dataclass
from datetime import datetime

import pandas as pd
from sqlalchemy.orm import Session

from heardback.errors import SanityStop
from heardback.store import retention
from heardback.store.session import reading, transaction
from tasks.step import step
from tasks.workplace import Workplace, open_workplace


@dataclass(frozen=True)
class Forgetting:
    """What is due to be forgotten, by kind, and of how many comments that is a part."""

    comments: list[str]
    comments_with_words: int
    raw_files: list[str]
    quarantined: list[int]
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
        return Forgetting(due.comments, due.comments_with_words, due.raw_files, due.quarantined, done=True)


def _due(session: Session, work: Workplace, at: datetime) -> Forgetting:
    kept = work.council.policy.retention
    return Forgetting(
        retention.comments_due(session, _months_before(at, kept.comment_text_months).date()),
        retention.comments_with_words(session),
        retention.raw_files_due(session, _months_before(at, kept.raw_files_months), work.settings.raw),
        retention.quarantine_due(session, _months_before(at, kept.quarantine_months)),
    )


def _months_before(at: datetime, months: int) -> datetime:
    return (pd.Timestamp(at) - pd.DateOffset(months=months)).to_pydatetime()


def _check_share(due: Forgetting, max_share: float) -> None:
    if due.comments_with_words and len(due.comments) / due.comments_with_words > max_share:
        raise SanityStop(
            f"{len(due.comments)} of {due.comments_with_words} comments would be forgotten at once; nothing was",
            where="retention",
            do="check this machine's clock and policy.yaml; raise retention.max_share for one run if it is right",
        )
