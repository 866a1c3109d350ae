"""Counts for one screen: loops by state, where rows ended, sources and what waits; never a word of what was said."""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from heardback.store.changes import Change, Match
from heardback.store.loops import Loop, Membership
from heardback.store.messages import OutboxEvent
from heardback.store.pulls import Pull, QuarantinedRow, SourceState
from heardback.store.responses import Comment


def loops_by_state(session: Session) -> dict[str, int]:
    """How many loops stand in each state."""
    return dict(session.execute(select(Loop.state, func.count()).group_by(Loop.state)).tuples().all())


def voices_by_state(session: Session) -> dict[str, int]:
    """How many comments stand behind the loops of each state."""
    query = (
        select(Loop.state, func.count())
        .join(Membership, Membership.loop_uid == Loop.loop_uid)
        .where(Membership.left_on.is_(None))
        .group_by(Loop.state)
    )
    return dict(session.execute(query).tuples().all())


def open_quarantine(session: Session) -> dict[str, int]:
    """Rows waiting to be repaired, by source."""
    query = (
        select(QuarantinedRow.source_id, func.count())
        .where(QuarantinedRow.state == "open")
        .group_by(QuarantinedRow.source_id)
    )
    return dict(session.execute(query).tuples().all())


def latest_pulls(session: Session, limit: int) -> Sequence[Pull]:
    """The newest pulls of all sources and registers, the newest first."""
    newest_first = select(Pull).order_by(Pull.started_at.desc(), Pull.source_id, Pull.file_name.desc(), Pull.pull_uid)
    return session.scalars(newest_first.limit(limit)).all()


def waiting_reasons(session: Session) -> dict[str, list[list[str]]]:
    """Per pull, the reasons of each of its rows that waits in quarantine."""
    query = select(QuarantinedRow.pull_uid, QuarantinedRow.reasons).where(QuarantinedRow.state == "open")
    waiting: dict[str, list[list[str]]] = {}
    for pull_uid, reasons in session.execute(query):
        waiting.setdefault(pull_uid, []).append(reasons)
    return waiting


def source_states(session: Session) -> dict[str, SourceState]:
    """Where each source stands, by its id."""
    return {state.source_id: state for state in session.scalars(select(SourceState))}


def totals(session: Session) -> dict[str, int]:
    """How many comments, changes, suggestions to judge and events to relay there are."""
    queries = {
        "comments": select(func.count()).select_from(Comment),
        "changes": select(func.count()).select_from(Change),
        "suggestions": select(func.count()).where(Match.standing == "proposed"),
        "confirmed_matches": select(func.count()).where(Match.standing == "confirmed"),
        "events_to_relay": select(func.count()).where(OutboxEvent.relayed_at.is_(None)),
    }
    return {name: session.scalar(query) or 0 for name, query in queries.items()}
