"""Every loop as it stood at the end of a day, rebuilt from the history and never from its present row (G11)."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from heardback.domain.effects import BLANK, CLOCK, effects_of
from heardback.domain.measures.past_loops import PastLoop, Told
from heardback.domain.screening.judging import FLAGGED
from heardback.domain.words import LoopState
from heardback.store.chunks import in_chunks
from heardback.store.loops import HistoryEntry, Loop, Membership
from heardback.store.responses import Comment, Response
from heardback.store.services_then import services_then

DECISIONS = frozenset({"decide", "revise"})
TELLINGS = frozenset({"tell", "tell_again"})
ANSWERS_ANEW = DECISIONS | {"reopen", "restore"}
REWORDS = ANSWERS_ANEW | {"describe"}  # what was approved no longer stands
SHOWN = tuple(sorted(BLANK.keys() - {"owned_on", "kept_from_service", *CLOCK}))


@dataclass
class _Past:
    """What a loop's moves have made of it so far."""

    columns: dict[str, Any] = field(default_factory=lambda: {name: BLANK[name] for name in SHOWN})
    state: str = ""
    reason: str = ""
    told: list[Told] = field(default_factory=list)
    approvals: list[tuple[str, str]] = field(default_factory=list)

    def take(self, entry: Any) -> None:
        """Follow one move."""
        given = {"reason": entry.reason, **entry.details}
        effects = effects_of(entry.move, given, entry.on_date)
        self.columns |= {name: value for name, value in effects.items() if name in SHOWN}
        self.state = entry.to_state
        if entry.move in ANSWERS_ANEW:
            self.told, self.reason = [], entry.reason if entry.move in DECISIONS else ""
        if entry.move in REWORDS:
            self.approvals = []
        if entry.move in TELLINGS:
            whom = str(given.get("whom") or "")
            self.told.append(Told(str(given["how"]), str(given["where"]), whom, entry.on_date))
        if entry.move == "approve":
            self.approvals.append((str(given["approval"]), entry.actor))


def loops_as_of(session: Session, as_of: date, only: Collection[str] | None = None) -> list[PastLoop]:
    """Every loop that had a voice at the end of the day, by number, as its moves that had taken effect had left it.

    `only` these where given: whoever names a few loops need not build a million.
    """
    if only is None:
        return _loops_as_of(session, as_of, None)
    return [loop for chunk in in_chunks(sorted(only)) for loop in _loops_as_of(session, as_of, chunk)]


def _loops_as_of(session: Session, as_of: date, only: Sequence[str] | None) -> list[PastLoop]:
    heard = _voices_as_of(session, as_of, only)
    query = select(Loop.loop_uid, Loop.service_code)
    services = dict(session.execute(_of(query, Loop.loop_uid, only)).tuples().all())
    services |= services_then(session, as_of, only)
    # A comment that came late may have been heard before the loop that it joined was opened.
    past = {loop_uid: _Past(state=LoopState.HEARD) for loop_uid in heard} | _fold(
        session.execute(_of(_history_until(as_of), HistoryEntry.loop_uid, only))
    )
    return [
        PastLoop(
            loop_uid=loop_uid,
            service_code=services[loop_uid],
            state=loop.state,
            heard_from=heard[loop_uid][1],
            voices=heard[loop_uid][0],
            reason=loop.reason,
            told=tuple(loop.told),
            approvals=tuple(loop.approvals),
            **loop.columns,
        )
        for loop_uid, loop in sorted(past.items())
        if loop_uid in heard
    ]


def flagged_today(session: Session) -> frozenset[str]:
    """Loops behind an open safeguarding flag now, whatever day is asked about: safety goes before the past (G8).

    A loop that is withheld, that accuses staff, or that holds a comment which was flagged and nobody has released.
    """
    released = (
        select(Membership.comment_uid)
        .join(HistoryEntry, HistoryEntry.loop_uid == Membership.loop_uid)
        .where(HistoryEntry.move == "release")
    )
    unread = (
        select(Membership.loop_uid)
        .join(Comment, Comment.comment_uid == Membership.comment_uid)
        .where(Membership.left_on.is_(None), Comment.verdict == FLAGGED, Comment.comment_uid.not_in(released))
    )
    withheld = select(Loop.loop_uid).where(or_(Loop.state == LoopState.WITHHELD, Loop.kept_from_service))
    return frozenset(session.scalars(withheld)) | frozenset(session.scalars(unread))


def taken_back(session: Session) -> frozenset[str]:
    """Loops that stand withdrawn or diverted now: what was answered once is no longer ours to show."""
    gone = (LoopState.WITHDRAWN, LoopState.DIVERTED)
    return frozenset(session.scalars(select(Loop.loop_uid).where(Loop.state.in_(gone))))


def _history_until(as_of: date) -> Any:
    return (
        select(
            HistoryEntry.loop_uid, HistoryEntry.move, HistoryEntry.to_state, HistoryEntry.on_date,
            HistoryEntry.reason, HistoryEntry.details, HistoryEntry.actor,
        )
        .where(HistoryEntry.on_date <= as_of)
        .order_by(HistoryEntry.sequence)
        .execution_options(yield_per=10_000)
    )  # fmt: skip


def _fold(entries: Iterable[Any]) -> dict[str, _Past]:
    past: dict[str, _Past] = {}
    for entry in entries:
        past.setdefault(entry.loop_uid, _Past()).take(entry)
    return past


def _of(query: Any, column: Any, only: Sequence[str] | None) -> Any:
    return query if only is None else query.where(column.in_(only))


def _voices_as_of(session: Session, as_of: date, only: Sequence[str] | None) -> Mapping[str, tuple[int, date]]:
    """For each loop how many comments were in it, and the day the first of them was heard."""
    query = (
        select(Membership.loop_uid, func.count(), func.min(Response.heard_on))
        .join(Comment, Comment.comment_uid == Membership.comment_uid)
        .join(Response, Response.response_uid == Comment.response_uid)
        .where(Response.heard_on <= as_of, Membership.joined_on <= as_of)
        .where(or_(Membership.left_on.is_(None), Membership.left_on > as_of))
        .group_by(Membership.loop_uid)
    )
    rows = session.execute(_of(query, Membership.loop_uid, only))
    return {loop_uid: (count, first) for loop_uid, count, first in rows}
