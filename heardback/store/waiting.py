"""Loops that wait for somebody: what matching and nudging start from, and never the whole history."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

import pandas as pd
from sqlalchemy import ColumnElement, Select, case, delete, false, func, literal, or_, select, update
from sqlalchemy.orm import Session

from heardback.domain.lifecycle import ANSWERED, OPEN
from heardback.domain.words import LoopState, Outcome, Standing
from heardback.store.changes import Change, Match
from heardback.store.chunks import in_chunks
from heardback.store.loops import Loop, Membership
from heardback.store.messages import Nudge, NudgedLoop
from heardback.store.pull_records import note_source
from heardback.store.pulls import SourceState
from heardback.store.responses import Comment, Response

MET = "matching met "  # and a pull's id: the row in source_state that says so
AS_SENT = ("sent", "unknown")
TRIED = (*AS_SENT, "failed")  # whoever cannot be reached holds no loop back from the next rung


def owed(session: Session, only: Collection[str] | None = None) -> pd.DataFrame:
    """Loops to which something is still owed: an owner, a decision, a telling, or a promise. One row a loop.

    `only` these where it is given.
    """
    columns = list(Loop.__table__.columns)
    names = [column.key for column in columns]
    rows = [
        dict(zip(names, row, strict=True))
        for waits in (_waits(), _promised())
        for row in session.execute(_among(select(*columns).where(waits), only))
    ]
    reminders = _reminders(session, only)
    for row in rows:
        row["reminders_sent"], row["rungs_told"] = reminders.get(row["loop_uid"], (0, ()))
    loops = pd.DataFrame(rows, columns=[*names, "reminders_sent", "rungs_told"], dtype=object)
    return loops.sort_values("loop_uid", ignore_index=True)


def owed_by(session: Session, person: str, services: Collection[str], *, kept: bool) -> list[str]:
    """Numbers of the loops to which something is owed that a person may have to answer for.

    Their own, those of these services, and with `kept` those that are kept from their service.
    """
    theirs = or_(Loop.owner == person, Loop.service_code.in_(services), Loop.kept_from_service if kept else false())
    return sorted(session.scalars(select(Loop.loop_uid).where(or_(_waits(), _promised()), theirs)))


def _among(query: Select[Any], only: Collection[str] | None) -> Select[Any]:
    return query if only is None else query.where(Loop.loop_uid.in_(only))


def _waits() -> ColumnElement[bool]:
    return Loop.state.in_([*OPEN, LoopState.DECIDED])


def _promised() -> ColumnElement[bool]:
    """As the index of promises has it, so that not all that was ever answered is read."""
    to_keep = Loop.promise_by.is_not(None) & Loop.promise_kept_on.is_(None) & (Loop.outcome == Outcome.WILL)
    return to_keep & Loop.state.in_(ANSWERED - {LoopState.DECIDED})


def _reminders(session: Session, only: Collection[str] | None) -> dict[str, tuple[int, tuple[tuple[str, str], ...]]]:
    """For loops to which something is owed: reminders that showed them, and the newest window of each rung told."""
    found: dict[str, tuple[int, tuple[tuple[str, str], ...]]] = {}
    shown = func.sum(case((NudgedLoop.shown & Nudge.state.in_(AS_SENT), 1), else_=0))
    query = (
        select(NudgedLoop.loop_uid, NudgedLoop.rung, func.max(Nudge.time_window), shown)
        .join(Nudge, Nudge.nudge_uid == NudgedLoop.nudge_uid)
        .join(Loop, Loop.loop_uid == NudgedLoop.loop_uid)
        .where(Nudge.state.in_(TRIED), NudgedLoop.rung != "", or_(_waits(), _promised()))
        .group_by(NudgedLoop.loop_uid, NudgedLoop.rung)
        .order_by(NudgedLoop.loop_uid, NudgedLoop.rung)
    )
    for loop_uid, rung, window, times in session.execute(_among(query, only)):
        sent, told = found.get(loop_uid, (0, ()))
        found[loop_uid] = (sent + (times or 0), (*told, (rung, window)))
    return found


def comments_to_match(session: Session, *, unmatched_only: bool = True) -> pd.DataFrame:
    """Comments of open loops, those never matched or all.

    comment_uid, loop_uid, service_code, heard_on, text, written_in.
    """
    query = (
        select(
            Comment.comment_uid, Loop.loop_uid, Loop.service_code, Response.heard_on, Comment.text, Comment.written_in
        )
        .join(Membership, Membership.comment_uid == Comment.comment_uid)
        .join(Loop, Loop.loop_uid == Membership.loop_uid)
        .join(Response, Response.response_uid == Comment.response_uid)
        .where(Membership.left_on.is_(None), Loop.state.in_(OPEN))
        .order_by(Comment.comment_uid)
    )
    if unmatched_only:
        query = query.where(Loop.matched_at.is_(None))
    return pd.DataFrame(session.execute(query).all(), columns=[column.key for column in query.selected_columns])


def changes_to_match(session: Session, *, unmet_only: bool = False) -> pd.DataFrame:
    """Changes as the matcher takes them, and their pulls; all, or those of pulls that matching has not met.

    Without those that their register no longer has: nobody may be told that they answer anything new.
    """
    query = select(
        Change.change_uid, Change.service_code, Change.changed_on, Change.title, Change.you_said, Change.we_did,
        Change.pull_uid,
    ).where(Change.left_at.is_(None)).order_by(Change.change_uid)  # fmt: skip
    if unmet_only:
        query = query.where((literal(MET) + Change.pull_uid).not_in(select(SourceState.source_id)))
    return pd.DataFrame(session.execute(query).all(), columns=[column.key for column in query.selected_columns])


def mark_met(session: Session, pull_uids: Collection[str], at: datetime) -> None:
    """Note that the changes of these pulls have met every open loop.

    Not by the clock: a pull that began before a run of matching may be kept after it.
    """
    for pull_uid in sorted(set(pull_uids)):
        note_source(session, f"{MET}{pull_uid}", at, landed=True)


def meet_again(session: Session, pull_uid: str) -> None:
    """Note that a pull has changes again which matching has not met."""
    session.execute(delete(SourceState).where(SourceState.source_id == f"{MET}{pull_uid}"))


def rejected_pairs(session: Session) -> set[tuple[str, str]]:
    """(comment, change) pairs that a person said no to, also where the comment has gone into another loop since."""
    query = (
        select(Membership.comment_uid, Membership.left_on, Match.change_uid, Match.judged_at)
        .join(Match, Match.loop_uid == Membership.loop_uid)
        .where(Match.standing == Standing.REJECTED)
    )
    return {
        (comment, change)
        for comment, left_on, change, judged_at in session.execute(query)
        if left_on is None or judged_at is None or judged_at.date() <= left_on
    }


def unmoved(session: Session, versions: Mapping[str, int]) -> bool:
    """Whether these loops all stand at these versions; whoever would move one waits until this transaction ends."""
    query = select(Loop.loop_uid, Loop.version).where(Loop.loop_uid.in_(versions)).with_for_update(read=True)
    return dict(session.execute(query).tuples().all()) == versions


def still_open(session: Session, loop_uids: Collection[str]) -> set[str]:
    """Those of the loops that are open now."""
    query = select(Loop.loop_uid).where(Loop.state.in_(OPEN))
    return set(loop_uids) & set(session.scalars(query))


def mark_matched(session: Session, loops: Collection[str], at: datetime | None) -> None:
    """Note when these loops last met the changes; None where what they say has changed since."""
    for chunk in in_chunks(sorted(loops)):
        session.execute(update(Loop).where(Loop.loop_uid.in_(chunk)).values(matched_at=at))
