"""Whose a loop was on a past day, where it has been handed to another service since (G11)."""

from collections.abc import Collection
from datetime import date

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from heardback.store.loops import HistoryEntry

FROM = HistoryEntry.details["from_service"].as_string()
IS_HANDED_OVER = and_(HistoryEntry.move == "reassign", FROM != "")


def services_then(session: Session, as_of: date, only: Collection[str] | None = None) -> dict[str, str]:
    """Loops that were handed over after the day, and whose they were at its end; among `only` where it is given."""
    query = select(HistoryEntry.loop_uid, FROM).where(IS_HANDED_OVER, HistoryEntry.on_date > as_of)
    if only is not None:
        query = query.where(HistoryEntry.loop_uid.in_(only))
    # the last to be written is the first that was made since: it says where the loop was before
    return dict(session.execute(query.order_by(HistoryEntry.sequence.desc())).tuples().all())


def ever_handed_over(session: Session) -> frozenset[str]:
    """Loops that were handed to another service on any day."""
    return frozenset(session.scalars(select(HistoryEntry.loop_uid).where(IS_HANDED_OVER).distinct()))
