"""changes.yaml: how the columns of a register become Heardback's service changes."""

from collections import Counter
from typing import Literal

from pydantic import Field

from config.layout import WayIn
from config.reading import Document, Fault, Knobs
from config.values import DateFormat

EVERY_SERVICE = "all"  # a register whose changes serve every service


class RegisterColumns(Knobs):
    """The headers of a register of changes; those left out stay empty."""

    id: str
    date: str
    we_did: str
    service: str = ""
    title: str = ""
    you_said: str = ""
    status: str = ""
    owner: str = ""
    due: str = ""
    recommendation: str = ""
    action: str = ""
    evidence: str = ""


class RegisterMap(WayIn):
    """A service-change log, an action plan or a decision log."""

    code: str = Field(alias="register", pattern=r"^[a-z0-9][a-z0-9-]*$")  # `register` is taken on every class by abc
    name: str
    service: str = ""
    mode: Literal["snapshot", "append"] = Field(
        default="append", description="snapshot: each file holds all changes, so one that is missing has left"
    )
    dates: tuple[DateFormat, ...] = Field(min_length=1)
    statuses: dict[str, Literal["done", "planned", "refused"]] = {}
    columns: RegisterColumns


class Registers(Knobs):
    """All of changes.yaml."""

    registers: tuple[RegisterMap, ...] = ()


def register_faults(registers: Registers, document: Document, codes: set[str]) -> list[Fault]:
    """Registers that stand twice, whose service is not one of the council's, or that say no service at all."""
    faults = []
    times = Counter(register.code for register in registers.registers)
    for position, register in enumerate(registers.registers):
        where = ("registers", position)
        if times[register.code] > 1:
            faults.append(
                document.fault((*where, "register"), f"the register '{register.code}' stands twice; keep one")
            )
        if register.service and register.service not in {*codes, EVERY_SERVICE}:
            what = f"'{register.service}' is not a service in services.yaml"
            faults.append(document.fault((*where, "service"), what))
        if not register.service and not register.columns.service:
            faults.append(document.fault((*where, "columns"), "say the service: 'service: CODE' or columns.service"))
    return faults
