"""In which languages beside English people wrote: by loop, and in all. Tags and counts, never a word."""

from collections.abc import Collection

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from heardback.store.loops import Membership
from heardback.store.responses import Comment


def languages_of(session: Session, loop_uids: Collection[str]) -> dict[str, dict[str, int]]:
    """For those of the loops in which anything is not in English: how many of their comments are in which language."""
    query = (
        select(Membership.loop_uid, Comment.written_in, func.count())
        .join(Comment, Comment.comment_uid == Membership.comment_uid)
        .where(Membership.loop_uid.in_(loop_uids), Membership.left_on.is_(None), Comment.written_in != "")
        .group_by(Membership.loop_uid, Comment.written_in)
        .order_by(func.count().desc(), Comment.written_in)
    )
    found: dict[str, dict[str, int]] = {}
    for loop_uid, tag, comments in session.execute(query):
        found.setdefault(loop_uid, {})[tag] = comments
    return found


def languages_in_all(session: Session) -> dict[str, int]:
    """How many comments are in which language beside English, the commonest first."""
    query = select(Comment.written_in, func.count()).where(Comment.written_in != "").group_by(Comment.written_in)
    return dict(session.execute(query.order_by(func.count().desc(), Comment.written_in)).tuples().all())
