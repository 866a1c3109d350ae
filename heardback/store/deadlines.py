"""Deadlines that passed, each noted once, and instants that are remembered by name."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from heardback.store.chunks import in_chunks
from heardback.store.loops import HistoryEntry
from heardback.store.messages import Mark, MissedDeadline


class Missed(NamedTuple):
    """One deadline of one loop: the step that was due, from which day its clock ran, and when it was due."""

    loop_uid: str
    step: str
    since: date
    due_on: date


def note_missed(session: Session, missed: Sequence[Missed], at: datetime) -> list[Missed]:
    """Note the deadlines that passed; returns those that nobody had noted before."""
    known = _known(session, sorted({one.loop_uid for one in missed}))
    new = [one for one in missed if one[:3] not in known]
    if new:
        session.execute(insert(MissedDeadline), [one._asdict() | {"noted_at": at} for one in new])
    return new


def _known(session: Session, loop_uids: list[str]) -> set[tuple[str, str, date]]:
    known: set[tuple[str, str, date]] = set()
    query = select(MissedDeadline.loop_uid, MissedDeadline.step, MissedDeadline.since)
    for chunk in in_chunks(loop_uids):
        known |= set(session.execute(query.where(MissedDeadline.loop_uid.in_(chunk))).tuples())
    return known


def marked(session: Session, name: str) -> datetime | None:
    """The instant that is remembered under a name."""
    mark = session.get(Mark, name)
    return mark.at if mark else None


def last_marked(session: Session, beginning: str, before: datetime) -> datetime | None:
    """The latest instant before another that is remembered under a name with this beginning."""
    named = Mark.name.startswith(beginning, autoescape=True)
    return session.scalar(select(func.max(Mark.at)).where(named, Mark.at < before))


def set_mark(session: Session, name: str, at: datetime) -> None:
    """Remember an instant under a name; one that is remembered already only moves forwards."""
    with suppress(IntegrityError), session.begin_nested():  # another run may be writing the first one
        session.execute(insert(Mark).values(name=name, at=at))
    session.execute(update(Mark).where(Mark.name == name, Mark.at < at).values(at=at))


def lift_mark(session: Session, name: str) -> None:
    """Forget it."""
    session.execute(delete(Mark).where(Mark.name == name))


def last_recorded(session: Session) -> datetime | None:
    """When the newest move of any loop was recorded."""
    last = select(func.max(HistoryEntry.sequence)).scalar_subquery()
    return session.scalar(select(HistoryEntry.at).where(HistoryEntry.sequence == last))
