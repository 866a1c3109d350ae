"""A poster was hung up: where and when is recorded, and that is what makes its loops told."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from heardback.domain.measures.past_loops import PastLoop, Told
from heardback.domain.words import LoopState, Telling
from heardback.errors import NotFound
from heardback.ledger import Actor, Ledger
from heardback.reports.board import sort_out
from heardback.reports.versions import written_in
from heardback.store.session import transaction
from tasks.board import board_entries
from tasks.door import acting, matter_of, refusal_on_record
from tasks.loops import By
from tasks.past import by_number, past_of
from tasks.step import step
from tasks.wordings import check_version
from tasks.workplace import Workplace, open_workplace


@dataclass(frozen=True)
class Posted:
    """Loops whose people are told by this posting, those told once more, and how many stood there already."""

    told: list[str]
    told_again: list[str]
    known: int


@step(retries=2)
def record_posting(service: str, where: str, by: By, at: datetime, version: str = "") -> Posted:
    """Note that the board of a service hangs at a place since `by.on`; what it shows is told. Saying it twice is once.

    With `version` it is a poster in other words, and shows what is written in them. Raises NotFound where the board
    shows nothing of that service, NotAllowed where the role is not theirs.
    """
    with (
        open_workplace() as work,
        refusal_on_record(work, by.name, at, "board --posted", service),
        transaction(work.store) as session,
    ):
        on = by.on or at.date()
        loops = _on_the_board(session, work, service, on, version)
        if not loops:
            raise NotFound(f"the board shows nothing of {service}", do="heardback board says what is kept off, and why")
        return tell_all(session, work, loops, Told(Telling.BOARD, where, "", on), by, at)


def _on_the_board(session: Session, work: Workplace, service: str, on: date, version: str) -> list[PastLoop]:
    past = past_of(session, work.council, on)
    shown, _ = sort_out(board_entries(session, past, work.council))
    numbers = {entry.loop_uid for entry in shown}
    if version:
        check_version(work.council, version)
        numbers = {entry.loop_uid for entry in written_in(version, shown, work.council.wordings, on)}
    loops = by_number(session, past, sorted(numbers))
    return [loop for loop in loops if loop.service_code == service]


def tell_all(
    session: Session, work: Workplace, loops: Sequence[PastLoop], telling: Told, by: By, at: datetime
) -> Posted:
    """Record one telling of answered loops, each in the role that `by` has over it; said twice it is recorded once.

    Raises NotAllowed.
    """
    new = [loop for loop in loops if not _is_told_so(loop, telling)]
    told = [_tell(session, work, loop, telling, by, at) for loop in new]
    again = [uid for uid, move in told if move == "tell_again"]
    return Posted([uid for uid, move in told if move == "tell"], again, len(loops) - len(new))


def _is_told_so(loop: PastLoop, telling: Told) -> bool:
    return any((told.how, told.where, told.on) == (telling.how, telling.where, telling.on) for told in loop.told)


def _tell(session: Session, work: Workplace, loop: PastLoop, telling: Told, by: By, at: datetime) -> tuple[str, str]:
    person = acting(work, by.name, by.role, matter_of(session, loop.loop_uid))
    move = "tell" if loop.state == LoopState.DECIDED else "tell_again"
    whom: dict[str, Any] = {"whom": telling.whom} if telling.whom else {}
    ledger = Ledger(session, Actor(person.name, by.role), at)
    ledger.move(loop.loop_uid, move, on=by.on, how=str(telling.how), where=telling.where, **whom)
    return loop.loop_uid, move
