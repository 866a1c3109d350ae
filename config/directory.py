"""services.yaml: the council's services, who answers for each, and who stands behind them."""

from pydantic import Field

from config.reading import Document, Fault, Knobs


class Person(Knobs):
    """Somebody who can be nudged. Without a Slack id, messages go by e-mail."""

    name: str
    role: str
    email: str
    slack: str = ""


class Service(Knobs):
    """What owes answers. `partner` services are owned outside the council (the police, a commissioned provider)."""

    code: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    name: str
    also_called: tuple[str, ...] = ()
    relatives: tuple[str, ...] = ()
    owner: str
    deputy: str
    head: str
    partner: bool = False


class Directory(Knobs):
    """Every service and person of one council."""

    council: str
    people: dict[str, Person]
    services: tuple[Service, ...] = Field(min_length=1)
    safeguarding_lead: str
    safeguarding_deputy: str
    fallback_owner: str

    def service(self, code: str) -> Service | None:
        """The service with this code, or None."""
        return next((service for service in self.services if service.code == code), None)

    def owner_of(self, code: str) -> str:
        """The id of the person who answers for a service; the named fall-back where no service is known."""
        service = self.service(code)
        return service.owner if service else self.fallback_owner

    def names(self) -> dict[str, str]:
        """Every way of writing a service (code, name, other names; lower case) and its code."""
        spellings = {}
        for service in self.services:
            for spelling in (service.code, service.name, *service.also_called):
                spellings[spelling.strip().lower()] = service.code
        return spellings


def directory_faults(directory: Directory, document: Document) -> list[Fault]:
    """People who are named and not listed, services that stand twice, relatives that do not exist."""
    codes = [service.code for service in directory.services]
    faults = [
        document.fault((role,), f"'{person}' is not among the people; add them or correct the name")
        for role in ("safeguarding_lead", "safeguarding_deputy", "fallback_owner")
        if (person := getattr(directory, role)) not in directory.people
    ]
    for position, service in enumerate(directory.services):
        faults += _service_faults(service, ("services", position), codes[:position], codes, directory, document)
    return faults


def _service_faults(
    service: Service,
    where: tuple[str | int, ...],
    earlier: list[str],
    codes: list[str],
    directory: Directory,
    document: Document,
) -> list[Fault]:
    faults = []
    if service.code in earlier:
        faults.append(document.fault((*where, "code"), f"the service '{service.code}' stands twice; keep one"))
    for role in ("owner", "deputy", "head"):
        if (person := getattr(service, role)) not in directory.people:
            what = f"'{person}' ({role} of {service.code}) is not among the people; add them or correct the name"
            faults.append(document.fault((*where, role), what))
    for relative in set(service.relatives) - set(codes):
        what = f"'{relative}' (relative of {service.code}) is not a service here"
        faults.append(document.fault((*where, "relatives"), what))
    return faults
