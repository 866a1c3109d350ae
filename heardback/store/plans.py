"""Action plans as their registers had them at a past instant, and the loops that rest on their actions."""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from heardback.domain.action_plan import Action
from heardback.store.changes import Change, ChangeRevision, Match
from heardback.store.loops import Loop
from heardback.store.pulls import Pull


def plans_as_of(session: Session, before: datetime) -> list[Action]:
    """Every action with a recommendation that a register held at an instant, by register and number.

    What was edited since is read as it stood then; what came or went since is not there, or still is.
    """
    there = or_(Change.left_at.is_(None), Change.left_at >= before)
    query = select(Change).where(there).order_by(Change.register_id, Change.record_id)
    changes = session.scalars(query).all()
    since, first = _replaced_since(session, before), _first_seen(session)
    found = [
        _action(change, since.get(change.change_uid, {}))
        for change in changes
        if first.get(change.change_uid, change.recorded_at) < before
    ]
    return [action for action in found if action.recommendation]


def loops_resting_on(session: Session, change_uids: Collection[str]) -> list[str]:
    """Loops that rest on one of these changes now, or that were ever offered one: whoever asks looks at the day."""
    wanted = sorted(change_uids)
    offered = session.scalars(select(Match.loop_uid).where(Match.change_uid.in_(wanted)))
    resting = session.scalars(select(Loop.loop_uid).where(Loop.change_uid.in_(wanted)))
    return sorted({*offered, *resting})


def _replaced_since(session: Session, before: datetime) -> dict[str, Mapping[str, Any]]:
    """What changes said that were edited after an instant: the oldest that was replaced since is what stood then."""
    query = select(ChangeRevision).where(ChangeRevision.replaced_at >= before).order_by(ChangeRevision.revision.desc())
    return {revision.change_uid: revision.content for revision in session.scalars(query)}


def _first_seen(session: Session) -> dict[str, datetime]:
    """When a change that was edited later came in first."""
    query = (
        select(ChangeRevision.change_uid, func.min(Pull.started_at))
        .join(Pull, Pull.pull_uid == ChangeRevision.pull_uid)
        .group_by(ChangeRevision.change_uid)
    )
    return dict(session.execute(query).tuples().all())


def _action(change: Change, then: Mapping[str, Any]) -> Action:
    def said(name: str) -> str:
        return str(then.get(name, getattr(change, name)) or "").strip()

    return Action(
        change_uid=change.change_uid,
        register_id=change.register_id,
        record_id=change.record_id,
        service_code=said("service_code"),
        status=said("status"),
        recommendation=said("recommendation"),
        action=said("action"),
        owner=said("owner"),
        progress=said("we_did"),
        evidence=said("evidence"),
        due_on=_day(then.get("due_on", change.due_on)),
        changed_on=_day(then.get("changed_on", change.changed_on)),
    )


def _day(value: date | str | None) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) and value else value or None
