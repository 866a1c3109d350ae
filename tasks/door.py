"""The one door: who asks, whether they may, and a record of every asking that matters."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from sqlalchemy.orm import Session

from heardback.domain.access import EVERYTHING, RIGHTS, Matter, Right, Somebody, role_for, somebody
from heardback.domain.lifecycle import HANDS, Role
from heardback.errors import NotAllowed, NotFound
from heardback.store import Loop
from heardback.store.access import note_access
from heardback.store.session import transaction
from tasks.workplace import Workplace


def admit(
    work: Workplace,
    called: str,
    right: Right,
    at: datetime,
    about: str,
    over: Matter = EVERYTHING,
    *,
    wanted: str = "",
) -> Somebody:
    """Let somebody in for a right over a matter, and put it on record (as `wanted`, where it is not the right's name).

    Raises NotAllowed, which is on record too. It does not say why: a loop of another service, one that is held back and
    one that accuses staff are refused in the same words (G8, G15).
    """
    person = somebody(work.council.directory, called, over)
    role = role_for(person, right) if person else None
    with transaction(work.store) as session:
        name = person.name if person else called
        note_access(session, at, name, str(role or ""), wanted or right.name.lower(), about, allowed=role is not None)
    if person is None or role is None:
        raise _refusal(person, called, right)
    return person


def acting(work: Workplace, called: str, role: Role, over: Matter) -> Somebody:
    """Who makes a move in a role over a matter. Raises NotAllowed where the role is not theirs."""
    person = somebody(work.council.directory, called, over)
    if person is None:
        raise _stranger(called)
    if role not in person.roles:
        has = ", ".join(sorted(person.roles)) or "none"
        do = "give --role, or name the person who has it; services.yaml says who"
        raise NotAllowed(f"{person.name} does not have the role {role} for this loop (theirs: {has})", do=do)
    return person


@contextmanager
def refusal_on_record(work: Workplace, called: str, at: datetime, wanted: str, about: str) -> Iterator[None]:
    """Put it on record where what is done inside is refused for want of a role; what is let in makes its own history.

    It stands around the transaction, which must have ended before this can write.
    """
    try:
        yield
    except NotAllowed:
        with transaction(work.store) as session:
            note_access(session, at, called, "", wanted, about, allowed=False)
        raise


def matter_of(session: Session, loop_uid: str) -> Matter:
    """What a loop is to whoever wants to see or move it. Raises NotFound."""
    loop = session.get(Loop, loop_uid)
    if loop is None:
        raise NotFound(f"there is no loop {loop_uid}", do="heardback loop list")
    return matter(loop)


def matter(loop: Loop) -> Matter:
    """The same of a loop that is at hand."""
    return Matter(loop.service_code, loop.state in HANDS, loop.kept_from_service)


def _refusal(person: Somebody | None, called: str, right: Right) -> NotAllowed:
    if person is None:
        return _stranger(called)
    who = ", ".join(sorted(RIGHTS[right]))
    return NotAllowed(f"{person.name} may not {right.value}", do=f"ask one who may: {who} (services.yaml)")


def _stranger(called: str) -> NotAllowed:
    return NotAllowed(f"'{called}' is nobody in services.yaml", do="give a short name or a full name under `people`")
