"""What goes out: events on their way to Prefect, and nudges on their way to people."""

from datetime import date, datetime
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
    """One message to one person in one window. `state`: claimed, sent, unknown or failed.

    `via` is the way it was last tried, noted before it is tried: where its fate is unknown, that is where to look.
    `rewriting_at` is since when somebody has been writing it anew, `stays_as_it_is` why nobody can any more.
    """

    __tablename__ = "nudge"
    __table_args__ = (
        Index(None, "recipient", "time_window"),
        Index(None, "channel", "receipt"),
        Index(None, "state", "kind"),
        Index(None, "sent_at"),
    )

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
    via: Mapped[str]
    attempts: Mapped[int]
    rewriting_at: Mapped[datetime | None] = mapped_column(Instant)
    stays_as_it_is: Mapped[str]


class NudgedLoop(Base):
    """A loop that a nudge told of, as it stood then; `shown` is False where it was only counted ("and 9 more").

    `stands_at` is how much of what happened to the loop the message shows now.
    """

    __tablename__ = "nudged_loop"

    nudge_uid: Mapped[str] = mapped_column(ForeignKey("nudge.nudge_uid"), primary_key=True)
    loop_uid: Mapped[str] = mapped_column(ForeignKey("loop.loop_uid"), primary_key=True, index=True)
    position: Mapped[int]
    version: Mapped[int]
    rung: Mapped[str]
    shown: Mapped[bool]
    stands_at: Mapped[int]


class MissedDeadline(Base):
    """A deadline that passed, told of once: which step, and the day from which its clock ran."""

    __tablename__ = "missed_deadline"

    loop_uid: Mapped[str] = mapped_column(ForeignKey("loop.loop_uid"), primary_key=True)
    step: Mapped[str] = mapped_column(primary_key=True)
    since: Mapped[date] = mapped_column(primary_key=True)
    due_on: Mapped[date]
    noted_at: Mapped[datetime] = mapped_column(Instant)


class Press(Base):
    """One press of a button, or one form handed in, and what was answered: handed over again it does nothing more."""

    __tablename__ = "press"

    press_uid: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(Instant)
    actor: Mapped[str]
    action: Mapped[str]
    about: Mapped[str]
    answer: Mapped[str] = mapped_column(Text)


class SignIn(Base):
    """A sign-in link that was sent to somebody. It opens once, at `used_at`, and what it opened ends at `ended_at`."""

    __tablename__ = "sign_in"

    token_uid: Mapped[str] = mapped_column(primary_key=True)
    person: Mapped[str]
    nudge_uid: Mapped[str]
    made_at: Mapped[datetime] = mapped_column(Instant)
    used_at: Mapped[datetime | None] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)


class Mark(Base):
    """An instant to be remembered by name: when something last ran, or since when something is wrong."""

    __tablename__ = "mark"

    name: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(Instant)
