"""Loops that wait for somebody: what matching and nudging start from, and never the whole history."""

from collections.abc import Collection
from datetime import datetime

import pandas as pd
from sqlalchemy import func, or_, select, update
from sqlalchemy.orm import Session

from heardback.domain.lifecycle import ANSWERED, OPEN
from heardback.domain.words import LoopState, Outcome, Standing
from heardback.store.changes import Change, Match
from heardback.store.loops import Loop, Membership
from heardback.store.messages import Nudge, NudgedLoop
from heardback.store.responses import Comment, Response

AS_SENT = ("sent", "unknown")


def owed(session: Session) -> pd.DataFrame:
    """Loops to which something is still owed: an owner, a decision, a telling, or a promise. One row a loop."""
    promised = (Loop.outcome == Outcome.WILL) & Loop.promise_kept_on.is_(None)
    reminders = (
        select(NudgedLoop.loop_uid, func.count().label("reminders_sent"))
        .join(Nudge, Nudge.nudge_uid == NudgedLoop.nudge_uid)
        .where(Nudge.state.in_(AS_SENT))
        .group_by(NudgedLoop.loop_uid)
        .subquery()
    )
    query = (
        select(Loop, func.coalesce(reminders.c.reminders_sent, 0))
        .outerjoin(reminders, reminders.c.loop_uid == Loop.loop_uid)
        .where(or_(Loop.state.in_([*OPEN, LoopState.DECIDED]), Loop.state.in_(ANSWERED) & promised))
        .order_by(Loop.loop_uid)
    )
    names = [column.key for column in Loop.__mapper__.columns]
    rows = [
        {**{name: getattr(loop, name) for name in names}, "reminders_sent": sent}
        for loop, sent in session.execute(query)
    ]
    return pd.DataFrame(rows, columns=[*names, "reminders_sent"])


def comments_to_match(session: Session, *, unmatched_only: bool = True) -> pd.DataFrame:
    """Comments of open loops: comment_uid, loop_uid, service_code, heard_on, text; those never matched, or all."""
    query = (
        select(Comment.comment_uid, Loop.loop_uid, Loop.service_code, Response.heard_on, Comment.text)
        .join(Membership, Membership.comment_uid == Comment.comment_uid)
        .join(Loop, Loop.loop_uid == Membership.loop_uid)
        .join(Response, Response.response_uid == Comment.response_uid)
        .where(Membership.left_on.is_(None), Loop.state.in_(OPEN))
        .order_by(Comment.comment_uid)
    )
    if unmatched_only:
        query = query.where(Loop.matched_at.is_(None))
    return pd.DataFrame(session.execute(query).all(), columns=[column.key for column in query.selected_columns])


def changes_to_match(session: Session, since: datetime | None = None) -> pd.DataFrame:
    """Changes as the matcher takes them; with `since`, only those recorded or edited after it."""
    query = select(
        Change.change_uid, Change.service_code, Change.changed_on, Change.title, Change.you_said, Change.we_did
    ).order_by(Change.change_uid)
    if since is not None:
        query = query.where(Change.recorded_at > since)
    return pd.DataFrame(session.execute(query).all(), columns=[column.key for column in query.selected_columns])


def rejected_pairs(session: Session) -> set[tuple[str, str]]:
    """(comment, change) pairs that a person said no to."""
    query = (
        select(Membership.comment_uid, Match.change_uid)
        .join(Match, Match.loop_uid == Membership.loop_uid)
        .where(Membership.left_on.is_(None), Match.standing == Standing.REJECTED)
    )
    return {(comment, change) for comment, change in session.execute(query)}


def mark_matched(session: Session, loops: Collection[str], at: datetime) -> None:
    """Note when these loops last met the changes."""
    for start in range(0, len(loops), 5_000):
        chunk = sorted(loops)[start : start + 5_000]
        session.execute(update(Loop).where(Loop.loop_uid.in_(chunk)).values(matched_at=at))
