"""Responses deleted where they came from, said or seen by their absence: their words go, their loops' history stays."""

from collections.abc import Sequence
from datetime import datetime

import pandas as pd
from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from heardback.domain.words import Fate
from heardback.landing.edits import withdraw_comments
from heardback.ledger import SYSTEM, Ledger
from heardback.store import Comment, Membership, Pull, Response, Revision
from heardback.store.chunks import in_chunks

DELETED = "deleted where it came from"


def withdraw(session: Session, vanished: Sequence[str], at: datetime) -> None:
    """Take back these responses and what was said in them."""
    for chunk in in_chunks(vanished):
        session.execute(update(Response).where(Response.response_uid.in_(chunk)).values(withdrawn_at=at))
        query = (
            select(Comment.comment_uid, Membership.loop_uid)
            .join(Membership, (Membership.comment_uid == Comment.comment_uid) & Membership.left_on.is_(None))
            .where(Comment.response_uid.in_(chunk))
        )
        comments = {str(comment): str(loop) for comment, loop in session.execute(query)}
        withdraw_comments(session, Ledger(session, SYSTEM, at), comments, DELETED)


def withdraw_deleted(session: Session, pull: Pull, deleted: pd.Series, at: datetime) -> int:
    """Take back the responses whose rows say that they were deleted (uid by row number); returns how many.

    Each leaves a revision that is not counted, so that the row is accounted for (G1). A response that never came, or
    was taken back before, leaves none.
    """
    rows = dict(zip(map(str, deleted), map(int, deleted.index), strict=True))
    revisions = [
        _deletion(response, pull, rows[response.response_uid])
        for chunk in in_chunks(sorted(rows))
        for response in session.scalars(
            select(Response).where(Response.response_uid.in_(chunk), Response.withdrawn_at.is_(None))
        )
    ]
    if revisions:
        session.execute(insert(Revision), revisions)
    uids = [str(revision["response_uid"]) for revision in revisions]
    for chunk in in_chunks(uids):
        session.execute(update(Response).where(Response.response_uid.in_(chunk)).values(revision=Response.revision + 1))
    withdraw(session, uids, at)
    return len(revisions)


def _deletion(response: Response, pull: Pull, row_number: int) -> dict[str, object]:
    return {
        "response_uid": response.response_uid,
        "revision": response.revision + 1,
        "pull_uid": pull.pull_uid,
        "row_number": row_number,
        "sheet": "",
        "content_hash": response.content_hash,
        "fate": str(Fate.NOT_COUNTED),
        "reason": DELETED,
        "comments": 0,
        "ratings": 0,
        "choices": 0,
    }
