"""Events are written beside what made them true, and relayed once that is safe (G3)."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from heardback.domain.events import Event
from heardback.store.bulk import insert_rows
from heardback.store.messages import OutboxEvent


def record(session: Session, events: Iterable[Event], at: datetime) -> None:
    """Write events into the outbox, in this transaction."""
    rows = [{"name": event.name, "resource": event.resource, "payload": event.payload(), "at": at} for event in events]
    insert_rows(session, OutboxEvent, rows)


def waiting(session: Session, limit: int = 500) -> Sequence[OutboxEvent]:
    """Events not yet relayed, oldest first."""
    query = select(OutboxEvent).where(OutboxEvent.relayed_at.is_(None)).order_by(OutboxEvent.event_id).limit(limit)
    return session.scalars(query).all()


def mark_relayed(session: Session, event_ids: Sequence[int], at: datetime) -> None:
    """Note that these events went out."""
    session.execute(update(OutboxEvent).where(OutboxEvent.event_id.in_(event_ids)).values(relayed_at=at))
