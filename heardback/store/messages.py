"""What goes out: events on their way to Prefect, and nudges on their way to people."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from heardback.store.base import Base, Instant


class OutboxEvent(Base):
    """An event, written in the transaction that made it true and relayed afterwards."""

    __tablename__ = "outbox_event"
    __table_args__ = (Index(None, "relayed_at"),)

    event_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    name: Mapped[str]
    resource: Mapped[str]
    payload: Mapped[dict[str, Any]] = mapped_column(JSON)
    at: Mapped[datetime] = mapped_column(Instant)
    relayed_at: Mapped[datetime | None] = mapped_column(Instant)


class Nudge(Base):
    """One message to one person in one window. `state`: claimed, sent, unknown or failed."""

    __tablename__ = "nudge"
    __table_args__ = (Index(None, "recipient", "time_window"),)

    nudge_uid: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str]
    recipient: Mapped[str]
    time_window: Mapped[str]
    state: Mapped[str]
    claimed_at: Mapped[datetime] = mapped_column(Instant)
    sent_at: Mapped[datetime | None] = mapped_column(Instant)
    channel: Mapped[str]
    receipt: Mapped[str]
    error: Mapped[str] = mapped_column(Text)


class NudgedLoop(Base):
    """A loop that a nudge told of."""

    __tablename__ = "nudged_loop"

    nudge_uid: Mapped[str] = mapped_column(ForeignKey("nudge.nudge_uid"), primary_key=True)
    loop_uid: Mapped[str] = mapped_column(ForeignKey("loop.loop_uid"), primary_key=True, index=True)
