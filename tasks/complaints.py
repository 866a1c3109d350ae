"""Complaints beside the statutory procedure: which there are, by when each is due, and how far it has come (G1)."""

from dataclasses import asdict
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from heardback.domain.access import Right
from heardback.domain.complaints import Complaint, check_step, days_left, due_on
from heardback.domain.deadlines import Calendar, england
from heardback.domain.lifecycle import Role
from heardback.domain.words import LoopState
from heardback.errors import MoveRefused
from heardback.ledger import Actor, Ledger
from heardback.store import Loop
from heardback.store.complaints import complaints, words_of
from heardback.store.session import reading, transaction
from tasks.door import admit, matter_of
from tasks.step import step
from tasks.workplace import Workplace, open_workplace


@step()
def list_complaints(at: datetime) -> list[dict[str, Any]]:
    """Every complaint with `due` and `days_left` (working days, None where it has ended), the most urgent first."""
    with open_workplace() as work, reading(work.store) as session:
        return complaints_owed(session, work, at)


def complaints_owed(session: Session, work: Workplace, at: datetime, calendar: Calendar | None = None) -> list[Any]:
    """The same in the caller's transaction."""
    days, today = calendar or england(), at.astimezone(ZoneInfo(work.council.policy.timezone)).date()
    rows = [_shown(complaint, work, days, today) for complaint in complaints(session)]
    return sorted(rows, key=lambda row: (row["ended_on"] is not None, row["due"], row["loop_uid"]))


@step(retries=2)
def accept_complaint(loop_uid: str, by: str, at: datetime, *, reference: str, on: date | None = None) -> dict[str, Any]:
    """Note that the procedure has taken it up, and under which reference. Raises NotAllowed, MoveRefused."""
    return _move(loop_uid, by, at, "accept_complaint", on, reference=reference)


@step(retries=2)
def extend_complaint(loop_uid: str, by: str, at: datetime, *, reason: str, on: date | None = None) -> dict[str, Any]:
    """Note that the answer takes longer, and why. Raises NotAllowed, MoveRefused."""
    return _move(loop_uid, by, at, "extend_complaint", on, reason=reason)


@step(retries=2)
def end_complaint(
    loop_uid: str, by: str, at: datetime, *, ended_as: str, reference: str, on: date | None = None
) -> dict[str, Any]:
    """Note how the procedure ended. Raises NotAllowed, MoveRefused."""
    return _move(loop_uid, by, at, "end_complaint", on, ended_as=ended_as, reference=reference)


@step(retries=2)
def read_complaint(loop_uid: str, by: str, at: datetime) -> list[str]:
    """What a complaint says, as it was written; who read it is on record before it is shown. Raises NotAllowed."""
    with open_workplace() as work:
        _admit(work, loop_uid, by, at)
        with reading(work.store) as session:
            _standing(session, loop_uid)
            return list(words_of(session, loop_uid))


def _move(loop_uid: str, by: str, at: datetime, move: str, on: date | None, **given: Any) -> dict[str, Any]:
    with open_workplace() as work:
        name = _admit(work, loop_uid, by, at)
        with transaction(work.store) as session:
            session.get(Loop, loop_uid, with_for_update=True)  # nobody else takes a step between our look and ours
            check_step(_standing(session, loop_uid), move)
            Ledger(session, Actor(name, Role.COMPLAINTS_MANAGER), at).move(loop_uid, move, on=on, **given)
            today = at.astimezone(ZoneInfo(work.council.policy.timezone)).date()
            return _shown(_standing(session, loop_uid), work, england(), today)


def _admit(work: Workplace, loop_uid: str, by: str, at: datetime) -> str:
    with reading(work.store) as session:
        over = matter_of(session, loop_uid)
    return admit(work, by, Right.COMPLAINTS, at, loop_uid, over).name


def _standing(session: Session, loop_uid: str) -> Complaint:
    found = complaints(session, loop_uid)
    if not found:
        do = "heardback complaints list shows what is in the procedure"
        raise MoveRefused(f"{loop_uid} does not stand as {LoopState.DIVERTED}: it is no complaint now", do=do)
    return found[0]


def _shown(complaint: Complaint, work: Workplace, calendar: Calendar, today: date) -> dict[str, Any]:
    policy = work.council.policy.complaints
    clock = {
        "due": due_on(complaint, policy, calendar),
        "days_left": days_left(complaint, policy, calendar, today),
    }
    return asdict(complaint) | clock
