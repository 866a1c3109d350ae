"""Deadlines that have passed become events, once each: `loop.overdue` and `promise.broken`."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from config.council import Council
from heardback.domain.deadlines import Calendar, Step, england
from heardback.domain.events import Event, LoopOverdue, PromiseBroken
from heardback.store import outbox
from heardback.store.deadlines import Missed, note_missed
from heardback.store.session import transaction
from tasks.due import loops_owed
from tasks.step import step
from tasks.workplace import open_workplace


@step(retries=3)
def note_overdue(at: datetime) -> dict[str, int]:
    """Note every deadline that has passed and was not noted yet, with its event; returns how many of each event."""
    with open_workplace() as work, transaction(work.store) as session:
        emitted = overdue_events(session, work.council, at, england())
        outbox.record(session, emitted, at)
        return {kind.name: sum(isinstance(one, kind) for one in emitted) for kind in (LoopOverdue, PromiseBroken)}


def overdue_events(session: Session, council: Council, at: datetime, calendar: Calendar) -> Sequence[Event]:
    """The events of deadlines that nobody had noted, noted in the caller's transaction."""
    loops = loops_owed(session, council, at, calendar)
    late = loops[loops["overdue_days"] > 0] if len(loops) else loops
    rows = late[["loop_uid", "next_step", "clock_from", "due_on", "overdue_days"]].to_dict("records")
    days = {row["loop_uid"]: int(row["overdue_days"]) for row in rows}
    missed = [Missed(row["loop_uid"], row["next_step"], row["clock_from"], row["due_on"]) for row in rows]
    return [_event(one, days[one.loop_uid]) for one in note_missed(session, missed, at)]


def _event(missed: Missed, days: int) -> Event:
    resource = f"heardback.loop.{missed.loop_uid}"
    return PromiseBroken(resource) if missed.step == Step.KEEP else LoopOverdue(resource, days)
