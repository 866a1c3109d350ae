"""What a press does to a loop, from Slack or from a page: authorised again, as it was seen, once (G9)."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import func, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from heardback.domain.access import somebody
from heardback.domain.deadlines import england
from heardback.domain.effects import as_date
from heardback.domain.lifecycle import MOVES, Role
from heardback.domain.words import Standing
from heardback.errors import MoveRefused, NotAllowed
from heardback.messages.presses import Press
from heardback.store import HistoryEntry, Loop
from heardback.store import Press as PressOnRecord
from heardback.store.matches import judge
from heardback.store.session import reading, transaction
from tasks.alert import take
from tasks.door import acting, matter_of, refusal_on_record
from tasks.due import absences_of, day_of
from tasks.handing_over import other_services
from tasks.loops import By, move_within
from tasks.workplace import Workplace

MOVE_OF = {"decide": "decide", "tell": "tell", "keep": "keep", "match.yes": "match", "match.partly": "match",
           "snooze": "snooze", "reassign": "reassign", "chase": "chase", "pause": "pause"}  # fmt: skip
# what a page offers beside the buttons of a possible answer, and the move behind each
ACTS = {"match": "match", "decide": "decide", "tell": "tell", "keep": "keep", "chase": "chase", "snooze": "snooze",
        "pause": "pause", "reassign": "reassign"}  # fmt: skip
SAID = {
    "decide": "Decision recorded",
    "tell": "Telling recorded",
    "keep": "Recorded as kept",
    "match": "Match recorded",
    "snooze": "Snoozed",
    "reassign": "Passed on",
    "chase": "Yours to chase",
    "pause": "The clock stands",
}
DETAILS = {"decide": ("outcome", "wording", "by_date"), "tell": ("how", "where", "whom"),
           "reassign": ("owner", "service"), "match": ("change",), "pause": ("until",)}  # fmt: skip


def done(work: Workplace, press: Press, person: str, at: datetime) -> str:
    """Do what somebody asks for; returns what to tell them. Asked again it does nothing and answers alike.

    No version is trusted but the one that they saw; no role but the one that services.yaml gives them for this loop's
    service. Raises StaleVersion, MoveRefused, NotAllowed, NotFound.
    """
    if press.action in ("acknowledge", "pass_on"):
        taken = take.run(list(press.loops), person, at, pass_on=press.action == "pass_on")
        return f"{', '.join(taken)}: {'passed to the deputy' if press.action == 'pass_on' else 'yours to review'}."
    if press.action not in (*MOVE_OF, "match.no"):
        return "Nothing to be done."
    loop_uid = press.loops[0]
    with (
        refusal_on_record(work, person, at, press.action, loop_uid),
        transaction(work.store) as session,
    ):
        earlier = _on_record(session, press, person, at)
        if earlier is not None:
            return earlier
        said = _moved(work, session, press, person, at)
        query = update(PressOnRecord).where(PressOnRecord.press_uid == press.press_uid).values(answer=said)
        session.execute(query)
        return said


def _on_record(session: Session, press: Press, person: str, at: datetime) -> str | None:
    """What was answered the first time; None where this is the first time, which is then on record."""
    row = {"press_uid": press.press_uid, "at": at, "actor": person, "action": press.action}
    try:
        with session.begin_nested():
            session.execute(insert(PressOnRecord), [{**row, "about": press.loops[0], "answer": ""}])
    except IntegrityError:
        return session.get_one(PressOnRecord, press.press_uid).answer
    return None


def _moved(work: Workplace, session: Session, press: Press, person: str, at: datetime) -> str:
    loop_uid = press.loops[0]
    if press.action == "match.no":
        by = _by(work, session, loop_uid, "match", person)
        acting(work, person, by.role, matter_of(session, loop_uid))
        judge(session, loop_uid, press.details["change"], Standing.REJECTED, by.name, at)
        return f"{loop_uid}: noted that this does not answer it. It is not offered again."
    name = MOVE_OF[press.action]
    by = _by(work, session, loop_uid, name, person, as_date(press.details.get("on")))
    reason = press.details.get("reason", "answers it in part" if press.action == "match.partly" else "")
    details: dict[str, Any] = {key: press.details[key] for key in DETAILS.get(name, ()) if key in press.details}
    details |= _until(work, session, loop_uid, name, reason, at)
    move_within(work, session, loop_uid, name, by, at, reason=reason, version=press.version, **details)
    return f"{loop_uid}: {SAID[name]}."


def _until(work: Workplace, session: Session, loop_uid: str, name: str, reason: str, at: datetime) -> dict[str, Any]:
    """Until when a loop is put off, or chased."""
    if name not in ("snooze", "chase"):
        return {}
    policy, today = work.council.policy.nudge, day_of(work.council, at)
    if name == "snooze" and not reason and _snoozes(session, loop_uid) >= policy.snoozes_without_reason:
        raise MoveRefused(f"{loop_uid} was put off {policy.snoozes_without_reason} times: say why")
    calendar = absences_of(work.council, england(today.year, today.year + 1)).calendar
    days = policy.snooze_working_days if name == "snooze" else policy.chase_working_days
    return {"until": calendar.add_working_days(today, days)}


def _by(work: Workplace, session: Session, loop_uid: str, move: str, person: str, on: date | None = None) -> By:
    """Who moves it, in the role that they have for this loop's service and that the table lets make this move."""
    known = somebody(work.council.directory, person, matter_of(session, loop_uid))
    roles = known.roles & MOVES[move].roles if known else frozenset()
    if known is None or not roles:
        raise NotAllowed(f"{move} of {loop_uid} is not yours to make", do="services.yaml says whose it is")
    return By(known.name, Role.SERVICE_MANAGER if Role.SERVICE_MANAGER in roles else min(roles), on)


def where_it_stands(work: Workplace, press: Press) -> str:
    """In words for whoever pressed a button of an old message (fault 17)."""
    with reading(work.store) as session:
        query = select(HistoryEntry).where(HistoryEntry.loop_uid == press.loops[0])
        last = session.scalars(query.order_by(HistoryEntry.version.desc()).limit(1)).one()
        on = f"{last.on_date.day} {last.on_date:%B}"
    return f"{last.loop_uid} has changed since: it is {last.to_state}, by {last.actor} on {on}. Nothing was recorded."


def needs_reason(work: Workplace, loop_uid: str) -> bool:
    """Whether it was put off so often that putting it off again takes a reason."""
    with reading(work.store) as session:
        return _snoozes(session, loop_uid) >= work.council.policy.nudge.snoozes_without_reason


def _snoozes(session: Session, loop_uid: str) -> int:
    """How often it was put off since it last moved on."""
    moved = select(func.coalesce(func.max(HistoryEntry.version), 0)).where(
        HistoryEntry.loop_uid == loop_uid, HistoryEntry.from_state != HistoryEntry.to_state
    )
    query = select(func.count()).where(
        HistoryEntry.loop_uid == loop_uid, HistoryEntry.move == "snooze",
        HistoryEntry.version > moved.scalar_subquery(),
    )  # fmt: skip
    return session.scalar(query) or 0


def heirs(work: Workplace, loop_uid: str) -> tuple[dict[str, str], dict[str, str]]:
    """To whom a loop can be given: those who may act on it, its present owner aside; and other services, by name.

    Raises MoveRefused where there is neither.
    """
    directory = work.council.directory
    with reading(work.store) as session:
        over, loop = matter_of(session, loop_uid), session.get_one(Loop, loop_uid)
        owner = loop.owner or directory.owner_of(loop.service_code, kept_from_service=loop.kept_from_service)
        services = other_services(work.council, loop)
    known = [code for code in directory.people if code != owner and (one := somebody(directory, code, over))
             and Role.SERVICE_MANAGER in one.roles]  # fmt: skip
    if not (known or services):
        raise MoveRefused(f"nobody else answers for {loop_uid}", do="add somebody in services.yaml")
    return {code: directory.people[code].name for code in known}, services
