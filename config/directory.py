"""services.yaml: the council's services, who answers for each, and who stands behind them."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Literal, Self

from pydantic import Field, model_validator

from config.reading import Document, Fault, Knobs, Where

# Who acts in which role, beside those whom the services and the keys of services.yaml name.
RoleName = Literal[
    "data_team", "granted_words", "safeguarding_lead", "participation_officer", "complaints_manager", "quality_board",
    "administrator",
]  # fmt: skip
LONGEST = 366
RESERVED = {"all", "unmapped"}  # every service; no service that anybody knows


class Days(Knobs):
    """Days on end, both of them included: leave, or a service that is closed."""

    first: date
    last: date

    @model_validator(mode="after")
    def _is_in_order(self) -> Self:
        if not self.first <= self.last <= self.first + timedelta(days=LONGEST):
            raise ValueError(
                f"'last' ({self.last}) must come on or after 'first' ({self.first}), and within a year of it"
            )
        return self

    def hold(self, day: date) -> bool:
        """Whether a day is one of them."""
        return self.first <= day <= self.last

    def each(self) -> list[date]:
        """Every one of them."""
        return [self.first + timedelta(days=number) for number in range((self.last - self.first).days + 1)]


class Person(Knobs):
    """Somebody who can be nudged: in Slack where they have an id there, otherwise by e-mail, otherwise in Teams."""

    name: str = Field(min_length=1)
    role: str
    email: str = Field(pattern=r"^[^@\s]+@[^@\s]+$")
    slack: str = Field(
        default="", pattern=r"^([UW][A-Z0-9]+)?$", description="the member's id, not the name after the @"
    )
    teams: str = Field(
        default="", pattern=r"^(HEARDBACK_SECRET_[A-Z0-9_]+)?$", description="the variable with the webhook's address"
    )
    away: tuple[Days, ...] = Field(default=(), description="leave")


class Service(Knobs):
    """What owes answers. `partner` services are owned outside the council (the police, a commissioned provider)."""

    code: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    name: str = Field(min_length=1)
    also_called: tuple[str, ...] = ()
    relatives: tuple[str, ...] = ()
    owner: str
    deputy: str
    head: str
    partner: bool = False
    closed: tuple[Days, ...] = Field(default=(), description="days on which it is closed, beside bank holidays")


class Group(Knobs):
    """People who speak together and meet: a parents' forum, a young people's council. They are told at their meeting.

    What is theirs came through `sources`; only of `services`, where any are named.
    """

    code: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    name: str = Field(min_length=1)
    sources: tuple[str, ...] = Field(min_length=1)
    services: tuple[str, ...] = ()


class Directory(Knobs):
    """Every service and person of one council."""

    council: str = Field(min_length=1)
    people: dict[str, Person]
    services: tuple[Service, ...] = Field(min_length=1)
    safeguarding_lead: str
    safeguarding_deputy: str
    safeguarding_duty: str = Field(default="", description="the duty line: out of hours, and when nobody else answers")
    fallback_owner: str
    groups: tuple[Group, ...] = Field(default=(), description="who gets a list of its own for its next meeting")
    roles: dict[RoleName, tuple[str, ...]] = Field(
        default={}, description="further people by role; who owns, deputises for or heads a service manages it anyway"
    )

    def service(self, code: str) -> Service | None:
        """The service with this code, or None."""
        return next((service for service in self.services if service.code == code), None)

    def people_of(self, code: str) -> frozenset[str]:
        """Who stands behind a service: owner, deputy, head; nobody where no service is known."""
        service = self.service(code)
        return frozenset({service.owner, service.deputy, service.head}) if service else frozenset()

    def owner_of(self, code: str, *, kept_from_service: bool = False) -> str:
        """The id of the person who answers for a service; the named fall-back where no service is known.

        What is kept from a service's own people is answered by somebody of safeguarding who is not one of them.
        """
        if kept_from_service:
            return self._outsider(code, (self.safeguarding_lead, self.safeguarding_deputy, self.fallback_owner))
        service = self.service(code)
        return service.owner if service else self.fallback_owner

    def complaints_manager_of(self, code: str) -> str:
        """Who follows a complaint about a service: never one of its own people, while there is anybody else."""
        named = self.roles.get("complaints_manager", ())
        return self._outsider(code, (*named, self.fallback_owner, self.safeguarding_lead, self.safeguarding_deputy))

    def _outsider(self, code: str, heirs: Sequence[str]) -> str:
        theirs = self.people_of(code)
        return next((person for person in heirs if person not in theirs), heirs[0])

    def names(self) -> dict[str, str]:
        """Every way of writing a service (code, name, other names; lower case) and its code."""
        return {spelling: service.code for service in self.services for spelling in spellings(service)}


def spellings(service: Service) -> list[str]:
    """Every way of writing one service, lower case: code, name, other names."""
    return [spelling.strip().lower() for spelling in (service.code, service.name, *service.also_called)]


def directory_faults(directory: Directory, document: Document) -> list[Fault]:
    """People who are named and not listed, services that stand twice or share a name, relatives that do not exist."""
    faults = [
        document.fault((role,), f"'{person}' is not among the people; add them or correct the name")
        for role in ("safeguarding_lead", "safeguarding_deputy", "safeguarding_duty", "fallback_owner")
        if (person := getattr(directory, role)) not in directory.people and (person or role != "safeguarding_duty")
    ]
    faults += [
        document.fault(("roles", role), f"'{person}' is not among the people; add them or correct the name")
        for role, people in directory.roles.items()
        for person in people
        if person not in directory.people
    ]
    for position, service in enumerate(directory.services):
        where: Where = ("services", position)
        if {directory.safeguarding_lead, directory.safeguarding_deputy} <= directory.people_of(service.code):
            what = f"lead and deputy of safeguarding both stand behind {service.code}: nobody could read of its staff"
            faults.append(document.fault(where, what))
        faults += _name_faults(service, where, directory.services[:position], document)
        faults += _people_faults(service, where, directory, document)
    return faults + _group_faults(directory, document)


def _name_faults(service: Service, where: Where, earlier: Sequence[Service], document: Document) -> list[Fault]:
    if service.code in RESERVED:
        return [document.fault((*where, "code"), f"'{service.code}' means something else; take another code")]
    if service.code in {other.code for other in earlier}:
        return [document.fault((*where, "code"), f"the service '{service.code}' stands twice; keep one")]
    taken = {spelling: other.code for other in earlier for spelling in spellings(other)}
    return [
        document.fault(where, f"'{spelling}' is a name of {taken[spelling]} already, so answers could go to either")
        for spelling in dict.fromkeys(spellings(service))
        if spelling in taken
    ]


def _people_faults(service: Service, where: Where, directory: Directory, document: Document) -> list[Fault]:
    faults = []
    for role in ("owner", "deputy", "head"):
        if (person := getattr(service, role)) not in directory.people:
            what = f"'{person}' ({role} of {service.code}) is not among the people; add them or correct the name"
            faults.append(document.fault((*where, role), what))
    for relative in service.relatives:
        if directory.service(relative) is None:
            what = f"'{relative}' (relative of {service.code}) is not a service here; correct its code"
            faults.append(document.fault((*where, "relatives"), what))
    return faults


def _group_faults(directory: Directory, document: Document) -> list[Fault]:
    faults = []
    for position, group in enumerate(directory.groups):
        if group.code in {other.code for other in directory.groups[:position]}:
            faults.append(document.fault(("groups", position, "code"), f"'{group.code}' stands twice; keep one"))
        faults += [
            document.fault(("groups", position, "services"), f"'{code}' is not a service here; correct its code")
            for code in group.services
            if directory.service(code) is None
        ]
    return faults
