"""What a command line may name: anything that is not there is refused before any work begins."""

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

from config.council import Council
from config.settings import from_environment
from heardback.domain.lifecycle import Role
from heardback.domain.words import UNMAPPED, LoopState
from heardback.errors import MoveRefused, NotFound
from tasks.workplace import read_configuration

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
    if state:
        _check("state", state, [str(known) for known in LoopState])
    if service:
        _check("service", service, [*(known.code for known in _council().directory.services), UNMAPPED])


def check_quarantine_filter(source: str, state: str) -> None:
    """Raises NotFound for a source, register or state that there is not."""
    _check("state", state, QUARANTINE_STATES)
    if source:
        council = _council()
        _check("source", source, [*sorted(council.sources), *sorted(council.registers)])


def folder_at_home(name: str) -> Path:
    """Where a command writes when it is not told."""
    return from_environment().home / name


def check_role(role: str) -> None:
    """Raises NotFound for a role that there is not, or that is no person's: `system` is Heardback itself."""
    _check("role", role, [str(known) for known in Role if known != Role.SYSTEM])


def check_move(name: str, role: str, details: Mapping[str, Any]) -> None:
    """Raises MoveRefused for a move with a command of its own; NotFound for a role, owner or service there is not."""
    check_role(role)
    if name in MOVES_OF_VOICES:
        raise MoveRefused(f"'{name}' moves voices too", do=f"heardback {MOVES_OF_VOICES[name]}")
    if owner := details.get("owner"):
        _check("person", str(owner), sorted(_council().directory.people))
    if service := details.get("service"):
        _check("service", str(service), sorted(one.code for one in _council().directory.services))


def _council() -> Council:
    return read_configuration(from_environment().config)


def _check(kind: str, name: str, known: Collection[str]) -> None:
    if name not in known:
        raise NotFound(f"there is no {kind} '{name}'", do=f"one of: {', '.join(known)}")
