"""A message that stands in Slack, written anew from what is on record: after a press, wherever it was pressed."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from heardback.domain.alerts import KIND
from heardback.domain.lifecycle import Role
from heardback.domain.open_loops import OpenLoop, is_nudged, open_loops_from
from heardback.messages.message import Message, Receipt
from heardback.messages.updated import Settled, updated_message
from heardback.store import AccessEntry, HistoryEntry, Loop, Nudge
from heardback.store.alerts import PASSED_ON, TOOK
from heardback.store.nudges import Line, lines_of, nudge_at
from heardback.store.session import reading
from tasks.due import loops_owed
from tasks.workplace import Workplace

GOES_ON = {"own", "match"}  # after these the same button is wanted still
DONE = {
    "decide": "Decided", "revise": "Decided anew", "tell": "Told back", "tell_again": "Told once more",
    "keep": "Promise kept", "snooze": "Snoozed", "reassign": "Passed on", "chase": "Being chased",
    "pause": "Waits for others", "set_aside": "Set aside", "agree": "Agreed",
}  # fmt: skip


def fresh_message(work: Workplace, place: Receipt, at: datetime) -> Message | None:
    """What should stand at a place in Slack now; None where no message of ours does."""
    with reading(work.store) as session:
        nudge = nudge_at(session, place.channel, place.ts)
        if nudge is None:
            return None
        lines = [line for line in lines_of(session, nudge.nudge_uid) if line.shown]
        rows = _taken(session, nudge, lines) if nudge.kind == KIND else _rows(session, work, lines, at)
    directory = work.council.directory
    person = directory.people.get(nudge.recipient)
    if person is None:
        return None
    link_base = work.council.policy.link_base
    return updated_message(nudge.kind, nudge.nudge_uid, person, rows, directory.council, link_base)


def _rows(session: Session, work: Workplace, lines: list[Line], at: datetime) -> list[OpenLoop | Settled]:
    owed = loops_owed(session, work.council, at, only=[line.loop_uid for line in lines])
    waiting = {loop.loop_uid: loop for loop in open_loops_from(owed)} if len(owed) else {}
    return [_row(session, line, waiting.get(line.loop_uid)) for line in lines]


def _row(session: Session, line: Line, waiting: OpenLoop | None) -> OpenLoop | Settled:
    last = _last_move(session, line)
    if waiting is not None and is_nudged(waiting) and (last is None or last.move in GOES_ON):
        return waiting
    loop = session.get_one(Loop, line.loop_uid)
    title = "" if loop.kept_from_service else loop.title
    if last is None:
        return Settled(line.loop_uid, title, "Nothing is waiting here any more")
    done = DONE.get(last.move, "Moved on")
    return Settled(line.loop_uid, title, f"{done} by {last.actor}, {last.on_date.day} {last.on_date:%B}")


def _last_move(session: Session, line: Line) -> HistoryEntry | None:
    """The newest move of a person since the message was written."""
    query = select(HistoryEntry).where(
        HistoryEntry.loop_uid == line.loop_uid,
        HistoryEntry.version > line.version,
        HistoryEntry.role != str(Role.SYSTEM),
    )
    return session.scalars(query.order_by(HistoryEntry.version.desc()).limit(1)).first()


def _taken(session: Session, nudge: Nudge, lines: list[Line]) -> list[OpenLoop | Settled]:
    """Who took each loop of an alert; nothing else is told of it."""
    rows: list[OpenLoop | Settled] = []
    for line in lines:
        query = select(AccessEntry).where(
            AccessEntry.about == line.loop_uid, AccessEntry.wanted.in_((TOOK, PASSED_ON)),
            AccessEntry.allowed, AccessEntry.at >= nudge.claimed_at,
        )  # fmt: skip
        last = session.scalars(query.order_by(AccessEntry.entry_id.desc()).limit(1)).first()
        done = "Waits to be reviewed" if last is None else f"{last.actor} will review it"
        done = f"{last.actor} passed it to the deputy" if last and last.wanted == PASSED_ON else done
        rows.append(Settled(line.loop_uid, "", done))
    return rows
