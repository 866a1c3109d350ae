"""Comments and the changes that a person confirmed as their answer: what the thesaurus can grow by."""

import pandas as pd
from sqlalchemy import select
from sqlalchemy.orm import Session

from heardback.domain.lifecycle import ASIDE
from heardback.domain.words import Standing
from heardback.store.changes import Change, Match
from heardback.store.loops import Loop, Membership
from heardback.store.responses import Comment, Response


def confirmed_answers(session: Session) -> pd.DataFrame:
    """One row for a comment and a change that answers its loop (voice, said, done), as words were written.

    Nothing of a loop that is set aside (held back, a complaint, withdrawn) or that accuses staff is among them.
    """
    query = (
        select(Comment.response_uid, Comment.text, Change.title, Change.you_said, Change.we_did)
        .join(Response, Response.response_uid == Comment.response_uid)
        .join(Membership, Membership.comment_uid == Comment.comment_uid)
        .join(Loop, Loop.loop_uid == Membership.loop_uid)
        .join(Match, Match.loop_uid == Loop.loop_uid)
        .join(Change, Change.change_uid == Match.change_uid)
        .where(Membership.left_on.is_(None), Match.standing == Standing.CONFIRMED, Response.withdrawn_at.is_(None))
        .where(Loop.state.not_in(ASIDE), Loop.kept_from_service.is_(False))
        .order_by(Comment.comment_uid, Change.change_uid)
    )
    rows = pd.DataFrame(session.execute(query).all(), columns=["voice", "said", "title", "you_said", "we_did"])
    return rows[["voice", "said"]].assign(done=rows["title"] + " " + rows["you_said"] + " " + rows["we_did"])
