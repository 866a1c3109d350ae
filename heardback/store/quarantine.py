"""Rows that broke their contract: looked up, released once repaired, or discarded with a reason."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from heardback.errors import MoveRefused, NotFound
from heardback.store.pulls import Pull, QuarantinedRow
from heardback.store.responses import Response, Revision


def quarantined(session: Session, source_id: str = "", state: str = "open") -> Sequence[QuarantinedRow]:
    """Rows in quarantine, oldest first; of one source where given."""
    query = select(QuarantinedRow).where(QuarantinedRow.state == state).order_by(QuarantinedRow.quarantine_id)
    return session.scalars(query.where(QuarantinedRow.source_id == source_id) if source_id else query).all()


def find_row(session: Session, quarantine_id: int) -> QuarantinedRow:
    """One row by its number. Raises NotFound."""
    row = session.get(QuarantinedRow, quarantine_id)
    if row is None:
        raise NotFound(f"there is no quarantined row Q-{quarantine_id}", do="heardback quarantine list")
    return row


def check_open(row: QuarantinedRow) -> None:
    """Raise MoveRefused where a row was settled before."""
    if row.state != "open":
        raise MoveRefused(f"Q-{row.quarantine_id} was {row.state} by {row.decided_by} already")


def came_since(session: Session, response_uid: str, pull: Pull) -> bool:
    """Whether a later pull brought the same response, or took it back: an older row must not write over that."""
    query = (
        select(Revision.revision)
        .join(Pull, Pull.pull_uid == Revision.pull_uid)
        .join(Response, Response.response_uid == Revision.response_uid)
        .where(Revision.response_uid == response_uid)
        .where(or_(Pull.started_at > pull.started_at, Response.withdrawn_at > pull.started_at))
    )
    return session.scalar(query.limit(1)) is not None


def settle(row: QuarantinedRow, state: str, actor: str, at: datetime, note: str) -> None:
    """Note what was done with an open row. Raises MoveRefused where it was settled before."""
    check_open(row)
    row.state, row.decided_by, row.decided_at, row.note = state, actor, at, note
