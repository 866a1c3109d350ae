"""Pauses that stop a loop's clock: for a reason, not for ever, and added up."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from config.council import Council
from heardback.domain.deadlines import england
from heardback.domain.effects import as_date
from heardback.errors import MoveRefused
from heardback.store import Loop
from tasks.due import absences_of, day_of, paused_days


def check_pause(loop: Loop, council: Council, at: datetime, given: Mapping[str, Any]) -> dict[str, Any]:
    """What a pause has to say beside its end: the days that the clock has stood before. Raises MoveRefused."""
    today, until = day_of(council, at), as_date(given.get("until"))
    calendar = absences_of(council, england(today.year - 2, today.year + 2)).calendar_of(loop.service_code, loop.owner)
    longest = council.policy.nudge.longest_pause
    if until and not today < until <= calendar.add_working_days(today, longest):
        what = f"a pause ends after today and within {longest} working days"
        raise MoveRefused(what, where=loop.loop_uid, do="pause it until an earlier day, and again then if need be")
    columns = {name: getattr(loop, name) for name in ("paused_since", "paused_until", "paused_before")}
    return {"paused_before": paused_days(columns, today, calendar)}
