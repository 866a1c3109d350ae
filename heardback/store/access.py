"""Who was let in for what, who was not, and who has read which comment: both only ever grow."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Select, Subquery, case, func, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from heardback.domain.words import Completion, LoopState
from heardback.store.base import Base, Instant
from heardback.store.chunks import in_chunks
from heardback.store.guards import append_only
from heardback.store.loops import HistoryEntry, Loop, Membership
from heardback.store.responses import Comment, Response

NOT_A_CONCERN, REFERRED, NEEDS_MORE, COMPLAINT = "not_a_concern", "referred", "needs_more", "complaint"
READING_OUTCOMES = (NOT_A_CONCERN, REFERRED, NEEDS_MORE, COMPLAINT)
SETTLED = (NOT_A_CONCERN, REFERRED, COMPLAINT)
EDITED = "edited"  # by Heardback: what was read is no longer what stands there
FLAGGED = "flagged"
BEYOND_THE_LIST, LAST = 8, 9  # after every priority of the list: what it cannot read goes before what it let pass


class AccessEntry(Base):
    """One time that somebody asked to see or do what is guarded; `about` is an id, never a word."""

    __tablename__ = "access"
    __table_args__ = (Index(None, "about"),)

    entry_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    at: Mapped[datetime] = mapped_column(Instant)
    actor: Mapped[str]
    role: Mapped[str]
    wanted: Mapped[str]
    about: Mapped[str]
    allowed: Mapped[bool]


class ReadingEntry(Base):
    """A trained person has read a comment, and what came of it: not_a_concern, referred or needs_more."""

    __tablename__ = "reading"
    __table_args__ = (Index(None, "comment_uid"),)

    reading_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    comment_uid: Mapped[str] = mapped_column(ForeignKey("comment.comment_uid"))
    loop_uid: Mapped[str]
    at: Mapped[datetime] = mapped_column(Instant)
    actor: Mapped[str]
    outcome: Mapped[str]
    reference: Mapped[str]


def guard_access(dialect: str) -> tuple[str, ...]:
    """The statements that make both tables append-only."""
    return (*append_only("access", "entry_id", dialect), *append_only("reading", "reading_id", dialect))


@dataclass(frozen=True)
class Unread:
    """A comment that waits for a trained reader. `priority` is 1 to 3 where the list found something, otherwise 0."""

    comment_uid: str
    loop_uid: str
    state: str
    service_code: str
    priority: int
    reasons: Sequence[str]
    heard_on: date
    outcome: str
    kept_from_service: bool
    written_in: str


def note_access(
    session: Session, at: datetime, actor: str, role: str, wanted: str, about: str, *, allowed: bool
) -> None:
    """Put it on record that somebody asked, and what they were told."""
    session.add(AccessEntry(at=at, actor=actor, role=role, wanted=wanted, about=about, allowed=allowed))


def note_readings(
    session: Session, comment_uids: Sequence[str], loop_uid: str, at: datetime, actor: str, outcome: str, reference: str
) -> None:
    """Put it on record that somebody has read these comments, and what came of it."""
    common = {"loop_uid": loop_uid, "at": at, "actor": actor, "outcome": outcome, "reference": reference}
    session.add_all([ReadingEntry(comment_uid=uid, **common) for uid in comment_uids])
    session.flush()


def note_edited(session: Session, loops: Mapping[str, str], at: datetime, actor: str) -> None:
    """Put comments (comment → loop) that somebody had read back into the queue: they say something else now."""
    for chunk in in_chunks(sorted(loops)):
        read = select(ReadingEntry.comment_uid).where(ReadingEntry.comment_uid.in_(chunk)).distinct()
        for uid in session.scalars(read).all():
            note_readings(session, [uid], loops[uid], at, actor, EDITED, "")


def everything_in(session: Session, loop_uid: str) -> list[str]:
    """The comments of a loop."""
    query = select(Membership.comment_uid).where(Membership.loop_uid == loop_uid, Membership.left_on.is_(None))
    return list(session.scalars(query.order_by(Membership.comment_uid)))


def unread(session: Session, limit: int) -> list[Unread]:
    """Comments that nobody trained has settled: what the list found first, by priority; then what is not in English.

    Of each kind the oldest stands first.
    """
    last = _last_readings()
    found = case((Comment.verdict == FLAGGED, Comment.priority), else_=0)
    columns = (Comment.comment_uid, Loop.loop_uid, Loop.state, Loop.service_code, found, Comment.reasons)
    outcome = func.coalesce(last.c.outcome, "")
    in_english = Comment.written_in == ""
    urgency = case((Comment.verdict == FLAGGED, Comment.priority), (in_english, LAST), else_=BEYOND_THE_LIST)
    query = _waiting(select(*columns, Response.heard_on, outcome, Loop.kept_from_service, Comment.written_in), last)
    rows = session.execute(query.order_by(urgency, Response.heard_on, Comment.comment_uid).limit(limit))
    return [Unread(*row) for row in rows]


def count_unread(session: Session) -> dict[str, int]:
    """How many wait: those in which the list found something (`flagged`), and all (`all`)."""
    flagged = func.sum(case((Comment.verdict == FLAGGED, 1), else_=0))
    found, every = session.execute(_waiting(select(flagged, func.count()), _last_readings())).one()
    return {"flagged": found or 0, "all": every}


def oldest_unread(session: Session) -> date | None:
    """The day on which the oldest comment was heard that waits for a trained reader."""
    oldest: date | None = session.scalar(_waiting(select(func.min(Response.heard_on)), _last_readings()))
    return oldest


def held_since(session: Session) -> dict[str, datetime]:
    """Withheld loops that hold something unsettled, and the instant since which each has been held back."""
    waiting = _waiting(select(Loop.loop_uid), _last_readings()).where(Loop.state == LoopState.WITHHELD)
    query = (
        select(HistoryEntry.loop_uid, func.max(HistoryEntry.at))
        .where(HistoryEntry.to_state == LoopState.WITHHELD, HistoryEntry.from_state != LoopState.WITHHELD)
        .where(HistoryEntry.loop_uid.in_(waiting))
        .group_by(HistoryEntry.loop_uid)
    )
    return dict(session.execute(query).tuples().all())


def unsettled_in(session: Session, loop_uid: str) -> list[str]:
    """The comments of a loop that no trained person has found to be no concern."""
    last = _last_readings()
    query = (
        select(Membership.comment_uid)
        .outerjoin(last, last.c.comment_uid == Membership.comment_uid)
        .where(Membership.loop_uid == loop_uid, Membership.left_on.is_(None))
        .where(func.coalesce(last.c.outcome, "") != NOT_A_CONCERN)
    )
    return list(session.scalars(query.order_by(Membership.comment_uid)))


def _waiting(query: Select[Any], last: Subquery) -> Select[Any]:
    held_again = (Loop.state == LoopState.WITHHELD) & (last.c.outcome == NOT_A_CONCERN)
    return (
        query.select_from(Comment)
        .join(Response, Response.response_uid == Comment.response_uid)
        .join(Membership, (Membership.comment_uid == Comment.comment_uid) & Membership.left_on.is_(None))
        .join(Loop, Loop.loop_uid == Membership.loop_uid)
        .outerjoin(last, last.c.comment_uid == Comment.comment_uid)
        .where(or_(func.coalesce(last.c.outcome, "").not_in(SETTLED), held_again))
        .where(Comment.text != "", Response.completion != Completion.TEST)
    )


def _last_readings() -> Subquery:
    newest = select(func.max(ReadingEntry.reading_id)).group_by(ReadingEntry.comment_uid)
    return select(ReadingEntry.comment_uid, ReadingEntry.outcome).where(ReadingEntry.reading_id.in_(newest)).subquery()
