"""The clock of a complaint and the order of its steps, for any day and any order."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.policy import ComplaintsPolicy
from heardback.domain.complaints import STEPS, Complaint, check_step, days_left, diverted_anew, due_on
from heardback.domain.deadlines import england
from heardback.domain.lifecycle import MOVES
from heardback.domain.words import LoopState
from heardback.errors import MoveRefused

CALENDAR, POLICY = england(), ComplaintsPolicy()
A_DAY = st.dates(date(2020, 1, 1), date(2040, 1, 1))
DETAILS = {"reference": "CR-1", "ended_as": "upheld", "reason": "why"}


def a_complaint(heard_on: date = date(2026, 9, 1)) -> Complaint:
    return Complaint("L-0001", "yjs", heard_on)


@given(A_DAY)
def test_the_answer_is_due_on_a_working_day_two_weeks_on_at_the_least(heard_on: date) -> None:
    due = due_on(a_complaint(heard_on), POLICY, CALENDAR)
    assert CALENDAR.is_working_day(due)
    assert heard_on + timedelta(days=12) <= due <= heard_on + timedelta(days=22)


@given(A_DAY)
def test_extending_gives_more_time_and_never_less(heard_on: date) -> None:
    first = due_on(a_complaint(heard_on), POLICY, CALENDAR)
    extended = replace(a_complaint(heard_on), extended_on=heard_on)
    assert CALENDAR.working_days_between(first, due_on(extended, POLICY, CALENDAR)) == 10


@given(A_DAY, st.integers(0, 60))
def test_days_left_fall_to_nought_on_the_last_day_and_are_negative_after_it(heard_on: date, later: int) -> None:
    complaint = a_complaint(heard_on)
    today, due = heard_on + timedelta(days=later), due_on(complaint, POLICY, CALENDAR)
    left = days_left(complaint, POLICY, CALENDAR, today)
    assert left is not None
    assert (left < 0) <= (today > due)
    assert days_left(complaint, POLICY, CALENDAR, due) == 0
    assert days_left(replace(complaint, ended_on=today), POLICY, CALENDAR, today) is None


@given(st.lists(st.sampled_from(STEPS), max_size=6))
def test_whatever_is_tried_the_steps_come_in_their_order_each_at_most_once(tried: list[str]) -> None:
    complaint, done = a_complaint(), []
    for step in tried:
        try:
            check_step(complaint, step)
        except MoveRefused:
            continue
        complaint = complaint.after(step, date(2026, 9, 2), DETAILS)
        done.append(step)
    assert done in ([], list(STEPS[:1]), list(STEPS[:2]), list(STEPS), [STEPS[0], STEPS[2]])


def test_the_steps_are_moves_that_leave_the_loop_where_it_is() -> None:
    for step in STEPS:
        assert (MOVES[step].sources, MOVES[step].target) == (frozenset({LoopState.DIVERTED}), None)


def test_other_moves_leave_a_complaint_as_it_is() -> None:
    assert a_complaint().after("describe", date(2026, 9, 2), {"title": "x"}) == a_complaint()


@pytest.mark.parametrize(
    ("before", "after", "anew"),
    [
        ("", "diverted", True),
        ("heard", "diverted", True),
        ("diverted", "diverted", False),
        ("diverted", "heard", False),
    ],
)
def test_only_what_comes_into_the_procedure_begins_it(before: str, after: str, anew: bool) -> None:
    assert diverted_anew(before, after) is anew


def test_an_extension_is_not_shorter_than_the_first_answer() -> None:
    with pytest.raises(ValueError, match="must not be under"):
        ComplaintsPolicy(answer_within=10, extended=9)
