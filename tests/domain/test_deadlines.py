"""Working days against the bank holidays that gov.uk lists, and the due dates that follow from them."""

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.policy import Deadlines
from heardback.domain.deadlines import Step, due_on, england
from heardback.domain.words import LoopState, Outcome
from heardback.errors import NotFound

CALENDAR = england(2018, 2030)
DAYS = st.dates(date(2019, 1, 1), date(2029, 12, 31))

# gov.uk/bank-holidays, England and Wales: the moved and the added ones, which a rule of thumb would miss
UNUSUAL_HOLIDAYS = [
    date(2020, 5, 8),  # early May moved from Monday 4th for VE day
    date(2022, 6, 2),  # spring moved from 30 May
    date(2022, 6, 3),  # platinum jubilee
    date(2022, 9, 19),  # state funeral
    date(2023, 5, 8),  # coronation
    date(2026, 12, 28),  # Boxing Day fell on a Saturday
]


@pytest.mark.parametrize("day", UNUSUAL_HOLIDAYS)
def test_a_moved_or_added_bank_holiday_is_not_a_working_day(day: date) -> None:
    assert not CALENDAR.is_working_day(day)


@pytest.mark.parametrize("day", [date(2020, 5, 4), date(2022, 5, 30), date(2026, 3, 17), date(2026, 1, 2)])
def test_the_day_a_holiday_moved_from_and_other_nations_holidays_are_worked(day: date) -> None:
    assert CALENDAR.is_working_day(day)  # 17 March is Northern Ireland's, 2 January Scotland's


@pytest.mark.parametrize(
    ("day", "count", "expected"),
    [
        (date(2026, 11, 18), 0, date(2026, 11, 18)),
        (date(2026, 11, 18), 1, date(2026, 11, 19)),  # Wednesday → Thursday
        (date(2026, 11, 20), 1, date(2026, 11, 23)),  # Friday → Monday
        (date(2026, 11, 21), 1, date(2026, 11, 23)),  # Saturday → Monday
        (date(2026, 11, 22), 5, date(2026, 11, 27)),  # Sunday: Monday is the first
        (date(2026, 4, 2), 1, date(2026, 4, 7)),  # over Good Friday and Easter Monday
        (date(2026, 12, 23), 5, date(2027, 1, 4)),  # 24, 29, 30, 31 December; 1 January is shut
    ],
)
def test_working_days_are_counted_from_the_day_after(day: date, count: int, expected: date) -> None:
    assert CALENDAR.add_working_days(day, count) == expected


def test_counting_backwards_is_refused() -> None:
    with pytest.raises(ValueError, match="forwards"):
        CALENDAR.add_working_days(date(2026, 1, 5), -1)


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        (date(2026, 11, 18), date(2026, 11, 18), 0),
        (date(2026, 11, 20), date(2026, 11, 22), 0),  # a weekend goes by
        (date(2026, 11, 20), date(2026, 11, 23), 1),
        (date(2026, 11, 23), date(2026, 11, 20), -1),
        (date(2026, 4, 2), date(2026, 4, 8), 2),
    ],
)
def test_the_age_of_a_loop_pauses_on_days_off(start: date, end: date, expected: int) -> None:
    assert CALENDAR.working_days_between(start, end) == expected


@given(DAYS, st.integers(0, 200))
def test_adding_days_and_counting_them_agree(day: date, count: int) -> None:
    later = CALENDAR.add_working_days(day, count)
    assert CALENDAR.working_days_between(day, later) == count
    assert count == 0 or CALENDAR.is_working_day(later)


@given(DAYS, DAYS)
def test_the_count_is_that_of_a_walk_from_day_to_day(start: date, end: date) -> None:
    early, late = min(start, end), min(max(start, end), min(start, end) + timedelta(days=60))
    walked = sum(CALENDAR.is_working_day(early + timedelta(days=step)) for step in range(1, (late - early).days + 1))
    assert CALENDAR.working_days_between(early, late) == walked
    assert CALENDAR.working_days_between(late, early) == -walked


def test_columns_are_counted_at_once_and_missing_dates_stay_missing() -> None:
    starts = pd.Series(pd.to_datetime(["2026-11-20", "NaT", "2026-04-02"]))
    ends = pd.Series([date(2026, 11, 23), date(2026, 11, 23), None])
    np.testing.assert_array_equal(CALENDAR.working_days_between_many(starts, ends), [1.0, np.nan, np.nan])
    added = CALENDAR.add_working_days_many(starts, 1)
    np.testing.assert_array_equal(added, np.array(["2026-11-23", "NaT", "2026-04-07"], dtype="datetime64[D]"))


def test_an_empty_column_gives_an_empty_answer() -> None:
    nothing = pd.Series([], dtype="datetime64[us]")
    assert CALENDAR.working_days_between_many(nothing, nothing).shape == (0,)


@pytest.mark.parametrize("day", [date(1026, 11, 21), date(2031, 1, 1)])
def test_a_date_whose_bank_holidays_are_unknown_is_refused_rather_than_counted(day: date) -> None:
    with pytest.raises(NotFound, match="2018 to 2030"):
        CALENDAR.add_working_days(day, 1)


def test_the_standard_calendar_covers_this_century_s_working_lives() -> None:
    standard = england()
    assert (standard.first_year, standard.last_year) == (2000, 2079)
    assert standard.add_working_days(date(2026, 4, 2), 1) == date(2026, 4, 7)


def due(state: LoopState, **known: object) -> object:
    """The due date of a loop heard on Thursday 2 April 2026, the eve of Easter, by the default deadlines."""
    facts: dict[str, object] = {"decided_on": None, "outcome": "", "by_date": None, **known}
    return due_on(state, date(2026, 4, 2), deadlines=Deadlines(), calendar=CALENDAR, **facts)  # type: ignore[arg-type]


def test_a_heard_loop_is_to_be_owned_within_five_working_days() -> None:
    assert due(LoopState.HEARD) == (date(2026, 4, 13), Step.OWN)  # 7, 8, 9, 10, 13 April


@pytest.mark.parametrize("state", [LoopState.OWNED, LoopState.MATCHED, LoopState.REOPENED])
def test_an_owned_loop_is_to_be_decided_within_twenty_of_being_heard(state: LoopState) -> None:
    # 4 working days in the week of the 7th, 5 + 5 + 5 to 1 May, and 5 May (the 4th is May Day)
    assert due(state) == (date(2026, 5, 5), Step.DECIDE)


def test_a_decided_loop_is_to_be_told_within_ten_of_the_decision() -> None:
    assert due(LoopState.DECIDED, decided_on=date(2026, 4, 17), outcome=Outcome.CANNOT) == (date(2026, 5, 1), Step.TELL)


def test_a_promise_told_of_is_due_on_its_date() -> None:
    promised = due(LoopState.TOLD, decided_on=date(2026, 4, 17), outcome=Outcome.WILL, by_date=date(2026, 6, 1))
    assert promised == (date(2026, 6, 1), Step.KEEP)


def test_a_promise_earlier_than_the_telling_comes_first() -> None:
    promised = due(LoopState.DECIDED, decided_on=date(2026, 4, 17), outcome=Outcome.WILL, by_date=date(2026, 4, 20))
    assert promised == (date(2026, 4, 20), Step.KEEP)


def test_a_promise_kept_is_due_no_more() -> None:
    kept = {"outcome": Outcome.WILL, "by_date": date(2026, 6, 1), "promise_kept_on": date(2026, 5, 20)}
    assert due(LoopState.TOLD, decided_on=date(2026, 4, 17), **kept) is None


@pytest.mark.parametrize("state", [LoopState.AGREED, LoopState.WITHHELD, LoopState.MERGED, LoopState.WITHDRAWN])
def test_nothing_is_due_of_a_loop_that_is_answered_or_set_aside(state: LoopState) -> None:
    assert due(state, outcome=Outcome.DONE) is None
