"""Kaplan–Meier against the remission times of Freireich et al. (1963), which every textbook works through."""

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from heardback.domain.deadlines import england
from heardback.domain.measures.survival import MOSTLY_OPEN, kaplan_meier, time_to_close
from tests.domain.voice_tables import HEARD, OWNED, TOLD, voices

CALENDAR = england(2025, 2027)
AS_OF = date(2026, 11, 20)

# 6-mercaptopurine: weeks in remission, 0 where still in remission when last seen
TREATED = [6, 6, 6, 6, 7, 9, 10, 10, 11, 13, 16, 17, 19, 20, 22, 23, 25, 32, 32, 34, 35]
ENDED = [1, 1, 1, 0, 1, 0, 1, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0]
PLACEBO = [1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23]


def test_the_curve_is_the_published_one() -> None:
    curve = kaplan_meier(TREATED, ENDED)
    assert curve.times.tolist() == [6, 7, 10, 13, 16, 22, 23]
    assert curve.still_open == pytest.approx([0.8571, 0.8067, 0.7529, 0.6902, 0.6275, 0.5378, 0.4482], abs=5e-5)


def test_the_median_counts_those_still_open() -> None:
    # S(10): low = exp(-0.2838·exp(0.883)) = 0.503 > ½; S(13): exp(-0.3708·exp(0.819)) = 0.432 ≤ ½. No upper end.
    assert kaplan_meier(TREATED, ENDED).median() == (23.0, 13.0, None)


def test_without_open_loops_it_is_the_plain_median() -> None:
    median, low, high = kaplan_meier(PLACEBO, [1] * len(PLACEBO)).median()
    assert median == 8.0 == float(np.median(PLACEBO))
    assert (low, high) == (4.0, 11.0)  # as SAS prints for the log-log transformation


def test_there_is_no_median_while_more_than_half_are_open() -> None:
    assert kaplan_meier([1, 5, 5, 5], [1, 0, 0, 0]).median()[0] is None


def test_no_loops_at_all_give_an_empty_curve() -> None:
    assert kaplan_meier([], []).median() == (None, None, None)


def test_a_half_reached_by_rounding_is_a_half() -> None:
    # twelve of 24 closed one after another: exactly a half, and 0.5000000000000001 as a product of fractions
    assert kaplan_meier([*range(1, 13), *[20] * 12], [1] * 12 + [0] * 12).median()[0] == 12.0


@given(st.lists(st.tuples(st.integers(0, 60), st.booleans()), max_size=40))
def test_the_curve_never_rises_and_lies_within_its_interval(loops: list[tuple[int, bool]]) -> None:
    curve = kaplan_meier([length for length, _ in loops], [closed for _, closed in loops])
    assert (np.diff(curve.still_open) <= 0).all()
    assert (curve.low <= curve.still_open + 1e-12).all() and (curve.still_open <= curve.high + 1e-12).all()


def test_open_loops_lengthen_the_median_that_closed_ones_alone_would_flatter() -> None:
    """
    heard Mon 5 Oct   closed after 1, 3, 5 working days; two more are open since then
    closed only: 3; with the open ones S falls to 0.8, 0.6, 0.4: the median is 5
    """
    heard = {**TOLD, "heard_on": "2026-10-05", "decided_on": "2026-10-05"}
    closed = [{**heard, "told_on": day} for day in ("2026-10-06", "2026-10-08", "2026-10-12")]
    table = time_to_close(voices([*closed, *[{**OWNED, "heard_on": "2026-10-05"}] * 2]), AS_OF, CALENDAR)
    median = table.figure("days_to_close")
    assert (median.n, median.value, median.note) == (5, 5.0, "")


def test_a_loop_is_closed_on_the_later_of_deciding_and_telling_and_weekends_do_not_count() -> None:
    friday_to_monday = {**TOLD, "heard_on": "2026-10-02", "decided_on": "2026-10-02", "told_on": "2026-10-05"}
    assert time_to_close(voices([friday_to_monday]), AS_OF, CALENDAR).figure("days_to_close").value == 1.0


def test_a_reopened_loop_is_still_open() -> None:
    table = time_to_close(voices([{**TOLD, "state": "reopened"}]), AS_OF, CALENDAR)
    assert (table.figure("days_to_close").value, table.figure("days_to_close").note) == (None, MOSTLY_OPEN)


def test_each_service_has_its_own_median_after_the_total() -> None:
    slow = {**TOLD, "service_code": "housing", "heard_on": "2026-10-05", "told_on": "2026-10-19"}
    quick = {**TOLD, "heard_on": "2026-10-05", "told_on": "2026-10-06"}
    table = time_to_close(voices([slow, quick, quick, HEARD]), AS_OF, CALENDAR, "service_code")
    # all: two of four closed after one day, so the curve is at a half; transport: two of three
    assert [(row.group, row.n, row.value) for row in table.rows] == [
        ("", 4, 1.0),
        ("housing", 1, 10.0),
        ("transport", 3, 1.0),
    ]
