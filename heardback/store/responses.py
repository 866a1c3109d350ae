"""What was said: responses, their revisions, comments, ratings and choices. Words stand in `comment.text` alone."""

from datetime import date, datetime

from sqlalchemy import JSON, ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from heardback.store.base import Base, Instant
from heardback.store.sealed_columns import Mark, Words


class Response(Base):
    """One filled-in form or card, as it stands now. `deletion_code` is a keyed hash of a code that its writer chose."""

    __tablename__ = "response"

    response_uid: Mapped[str] = mapped_column(primary_key=True)
    source_id: Mapped[str] = mapped_column(index=True)
    tool: Mapped[str]
    source_record_id: Mapped[str]
    channel: Mapped[str]
    completed_by: Mapped[str]
    submitted_on: Mapped[date | None]
    submitted_at: Mapped[datetime | None] = mapped_column(Instant)
    date_precision: Mapped[str]
    received_at: Mapped[datetime] = mapped_column(Instant)
    heard_on: Mapped[date] = mapped_column(index=True)
    service_code: Mapped[str]
    completion: Mapped[str]
    consent_to_publish: Mapped[str]
    language: Mapped[str]
    form_version: Mapped[str]
    revision: Mapped[int]
    content_hash: Mapped[str] = mapped_column(Mark)
    withdrawn_at: Mapped[datetime | None] = mapped_column(Instant)
    deletion_code: Mapped[str] = mapped_column(default="", index=True)
    characteristics: Mapped[dict[str, str]] = mapped_column(JSON)


class Revision(Base):
    """One landing of a response: which row of which pull, where it ended, and how much of it there was."""

    __tablename__ = "revision"
    __table_args__ = (Index(None, "pull_uid"),)

    response_uid: Mapped[str] = mapped_column(ForeignKey("response.response_uid"), primary_key=True)
    revision: Mapped[int] = mapped_column(primary_key=True)
    pull_uid: Mapped[str] = mapped_column(ForeignKey("pull.pull_uid"))
    row_number: Mapped[int]
    sheet: Mapped[str]
    content_hash: Mapped[str] = mapped_column(Mark)
    fate: Mapped[str]
    reason: Mapped[str]
    comments: Mapped[int]
    ratings: Mapped[int]
    choices: Mapped[int]


class Comment(Base):
    """One piece of free text in a response. Nothing else in the database holds its words (G6)."""

    __tablename__ = "comment"
    __table_args__ = (Index(None, "fingerprint"),)

    comment_uid: Mapped[str] = mapped_column(primary_key=True)
    response_uid: Mapped[str] = mapped_column(ForeignKey("response.response_uid"), index=True)
    question_code: Mapped[str]
    question_text: Mapped[str] = mapped_column(Text)
    repeat_index: Mapped[int]
    text: Mapped[str] = mapped_column(Words)
    fingerprint: Mapped[str] = mapped_column(Mark)
    verdict: Mapped[str]
    priority: Mapped[int]
    screening_version: Mapped[str]
    reasons: Mapped[list[str]] = mapped_column(JSON)
    identifying: Mapped[list[str]] = mapped_column(JSON)
    written_in: Mapped[str] = mapped_column(default="")  # a tag of config.languages, "" for English


class Rating(Base):
    """One answer on a scale; `score` runs from 0 (worst) to 1 (best)."""

    __tablename__ = "rating"

    rating_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    response_uid: Mapped[str] = mapped_column(ForeignKey("response.response_uid"), index=True)
    question_code: Mapped[str]
    raw_value: Mapped[str]
    score: Mapped[float | None]
    scale_min: Mapped[float | None]
    scale_max: Mapped[float | None]
    direction: Mapped[str]


class Choice(Base):
    """One option that was ticked."""

    __tablename__ = "choice"

    choice_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    response_uid: Mapped[str] = mapped_column(ForeignKey("response.response_uid"), index=True)
    question_code: Mapped[str]
    option_code: Mapped[str]
