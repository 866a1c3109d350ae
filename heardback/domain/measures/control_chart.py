"""The XmR chart: whether a monthly figure has really changed, by rule."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from heardback.domain.measures.closure import IMMATURE
from heardback.domain.measures.figures import Table, Unit
from heardback.domain.measures.rates import Floats

BASELINE = 12  # the points that set the limits, which then stay
RUN = 7
SIGMAS = 3 / 1.128  # three standard deviations, of which the mean moving range of two points is 1.128 times one

OUTSIDE, SHIFT, TREND = "outside the limits", "seven on one side of the mean", "seven rising or falling"
BETTER, WORSE, NO_CHANGE, TOO_EARLY = "better", "worse", "no change", "too early to tell"


@dataclass(frozen=True)
class Limits:
    """The natural process limits; `provisional` until BASELINE points have set them for good."""

    mean: float
    low: float
    high: float
    provisional: bool


@dataclass(frozen=True)
class Point:
    """One month of the chart with the rules that it breaks; `up` says to which side."""

    group: str
    value: float
    signals: tuple[str, ...] = ()
    up: bool = False


@dataclass(frozen=True)
class Chart:
    """The points that can be shown, in time order, and their limits: None where there are fewer than two points."""

    label: str
    points: tuple[Point, ...]
    limits: Limits | None

    @property
    def verdict(self) -> str:
        """What the newest point says, for a figure of which more is better."""
        if self.limits is None or self.limits.provisional:
            return TOO_EARLY
        newest = self.points[-1]
        if not newest.signals:
            return NO_CHANGE
        return BETTER if newest.up else WORSE


def limits_of(values: Sequence[float] | Floats) -> Limits | None:
    """Limits from the first BASELINE values, by the mean moving range; None from fewer than two."""
    first = np.asarray(values[:BASELINE], dtype=float)
    if first.size < 2:
        return None
    mean, reach = float(first.mean()), float(SIGMAS * np.abs(np.diff(first)).mean())
    return Limits(mean, mean - reach, mean + reach, provisional=first.size < BASELINE)


def signals(values: Sequence[float] | Floats, limits: Limits) -> list[tuple[tuple[str, ...], bool]]:
    """For each value the rules that it breaks, every point of a run included, and whether it does so upwards."""
    series = np.asarray(values, dtype=float)
    side = np.sign(series - limits.mean)
    step = np.sign(np.diff(series))
    found = {
        OUTSIDE: np.where(series > limits.high, 1, np.where(series < limits.low, -1, 0)),
        SHIFT: _runs(side, RUN),
        TREND: _trends(step, series.size),
    }
    broken = [tuple(rule for rule, marks in found.items() if marks[i]) for i in range(series.size)]
    # where rules disagree the first counts: a point outside says more than the run it ends
    return [(rules, bool(rules) and bool(found[rules[0]][i] > 0)) for i, rules in enumerate(broken)]


def chart(table: Table, code: str) -> Chart:
    """The chart of one figure of a table by month, whose immature, hidden and empty months are left out.

    Pass the table after `protect`: limits worked out from a hidden point would give it away.
    """
    every = [row for row in table.rows if row.code == code]
    rows = [row for row in every if row.value is not None and row.note != IMMATURE]
    values = [row.value for row in rows if row.value is not None]
    label = every[0].label if every else code
    limits = limits_of(values)
    if limits is None:
        return Chart(label, tuple(Point(row.group, value) for row, value in zip(rows, values, strict=True)), None)
    found = signals(values, limits)
    points = (Point(row.group, value, *marks) for row, value, marks in zip(rows, values, found, strict=True))
    return Chart(label, tuple(points), _clipped(limits) if rows[0].unit == Unit.SHARE else limits)


def _runs(signs: npt.NDArray[np.float64], length: int) -> npt.NDArray[np.float64]:
    """The sign, where it stands in an unbroken run of at least `length` equal ones; 0 elsewhere and where it is 0."""
    if not signs.size:
        return signs
    starts = np.flatnonzero(np.r_[True, signs[1:] != signs[:-1]])
    lengths = np.diff(np.r_[starts, signs.size])
    return np.where(np.repeat(lengths, lengths) >= length, signs, 0)


def _trends(step: npt.NDArray[np.float64], size: int) -> npt.NDArray[np.float64]:
    """RUN points that rise are RUN - 1 steps up; each step marks both its ends."""
    marked = _runs(step, RUN - 1)
    marks = np.zeros(size)
    marks[:-1] = marked
    marks[1:] = np.where(marked != 0, marked, marks[1:])
    return marks


def _clipped(limits: Limits) -> Limits:
    """A share below 0 or above 1 cannot be drawn; no point lies there, so no signal changes."""
    return Limits(limits.mean, max(0.0, limits.low), min(1.0, limits.high), limits.provisional)
