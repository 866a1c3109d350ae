"""Who said that what they said may not be published, as it stands now: a consent that was taken back counts at once."""

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from heardback.domain.words import Consent
from heardback.store.loops import Membership
from heardback.store.responses import Comment, Response


def without_consent(session: Session) -> frozenset[str]:
    """Loops of which every voice has said no to publishing. Nobody's words are published either way.

    Where nobody was asked, or one of several said no, what staff wrote of the whole loop may be shown.
    """
    said_no = func.sum(case((Response.consent_to_publish == Consent.NO.value, 1), else_=0))
    query = (
        select(Membership.loop_uid)
        .join(Comment, Comment.comment_uid == Membership.comment_uid)
        .join(Response, Response.response_uid == Comment.response_uid)
        .where(Membership.left_on.is_(None))
        .group_by(Membership.loop_uid)
        .having(said_no == func.count())
    )
    return frozenset(session.scalars(query))
