"""Moves of loops by people: each in a transaction of its own, through the ledger's one door."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import islice
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from config.directory import Directory
from heardback.domain.access import Right, role_for, somebody
from heardback.domain.languages import in_words
from heardback.domain.lifecycle import Role
from heardback.domain.privacy import redactor_of
from heardback.domain.words import LoopState, Standing
from heardback.errors import MoveRefused, NotAllowed, NotFound
from heardback.ledger import Actor, Ledger
from heardback.store import Change, Comment, HistoryEntry, Loop, Match, Membership
from heardback.store.languages import languages_of
from heardback.store.matches import judge, suggestions_for
from heardback.store.session import reading, transaction
from tasks.door import acting, admit, matter, matter_of, refusal_on_record
from tasks.handing_over import handed_over
from tasks.pausing import check_pause
from tasks.step import step
from tasks.workplace import Workplace, open_workplace

SHOWN = (
    "loop_uid", "service_code", "channel", "state", "version", "voices", "heard_from", "heard_to", "title", "owner",
    "owned_on", "change_uid", "outcome", "wording", "decided_on", "promise_by", "promise_kept_on", "told_on",
    "agreed_on", "snoozed_until", "paused_since", "paused_until", "chased_until",
)  # fmt: skip


@dataclass(frozen=True)
class By:
    """Who makes a move, in which role, and the day on which it took effect (None: the day it is recorded)."""

    name: str
    role: Role = Role.SERVICE_MANAGER
    on: date | None = None


@dataclass(frozen=True)
class LoopView:
    """One loop as its service sees it. `words` come only where they were asked for, identifying details hidden.

    `written` says in what it is written where that is not English alone.
    """

    loop: dict[str, Any]
    matches: list[dict[str, Any]] = field(default_factory=list)
    history: list[dict[str, Any]] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    written: str = ""


@step(retries=2)
def move_loop(
    loop_uid: str, name: str, by: By, at: datetime, *, reason: str = "", version: int | None = None, **details: Any
) -> dict[str, Any]:
    """Make one move of the table; returns the loop as it stands then."""
    with _at_the_desk(by, at, name, loop_uid) as (work, session):
        return _shown(move_within(work, session, loop_uid, name, by, at, reason=reason, version=version, **details))


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
        return _shown(_ledger(work, session, by, at, into).merge(into, others, on=by.on, reason=reason))


@step(retries=2)
def split_loop(loop_uid: str, comments: list[str], by: By, at: datetime, reason: str) -> str:
    """Give some comments a loop of their own; returns its number."""
    with _at_the_desk(by, at, "split", loop_uid) as (work, session):
        return _ledger(work, session, by, at, loop_uid).split(loop_uid, comments, reason=reason)


@step()
def show_loop(loop_uid: str, *, to: str = "", words_to: str = "", at: datetime | None = None) -> LoopView:
    """One loop, its suggestions and its history; its words too where a person is named who may see them (G15).

    A withheld loop's words are not shown here at all (G8). Nobody named is whoever runs Heardback, who is shown no word
    and nothing that accuses staff. Raises NotFound, NotAllowed.
    """
    with open_workplace() as work:
        with reading(work.store) as session:
            over = matter_of(session, loop_uid)
        if at and (words_to or to):
            admit(work, words_to or to, Right.WORDS if words_to else Right.LOOPS, at, loop_uid, over)
        elif over.kept_from_service:
            raise NotAllowed(f"{loop_uid} is not shown to nobody in particular", do="say who looks: --by NAME")
        return _view(work, loop_uid, words=bool(words_to))


def _view(work: Workplace, loop_uid: str, *, words: bool) -> LoopView:
    with reading(work.store) as session:
        loop = session.get(Loop, loop_uid)
        if loop is None:
            raise NotFound(f"there is no loop {loop_uid}", do="heardback loop list")
        may_show = words and loop.state not in (LoopState.WITHHELD, LoopState.DIVERTED)
        redactor = redactor_of(work.council)
        texts = [redactor.hide(text) for text in session.scalars(_texts(loop_uid))] if may_show else []
        written = in_words(languages_of(session, [loop_uid]).get(loop_uid, {}), loop.voices)
        return LoopView(_shown(loop), _matches(session, loop_uid), _history(session, loop_uid), texts, written)


@step()
def list_loops(
    state: str = "", service: str = "", limit: int = 50, *, to: str = "", at: datetime | None = None
) -> list[dict[str, Any]]:
    """Loops by number; of one state or one service where given.

    Those that somebody may see where a person is named, and otherwise all but those that accuse staff.
    """
    query = select(Loop).order_by(Loop.loop_uid)
    query = query.where(Loop.state == state) if state else query
    query = query.where(Loop.service_code == service) if service else query
    with open_workplace() as work:
        if to and at:
            admit(work, to, Right.LOOPS, at, "loop list")
        with reading(work.store) as session:
            theirs = (loop for loop in session.scalars(query) if _may_list(work, to, loop))
            return [_shown(loop) for loop in islice(theirs, limit)]


def _may_list(work: Workplace, to: str, loop: Loop) -> bool:
    if not to:
        return not loop.kept_from_service
    person = somebody(work.council.directory, to, matter(loop))
    return person is not None and role_for(person, Right.LOOPS) is not None


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


def _shown(loop: Loop) -> dict[str, Any]:
    return {name: getattr(loop, name) for name in SHOWN}


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


def _texts(loop_uid: str) -> Any:
    return (
        select(Comment.text)
        .join(Membership, Membership.comment_uid == Comment.comment_uid)
        .where(Membership.loop_uid == loop_uid, Membership.left_on.is_(None))
        .order_by(Comment.comment_uid)
    )


def _matches(session: Session, loop_uid: str) -> list[dict[str, Any]]:
    return [
        {name: getattr(match, name) for name in ("change_uid", "probability", "band", "standing", "reasons")}
        | {"title": _title(session, match)}
        for match in suggestions_for(session, loop_uid)
    ]


def _title(session: Session, match: Match) -> str:
    return session.scalar(select(Change.title).where(Change.change_uid == match.change_uid)) or ""


def _history(session: Session, loop_uid: str) -> list[dict[str, Any]]:
    query = select(HistoryEntry).where(HistoryEntry.loop_uid == loop_uid).order_by(HistoryEntry.sequence)
    names = ("sequence", "version", "move", "to_state", "actor", "role", "on_date", "at", "reason")
    return [{name: getattr(entry, name) for name in names} for entry in session.scalars(query)]


def mover(name: str, role: str = Role.SERVICE_MANAGER, on: date | None = None) -> By:
    """Who makes a move, from what was typed. Raises MoveRefused for a role that there is not."""
    if role not in set(Role):
        raise MoveRefused(f"there is no role '{role}'", do=f"one of: {', '.join(Role)}")
    return By(name, Role(role), on)
