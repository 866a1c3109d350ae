"""Who asked for what to be erased, and what is held from being forgotten: both only ever grow, and hold no word."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from heardback.store.base import Base, Instant
from heardback.store.chunks import in_chunks
from heardback.store.guards import append_only

RESPONSE, SOURCE = "response", "source"


class Erasure(Base):
    """A response that was erased. Its id stays, so that what a later file says of it is passed over."""

    __tablename__ = "erasure"

    response_uid: Mapped[str] = mapped_column(primary_key=True)
    source_id: Mapped[str]
    at: Mapped[datetime] = mapped_column(Instant)
    actor: Mapped[str]
    reason: Mapped[str]


class HoldEntry(Base):
    """Somebody held a response or a whole source from being forgotten (`placed`), or no longer does (not `placed`)."""

    __tablename__ = "hold"

    hold_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    kind: Mapped[str]
    about: Mapped[str] = mapped_column(index=True)
    placed: Mapped[bool]
    at: Mapped[datetime] = mapped_column(Instant)
    actor: Mapped[str]
    reason: Mapped[str]


@dataclass(frozen=True)
class Held:
    """What stands under a legal hold now: ids of responses, ids of sources."""

    responses: frozenset[str]
    sources: frozenset[str]


def guard_erasures(dialect: str) -> tuple[str, ...]:
    """The statements that make both tables append-only."""
    return (*append_only("erasure", "response_uid", dialect), *append_only("hold", "hold_id", dialect))


def holds_in_force(session: Session) -> Sequence[HoldEntry]:
    """The entries by which something is held now, oldest first."""
    return session.scalars(_newest().where(HoldEntry.placed).order_by(HoldEntry.hold_id)).all()


def held(session: Session) -> Held:
    """What is held now."""
    found = holds_in_force(session)
    return Held(
        frozenset(entry.about for entry in found if entry.kind == RESPONSE),
        frozenset(entry.about for entry in found if entry.kind == SOURCE),
    )


def erased_among(session: Session, response_uids: Collection[str]) -> set[str]:
    """Those of these responses that were erased."""
    chunks = in_chunks(sorted(set(response_uids)))
    query = select(Erasure.response_uid)
    return {uid for chunk in chunks for uid in session.scalars(query.where(Erasure.response_uid.in_(chunk)))}


def _newest() -> Select[tuple[HoldEntry]]:
    newest = select(func.max(HoldEntry.hold_id)).group_by(HoldEntry.kind, HoldEntry.about)
    return select(HoldEntry).where(HoldEntry.hold_id.in_(newest))
