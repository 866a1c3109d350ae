"""Vectors of what comments and changes mean, kept so that each text is encoded once; a vector counts as its words.

Each row belongs to one comment or change, so that whoever erases its words erases its vectors by its id. With a key
they are sealed like the words: a vector can be turned back into much of what was said.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import JSON, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from heardback.store.base import Base, Instant
from heardback.store.changes import Change
from heardback.store.chunks import in_chunks
from heardback.store.responses import Comment
from heardback.store.sealed_columns import Mark, SealedBytes

CHUNK = 1_000


class Meaning(Base):
    """The vectors of one text's pieces under one model; `text_hash` says of which text."""

    __tablename__ = "meaning"

    owner_uid: Mapped[str] = mapped_column(primary_key=True)
    model: Mapped[str] = mapped_column(primary_key=True)
    text_hash: Mapped[str] = mapped_column(Mark)
    vectors: Mapped[bytes] = mapped_column(SealedBytes)


class LearnedJudgement(Base):
    """Weights that were learned from what people judged; none is ever changed or deleted, the last one is in force."""

    __tablename__ = "learned_judgement"

    version: Mapped[str] = mapped_column(primary_key=True)
    model: Mapped[str]
    weights: Mapped[list[float]] = mapped_column(JSON)
    constant: Mapped[float]
    judged: Mapped[int]
    loss_before: Mapped[float]
    loss_after: Mapped[float]
    made_at: Mapped[datetime] = mapped_column(Instant)


@dataclass(frozen=True)
class Kept:
    """The vectors of one owner's text, as bytes, and the hash of that text."""

    text_hash: str
    vectors: bytes


def kept_meanings(session: Session, model: str, owner_uids: Collection[str]) -> dict[str, Kept]:
    """What is kept of these comments and changes under this model."""
    found: dict[str, Kept] = {}
    for chunk in in_chunks(sorted(owner_uids), CHUNK):
        query = select(Meaning.owner_uid, Meaning.text_hash, Meaning.vectors)
        query = query.where(Meaning.model == model, Meaning.owner_uid.in_(chunk))
        found |= {owner: Kept(digest, vectors) for owner, digest, vectors in session.execute(query)}
    return found


def keep_meanings(session: Session, model: str, meanings: Mapping[str, Kept]) -> int:
    """Keep the vectors of those that still have their words; returns how many. Whoever erases them waits, or was first.

    Vectors of another text or model of the same owner go.
    """
    kept = 0
    for chunk in in_chunks(sorted(meanings), CHUNK):
        with_words = select(Comment.comment_uid).where(Comment.comment_uid.in_(chunk), Comment.text != "")
        there = set(session.scalars(with_words.with_for_update(read=True)))
        there |= set(session.scalars(select(Change.change_uid).where(Change.change_uid.in_(chunk))))
        forget_meanings(session, chunk)
        rows = [
            Meaning(owner_uid=owner, model=model, text_hash=meanings[owner].text_hash, vectors=meanings[owner].vectors)
            for owner in chunk
            if owner in there
        ]
        session.add_all(rows)
        session.flush()
        kept += len(rows)
    return kept


def forget_meanings(session: Session, owner_uids: Collection[str]) -> None:
    """Delete every vector of these comments or changes, of whichever model."""
    session.execute(delete(Meaning).where(Meaning.owner_uid.in_(owner_uids)))
