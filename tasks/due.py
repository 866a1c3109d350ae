"""What is due, and since when: open loops beside the council's deadlines and the working days of England."""

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd
from sqlalchemy.orm import Session

from config.council import Council
from heardback.domain.deadlines import Calendar, due_on, england
from heardback.store.waiting import owed


def loops_owed(session: Session, council: Council, at: datetime, calendar: Calendar | None = None) -> pd.DataFrame:
    """Loops to which something is owed, with due_on, next_step and overdue_days (negative while there is time)."""
    days = calendar or england()
    loops = owed(session)
    today = at.astimezone(ZoneInfo(council.policy.timezone)).date()
    due = [_due(loop, council, days, today) for loop in loops.to_dict("records")]
    loops[["due_on", "next_step", "overdue_days"]] = pd.DataFrame(
        due, columns=["due_on", "next_step", "overdue_days"], index=loops.index
    )
    return loops.dropna(subset=["due_on"])


def _due(loop: dict[Any, Any], council: Council, calendar: Calendar, today: date) -> tuple[Any, str, int]:
    due = due_on(
        loop["state"],
        loop["heard_from"],
        loop["owned_on"],
        loop["decided_on"],
        loop["outcome"],
        loop["promise_by"],
        council.policy.deadlines.of(loop["service_code"], loop["channel"]),
        calendar,
        promise_kept_on=loop["promise_kept_on"],
    )
    if due is None:
        return None, "", 0
    return due.on, str(due.step), calendar.working_days_between(due.on, today)
