"""Messages in Slack that no longer say how their loops stand: found by what they show, claimed, written anew."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, case, func, or_, select, update
from sqlalchemy.orm import Session

from heardback.domain.alerts import KIND
from heardback.store.access import AccessEntry
from heardback.store.alerts import OPENED, PASSED_ON, TOOK
from heardback.store.loops import Loop
from heardback.store.messages import Nudge, NudgedLoop
from heardback.store.nudges import ABANDONED_AFTER

WAY = "slack"  # the only way on which what was sent can be changed
KEPT_TRUE = timedelta(days=28)  # an older message is written anew when somebody presses it, and not before


def behind(session: Session, at: datetime, loops: Collection[str] | None = None, limit: int = 40) -> list[str]:
    """Keys of messages that show less than has happened to one of their loops (`loops` alone, where given).

    The newest first. Nothing is queued when a loop moves: what has to be written anew follows from what is on record.
    """
    query = (
        select(Nudge.nudge_uid)
        .join(NudgedLoop, NudgedLoop.nudge_uid == Nudge.nudge_uid)
        .join(Loop, Loop.loop_uid == NudgedLoop.loop_uid)
        .where(Nudge.state == "sent", Nudge.via == WAY, Nudge.sent_at >= at - KEPT_TRUE, Nudge.stays_as_it_is == "")
        .where(NudgedLoop.stands_at < _happened())
        .group_by(Nudge.nudge_uid, Nudge.sent_at)
        .order_by(Nudge.sent_at.desc(), Nudge.nudge_uid)
    )
    if loops is not None:
        query = query.where(NudgedLoop.loop_uid.in_(loops))
    return list(session.scalars(query.limit(limit)))


def claim_rewrite(session: Session, nudge_uid: str, at: datetime) -> dict[str, int] | None:
    """Claim a message for writing it anew; how much has happened to each of its loops, or None where another has it.

    What is shown is read after this: it shows at least as much. Two who wrote one message at once could leave the
    older text standing.
    """
    is_free = or_(Nudge.rewriting_at.is_(None), Nudge.rewriting_at <= at - ABANDONED_AFTER)
    claimed = update(Nudge).where(Nudge.nudge_uid == nudge_uid, is_free).values(rewriting_at=at)
    if not session.execute(claimed.returning(Nudge.nudge_uid)).all():
        return None
    query = (
        select(NudgedLoop.loop_uid, _happened())
        .join(Nudge, Nudge.nudge_uid == NudgedLoop.nudge_uid)
        .join(Loop, Loop.loop_uid == NudgedLoop.loop_uid)
        .where(NudgedLoop.nudge_uid == nudge_uid)
    )
    return dict(session.execute(query).tuples().all())


def note_rewritten(session: Session, nudge_uid: str, happened: Mapping[str, int]) -> None:
    """Note what a message shows from now on."""
    for loop_uid, number in happened.items():
        line = update(NudgedLoop).where(NudgedLoop.nudge_uid == nudge_uid, NudgedLoop.loop_uid == loop_uid)
        session.execute(line.values(stands_at=number))
    _let_go(session, nudge_uid)


def note_not_rewritten(session: Session, nudge_uid: str, why_for_good: str = "") -> None:
    """Leave a message to a later run; or as it stands for ever, where that is given (it was deleted, say)."""
    _let_go(session, nudge_uid, stays_as_it_is=why_for_good)


def happened_to(session: Session, loop_uids: Collection[str]) -> dict[str, int]:
    """How much has happened to loops that an alert could show."""
    query = select(Loop.loop_uid, Loop.version + _seen()).where(Loop.loop_uid.in_(loop_uids))
    return dict(session.execute(query).tuples().all())


def _let_go(session: Session, nudge_uid: str, **values: Any) -> None:
    session.execute(update(Nudge).where(Nudge.nudge_uid == nudge_uid).values(rewriting_at=None, **values))


def _happened() -> ColumnElement[int]:
    """How much has happened to a loop that its message could show; both numbers only ever grow."""
    return Loop.version + case((Nudge.kind == KIND, _seen()), else_=0)


def _seen() -> Any:
    """How often somebody has opened, taken or passed on a loop: an alert says so, and none of it moves the loop."""
    query = select(func.count()).where(
        AccessEntry.about == Loop.loop_uid, AccessEntry.wanted.in_((OPENED, TOOK, PASSED_ON)), AccessEntry.allowed
    )
    return query.correlate(Loop).scalar_subquery()
