"""When people may be nudged: once in an ISO week, from its opening on, inside office hours, on working days."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from config.policy import NudgePolicy
from heardback.domain.deadlines import Calendar

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


@dataclass(frozen=True)
class Window:
    """One ISO week ('2026-W46') as seen from one instant; `closed_because` is empty while people may be nudged."""

    name: str
    today: date
    opens_on: date | None
    closed_because: str

    @property
    def is_open(self) -> bool:
        """Whether a message may go out at the instant this was asked for."""
        return not self.closed_because


def window_at(at: datetime, policy: NudgePolicy, calendar: Calendar, timezone: str = "Europe/London") -> Window:
    """The window that an instant falls in. `at` must carry a time zone (ValueError); days and hours are local.

    A week whose nudge day is a bank holiday opens on the next working day, even when that lies in the week after:
    the window is the week in which people are told, so a deferred digest and that week's own are one.
    """
    if at.tzinfo is None:
        raise ValueError("the instant needs a time zone: a naive one would shift office hours by an hour in summer")
    local = at.astimezone(ZoneInfo(timezone))
    opens_on = opening_day(local.date(), policy, calendar)
    reason = _closed_because(local, opens_on, policy, calendar)
    return Window(iso_week(local.date()), local.date(), opens_on, reason)


def iso_week(day: date) -> str:
    """The ISO week of a day, as '2026-W46'."""
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02d}"


def opening_day(day: date, policy: NudgePolicy, calendar: Calendar) -> date | None:
    """The first nudge day inside the ISO week of `day`; None where bank holidays moved it out of the week."""
    monday = day - timedelta(days=day.weekday())
    nominal = monday + timedelta(days=WEEKDAYS.index(policy.day))
    # last week's may have been pushed into this one: no holiday of England closes more than four days on end
    candidates = (_next_working_day(nominal - timedelta(days=7), calendar), _next_working_day(nominal, calendar))
    return next((opening for opening in candidates if iso_week(opening) == iso_week(day)), None)


def _next_working_day(day: date, calendar: Calendar) -> date:
    return day if calendar.is_working_day(day) else calendar.add_working_days(day, 1)


def _closed_because(local: datetime, opens_on: date | None, policy: NudgePolicy, calendar: Calendar) -> str:
    today = local.date()
    if today.weekday() >= WEEKDAYS.index("saturday"):
        return f"outside office hours: {local:%A} is not a working day"
    if not calendar.is_working_day(today):
        return "bank holiday"
    if opens_on is None:
        return f"not due: nudge day is {policy.day.title()}, a bank holiday this week"
    if today < opens_on:
        return f"not due: nudge day is {opens_on:%A}, {opens_on.day} {opens_on:%B}"
    if not policy.earliest <= local.time() < policy.latest:
        return f"outside office hours: {policy.earliest:%H:%M} to {policy.latest:%H:%M}"
    return ""
