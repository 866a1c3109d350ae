"""Made-up loops and people for tests of nudges and messages."""

from datetime import UTC, date, datetime
from typing import Any

from config.directory import Directory, Person, Service
from heardback.domain.nudging.open_loops import OpenLoop
from heardback.domain.nudging.plan import Digest, Escalated, Escalation, Rung

TUESDAY_TEN = datetime(2026, 11, 17, 10, 0, tzinfo=UTC)


def person(name: str, role: str = "", slack: str = "") -> Person:
    return Person(name=name, role=role, email=f"{name.split()[0].lower()}@example.org", slack=slack)


def directory(**changes: Any) -> Directory:
    people = {
        "amira": person("Amira Khan", "Youth hub manager", "UAMIRA"),
        "ben": person("Ben Osei", "Deputy manager, youth hubs", "UBEN"),
        "helen": person("Helen Marsh", "Head of early help"),
        "sam": person("Sam Reed", "Participation manager"),
    }
    services = (
        Service(code="youth", name="Youth hubs", owner="amira", deputy="ben", head="helen"),
        Service(code="hubs", name="Family hubs", owner="ben", deputy="amira", head="helen"),
    )
    fields: dict[str, Any] = {
        "council": "London Borough of Eastmere",
        "people": people,
        "services": services,
        "safeguarding_lead": "helen",
        "safeguarding_deputy": "ben",
        "fallback_owner": "sam",
    }
    return Directory(**{**fields, **changes})


def open_loop(number: int = 142, **changes: Any) -> OpenLoop:
    fields: dict[str, Any] = {
        "loop_uid": f"L-{number:04d}",
        "service_code": "youth",
        "channel": "feedback_box",
        "state": "owned",
        "title": "Later opening on Fridays",
        "voices": 14,
        "heard_from": date(2026, 11, 3),
        "heard_to": date(2026, 11, 9),
        "owner": "amira",
        "due_on": date(2026, 11, 13),
        "next_step": "decide",
        "overdue_days": 2,
        "snoozed_until": None,
        "reminders_sent": 1,
        "version": 3,
    }
    return OpenLoop(**{**fields, **changes})


def digest(*loops: OpenLoop, more: int = 0, owner: str = "amira") -> Digest:
    overdue = sum(loop.overdue_days > 0 for loop in loops)
    return Digest(owner, "2026-W47", loops or (open_loop(),), more, overdue)


def escalation(*loops: OpenLoop, more: int = 0, rung: Rung = Rung.DEPUTY) -> Escalation:
    items = tuple(Escalated(loop, rung, "amira") for loop in loops or (open_loop(overdue_days=6),))
    return Escalation("ben", "2026-W47", items, more)
