"""What a page shows somebody who is signed in: their loops, one of them with what they may do, and its words."""

from dataclasses import dataclass, replace
from datetime import datetime

from config.directory import Directory
from heardback.domain.absence import Absences
from heardback.domain.access import Right, Somebody, role_for, somebody
from heardback.domain.deadlines import Step, england
from heardback.domain.lifecycle import HANDS, MOVES
from heardback.domain.nudging.ladder import Ladders
from heardback.domain.nudging.open_loops import OpenLoop, is_nudged, open_loops_from
from heardback.domain.nudging.window import window_at
from heardback.domain.words import UNMAPPED, LoopState
from heardback.errors import HeardbackError, NotAllowed, NotFound, StaleVersion
from heardback.messages.desk_page import Card
from heardback.messages.presses import Press
from heardback.store import Loop
from heardback.store import Press as PressOnRecord
from heardback.store.session import reading
from heardback.store.waiting import owed_by
from tasks.deeds import ACTS, done, heirs, needs_reason, where_it_stands
from tasks.door import admit, matter_of
from tasks.due import loops_owed
from tasks.languages import with_languages
from tasks.possible import possible_answer
from tasks.shown_loops import show_loop
from tasks.step import step
from tasks.workplace import Workplace, open_workplace

NEEDS_A_STEP = {"keep": {Step.KEEP}}


@dataclass(frozen=True)
class OwnLoops:
    """Loops that wait for somebody (`own`) and those of others that have climbed to them, the most pressing first."""

    own: tuple[OpenLoop, ...]
    climbed: tuple[OpenLoop, ...]
    said: str = ""
    reads: bool = False


@dataclass(frozen=True)
class Done:
    """What became of a press on a page: what to say, and the status of the answer (200 where it was recorded)."""

    said: str
    status: int = 200


@step()
def own_loops(person: str, at: datetime, press_uid: str = "") -> OwnLoops:
    """Somebody's loops as a digest would have them, without its cap; and what they were told of a press of theirs."""
    with open_workplace() as work, reading(work.store) as session:
        calendar, policy = england(), work.council.policy
        window = window_at(at, policy.nudge, calendar, policy.timezone)
        absences = Absences(work.council.directory, calendar, policy.nudge.short_leave)
        ladders = Ladders(work.council.directory, policy.nudge, absences, window)
        numbers = owed_by(
            session, person, _services_of(work, person), kept=_may_get_kept(work.council.directory, person)
        )
        owed = loops_owed(session, work.council, at, calendar, only=numbers)
        placed = [ladders.place(loop) for loop in (open_loops_from(owed) if len(owed) else []) if is_nudged(loop)]
        placed.sort(key=lambda place: (-place.loop.overdue_days, -place.loop.voices, place.loop.loop_uid))
        before = session.get(PressOnRecord, press_uid) if press_uid else None
        return OwnLoops(
            tuple(place.loop for place in placed if place.owner == person),
            tuple(place.loop for place in placed if place.escalated_to == person and place.owner != person),
            before.answer if before is not None and before.actor == person else "",
            _reads_what_is_held(work.council.directory, person),
        )


def _services_of(work: Workplace, person: str) -> list[str]:
    """Services for which somebody may have to answer; the fall-back owner also for what no service is known for."""
    directory = work.council.directory
    theirs = [service.code for service in directory.services if person in directory.people_of(service.code)]
    return [*theirs, UNMAPPED] if person == directory.fallback_owner else theirs


def _reads_what_is_held(directory: Directory, person: str) -> bool:
    known = somebody(directory, person)
    return known is not None and role_for(known, Right.WITHHELD) is not None


def _may_get_kept(directory: Directory, person: str) -> bool:
    return person in (directory.safeguarding_lead, directory.safeguarding_deputy, directory.fallback_owner)


@step()
def own_loop(person: str, loop_uid: str, at: datetime) -> Card:
    """One loop, and what somebody may do about it. Raises NotFound for one that there is not, and for another's (G15).

    That it was looked at is on record, as is who was not let in.
    """
    with open_workplace() as work:
        known = _let_in(work, person, Right.LOOPS, loop_uid, at)
        with reading(work.store) as session:
            loop = session.get_one(Loop, loop_uid)
            owed = loops_owed(session, work.council, at, only=[loop_uid])
            waiting = open_loops_from(owed)[0] if len(owed) else None
            if waiting is None or not is_nudged(waiting):
                return Card(loop_uid, _stands(loop))
            acts = _acts(known, loop, waiting, _owner(work, loop))
            waiting = replace(waiting, possible=possible_answer(session, work.council, waiting))
            (waiting,) = with_languages(session, [waiting])
        service = work.council.directory.service(loop.service_code)
        people, services = heirs(work, loop_uid) if "reassign" in acts else ({}, {})
        return Card(
            loop_uid, _stands(loop), waiting, service.name if service else loop.service_code, acts,
            needs_reason(work, loop_uid), people, services,
            may_read=role_for(known, Right.WORDS) is not None,
        )  # fmt: skip


@step()
def words_of(person: str, loop_uid: str, at: datetime) -> tuple[Card, list[str]]:
    """What was said, identifying details hidden; nothing of what is held back. Raises NotFound as `own_loop` does."""
    try:
        view = show_loop.run(loop_uid, words_to=person, at=at)
    except NotAllowed:
        raise _not_here(loop_uid) from None
    return Card(loop_uid, str(view.loop["state"])), view.words


@step()
def act(person: str, press: Press, at: datetime) -> Done:
    """Do what somebody asks for on a page, through the door by which Slack's presses come; or say why not."""
    with open_workplace() as work:
        try:
            return Done(done(work, press, person, at))
        except StaleVersion:
            return Done(where_it_stands(work, press), 409)
        except NotFound:
            raise
        except NotAllowed as error:
            return Done(f"Nothing was recorded: {error.what}.", 403)
        except HeardbackError as error:
            return Done(f"Nothing was recorded: {error.what}.", 422)


def _let_in(work: Workplace, person: str, right: Right, loop_uid: str, at: datetime) -> Somebody:
    with reading(work.store) as session:
        over = matter_of(session, loop_uid)
    try:
        return admit(work, person, right, at, loop_uid, over)
    except NotAllowed:
        raise _not_here(loop_uid) from None


def _acts(known: Somebody, loop: Loop, waiting: OpenLoop, owner: str) -> tuple[str, ...]:
    """What the table of moves lets these roles do from where the loop is."""
    found = []
    for act_name, move in ACTS.items():
        roles = MOVES[move].roles & HANDS.get(LoopState(loop.state), MOVES[move].roles)
        is_theirs = act_name != "chase" or owner != known.code
        wanted = NEEDS_A_STEP.get(act_name, {waiting.next_step})
        # deciding takes the loop on first, so it may begin where owning may
        sources = MOVES["own"].sources if move in ("match", "decide") else MOVES[move].sources
        if known.roles & roles and LoopState(loop.state) in sources and is_theirs and waiting.next_step in wanted:
            found.append(act_name)
    return tuple(found)


def _owner(work: Workplace, loop: Loop) -> str:
    return loop.owner or work.council.directory.owner_of(loop.service_code, kept_from_service=loop.kept_from_service)


def _stands(loop: Loop) -> str:
    return f"Nothing is waiting here: it is {loop.state} since {loop.moved_on.day} {loop.moved_on:%B}."


def _not_here(loop_uid: str) -> NotFound:
    """The same words whether there is no such loop or it is somebody else's."""
    return NotFound(f"there is no loop {loop_uid}", do="see your own loops")
