"""When a window opens, and why it is closed: days worked out by hand from a calendar of 2026."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.policy import NudgePolicy
from heardback.domain.deadlines import england
from heardback.domain.nudging.window import iso_week, opening_day, window_at

ENGLAND = england(2024, 2032)
LONDON = ZoneInfo("Europe/London")
TUESDAY, FRIDAY = NudgePolicy(), NudgePolicy(day="friday")


def london(year: int, month: int, day: int, hour: int = 10, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=LONDON)


@pytest.mark.parametrize(
    ("at", "why"),
    [
        (london(2026, 11, 17, 9, 30), ""),
        (london(2026, 11, 17, 15, 59), ""),
        (london(2026, 11, 19, 10, 0), ""),  # Thursday: Tuesday's run did not happen, so this one catches up
        (london(2026, 11, 17, 9, 29), "outside office hours: 09:30 to 16:00"),
        (london(2026, 11, 17, 16, 0), "outside office hours: 09:30 to 16:00"),
        (london(2026, 11, 16), "not due: nudge day is Tuesday, 17 November"),
        (london(2026, 11, 21), "outside office hours: Saturday is not a working day"),
        (london(2026, 12, 25), "bank holiday"),
        (london(2026, 8, 31), "bank holiday"),
    ],
)
def test_people_are_told_from_the_opening_on_within_office_hours_of_working_days(at: datetime, why: str) -> None:
    window = window_at(at, TUESDAY, ENGLAND)
    assert (window.closed_because, window.is_open) == (why, not why)


def test_a_bank_holiday_on_the_nudge_day_moves_the_opening_to_the_next_working_day() -> None:
    mondays = NudgePolicy(day="monday")  # 31 August 2026 is the summer bank holiday
    assert opening_day(date(2026, 9, 3), mondays, ENGLAND) == date(2026, 9, 1)
    assert window_at(london(2026, 9, 1, 9, 29), mondays, ENGLAND).closed_because.startswith("outside office hours")
    assert window_at(london(2026, 9, 1, 9, 30), mondays, ENGLAND).is_open


def test_a_digest_deferred_over_christmas_goes_out_once_in_the_week_into_which_it_fell() -> None:
    # Friday 25 December is closed, so are Saturday to Monday the 28th: Tuesday the 29th opens the next ISO week
    assert opening_day(date(2026, 12, 23), FRIDAY, ENGLAND) is None
    reason = "not due: nudge day is Friday, a bank holiday this week"
    assert window_at(london(2026, 12, 23), FRIDAY, ENGLAND).closed_because == reason
    deferred = window_at(london(2026, 12, 29), FRIDAY, ENGLAND)
    assert (deferred.name, deferred.opens_on, deferred.is_open) == ("2026-W53", date(2026, 12, 29), True)


def test_office_hours_are_kept_in_local_time_on_both_sides_of_the_clock_change() -> None:
    summer = datetime(2026, 10, 20, 8, 30, tzinfo=UTC)  # 09:30 British Summer Time
    winter = datetime(2026, 10, 27, 8, 30, tzinfo=UTC)  # 08:30, the clocks having gone back on the 25th
    assert window_at(summer, TUESDAY, ENGLAND).is_open
    assert window_at(winter, TUESDAY, ENGLAND).closed_because.startswith("outside office hours")


def test_an_instant_without_a_time_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        window_at(datetime(2026, 11, 17, 10), TUESDAY, ENGLAND)  # noqa: DTZ001  the point of the test


def test_a_week_is_named_by_the_year_that_holds_its_thursday() -> None:
    assert iso_week(date(2026, 11, 9)) == "2026-W46"
    assert iso_week(date(2027, 1, 1)) == "2026-W53"


@given(
    day=st.dates(date(2025, 1, 1), date(2031, 12, 1)),
    at=st.times(),
    nudge_day=st.sampled_from(["monday", "tuesday", "wednesday", "thursday", "friday"]),
)
def test_nobody_is_ever_told_on_a_day_off_or_at_night(day: date, at: time, nudge_day: str) -> None:
    policy = NudgePolicy(day=nudge_day)  # type: ignore[arg-type]
    window = window_at(datetime.combine(day, at, LONDON), policy, ENGLAND)
    if window.is_open:
        assert day.weekday() < 5
        assert ENGLAND.is_working_day(day)
        assert time(9, 30) <= at < time(16, 0)
        assert window.opens_on is not None
        assert window.opens_on <= day
