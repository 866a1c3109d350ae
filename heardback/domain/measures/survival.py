"""Time to close by Kaplan and Meier: loops that are still open count as open, so the slow ones are not forgotten."""

from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt
import pandas as pd

from heardback.domain.deadlines import Calendar
from heardback.domain.measures.figures import DEFINITIONS, LABELS, TOTAL, Figure, Table, Unit
from heardback.domain.measures.rates import Floats, Z
from heardback.domain.measures.voices import closed_on, days, decided_on, groups_of, in_scope

MOSTLY_OPEN = "more than half are still open"


@dataclass(frozen=True)
class Curve:
    """The share still open after each time at which something closed, with its 95 % interval (log-log, Greenwood)."""

    times: Floats
    still_open: Floats
    low: Floats
    high: Floats

    def median(self) -> tuple[float | None, float | None, float | None]:
        """The median and its interval after Brookmeyer and Crowley; None where the curve does not come down to half."""
        return self._first_at_half(self.still_open), self._first_at_half(self.low), self._first_at_half(self.high)

    def _first_at_half(self, curve: Floats) -> float | None:
        below = np.flatnonzero(curve <= 0.5 + 1e-12)  # 0.5 reached by products of fractions is a hair off
        return float(self.times[below[0]]) if below.size else None


def kaplan_meier(durations: npt.ArrayLike, closed: npt.ArrayLike) -> Curve:
    """The curve of durations (any unit), of which those not `closed` are only known to be longer."""
    length, ended = np.asarray(durations, dtype=float), np.asarray(closed, dtype=bool)
    times, events = np.unique(length[ended], return_counts=True)
    at_risk = length.size - np.searchsorted(np.sort(length), times, side="left")
    still_open = np.cumprod(1 - events / at_risk).astype(float)
    low, high = _log_log(still_open, events, at_risk)
    return Curve(times, still_open, low, high)


def time_to_close(
    voices: pd.DataFrame, as_of: date, calendar: Calendar, dimension: str = "", *, population: str = ""
) -> Table:
    """The median working days from heard to closed over the voices in scope: the total, then each group by name."""
    inside = in_scope(voices)
    spans = _spans(inside, closed_on(inside), as_of, calendar)
    rows = [_median(spans, TOTAL)]
    if dimension:
        groups = groups_of(inside, dimension).to_numpy()
        rows += [_median(part, str(group)) for group, part in spans.groupby(groups, sort=True)]
    code = f"time_to_close_by_{dimension}" if dimension else "time_to_close"
    return Table(code, "Time to close, in working days", tuple(rows), dimension, population)


def time_to_decide(voices: pd.DataFrame, as_of: date, calendar: Calendar, *, population: str = "") -> Table:
    """The same to the decision that stands, for everybody."""
    inside = in_scope(voices)
    spans = _spans(inside, decided_on(inside), as_of, calendar)
    row = _median(spans, TOTAL, "days_to_decide")
    return Table("time_to_decide", "Time to decide, in working days", (row,), "", population)


def _spans(inside: pd.DataFrame, ends: npt.NDArray[np.datetime64], as_of: date, calendar: Calendar) -> pd.DataFrame:
    closed = ~np.isnat(ends)
    until = np.where(closed, ends, np.datetime64(as_of, "D"))
    return pd.DataFrame({"days": calendar.working_days_between_many(days(inside, "heard_on"), until), "closed": closed})


def _median(spans: pd.DataFrame, group: str, code: str = "days_to_close") -> Figure:
    median, low, high = kaplan_meier(spans["days"], spans["closed"]).median()
    return Figure(
        code=code,
        label=LABELS[code],
        definition=DEFINITIONS[code],
        n=len(spans),
        count=None,
        value=median,
        low=low,
        high=high,
        unit=Unit.WORKING_DAYS,
        group=group,
        note=MOSTLY_OPEN if median is None and len(spans) else "",
        base="heard",
    )


def _log_log(
    still_open: Floats, events: npt.NDArray[np.int64], at_risk: npt.NDArray[np.int64]
) -> tuple[Floats, Floats]:
    """Greenwood's interval on the log-log scale, which stays within 0 and 1; at 0 there is nothing left to spread."""
    inside = (still_open > 0) & (still_open < 1)
    spread = np.cumsum(events[inside] / (at_risk[inside] * (at_risk[inside] - events[inside])))
    logged = np.log(still_open[inside])
    width = Z * np.sqrt(spread) / np.abs(logged)
    low, high = still_open.copy(), still_open.copy()
    low[inside] = np.exp(logged * np.exp(width))
    high[inside] = np.exp(logged * np.exp(-width))
    return low, high
