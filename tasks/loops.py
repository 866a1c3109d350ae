"""Moves of loops by people: each in a transaction of its own, through the ledger's one door."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from config.directory import Directory
from heardback.domain.lifecycle import Role
from heardback.domain.words import LoopState, Standing
from heardback.errors import MoveRefused, NotFound
from heardback.ledger import Actor, Ledger
from heardback.store import Change, Loop
from heardback.store.matches import judge
from heardback.store.session import transaction
from tasks.door import acting, matter_of, refusal_on_record
from tasks.handing_over import handed_over
from tasks.pausing import check_pause
from tasks.shown_loops import as_shown
from tasks.step import step
from tasks.workplace import Workplace, open_workplace


@dataclass(frozen=True)
class By:
    """Who makes a move, in which role, and the day on which it took effect (None: the day it is recorded)."""

    name: str
    role: Role = Role.SERVICE_MANAGER
    on: date | None = None


@step(retries=2)
def move_loop(
    loop_uid: str, name: str, by: By, at: datetime, *, reason: str = "", version: int | None = None, **details: Any
) -> dict[str, Any]:
    """Make one move of the table; returns the loop as it stands then."""
    with _at_the_desk(by, at, name, loop_uid) as (work, session):
        return as_shown(move_within(work, session, loop_uid, name, by, at, reason=reason, version=version, **details))


def move_within(
    work: Workplace,
    session: Session,
    loop_uid: str,
    name: str,
    by: By,
    at: datetime,
    *,
    reason: str = "",
    version: int | None = None,
    **details: Any,
) -> Loop:
    """The same in the caller's transaction; returns the loop."""
    given = {key: value for key, value in details.items() if value not in (None, "")}
    ledger = _ledger(work, session, by, at, loop_uid)
    if name in ("match", "decide") and _state(session, loop_uid) in (LoopState.HEARD, LoopState.REOPENED):
        # Who answers has taken it on: the table wants an owner before an answer.
        owner = _owner(session, work.council.directory, loop_uid)
        ledger.move(loop_uid, "own", on=by.on, version=version, owner=owner)
        version = None  # that was the version that was seen
    given |= _what_follows(work, session, loop_uid, name, at, given)
    loop = ledger.move(loop_uid, name, on=by.on, reason=reason, version=version, **given)
    if name == "match":
        judge(session, loop_uid, str(given["change"]), Standing.CONFIRMED, by.name, at)
    return loop


def _what_follows(
    work: Workplace, session: Session, loop_uid: str, name: str, at: datetime, given: Mapping[str, Any]
) -> dict[str, Any]:
    """What a move's details bring with them: a new service its owner, a pause the days before. Raises MoveRefused."""
    found: dict[str, Any] = {}
    if name == "reassign" and "service" in given:
        found = handed_over(session, session.get_one(Loop, loop_uid), work.council, at, given)
    if "change" in given:
        _check_change(session, str(given["change"]))
    if owner := {**given, **found}.get("owner"):
        _check_owner(session, work.council.directory, loop_uid, str(owner))
    if name == "pause":
        found = check_pause(session.get_one(Loop, loop_uid), work.council, at, given)
    return found


@step(retries=2)
def reject_match(loop_uid: str, change_uid: str, by: By, at: datetime) -> None:
    """Note that a change does not answer a loop; the pair is never offered again."""
    with _at_the_desk(by, at, "reject", loop_uid) as (work, session):
        person = acting(work, by.name, by.role, matter_of(session, loop_uid))
        judge(session, loop_uid, change_uid, Standing.REJECTED, person.name, at)


@step(retries=2)
def merge_loops(into: str, others: list[str], by: By, at: datetime, reason: str) -> dict[str, Any]:
    """Put the voices of other loops into one."""
    with _at_the_desk(by, at, "merge", into) as (work, session):
        return as_shown(_ledger(work, session, by, at, into).merge(into, others, on=by.on, reason=reason))


@step(retries=2)
def split_loop(loop_uid: str, comments: list[str], by: By, at: datetime, reason: str) -> str:
    """Give some comments a loop of their own; returns its number."""
    with _at_the_desk(by, at, "split", loop_uid) as (work, session):
        return _ledger(work, session, by, at, loop_uid).split(loop_uid, comments, reason=reason)


@contextmanager
def _at_the_desk(by: By, at: datetime, wanted: str, about: str) -> Iterator[tuple[Workplace, Session]]:
    with (
        open_workplace() as work,
        refusal_on_record(work, by.name, at, wanted, about),
        transaction(work.store) as session,
    ):
        yield work, session


def _ledger(work: Workplace, session: Session, by: By, at: datetime, loop_uid: str) -> Ledger:
    """The ledger in the hands of somebody who has the role that they act in, for this loop's service."""
    person = acting(work, by.name, by.role, matter_of(session, loop_uid))
    return Ledger(session, Actor(person.name, by.role), at)


def _state(session: Session, loop_uid: str) -> str | None:
    return session.scalar(select(Loop.state).where(Loop.loop_uid == loop_uid))


def _owner(session: Session, directory: Directory, loop_uid: str) -> str:
    loop = session.get_one(Loop, loop_uid)
    kept = loop.kept_from_service
    taken_on = "" if kept and loop.owner in directory.people_of(loop.service_code) else loop.owner
    return taken_on or directory.owner_of(loop.service_code, kept_from_service=kept)


def _check_owner(session: Session, directory: Directory, loop_uid: str, owner: str) -> None:
    loop = session.get_one(Loop, loop_uid)
    if loop.kept_from_service and owner in directory.people_of(loop.service_code):
        raise MoveRefused(f"{owner} is one of the service's own people, and {loop_uid} is kept from them")


def _check_change(session: Session, change_uid: str) -> None:
    if session.get(Change, change_uid) is None:
        raise NotFound(f"there is no change {change_uid}", do="heardback changes, or correct its id (register:number)")


def mover(name: str, role: str = Role.SERVICE_MANAGER, on: date | None = None) -> By:
    """Who makes a move, from what was typed. Raises MoveRefused for a role that there is not."""
    if role not in set(Role):
        raise MoveRefused(f"there is no role '{role}'", do=f"one of: {', '.join(Role)}")
    return By(name, Role(role), on)
