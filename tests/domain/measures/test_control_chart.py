"""XmR limits against the NIST handbook, and each signal on a series made for it."""

from dataclasses import replace

import pytest

from heardback.domain.measures.closure import IMMATURE
from heardback.domain.measures.control_chart import (
    BETTER,
    NO_CHANGE,
    OUTSIDE,
    SHIFT,
    TOO_EARLY,
    TREND,
    WORSE,
    chart,
    limits_of,
    signals,
)
from heardback.domain.measures.figures import Table
from heardback.domain.measures.rates import share

FLOW = [49.6, 47.6, 49.9, 51.3, 47.8, 51.2, 52.6, 52.4, 53.6, 52.1]  # NIST/SEMATECH handbook, 6.3.2.2
ALTERNATING = [50.0, 52.0] * 6  # mean 51, every moving range 2: limits 51 ± 3·2/1.128 = 45.68 and 56.32


def test_the_limits_are_those_of_the_handbook() -> None:
    limits = limits_of(FLOW)
    assert limits is not None
    assert (limits.mean, limits.low, limits.high) == pytest.approx((50.81, 45.8159, 55.8041), abs=5e-5)
    assert limits.provisional  # ten points, of the twelve it takes


def test_twelve_points_set_the_limits_and_later_ones_do_not_move_them() -> None:
    limits = limits_of(ALTERNATING)
    assert limits == limits_of([*ALTERNATING, 500.0, -500.0])
    assert limits is not None and not limits.provisional
    assert (limits.low, limits.high) == pytest.approx((45.6809, 56.3191), abs=5e-5)


@pytest.mark.parametrize("values", [[], [50.0]])
def test_one_point_has_no_limits(values: list[float]) -> None:
    assert limits_of(values) is None


def found(later: list[float]) -> list[tuple[tuple[str, ...], bool]]:
    limits = limits_of(ALTERNATING)
    assert limits is not None
    return signals([*ALTERNATING, *later], limits)[len(ALTERNATING) :]


def test_ordinary_ups_and_downs_are_no_signal() -> None:
    assert found([50.0, 52.0, 50.5, 51.5]) == [((), False)] * 4


def test_a_point_outside_either_limit_is_a_signal() -> None:
    assert found([56.4, 45.6, 56.3]) == [((OUTSIDE,), True), ((OUTSIDE,), False), ((), False)]


@pytest.mark.parametrize(("length", "marked"), [(5, 0), (6, 7)])
def test_seven_on_one_side_of_the_mean_are_a_signal_and_six_are_not(length: int, marked: int) -> None:
    # the twelfth point, 52, is above the mean already: with it five make six and six make seven
    limits = limits_of(ALTERNATING)
    assert limits is not None
    above = [51.5, 53.0, 51.5, 53.0, 51.5, 53.0][:length]
    assert sum(SHIFT in rules for rules, _ in signals([*ALTERNATING, *above], limits)) == marked


def test_a_point_on_the_mean_breaks_a_run() -> None:
    assert not any(SHIFT in rules for rules, _ in found([51.5, 53.0, 51.0, 53.0, 51.5, 53.0, 51.5]))


def test_seven_rising_are_a_signal_and_six_are_not() -> None:
    # 52 → 48 starts afresh; seven points rise from 48 to 54, across the mean
    assert [TREND in rules for rules, _ in found([48.0, 49.0, 50.0, 51.0, 52.0, 53.0, 54.0])] == [True] * 7
    assert not any(TREND in rules for rules, _ in found([48.0, 49.0, 50.0, 51.0, 52.0, 53.0, 52.5]))


def test_seven_falling_point_downwards() -> None:
    falling = found([54.0, 53.0, 52.0, 51.0, 50.0, 49.0, 48.0])
    assert falling[-1] == ((TREND,), False)


def table(values: list[float]) -> Table:
    """Months of 100 comments each with these rates."""
    groups = [f"{2025 + i // 12}-{i % 12 + 1:02}" for i in range(len(values))]
    rows = (
        share("closed_within_20", round(100 * value), 100, group=g) for g, value in zip(groups, values, strict=True)
    )
    return Table("closure_by_month", "Closed", tuple(rows), "month")


STEADY = [0.5, 0.52] * 6


@pytest.mark.parametrize(
    ("later", "verdict"),
    [([], NO_CHANGE), ([0.51], NO_CHANGE), ([0.7], BETTER), ([0.3], WORSE), ([0.7, 0.51], NO_CHANGE)],
)
def test_the_newest_point_decides_what_is_said(later: list[float], verdict: str) -> None:
    assert chart(table([*STEADY, *later]), "closed_within_20").verdict == verdict


def test_before_twelve_months_nothing_is_said() -> None:
    assert chart(table(STEADY[:11]), "closed_within_20").verdict == TOO_EARLY
    assert chart(table([]), "closed_within_20").verdict == TOO_EARLY
    assert [point.value for point in chart(table([0.5]), "closed_within_20").points] == [0.5]


def test_immature_and_hidden_months_are_left_out() -> None:
    full = table([*STEADY, 0.9, 0.1])
    *kept, hidden, immature = full.rows
    rows = [*kept, replace(hidden, value=None, suppressed=True), replace(immature, note=IMMATURE)]
    drawn = chart(full.with_rows(rows), "closed_within_20")
    assert [point.value for point in drawn.points] == pytest.approx(STEADY)
    assert drawn.verdict == NO_CHANGE


def test_limits_of_shares_stay_where_shares_can_be() -> None:
    limits = chart(table([0.1, 0.9] * 6), "closed_within_20").limits
    assert limits is not None and (limits.low, limits.high) == (0.0, 1.0)
