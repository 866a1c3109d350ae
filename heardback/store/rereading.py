"""Which rows of which pulls the answers on record came from, so that they can be read once more."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from heardback.store.chunks import in_chunks
from heardback.store.loops import HistoryEntry, Loop, Membership
from heardback.store.pull_records import LANDED
from heardback.store.pulls import AGAIN, Pull, QuarantinedRow
from heardback.store.quarantine import RELEASED
from heardback.store.responses import Comment, Response, Revision

LEFT_OUT = "left out when it was edited"  # why words go that their row no longer has, or its map does not ask for


@dataclass(eq=False)
class Brought:
    """The rows of one pull that are how responses stand now: by sheet and row number, the response and its hash."""

    pull: Pull
    rows: dict[tuple[str, int], tuple[str, str]] = field(default_factory=dict)

    def of(self, sheet: str) -> dict[int, tuple[str, str]]:
        """Those of one sheet, by row number."""
        return {row: stands for (name, row), stands in self.rows.items() if name == sheet}


def rows_as_brought(session: Session, source_id: str) -> list[Brought]:
    """A source's answers by the pulls that brought them as they are, oldest first.

    Not what was withdrawn or erased, nor rows of which a cell was repaired: as they came they say something else.
    """
    query = (
        select(Revision.pull_uid, Revision.sheet, Revision.row_number, Response.response_uid, Response.content_hash)
        .join(Response, (Response.response_uid == Revision.response_uid) & (Response.revision == Revision.revision))
        .where(Response.source_id == source_id, Response.withdrawn_at.is_(None))
    )
    found = _pulls(session, source_id)
    for pull_uid, sheet, row, response_uid, content in session.execute(query):
        found[pull_uid].rows[sheet, row] = (response_uid, content)
    released = select(QuarantinedRow).where(QuarantinedRow.source_id == source_id, QuarantinedRow.state == RELEASED)
    for bad in session.scalars(released.where(QuarantinedRow.note != "")):  # which says what was repaired
        found[bad.pull_uid].rows.pop((bad.sheet, bad.row_number), None)
    return [brought for brought in dict.fromkeys(found.values()) if brought.rows]


def _pulls(session: Session, source_id: str) -> dict[str, Brought]:
    """By the id of each pull; what was read again before came with the pull that it was read again from."""
    query = select(Pull).where(Pull.source_id == source_id, Pull.status == LANDED).order_by(Pull.ordinal)
    found: dict[str, Brought] = {}
    files: dict[str, Brought] = {}
    for pull in session.scalars(query):
        brought = files[pull.file_sha256] if pull.kind == AGAIN else Brought(pull)
        found[pull.pull_uid] = files[pull.file_sha256] = brought
    return found


def still_standing(session: Session, rows: Mapping[int, tuple[str, str]]) -> dict[int, tuple[str, str]]:
    """Those of a pull's rows (as Brought.of gives them) that are how responses stand by now."""
    query = select(Response.response_uid, Response.content_hash).where(Response.withdrawn_at.is_(None))
    now = {
        uid: content
        for chunk in in_chunks(sorted({uid for uid, _ in rows.values()}))
        for uid, content in session.execute(query.where(Response.response_uid.in_(chunk))).tuples()
    }
    return {row: (uid, content) for row, (uid, content) in rows.items() if now.get(uid) == content}


def forgotten_among(session: Session, comment_uids: Collection[str], heard_before: date) -> set[str]:
    """The responses that have a comment among these whose words were forgotten: nothing brings them back.

    Not where an edit left them out, as a map does that lost their question: the row has them, and so does the present
    map. What was `heard_before` that day retention has taken since.
    """
    left_out = (HistoryEntry.version == Loop.version) & (HistoryEntry.reason == LEFT_OUT)
    query = (
        select(Comment.response_uid)
        .join(Response, Response.response_uid == Comment.response_uid)
        .join(Membership, (Membership.comment_uid == Comment.comment_uid) & Membership.left_on.is_(None))
        .join(Loop, Loop.loop_uid == Membership.loop_uid)
        .outerjoin(HistoryEntry, (HistoryEntry.loop_uid == Loop.loop_uid) & left_out)
        .where(Comment.text == "", HistoryEntry.sequence.is_(None) | (Response.heard_on < heard_before))
    )
    return {
        uid
        for chunk in in_chunks(sorted(comment_uids))
        for uid in session.scalars(query.where(Comment.comment_uid.in_(chunk)))
    }


def record_ids_of(session: Session, response_uids: Collection[str]) -> dict[str, str]:
    """What their source calls these responses, by their ids."""
    query = select(Response.response_uid, Response.source_record_id)
    return {
        uid: name
        for chunk in in_chunks(sorted(response_uids))
        for uid, name in session.execute(query.where(Response.response_uid.in_(chunk)))
    }
