"""Loops, who is in them, and the history of every move: append-only and hash-chained (G13)."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from heardback.store.base import Base, Instant
from heardback.store.guards import append_only

PROMISED = "promise_by IS NOT NULL AND promise_kept_on IS NULL"


class Loop(Base):
    """What a service owes an answer to, as it stands after its last move. Only the ledger writes here."""

    __tablename__ = "loop"
    __table_args__ = (
        Index(None, "state", "service_code"),
        # the few promises still to be kept, among all that were ever answered
        Index("ix_loop_promised", "promise_by", sqlite_where=text(PROMISED), postgresql_where=text(PROMISED)),
    )

    loop_uid: Mapped[str] = mapped_column(primary_key=True)
    service_code: Mapped[str]
    channel: Mapped[str]
    state: Mapped[str]
    version: Mapped[int]
    voices: Mapped[int]
    heard_from: Mapped[date]
    heard_to: Mapped[date]
    moved_on: Mapped[date]
    title: Mapped[str] = mapped_column(Text)
    owner: Mapped[str]
    owned_on: Mapped[date | None]
    change_uid: Mapped[str]
    outcome: Mapped[str]
    wording: Mapped[str] = mapped_column(Text)
    decided_on: Mapped[date | None]
    promise_by: Mapped[date | None]
    promise_kept_on: Mapped[date | None]
    told_on: Mapped[date | None]
    agreed_on: Mapped[date | None]
    snoozed_until: Mapped[date | None]
    paused_since: Mapped[date | None]
    paused_until: Mapped[date | None]
    paused_before: Mapped[int]
    chased_until: Mapped[date | None]
    kept_from_service: Mapped[bool]
    matched_at: Mapped[datetime | None] = mapped_column(Instant)


class Membership(Base):
    """Which loop a comment is in, and since when; a comment is in exactly one at a time."""

    __tablename__ = "membership"
    __table_args__ = (
        Index(
            "uq_membership_current",
            "comment_uid",
            unique=True,
            sqlite_where=text("left_on IS NULL"),
            postgresql_where=text("left_on IS NULL"),
        ),
        Index(None, "loop_uid"),
    )

    membership_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    comment_uid: Mapped[str] = mapped_column(ForeignKey("comment.comment_uid"))
    loop_uid: Mapped[str] = mapped_column(ForeignKey("loop.loop_uid"))
    joined_on: Mapped[date]
    left_on: Mapped[date | None]


class HistoryEntry(Base):
    """One move: who, when it was recorded (`at`), when it took effect (`on_date`), and the hash that chains it."""

    __tablename__ = "history"
    __table_args__ = (Index(None, "loop_uid", "version", unique=True),)

    sequence: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    loop_uid: Mapped[str] = mapped_column(ForeignKey("loop.loop_uid"))
    version: Mapped[int]
    move: Mapped[str]
    from_state: Mapped[str]
    to_state: Mapped[str]
    actor: Mapped[str]
    role: Mapped[str]
    at: Mapped[datetime] = mapped_column(Instant)
    on_date: Mapped[date]
    reason: Mapped[str] = mapped_column(Text)
    details: Mapped[dict[str, Any]] = mapped_column(JSON)
    previous_hash: Mapped[str]
    hash: Mapped[str]


class ChainHead(Base):
    """The one row that says how long the chain is and how it ends, so that a cut tail is seen too."""

    __tablename__ = "chain_head"
    __table_args__ = (CheckConstraint("head_id = 1", name="ck_chain_head_single"),)

    head_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    sequence: Mapped[int]
    hash: Mapped[str]
    loops_opened: Mapped[int]


def guard_history(dialect: str) -> tuple[str, ...]:
    """The statements that make `history` append-only; a migration that rebuilds the table runs them again."""
    return append_only("history", "sequence", dialect)
