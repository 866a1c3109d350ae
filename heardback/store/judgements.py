"""What people said of suggestions: the links that they confirmed, the candidates that they judged, what was learned."""

import pandas as pd
from sqlalchemy import select
from sqlalchemy.orm import Session

from heardback.domain.words import Standing
from heardback.store.changes import Match
from heardback.store.loops import Membership
from heardback.store.meanings import LearnedJudgement
from heardback.store.responses import Comment

LINKS = ["comment_uid", "text", "change_uid", "known_on"]


def confirmed_links(session: Session) -> pd.DataFrame:
    """Every voice of every loop whose change a person confirmed, with the columns LINKS; `known_on` is empty: now.

    Without those whose words were erased.
    """
    query = (
        select(Comment.comment_uid, Comment.text, Match.change_uid)
        .join(Membership, Membership.comment_uid == Comment.comment_uid)
        .join(Match, Match.loop_uid == Membership.loop_uid)
        .where(Match.standing == Standing.CONFIRMED, Membership.left_on.is_(None), Comment.text != "")
        .order_by(Match.change_uid, Comment.comment_uid)
    )
    return pd.DataFrame([(*row, "") for row in session.execute(query)], columns=LINKS, dtype="str")


def refused_changes(session: Session) -> pd.DataFrame:
    """Every refusal of a change, with the columns change_uid and known_on, which is empty: now."""
    query = select(Match.change_uid).where(Match.standing == Standing.REJECTED).order_by(Match.change_uid)
    return pd.DataFrame([(change, "") for change in session.scalars(query)], columns=["change_uid", "known_on"])


def judged_candidates(session: Session, matcher: str, width: int) -> pd.DataFrame:
    """The suggestions of a matcher that a person judged: loop_uid, features (`width` numbers), right."""
    query = (
        select(Match.loop_uid, Match.features, Match.standing)
        .where(Match.standing.in_([Standing.CONFIRMED, Standing.REJECTED]), Match.matcher.startswith(matcher))
        .order_by(Match.judged_at, Match.loop_uid, Match.change_uid)
    )
    rows = [(loop, features, said == Standing.CONFIRMED) for loop, features, said in session.execute(query)]
    return pd.DataFrame([row for row in rows if len(row[1]) == width], columns=["loop_uid", "features", "right"])


def last_learned(session: Session, model: str, matcher: str) -> LearnedJudgement | None:
    """The judgement in force for a model ('' where words alone decide) and a matcher whose weights it leans on, None
    where nothing was learned for them yet.
    """
    query = select(LearnedJudgement).where(
        LearnedJudgement.model == model, LearnedJudgement.version.startswith(matcher + "-")
    )
    return session.scalars(query.order_by(LearnedJudgement.made_at.desc(), LearnedJudgement.version.desc())).first()
