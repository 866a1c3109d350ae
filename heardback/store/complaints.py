"""Complaints as the history tells them: every diverted loop, and what the procedure has done about it (G1)."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from heardback.domain.complaints import Complaint, diverted_anew
from heardback.domain.words import LoopState
from heardback.store.loops import HistoryEntry, Loop, Membership
from heardback.store.responses import Comment


def complaints(session: Session, loop_uid: str = "") -> list[Complaint]:
    """Every loop that stands diverted, by number, ended ones too; one of them where its number is given."""
    diverted = select(Loop.loop_uid, Loop.service_code, Loop.heard_from).where(Loop.state == LoopState.DIVERTED)
    diverted = diverted.where(Loop.loop_uid == loop_uid) if loop_uid else diverted
    found = {row.loop_uid: Complaint(*row) for row in session.execute(diverted.order_by(Loop.loop_uid))}
    wanted = select(HistoryEntry).join(Loop, Loop.loop_uid == HistoryEntry.loop_uid)
    wanted = wanted.where(Loop.state == LoopState.DIVERTED).order_by(HistoryEntry.sequence)
    for entry in session.scalars(wanted.where(Loop.loop_uid == loop_uid) if loop_uid else wanted):
        known = found[entry.loop_uid]
        if diverted_anew(entry.from_state, entry.to_state):
            known = Complaint(known.loop_uid, known.service_code, known.heard_on)
        found[entry.loop_uid] = known.after(entry.move, entry.on_date, entry.details)
    return list(found.values())


def words_of(session: Session, loop_uid: str) -> Sequence[str]:
    """What was said in a loop, as it was written."""
    query = (
        select(Comment.text)
        .join(Membership, Membership.comment_uid == Comment.comment_uid)
        .where(Membership.loop_uid == loop_uid, Membership.left_on.is_(None))
        .order_by(Comment.comment_uid)
    )
    return session.scalars(query).all()
