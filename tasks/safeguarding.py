"""The safeguarding desk: what a trained person has to read, reads, and says about it (G8)."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from heardback.domain.access import Matter, Right, role_for, somebody
from heardback.domain.languages import language_name
from heardback.domain.lifecycle import Role
from heardback.domain.words import LoopState
from heardback.errors import MoveRefused, StaleVersion
from heardback.ledger import Actor, Ledger
from heardback.messages.desk_page import Held
from heardback.store import Comment, Loop, Membership
from heardback.store.access import (
    COMPLAINT,
    NEEDS_MORE,
    NOT_A_CONCERN,
    READING_OUTCOMES,
    REFERRED,
    Unread,
    count_unread,
    everything_in,
    note_readings,
    unread,
    unsettled_in,
)
from heardback.store.session import reading, transaction
from tasks.door import admit, matter_of
from tasks.past import names_of
from tasks.step import step
from tasks.workplace import Workplace, open_workplace


@step()
def reading_queue(by: str, at: datetime, limit: int = 50) -> dict[str, Any]:
    """Comments that no trained person has settled, the most urgent first, and how many there are. No word of them.

    Raises NotAllowed. What accuses the staff of a service is not in the queue of that service's own people.
    """
    with open_workplace() as work:
        admit(work, by, Right.WITHHELD, at, "reading queue")
        with reading(work.store) as session:
            names = names_of(work.council)
            queue = [
                {
                    **asdict(comment),
                    "service": names.get(comment.service_code, comment.service_code),
                    "written_in": language_name(comment.written_in),
                }
                for comment in unread(session, limit)
                if _may_read(work, by, comment)
            ]
            return {"waiting": count_unread(session), "queue": queue}


@step(retries=2)
def read_loop(loop_uid: str, by: str, at: datetime) -> dict[str, str]:
    """What was said in a loop, as it was written, by comment; who read it is on record before it is shown."""
    with open_workplace() as work:
        with reading(work.store) as session:
            over = matter_of(session, loop_uid)
        admit(work, by, Right.WITHHELD, at, loop_uid, over)
        with reading(work.store) as session:
            return {row.comment_uid: row.text for row in session.execute(_texts(loop_uid))}


@step(retries=2)
def held_loop(loop_uid: str, by: str, at: datetime) -> Held:
    """The same for a page, with the version that was read: of a loop that moves meanwhile, the older one."""
    with open_workplace() as work:
        with reading(work.store) as session:
            over, version = matter_of(session, loop_uid), session.get_one(Loop, loop_uid).version
        admit(work, by, Right.WITHHELD, at, loop_uid, over)
        service = names_of(work.council).get(over.service_code, over.service_code)
        with reading(work.store) as session:
            return Held(loop_uid, version, service, tuple(row.text for row in session.execute(_texts(loop_uid))))


@step(retries=2)
def settle_reading(
    loop_uid: str,
    by: str,
    outcome: str,
    at: datetime,
    *,
    reference: str = "",
    about_staff: bool | None = None,
    version: int | None = None,
) -> dict[str, Any]:
    """Record what came of reading a loop: it goes on, to its procedure, stays held back, or is held back from now on.

    `reference` says why, or names the referral. `about_staff` keeps it from its service's people, or hands it to them;
    None leaves that as it stands. Raises NotAllowed, MoveRefused, and StaleVersion where the loop has moved since the
    `version` that was read.
    """
    _check_reading(loop_uid, outcome, reference)
    with open_workplace() as work:
        with reading(work.store) as session:
            over = matter_of(session, loop_uid)
        person = admit(work, by, Right.WITHHELD, at, loop_uid, over)
        with transaction(work.store) as session:
            ledger = Ledger(session, Actor(person.name, Role.SAFEGUARDING_LEAD), at)
            if version is not None:
                _check_version(session, loop_uid, version)
            _keep_or_give(session, ledger, loop_uid, about_staff, reference)
            return settle(session, ledger, loop_uid, person.name, outcome, reference, at)


def _check_reading(loop_uid: str, outcome: str, reference: str) -> None:
    if outcome not in READING_OUTCOMES:
        raise MoveRefused(f"there is no outcome '{outcome}'", do=f"one of: {', '.join(READING_OUTCOMES)}")
    if not reference.strip():
        raise MoveRefused("say why, or give the referral's reference", where=loop_uid, do="--reference TEXT")


def _check_version(session: Session, loop_uid: str, version: int) -> None:
    """The loop stays locked, so that of two who settle it at once one finds that it has moved."""
    if session.get_one(Loop, loop_uid, with_for_update=True).version != version:
        raise StaleVersion(f"{loop_uid} has moved since it was read", do="read it again")


def settle(
    session: Session, ledger: Ledger, loop_uid: str, reader: str, outcome: str, reference: str, at: datetime
) -> dict[str, Any]:
    """The same in the caller's transaction, for somebody who has been let in; returns the loop's number and state."""
    # what was no concern before, and is one now, has been read anew
    waiting = unsettled_in(session, loop_uid) if outcome == NOT_A_CONCERN else everything_in(session, loop_uid)
    note_readings(session, waiting, loop_uid, at, reader, outcome, reference)
    loop = session.get_one(Loop, loop_uid)
    if outcome in (NOT_A_CONCERN, COMPLAINT) and loop.state == LoopState.WITHHELD:
        ledger.move(loop_uid, "release", reason=reference)
    elif outcome in (REFERRED, NEEDS_MORE) and loop.state != LoopState.WITHHELD:
        ledger.move(loop_uid, "withhold", reason=f"read: {outcome}")
    if outcome == REFERRED:
        ledger.move(loop_uid, "refer", reference=reference)
    if outcome == COMPLAINT and loop.state != LoopState.DIVERTED:
        ledger.move(loop_uid, "divert", reason=reference)
    return {"loop_uid": loop_uid, "state": loop.state, "outcome": outcome, "comments": len(waiting)}


def _keep_or_give(session: Session, ledger: Ledger, loop_uid: str, about_staff: bool | None, reason: str) -> None:
    is_kept = session.get_one(Loop, loop_uid).kept_from_service
    if about_staff is not None and about_staff != is_kept:
        ledger.move(loop_uid, "keep_from_service" if about_staff else "give_to_service", reason=reason)


def _may_read(work: Workplace, by: str, comment: Unread) -> bool:
    over = Matter(comment.service_code, kept_from_service=comment.kept_from_service)
    person = somebody(work.council.directory, by, over)
    return person is not None and role_for(person, Right.WITHHELD) is not None


def _texts(loop_uid: str) -> Any:
    return (
        select(Comment.comment_uid, Comment.text)
        .join(Membership, Membership.comment_uid == Comment.comment_uid)
        .where(Membership.loop_uid == loop_uid, Membership.left_on.is_(None))
        .order_by(Comment.comment_uid)
    )
