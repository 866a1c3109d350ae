"""How things stand, for one screen or one JSON object."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from heardback.domain.languages import language_name
from heardback.landing.volume import SILENT
from heardback.store import SourceState, overview, volumes
from heardback.store.access import count_unread, held_since, oldest_unread
from heardback.store.languages import languages_in_all
from heardback.store.pull_records import FAILED, LANDED, last_heard_on
from heardback.store.session import reading
from tasks.complaints import complaints_owed
from tasks.data_docs import data_docs_of
from tasks.due import loops_owed
from tasks.step import step
from tasks.workplace import Workplace, open_workplace


@dataclass(frozen=True)
class Status:
    """Counts by state, what is overdue, a line for each source and register, and the names of the council's people."""

    council: str
    loops: dict[str, int]
    voices: dict[str, int]
    overdue: int
    withheld_to_read: int
    withheld_too_long: int
    unread: dict[str, Any]
    complaints: dict[str, int]
    quarantined: int
    totals: dict[str, int]
    languages: dict[str, int]
    sources: list[dict[str, Any]]
    people: dict[str, str] = field(default_factory=dict)
    data_docs: str = ""
    data_docs_show_the_newest_pull: bool = False


@step()
def status(at: datetime) -> Status:
    """Count how things stand at an instant."""
    with open_workplace() as work, reading(work.store) as session:
        loops = overview.loops_by_state(session)
        owed = loops_owed(session, work.council, at)
        data_docs, is_newest = data_docs_of(session, work)
        return Status(
            council=work.council.directory.council,
            loops=loops,
            voices=overview.voices_by_state(session),
            overdue=int((owed["overdue_days"] > 0).sum()) if len(owed) else 0,
            withheld_to_read=loops.get("withheld", 0),
            withheld_too_long=_too_long(session, work, at),
            unread={**count_unread(session), "oldest": oldest_unread(session)},
            complaints=_complaints(session, work, at),
            quarantined=sum(overview.open_quarantine(session).values()),
            totals=overview.totals(session),
            languages={language_name(tag): count for tag, count in languages_in_all(session).items()},
            sources=_sources(session, work),
            people={person: known.name for person, known in work.council.directory.people.items()},
            data_docs=data_docs,
            data_docs_show_the_newest_pull=is_newest,
        )


def _too_long(session: Session, work: Workplace, at: datetime) -> int:
    """Withheld loops that nobody has settled within the policy's hours."""
    limit = timedelta(hours=work.council.policy.safeguarding.read_within_hours)
    return sum(at - since > limit for since in held_since(session).values())


def _complaints(session: Session, work: Workplace, at: datetime) -> dict[str, int]:
    """Complaints that have not ended, and those of them whose answer is late."""
    left = [row["days_left"] for row in complaints_owed(session, work, at) if row["days_left"] is not None]
    return {"open": len(left), "overdue": sum(days < 0 for days in left)}


def _sources(session: Session, work: Workplace) -> list[dict[str, Any]]:
    states = overview.source_states(session)
    waiting, alarms = overview.open_quarantine(session), _alarms(session)
    names = {code: feed.name for code, feed in work.council.sources.items()}
    names |= {code: register.name for code, register in work.council.registers.items()}
    return [
        {
            "source": code,
            "name": name,
            **_last_run(states.get(code)),
            "last_heard_on": last_heard_on(session, code),
            "silent": any(alarm["kind"] == SILENT for alarm in alarms.get(code, [])),
            "alarms": alarms.get(code, []),
            "quarantined": waiting.get(code, 0),
        }
        for code, name in sorted(names.items())
    ]


def _last_run(state: SourceState | None) -> dict[str, Any]:
    """When and how the newest look at a source ended; a failure is over once a look found nothing wrong."""
    error = state.last_error if state else ""
    status = FAILED if error else LANDED if state and state.landed_at else "never pulled"
    return {"last_run": state.checked_at if state else None, "last_status": status, "error": error}


def _alarms(session: Session) -> dict[str, list[dict[str, Any]]]:
    """The volume alarms that stand open, by source: kind, box, since when, and how many days or rows."""
    found: dict[str, list[dict[str, Any]]] = {}
    for alarm in volumes.alarms(session):
        told = {"kind": alarm.kind, "box": alarm.part, "since": alarm.since, "measure": alarm.measure}
        found.setdefault(alarm.source_id, []).append(told)
    return found
