"""What is due, and since when: open loops beside the council's deadlines and the working days of England."""

from collections.abc import Callable, Collection
from datetime import date, datetime
from functools import cache, partial
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd
from sqlalchemy.orm import Session

from config.council import Council
from config.directory import Directory
from heardback.domain.absence import Absences
from heardback.domain.deadlines import Calendar, Due, Step, due_on, england
from heardback.store.waiting import owed

ASKED = [
    "state", "service_code", "channel", "owner", "kept_from_service", "heard_from", "decided_on", "outcome",
    "promise_by", "promise_kept_on", "paused_since", "paused_until", "paused_before",
]  # fmt: skip
DUE = ["due_on", "next_step", "overdue_days", "clock_from"]


def loops_owed(
    session: Session,
    council: Council,
    at: datetime,
    calendar: Calendar | None = None,
    only: Collection[str] | None = None,
) -> pd.DataFrame:
    """Loops to which something is owed, with due_on, next_step and overdue_days (negative while there is time).

    `clock_from` is the day from which the deadline ran. Closed days of the service, a short leave of its owner and
    pauses count neither towards a deadline nor as overdue.
    """
    absences = absences_of(council, calendar or england())
    loops = owed(session, only)
    today = day_of(council, at)
    answers = cache(partial(_answers, council.directory))  # services are few, and each is looked for among all
    due = [_due(loop, council, absences, today, answers) for loop in loops[ASKED].to_dict("records")]
    loops[DUE] = pd.DataFrame(due, columns=DUE, index=loops.index)
    return loops.dropna(subset=["due_on"])


def absences_of(council: Council, calendar: Calendar) -> Absences:
    """The council's leave and closed days over a calendar."""
    return Absences(council.directory, calendar, council.policy.nudge.short_leave)


def day_of(council: Council, at: datetime) -> date:
    """The day that it is for the council at an instant."""
    return at.astimezone(ZoneInfo(council.policy.timezone)).date()


def paused_days(loop: dict[Any, Any], today: date, calendar: Calendar) -> int:
    """Working days on which a loop's clock has stood so far."""
    before: int = loop["paused_before"]
    since, until = loop["paused_since"], loop["paused_until"]
    if since is None or until is None:
        return before
    return before + max(0, calendar.working_days_between(since, min(today, until)))


def _due(
    loop: dict[Any, Any], council: Council, absences: Absences, today: date, answers: Callable[[str, bool], str]
) -> tuple[Any, str, int, Any]:
    service = loop["service_code"]
    calendar = absences.calendar_of(service, loop["owner"] or answers(service, loop["kept_from_service"]))
    due = due_on(
        loop["state"],
        loop["heard_from"],
        loop["decided_on"],
        loop["outcome"],
        loop["promise_by"],
        council.policy.deadlines.of(loop["service_code"], loop["channel"]),
        calendar,
        promise_kept_on=loop["promise_kept_on"],
        paused_days=paused_days(loop, today, calendar) if loop["paused_since"] else 0,
    )
    if due is None:
        return None, "", 0, None
    return due.on, str(due.step), calendar.working_days_between(due.on, today), _clock_from(loop, due)


def _answers(directory: Directory, service_code: str, kept_from_service: bool) -> str:
    return directory.owner_of(service_code, kept_from_service=kept_from_service)


def _clock_from(loop: dict[Any, Any], due: Due) -> date:
    days = {Step.TELL: loop["decided_on"], Step.KEEP: loop["promise_by"]}
    day: date = days.get(due.step, loop["heard_from"])
    return day
