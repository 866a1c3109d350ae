"""What was done: the changes of every register, their revisions, and the matches people judged."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from heardback.store.base import Base, Instant


class Change(Base):
    """A service change as its register has it now, with the lineage of an action plan where there is one.

    `left_at` is when its register no longer had it; what it said stays.
    """

    __tablename__ = "change"

    change_uid: Mapped[str] = mapped_column(primary_key=True)
    register_id: Mapped[str] = mapped_column(index=True)
    record_id: Mapped[str]
    service_code: Mapped[str]
    changed_on: Mapped[date | None]
    title: Mapped[str] = mapped_column(Text)
    you_said: Mapped[str] = mapped_column(Text)
    we_did: Mapped[str] = mapped_column(Text)
    status: Mapped[str]
    owner: Mapped[str]
    due_on: Mapped[date | None]
    recommendation: Mapped[str] = mapped_column(Text)
    action: Mapped[str] = mapped_column(Text)
    evidence: Mapped[str] = mapped_column(Text)
    revision: Mapped[int]
    content_hash: Mapped[str]
    pull_uid: Mapped[str] = mapped_column(ForeignKey("pull.pull_uid"), index=True)
    row_number: Mapped[int]
    recorded_at: Mapped[datetime] = mapped_column(Instant)
    left_at: Mapped[datetime | None] = mapped_column(Instant)


class ChangeRevision(Base):
    """What a change said before it was edited in its register."""

    __tablename__ = "change_revision"

    change_uid: Mapped[str] = mapped_column(ForeignKey("change.change_uid"), primary_key=True)
    revision: Mapped[int] = mapped_column(primary_key=True)
    pull_uid: Mapped[str] = mapped_column(ForeignKey("pull.pull_uid"), index=True)
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    replaced_at: Mapped[datetime] = mapped_column(Instant)


class Match(Base):
    """A loop and a change that may answer it. `standing`: proposed, confirmed or rejected."""

    __tablename__ = "match"

    loop_uid: Mapped[str] = mapped_column(ForeignKey("loop.loop_uid"), primary_key=True)
    change_uid: Mapped[str] = mapped_column(ForeignKey("change.change_uid"), primary_key=True)
    comment_uid: Mapped[str]
    probability: Mapped[float]
    score: Mapped[float]
    band: Mapped[str]
    reasons: Mapped[list[str]] = mapped_column(JSON)
    matcher: Mapped[str]
    standing: Mapped[str]
    proposed_at: Mapped[datetime] = mapped_column(Instant)
    judged_by: Mapped[str]
    judged_at: Mapped[datetime | None] = mapped_column(Instant)
    features: Mapped[list[float]] = mapped_column(JSON, default=list)
