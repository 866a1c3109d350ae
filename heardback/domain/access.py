"""Who may do and see what: one table of rights, asked at one door (`tasks/door.py`); the rest is refused."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from config.directory import Directory
from heardback.domain.lifecycle import Role


class Right(StrEnum):
    """What a person may be let in for."""

    RUN = "run the work, see its counts, run quarantined rows again"
    FIGURES = "see figures about everybody"
    LOOPS = "see where loops stand, and what may answer them"
    WORDS = "see what was said to a service, identifying details hidden"
    ORIGINALS = "see what was said as it was written"
    WITHHELD = "read what is held back, and say what came of it"
    CELLS = "see the cells of quarantined rows"
    COMPLAINTS = "read complaints, and follow them through their procedure"
    THESAURUS = "see words that many people used of one matter, and which group of the thesaurus they may belong to"
    ERASE = "erase what somebody said, or hold it from being erased"


# A service manager's rights reach their own services and no others (G15), and nothing in them that is held back, in the
# complaints procedure or about their staff. The data team sees words only when granted.
RIGHTS: Mapping[Right, frozenset[Role]] = {
    Right.RUN: frozenset({Role.DATA_TEAM, Role.GRANTED_WORDS, Role.ADMINISTRATOR}),
    Right.FIGURES: frozenset(
        {Role.DATA_TEAM, Role.QUALITY_BOARD, Role.PARTICIPATION_OFFICER, Role.SAFEGUARDING_LEAD, Role.ADMINISTRATOR}
    ),
    Right.LOOPS: frozenset(
        {Role.SERVICE_MANAGER, Role.PARTICIPATION_OFFICER, Role.SAFEGUARDING_LEAD, Role.DATA_TEAM, Role.ADMINISTRATOR}
    ),
    Right.WORDS: frozenset({Role.SERVICE_MANAGER, Role.PARTICIPATION_OFFICER, Role.SAFEGUARDING_LEAD}),
    Right.ORIGINALS: frozenset({Role.SAFEGUARDING_LEAD}),
    Right.WITHHELD: frozenset({Role.SAFEGUARDING_LEAD}),
    Right.CELLS: frozenset({Role.GRANTED_WORDS, Role.SAFEGUARDING_LEAD}),
    Right.COMPLAINTS: frozenset({Role.COMPLAINTS_MANAGER}),
    Right.THESAURUS: frozenset({Role.PARTICIPATION_OFFICER, Role.ADMINISTRATOR}),
    Right.ERASE: frozenset({Role.ADMINISTRATOR, Role.SAFEGUARDING_LEAD}),
}


@dataclass(frozen=True)
class Matter:
    """What a right is wanted over: one service's loop, or everything where no service is named.

    `held_back`: withheld or diverted, so not its service's to see now. `kept_from_service`: it accuses staff, so it is
    nothing for that service's people in any role.
    """

    service_code: str = ""
    held_back: bool = False
    kept_from_service: bool = False


EVERYTHING = Matter()


@dataclass(frozen=True)
class Somebody:
    """A person of the directory: their code in it, their name, and the roles in which they act for one service."""

    code: str
    name: str
    roles: frozenset[Role]


def somebody(directory: Directory, called: str, over: Matter = EVERYTHING) -> Somebody | None:
    """The person with this short name or full name, with the roles they have over a matter; None for a stranger."""
    wanted = called.strip().casefold()
    for code, person in directory.people.items():
        if wanted in (code.casefold(), person.name.casefold()):
            return Somebody(code, person.name, roles_of(directory, code, over))
    return None


def roles_of(directory: Directory, code: str, over: Matter = EVERYTHING) -> frozenset[Role]:
    """Every role of a person over a matter; none for a service's people where it accuses their staff."""
    if over.kept_from_service and code in directory.people_of(over.service_code):
        return frozenset()
    given = {Role(name) for name, people in directory.roles.items() if code in people} - {Role.COMPLAINTS_MANAGER}
    given |= {Role.SAFEGUARDING_LEAD} if code in (directory.safeguarding_lead, directory.safeguarding_deputy) else set()
    given |= {Role.PARTICIPATION_OFFICER} if code == directory.fallback_owner else set()
    given |= {Role.SERVICE_MANAGER} if _manages(directory, code, over) else set()
    given |= {Role.COMPLAINTS_MANAGER} if _follows_complaints(directory, code, over.service_code) else set()
    return frozenset(given)


def _manages(directory: Directory, code: str, over: Matter) -> bool:
    if over.held_back:
        return False
    if not over.service_code:
        return any(code in directory.people_of(service.code) for service in directory.services)
    # what no service owns, and what is kept from its service, falls to the person who answers for it
    answers = directory.owner_of(over.service_code, kept_from_service=over.kept_from_service)
    return code == answers or code in directory.people_of(over.service_code)


def _follows_complaints(directory: Directory, code: str, service_code: str) -> bool:
    """Nobody follows a complaint about a service of their own, while there is anybody else."""
    if code == directory.complaints_manager_of(service_code):
        return True
    return code in directory.roles.get("complaints_manager", ()) and code not in directory.people_of(service_code)


def role_for(person: Somebody, right: Right) -> Role | None:
    """The role in which somebody has a right, None where they do not have it."""
    return next((role for role in Role if role in person.roles & RIGHTS[right]), None)
