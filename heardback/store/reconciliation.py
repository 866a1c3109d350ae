"""Rows in = rows accounted for (G1): each pull recounted from the tables themselves, never from a stored total."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import Select, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from heardback.domain.words import LoopState
from heardback.store.changes import Change, ChangeRevision
from heardback.store.loops import HistoryEntry, Loop, Membership
from heardback.store.pulls import Pull, QuarantinedRow, RawFile
from heardback.store.responses import Choice, Comment, Rating, Response, Revision

BESIDE = (LoopState.DIVERTED, LoopState.WITHHELD, LoopState.WITHDRAWN)


@dataclass(frozen=True)
class Account:
    """One pull: what it read, where its rows ended, and what is missing. `problems` is empty when it balances."""

    pull_uid: str
    source_id: str
    file_name: str
    rows_read: int
    fates: dict[str, int]
    problems: list[str] = field(default_factory=list)

    @property
    def missing(self) -> int:
        """Rows read less rows accounted for."""
        return self.rows_read - sum(self.fates.values())


def balance(session: Session) -> list[Account]:
    """An account for every pull that landed, oldest first."""
    fates = _fates(session)
    lost = _lost(session)
    landed = select(Pull).where(Pull.status == "landed").order_by(Pull.started_at, Pull.pull_uid)
    pulls = session.scalars(landed)
    return [_account(pull, fates.get(pull.pull_uid, {}), lost.get(pull.pull_uid, [])) for pull in pulls]


def orphans(session: Session) -> list[str]:
    """What no pull's account can name: rows whose pull is gone, raw files and comments that are named and not there."""
    return [*_without_pull(session), *_without_raw_file(session), *_without_comment(session)]


def _without_pull(session: Session) -> list[str]:
    remaining: Counter[str] = Counter()
    for table in (Revision, QuarantinedRow, Change, ChangeRevision):
        query = (
            select(table.pull_uid, func.count())
            .outerjoin(Pull, Pull.pull_uid == table.pull_uid)
            .where(Pull.pull_uid.is_(None))
            .group_by(table.pull_uid)
        )
        remaining.update(dict(session.execute(query).tuples().all()))
    return [
        f"pull {pull_uid}: its own row is gone, {rows} rows of it remain"
        for pull_uid, rows in sorted(remaining.items())
    ]


def _without_raw_file(session: Session) -> list[str]:
    query = (
        select(Pull.pull_uid, Pull.file_name)
        .outerjoin(RawFile, RawFile.sha256 == Pull.file_sha256)
        .where(RawFile.sha256.is_(None))
        .order_by(Pull.pull_uid)
    )
    return [f"pull {pull_uid}: the raw bytes of {name} are not on record" for pull_uid, name in session.execute(query)]


def _without_comment(session: Session) -> list[str]:
    """A response that lost a comment to an edit has a row too many, which would hide another that is gone."""
    query = (
        select(Membership.loop_uid, func.count())
        .outerjoin(Comment, Comment.comment_uid == Membership.comment_uid)
        .where(Membership.left_on.is_(None), Comment.comment_uid.is_(None))
        .group_by(Membership.loop_uid)
        .order_by(Membership.loop_uid)
    )
    return [f"loop {loop_uid}: {rows} of its comments are gone" for loop_uid, rows in session.execute(query)]


def _account(pull: Pull, fates: dict[str, int], lost: Sequence[str]) -> Account:
    counted = {**fates, "duplicate": pull.duplicates}
    account = Account(pull.pull_uid, pull.source_id, pull.file_name, pull.rows_read, counted, list(lost))
    if account.missing:
        account.problems.append(
            f"{pull.rows_read} rows read, {sum(counted.values())} accounted for: {account.missing} missing"
        )
    return account


def _fates(session: Session) -> dict[str, dict[str, int]]:
    counted: dict[str, dict[str, int]] = {}
    by_fate = select(Revision.pull_uid, Revision.fate, func.count()).group_by(Revision.pull_uid, Revision.fate)
    held = (
        select(QuarantinedRow.pull_uid, func.count())
        .where(QuarantinedRow.state != "released")
        .group_by(QuarantinedRow.pull_uid)
    )
    for pull_uid, fate, rows in session.execute(by_fate):
        counted.setdefault(pull_uid, {})[fate] = rows
    for table in (Change, ChangeRevision):
        for pull_uid, rows in session.execute(select(table.pull_uid, func.count()).group_by(table.pull_uid)):
            fates = counted.setdefault(pull_uid, {})
            fates["change"] = fates.get("change", 0) + rows
    for pull_uid, rows in session.execute(held):
        counted.setdefault(pull_uid, {})["quarantine"] = rows
    return counted


def _lost(session: Session) -> dict[str, list[str]]:
    """Per pull, what its rows should have left behind and what is no longer there."""
    problems: dict[str, list[str]] = {}
    for query, words in _searches():
        for pull_uid, rows in session.execute(query):
            problems.setdefault(pull_uid, []).append(f"{rows} {words}")
    return problems


def _searches() -> list[tuple[Select[tuple[str, int]], str]]:
    return [
        (_revisions_without_response(), "responses are gone"),
        *((_short(table, column), f"{name} are gone") for table, column, name in _PARTS),
        (_comments_without_loop(), "comments are in no loop"),
        (_complaints_without_procedure(), "complaints never came into their procedure"),
    ]


_PARTS = (
    (Comment, Revision.comments, "comments"),
    (Rating, Revision.ratings, "ratings"),
    (Choice, Revision.choices, "choices"),
)


def _revisions_without_response() -> Select[tuple[str, int]]:
    return (
        select(Revision.pull_uid, func.count())
        .outerjoin(Response, Response.response_uid == Revision.response_uid)
        .where(Response.response_uid.is_(None))
        .group_by(Revision.pull_uid)
    )


def _short(
    table: type[Comment] | type[Rating] | type[Choice], column: InstrumentedAttribute[int]
) -> Select[tuple[str, int]]:
    """Pulls whose newest revisions counted more parts than the tables hold now, and how many are missing."""
    present = select(table.response_uid, func.count().label("present")).group_by(table.response_uid).subquery()
    missing = column - func.coalesce(present.c.present, 0)
    return (
        select(Revision.pull_uid, func.sum(missing))
        .join(Response, (Response.response_uid == Revision.response_uid) & (Response.revision == Revision.revision))
        .outerjoin(present, present.c.response_uid == Revision.response_uid)
        .where(missing > 0)
        .group_by(Revision.pull_uid)
    )


def _comments_without_loop() -> Select[tuple[str, int]]:
    here = (Membership.comment_uid == Comment.comment_uid) & Membership.left_on.is_(None)
    return (
        select(Revision.pull_uid, func.count())
        .join(Response, (Response.response_uid == Revision.response_uid) & (Response.revision == Revision.revision))
        .join(Comment, Comment.response_uid == Revision.response_uid)
        .outerjoin(Membership, here)
        .outerjoin(Loop, Loop.loop_uid == Membership.loop_uid)
        .where(Loop.loop_uid.is_(None), Response.completion != "test")
        .group_by(Revision.pull_uid)
    )


def _complaints_without_procedure() -> Select[tuple[str, int]]:
    """Rows counted as diverted of which no comment ever was, nor was held back, or taken back, before that."""
    reached = (
        select(Membership.membership_id)
        .join(Comment, Comment.comment_uid == Membership.comment_uid)
        .join(HistoryEntry, HistoryEntry.loop_uid == Membership.loop_uid)
        .where(Comment.response_uid == Revision.response_uid, HistoryEntry.to_state.in_(BESIDE))
        .correlate(Revision)
    )
    return (
        select(Revision.pull_uid, func.count())
        .join(Response, (Response.response_uid == Revision.response_uid) & (Response.revision == Revision.revision))
        .where(Revision.fate == LoopState.DIVERTED, ~reached.exists())
        .group_by(Revision.pull_uid)
    )
