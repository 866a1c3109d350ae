"""Legal holds: what neither the clock nor a request may erase while somebody has to keep it."""

from datetime import datetime

from sqlalchemy.orm import Session

from heardback.domain.access import Right
from heardback.errors import MoveRefused, NotFound
from heardback.store import HoldEntry
from heardback.store.erasures import RESPONSE, SOURCE, erased_among, held
from heardback.store.session import reading, transaction
from tasks.door import admit
from tasks.erase import responses_called, the_one
from tasks.step import step
from tasks.workplace import Workplace, open_workplace


@step(retries=2)
def place_hold(about: str, by: str, at: datetime, reason: str) -> dict[str, str]:
    """Hold a response, or a whole source, from being forgotten. Raises NotAllowed, NotFound, MoveRefused."""
    return _note(about, by, at, reason, placed=True)


@step(retries=2)
def lift_hold(about: str, by: str, at: datetime, reason: str) -> dict[str, str]:
    """Let go of what was held. Raises NotAllowed, NotFound, MoveRefused."""
    return _note(about, by, at, reason, placed=False)


def _note(about: str, by: str, at: datetime, reason: str, *, placed: bool) -> dict[str, str]:
    if not reason.strip():
        raise MoveRefused("a hold is placed and lifted for a reason", where=about, do="say why: --reason TEXT")
    with open_workplace() as work:
        person = admit(work, by, Right.ERASE, at, about if ":" not in about else about.partition(":")[0])
        with reading(work.store) as session:
            kind, found = _what(session, work, about)
        with transaction(work.store) as session:
            _check_changes(session, kind, found, placed=placed)
            session.add(HoldEntry(kind=kind, about=found, placed=placed, at=at, actor=person.name, reason=reason))
        return {"kind": kind, "id": found, "placed": "yes" if placed else "no"}


def _what(session: Session, work: Workplace, about: str) -> tuple[str, str]:
    if about in {*work.council.sources, *work.council.registers} | held(session).sources:
        return SOURCE, about
    response = the_one(responses_called(session, about), about)
    if erased_among(session, [response.response_uid]):
        raise NotFound("it was erased; there is nothing left to hold", where=about)
    return RESPONSE, response.response_uid


def _check_changes(session: Session, kind: str, about: str, *, placed: bool) -> None:
    now = held(session)
    is_held = about in (now.sources if kind == SOURCE else now.responses)
    if is_held == placed:
        raise MoveRefused("it is held already" if placed else "it is not held", where=about, do="forget --dry-run")
