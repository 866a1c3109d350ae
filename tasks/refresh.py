"""A message that stands in Slack, written anew from what is on record: after an act, wherever it was done."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from config.directory import Person
from heardback.domain.access import Right, role_for, somebody
from heardback.domain.alerts import KIND, Alert
from heardback.domain.lifecycle import HANDS, Role
from heardback.domain.nudging.ladder import Rung
from heardback.domain.nudging.open_loops import OpenLoop, is_nudged, open_loops_from
from heardback.domain.nudging.plan import Escalated
from heardback.messages.alarm import Seen, alert_message
from heardback.messages.message import Message
from heardback.messages.updated import Row, Settled, updated_message
from heardback.store import AccessEntry, HistoryEntry, Loop, Nudge, NudgedLoop
from heardback.store.alerts import OPENED
from heardback.store.nudges import Line, lines_of
from heardback.store.session import reading
from tasks.alert import held_loops
from tasks.door import matter
from tasks.due import loops_owed
from tasks.possible import with_possible
from tasks.workplace import Workplace

DONE = {
    "decide": "Decided", "revise": "Decided anew", "tell": "Told back", "tell_again": "Told once more",
    "keep": "Promise kept", "snooze": "Snoozed", "reassign": "Passed on", "chase": "Being chased",
    "pause": "Waits for others", "set_aside": "Set aside", "agree": "Agreed", "merge": "Put together with another",
}  # fmt: skip
OWNERS_STILL = {"chase"}  # somebody above has taken it up, and it is the owner who has to answer
NOTHING = "Nothing is waiting here any more"


def fresh_message(work: Workplace, nudge_uid: str, at: datetime) -> Message | None:
    """A message as it should stand now; None where nobody in the directory is its reader any more."""
    with reading(work.store) as session:
        nudge = session.get_one(Nudge, nudge_uid)
        person = work.council.directory.people.get(nudge.recipient)
        if person is None:
            return None
        if nudge.kind == KIND:
            return _alert(session, work, nudge, person, at)
        return _loops(session, work, nudge, person, at)


def _loops(session: Session, work: Workplace, nudge: Nudge, person: Person, at: datetime) -> Message:
    lines = lines_of(session, nudge.nudge_uid)
    found = _rows(session, work, nudge, lines, at)
    rows = [row for line, row in zip(lines, found, strict=True) if line.shown]
    if nudge.kind == "digest":
        rows = with_possible(session, work.council, rows)
    more = sum(not (line.shown or isinstance(row, Settled)) for line, row in zip(lines, found, strict=True))
    directory, link_base = work.council.directory, work.council.policy.link_base
    return updated_message(
        nudge.kind, nudge.nudge_uid, person, rows, directory.council, link_base, directory.people, more
    )


def _rows(session: Session, work: Workplace, nudge: Nudge, lines: Sequence[Line], at: datetime) -> list[Row]:
    """How each line stands now, those too that were only counted; asked for all at once, as there may be hundreds."""
    numbers = [line.loop_uid for line in lines]
    owed = loops_owed(session, work.council, at, only=numbers)
    waiting = {loop.loop_uid: loop for loop in (open_loops_from(owed) if len(owed) else []) if is_nudged(loop)}
    loops = {loop.loop_uid: loop for loop in session.scalars(select(Loop).where(Loop.loop_uid.in_(numbers)))}
    moved = _last_moves(session, nudge)
    return [
        _row(work, nudge, line, waiting.get(uid), loops[uid], moved.get(uid))
        for uid, line in zip(numbers, lines, strict=True)
    ]


def _row(
    work: Workplace, nudge: Nudge, line: Line, waiting: OpenLoop | None, loop: Loop, last: HistoryEntry | None
) -> Row:
    is_theirs = _may_see(work, nudge.recipient, loop)
    settled = set(DONE) - (OWNERS_STILL if nudge.kind == "digest" else set())
    if waiting is not None and is_theirs and (last is None or last.move not in settled):
        if nudge.kind == "digest":
            return waiting
        kept = loop.kept_from_service
        owner = loop.owner or work.council.directory.owner_of(loop.service_code, kept_from_service=kept)
        return Escalated(waiting, Rung(line.rung), owner)
    # what became of a loop that is not theirs to see any more is not told, save that it was passed on
    passed_on = last is not None and last.move == "reassign" and not (loop.kept_from_service or loop.state in HANDS)
    if last is None or not (is_theirs or passed_on):
        return Settled(line.loop_uid, "", NOTHING)
    return Settled(line.loop_uid, loop.title, f"{_done(last)} by {last.actor}, {last.on_date.day} {last.on_date:%B}")


def _done(last: HistoryEntry) -> str:
    return DONE.get(last.move, "Moved on")


def _may_see(work: Workplace, code: str, loop: Loop) -> bool:
    known = somebody(work.council.directory, code, matter(loop))
    return known is not None and role_for(known, Right.LOOPS) is not None


def _last_moves(session: Session, nudge: Nudge) -> dict[str, HistoryEntry]:
    """By loop, the newest move of a person since the message was written."""
    query = (
        select(HistoryEntry)
        .join(NudgedLoop, NudgedLoop.loop_uid == HistoryEntry.loop_uid)
        .where(
            NudgedLoop.nudge_uid == nudge.nudge_uid,
            HistoryEntry.version > NudgedLoop.version,
            HistoryEntry.role != str(Role.SYSTEM),
        )
        .order_by(HistoryEntry.version)
    )
    return {entry.loop_uid: entry for entry in session.scalars(query)}


def _alert(session: Session, work: Workplace, nudge: Nudge, person: Person, at: datetime) -> Message:
    """What nobody has opened yet with who will, and who opened the rest; nothing else is told of it."""
    told = [line.loop_uid for line in lines_of(session, nudge.nudge_uid)]
    kept = {loop_uid for loop_uid in told if _is_kept(work, nudge, session.get_one(Loop, loop_uid))}
    held = [loop for loop in held_loops(session, work) if loop.loop_uid in told and loop.loop_uid not in kept]
    people, policy = work.council.directory.people, work.council.policy
    taken = {
        loop.loop_uid: f"{people[loop.taken_by].name} {'passed it on' if loop.passed_on else 'will review it'}"
        for loop in held if loop.taken_by
    }  # fmt: skip
    waiting = {loop.loop_uid for loop in held}
    opened = {uid: NOTHING if uid in kept else _opened(session, nudge, uid) for uid in told if uid not in waiting}
    alert = Alert(nudge.recipient, nudge.time_window, tuple(held))
    seen = Seen(taken, opened)
    return alert_message(alert, person, policy.safeguarding, at, policy.link_base, policy.timezone, seen)


def _is_kept(work: Workplace, nudge: Nudge, loop: Loop) -> bool:
    """Whether a loop accuses staff of a service whose own person the reader is."""
    return loop.kept_from_service and nudge.recipient in work.council.directory.people_of(loop.service_code)


def _opened(session: Session, nudge: Nudge, loop_uid: str) -> str:
    query = select(AccessEntry).where(
        AccessEntry.about == loop_uid, AccessEntry.wanted == OPENED, AccessEntry.allowed,
        AccessEntry.at >= nudge.claimed_at,
    )  # fmt: skip
    first = session.scalars(query.order_by(AccessEntry.entry_id).limit(1)).first()
    return f"{first.actor} opened it" if first else NOTHING
