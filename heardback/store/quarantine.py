"""Rows that broke their contract: looked up, settled once, and everything that was done with them on record."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from heardback.errors import MoveRefused, NotFound
from heardback.store.chunks import in_chunks
from heardback.store.pulls import Pull, QuarantinedRow, QuarantineEntry
from heardback.store.responses import Response, Revision

RELEASED, STAYED, DISCARDED = "released", "stayed", "discarded"


def quarantined(
    session: Session, source_id: str = "", state: str = "open", pull_uid: str = "", reason: str = ""
) -> Sequence[QuarantinedRow]:
    """Rows in quarantine, oldest first; of one source or pull, or with a reason in which this text stands.

    Raises NotFound for a pull that there is not.
    """
    if pull_uid and session.get(Pull, pull_uid) is None:
        raise NotFound(f"there is no pull '{pull_uid}'", do="`heardback quarantine list` shows the pulls of its rows")
    query = select(QuarantinedRow).where(QuarantinedRow.state == state).order_by(QuarantinedRow.quarantine_id)
    if source_id:
        query = query.where(QuarantinedRow.source_id == source_id)
    if pull_uid:
        query = query.where(QuarantinedRow.pull_uid == pull_uid)
    rows = session.scalars(query).all()
    return [row for row in rows if any(reason.lower() in why.lower() for why in row.reasons)] if reason else rows


def quarantined_cells(session: Session, source_id: str) -> list[tuple[int, dict[str, Any]]]:
    """Every row of a source that still has its cells, whatever was done with it: its number and its cells."""
    query = select(QuarantinedRow.quarantine_id, QuarantinedRow.cells).where(QuarantinedRow.source_id == source_id)
    rows = session.execute(query.order_by(QuarantinedRow.quarantine_id)).tuples()
    return [(number, cells) for number, cells in rows if cells]


def find_row(session: Session, quarantine_id: int, *, hold: bool = False) -> QuarantinedRow:
    """One row by its number; `hold` keeps others from settling it meanwhile. Raises NotFound."""
    row = session.get(QuarantinedRow, quarantine_id, with_for_update=hold or None)
    if row is None:
        raise NotFound(f"there is no quarantined row Q-{quarantine_id}", do="heardback quarantine list")
    return row


def check_open(row: QuarantinedRow) -> None:
    """Raise MoveRefused where a row was settled before."""
    if row.state != "open":
        raise MoveRefused(f"Q-{row.quarantine_id} was {row.state} by {row.decided_by} already")


def came_since(session: Session, response_uids: Collection[str], pull: Pull) -> set[str]:
    """Responses that a later pull brought or took back: an older row must not write over that."""
    query = (
        select(Revision.response_uid)
        .join(Pull, Pull.pull_uid == Revision.pull_uid)
        .join(Response, Response.response_uid == Revision.response_uid)
        .where(or_(Pull.started_at > pull.started_at, Response.withdrawn_at > pull.started_at))
    )
    chunks = in_chunks(sorted(response_uids))
    return {uid for chunk in chunks for uid in session.scalars(query.where(Revision.response_uid.in_(chunk)))}


def landed_as(session: Session, response_uids: Collection[str], pull: Pull) -> dict[str, str]:
    """The content hashes of those responses that this pull landed from rows of its own: a row may not take their id."""
    query = select(Revision.response_uid, Revision.content_hash).where(Revision.pull_uid == pull.pull_uid)
    chunks = in_chunks(sorted(response_uids))
    found = (session.execute(query.where(Revision.response_uid.in_(chunk))).tuples() for chunk in chunks)
    return {uid: content for rows in found for uid, content in rows}


def fates_of(session: Session, pull: Pull) -> dict[tuple[str, int], str]:
    """Where the rows of a pull ended that landed, by sheet and row number."""
    query = select(Revision.sheet, Revision.row_number, Revision.fate).where(Revision.pull_uid == pull.pull_uid)
    return {(sheet, row): fate for sheet, row, fate in session.execute(query)}


def repaired_responses(session: Session, source_id: str) -> set[str]:
    """The responses of a source that landed from quarantine with a cell repaired: as they came they say something else,
    and may have another id.
    """
    came = (
        (Revision.pull_uid == QuarantinedRow.pull_uid)
        & (Revision.sheet == QuarantinedRow.sheet)
        & (Revision.row_number == QuarantinedRow.row_number)
    )
    query = select(Revision.response_uid).join(QuarantinedRow, came)
    repaired = (QuarantinedRow.state == RELEASED) & (QuarantinedRow.note != "")
    return set(session.scalars(query.where(QuarantinedRow.source_id == source_id, repaired)))


def settle(row: QuarantinedRow, state: str, actor: str, at: datetime, note: str) -> None:
    """Note what was done with an open row. Raises MoveRefused where it was settled before."""
    check_open(row)
    row.state, row.decided_by, row.decided_at, row.note = state, actor, at, note


def put_on_record(
    session: Session,
    row: QuarantinedRow,
    action: str,
    actor: str,
    at: datetime,
    *,
    note: str = "",
    changed: Sequence[dict[str, str]] = (),
    map_sha256: str = "",
) -> None:
    """Add to the audit what somebody did with a row; the reasons are those that the row has now."""
    reasons = list(row.reasons) if action == STAYED else []
    session.add(
        QuarantineEntry(
            quarantine_id=row.quarantine_id,
            action=action,
            actor=actor,
            at=at,
            note=note,
            changed=list(changed),
            reasons=reasons,
            map_sha256=map_sha256,
        )
    )


def audit_of(session: Session, quarantine_id: int) -> Sequence[QuarantineEntry]:
    """Everything that was done with a row, in order."""
    query = select(QuarantineEntry).where(QuarantineEntry.quarantine_id == quarantine_id)
    return session.scalars(query.order_by(QuarantineEntry.entry_id)).all()
