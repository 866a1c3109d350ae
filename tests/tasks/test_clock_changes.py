"""On the nights when the clocks change everything is done once, at its hour of London's clock (faults 26, 27)."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from heardback.store import Nudge, NudgedLoop
from heardback.store.session import reading
from tasks.alert import alert
from tasks.nudge import nudge
from tests.council import exit_row
from tests.desk import Desk

pytestmark = pytest.mark.usefixtures("quick_gate")
SPRING, AUTUMN = datetime(2026, 3, 29, tzinfo=UTC), datetime(2026, 10, 25, tzinfo=UTC)  # both change at 01:00 UTC
NIGHT = [timedelta(minutes=30 * number) for number in range(1, 6)]
MORNING = [timedelta(hours=32, minutes=30 * number) for number in range(4)]  # Monday, 08:00 to 09:30 UTC


@pytest.mark.parametrize(("change", "at"), [(SPRING, "08:30"), (AUTUMN, "09:30")], ids=["26 spring", "27 autumn"])
def test_a_digest_goes_out_once_at_half_past_nine_of_londons_clock(
    sqlite_desk: Desk, change: datetime, at: str
) -> None:
    """Asked each half hour of the night, the one that comes twice included, and of the Monday after it."""
    sqlite_desk.configure(policy={"nudge": {"day": "monday"}})
    heard = (change - timedelta(days=10)).date().isoformat()
    sqlite_desk.pull(exit_row(1, "The room is freezing", date=heard), at=change - timedelta(days=4))
    sent = [change + step for step in (*NIGHT, *MORNING) if nudge(change + step).sent]
    assert [f"{moment:%A %H:%M}" for moment in sent] == [f"Monday {at}"]


@pytest.mark.parametrize("night", [SPRING, AUTUMN, SPRING - timedelta(days=7)], ids=["26", "27", "any other night"])
def test_an_alert_is_repeated_by_the_minutes_that_passed(sqlite_desk: Desk, night: datetime) -> None:
    """Six times in three hours to the first who is told, whatever the clock on the wall says."""
    heard = (night - timedelta(days=1)).date().isoformat()
    sqlite_desk.pull(exit_row(1, "he hits me", date=heard), at=night)
    for minutes in range(0, 180, 10):
        alert(night + timedelta(minutes=minutes))
    with reading(sqlite_desk.store) as session:
        query = select(Nudge.recipient, func.count()).join(NudgedLoop).group_by(Nudge.recipient)
        assert dict(session.execute(query).tuples().all())["ruth"] == 6
