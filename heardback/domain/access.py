"""Who may do and see what: one table of rights, asked at one door (`tasks/door.py`); the rest is refused."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from config.directory import Directory
from heardback.domain.lifecycle import Role


class Right(StrEnum):
    """What a person may be let in for."""

    RUN = "run the work and see its counts"
    FIGURES = "see figures about everybody"
    WORDS = "see what was said to a service, identifying details hidden"
    ORIGINALS = "see what was said as it was written"
    WITHHELD = "read what is held back, and say what came of it"
    CELLS = "see and repair the cells of quarantined rows"
    COMPLAINTS = "follow complaints through their procedure"
    ERASE = "erase what somebody said, or hold it from being erased"


# A service manager's rights reach their own services and no others (G15). The data team sees words only when granted.
RIGHTS: Mapping[Right, frozenset[Role]] = {
    Right.RUN: frozenset({Role.DATA_TEAM, Role.ADMINISTRATOR}),
    Right.FIGURES: frozenset(
        {Role.DATA_TEAM, Role.QUALITY_BOARD, Role.PARTICIPATION_OFFICER, Role.SAFEGUARDING_LEAD, Role.ADMINISTRATOR}
    ),
    Right.WORDS: frozenset({Role.SERVICE_MANAGER, Role.PARTICIPATION_OFFICER, Role.SAFEGUARDING_LEAD}),
    Right.ORIGINALS: frozenset({Role.SAFEGUARDING_LEAD}),
    Right.WITHHELD: frozenset({Role.SAFEGUARDING_LEAD}),
    Right.CELLS: frozenset({Role.GRANTED_WORDS, Role.SAFEGUARDING_LEAD}),
    Right.COMPLAINTS: frozenset({Role.SERVICE_MANAGER, Role.PARTICIPATION_OFFICER, Role.ADMINISTRATOR}),
    Right.ERASE: frozenset({Role.ADMINISTRATOR, Role.SAFEGUARDING_LEAD}),
}
OF_THEIR_OWN_SERVICES = frozenset({Role.SERVICE_MANAGER})


@dataclass(frozen=True)
class Somebody:
    """A person of the directory: their code in it, their name, and the roles in which they act for one service."""

    code: str
    name: str
    roles: frozenset[Role]


def somebody(directory: Directory, called: str, service_code: str = "") -> Somebody | None:
    """The person with this short name or full name, with the roles they have for a service; None for a stranger."""
    wanted = called.strip().casefold()
    for code, person in directory.people.items():
        if wanted in (code.casefold(), person.name.casefold()):
            return Somebody(code, person.name, roles_of(directory, code, service_code))
    return None


def roles_of(directory: Directory, code: str, service_code: str = "") -> frozenset[Role]:
    """Every role of a person; that of service manager only for a service that is theirs (any, where none is named)."""
    given = {Role(name) for name, people in directory.roles.items() if code in people}
    given |= {Role.SAFEGUARDING_LEAD} if code in (directory.safeguarding_lead, directory.safeguarding_deputy) else set()
    given |= {Role.PARTICIPATION_OFFICER} if code == directory.fallback_owner else set()
    theirs = {s.code for s in directory.services if code in (s.owner, s.deputy, s.head)}
    given |= {Role.SERVICE_MANAGER} if (service_code in theirs if service_code else theirs) else set()
    # what no service owns falls to the person who is named for it
    unowned = bool(service_code) and directory.service(service_code) is None
    given |= {Role.SERVICE_MANAGER} if unowned and code == directory.fallback_owner else set()
    return frozenset(given)


def role_for(person: Somebody, right: Right) -> Role | None:
    """The role in which somebody has a right, None where they do not have it."""
    return next((role for role in Role if role in person.roles & RIGHTS[right]), None)
