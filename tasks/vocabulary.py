"""What a command line may name: anything that is not there is refused before any work begins."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from config.settings import from_environment
from heardback.domain.lifecycle import Role
from heardback.domain.words import UNMAPPED, LoopState
from heardback.errors import MoveRefused, NotFound
from heardback.store import Change
from heardback.store.session import reading
from tasks.workplace import open_workplace, read_configuration

QUARANTINE_STATES = ("open", "released", "discarded")
# They move voices as well as the loop: made as a bare move they would leave the voices behind.
MOVES_OF_VOICES = {"merge": "loop merge", "absorb": "loop merge", "split": "loop split"}


def sources_named(names: Sequence[str]) -> list[str]:
    """These sources, each once; every source of the council where none is named. Raises NotFound."""
    known = sorted(_council().sources)
    for name in names:
        _check("source", name, known)
    return list(dict.fromkeys(names)) or known


def check_loop_filter(state: str, service: str) -> None:
    """Raises NotFound for a state or a service that there is not; an empty one asks for all."""
    _check("state", state, [str(known) for known in LoopState])
    if service:
        _check("service", service, [*(known.code for known in _council().directory.services), UNMAPPED])


def check_quarantine_filter(source: str, state: str) -> None:
    """Raises NotFound for a source, register or state that there is not."""
    _check("state", state, QUARANTINE_STATES)
    if source:
        council = _council()
        _check("source", source, [*sorted(council.sources), *sorted(council.registers)])


def check_move(name: str, role: str, details: Mapping[str, Any]) -> None:
    """Raises MoveRefused for what people may not do by hand, NotFound for an owner or a change that is not there."""
    if role == Role.SYSTEM:
        raise MoveRefused("'system' is Heardback itself, not a person's role", do=f"one of: {', '.join(_ROLES)}")
    if name in MOVES_OF_VOICES:
        raise MoveRefused(f"'{name}' moves voices too", do=f"heardback {MOVES_OF_VOICES[name]}")
    if owner := details.get("owner"):
        _check("person", str(owner), sorted(_council().directory.people))
    if change := details.get("change"):
        _check_change(str(change))


_ROLES = [str(role) for role in Role if role != Role.SYSTEM]


def _check_change(change_uid: str) -> None:
    with open_workplace() as work, reading(work.store) as session:
        if session.get(Change, change_uid) is None:
            raise NotFound(
                f"there is no change '{change_uid}'", do="heardback changes pulls them; write register:number"
            )


def _council() -> Any:
    return read_configuration(from_environment().config)


def _check(kind: str, name: str, known: Collection[str]) -> None:
    if name and name not in known:
        raise NotFound(f"there is no {kind} '{name}'", do=f"one of: {', '.join(known)}")
