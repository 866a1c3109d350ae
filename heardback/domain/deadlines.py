"""Working days of England, and by which of them the next step of a loop is due."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

import holidays
import numpy as np
import numpy.typing as npt
import pandas as pd

from config.policy import Deadlines
from heardback.domain.words import LoopState, Outcome
from heardback.errors import NotFound

Days = npt.NDArray[np.datetime64]
AnyDates = pd.Series | pd.DatetimeIndex | Days

FIRST_YEAR, LAST_YEAR = 2000, 2079  # a century costs a quarter of a second to build; a date outside is a typing error


@dataclass(frozen=True)
class Calendar:
    """Weekends and bank holidays of England for a range of years; build one with `england` and hand it round."""

    first_year: int
    last_year: int
    busdays: np.busdaycalendar

    def without(self, closed: Collection[date]) -> "Calendar":
        """The same calendar with further days that do not count: a service's closed days, somebody's leave."""
        if not closed:
            return self
        days = np.union1d(self.busdays.holidays, np.array(sorted(closed), dtype="datetime64[D]"))
        return Calendar(self.first_year, self.last_year, np.busdaycalendar(holidays=days))

    def is_working_day(self, day: date) -> bool:
        """Neither a weekend nor a bank holiday. Raises NotFound outside the calendar's years."""
        return bool(np.is_busday(self._known(_days([day])), busdaycal=self.busdays)[0])

    def add_working_days(self, day: date, count: int) -> date:
        """The `count`-th working day after `day`, which itself never counts; `day` where the count is 0."""
        return _nth_after(self, day, count)

    def add_working_days_many(self, days: AnyDates, count: int) -> Days:
        """The same for a whole column: datetime64[D] in the column's order, NaT where the day is missing."""
        if count < 0:
            raise ValueError("working days are counted forwards")
        return self._shift(_days(days), count)

    def working_days_between(self, start: date, end: date) -> int:
        """Working days after `start` up to and including `end`: 0 on one day, negative where `end` is earlier."""
        return _between(self, start, end)

    def working_days_between_many(self, starts: AnyDates, ends: AnyDates) -> npt.NDArray[np.float64]:
        """The same for two columns of one length: float64, NaN where either day is missing."""
        first, last = _days(starts), _days(ends)
        counted = np.full(first.shape, np.nan)
        present = ~(np.isnat(first) | np.isnat(last))
        counted[present] = self._count(self._known(first[present]), self._known(last[present]))
        return counted

    def _count(self, first: Days, last: Days) -> npt.NDArray[np.int64]:
        # numpy counts [begin, end); a day is over when its evening comes, so both ends move by one
        early, late = np.minimum(first, last) + 1, np.maximum(first, last) + 1
        return np.where(first <= last, 1, -1) * np.busday_count(early, late, busdaycal=self.busdays)

    def _shift(self, days: Days, count: int) -> Days:
        shifted = days.copy()
        present = ~np.isnat(days)
        if count:  # rolling back first makes Saturday + 1 the Monday, as "from the day after" wants it
            known = self._known(days[present])
            shifted[present] = np.busday_offset(known, count, roll="backward", busdaycal=self.busdays)
        return shifted

    def _known(self, days: Days) -> Days:
        years = days.astype("datetime64[Y]").astype(int) + 1970
        outside = (years < self.first_year) | (years > self.last_year)
        if outside.any():
            raise NotFound(
                f"bank holidays are known for {self.first_year} to {self.last_year}, not for {years[outside][0]}",
                where="working-day calendar",
                do="correct the date in the source, or quarantine its row",
            )
        return days


# Ten thousand loops were heard on a hundred days: each is counted once, at a twentieth of a millisecond a time.
@lru_cache(maxsize=20_000)
def _nth_after(calendar: Calendar, day: date, count: int) -> date:
    shifted: date = calendar.add_working_days_many(_days([day]), count)[0].item()
    return shifted


@lru_cache(maxsize=20_000)
def _between(calendar: Calendar, start: date, end: date) -> int:
    return int(calendar.working_days_between_many(_days([start]), _days([end]))[0])


@lru_cache(maxsize=4)  # nothing changes it, and whoever looks each minute should not build it each minute
def england(first_year: int = FIRST_YEAR, last_year: int = LAST_YEAR) -> Calendar:
    """The calendar of England, both years included. Build it once per run: it is the dear part."""
    known = holidays.country_holidays("GB", subdiv="ENG", years=range(first_year, last_year + 1))
    closed = np.array(sorted(known), dtype="datetime64[D]")
    return Calendar(first_year, last_year, np.busdaycalendar(holidays=closed))


class Step(StrEnum):
    """What has to happen next."""

    OWN = "own"
    DECIDE = "decide"
    TELL = "tell"
    KEEP = "keep"


class Due(NamedTuple):
    """The next step of a loop and the last day on which it is in time."""

    on: date
    step: Step


def due_on(
    state: LoopState | str,
    heard_on: date,
    decided_on: date | None,
    outcome: Outcome | str,
    by_date: date | None,
    deadlines: Deadlines,
    calendar: Calendar,
    *,
    promise_kept_on: date | None = None,
    paused_days: int = 0,
) -> Due | None:
    """What is due next and by when; None where nothing is (answered, merged, set aside).

    The clock of a decision runs from the day it was said, not from the day on which somebody took it.
    A promise ("will, by a date") not yet kept is due on its date, once people have been told of it; until then the
    telling is due, or the promise where its date comes first. A reopened loop keeps the clock of the day it was heard.
    `paused_days` are working days on which the clock of owning and deciding stood; no pause moves a promise's date.
    """
    if state == LoopState.HEARD:
        return Due(calendar.add_working_days(heard_on, deadlines.own_within + paused_days), Step.OWN)
    if state in (LoopState.OWNED, LoopState.MATCHED, LoopState.REOPENED):
        return Due(calendar.add_working_days(heard_on, deadlines.decide_within + paused_days), Step.DECIDE)
    promise = _promise(outcome, by_date, promise_kept_on)
    if state == LoopState.DECIDED and decided_on is not None:
        telling = Due(calendar.add_working_days(decided_on, deadlines.tell_within), Step.TELL)
        return min(telling, promise, key=lambda due: due.on) if promise else telling
    return promise if state in (LoopState.TOLD, LoopState.AGREED) else None


def _promise(outcome: Outcome | str, by_date: date | None, kept_on: date | None) -> Due | None:
    open_promise = outcome == Outcome.WILL and by_date is not None and kept_on is None
    return Due(by_date, Step.KEEP) if open_promise and by_date else None


def _days(values: AnyDates | list[date]) -> Days:
    """Any column of dates as datetime64[D]."""
    if isinstance(values, list):  # one date: pandas would cost half a millisecond
        return np.array(values, dtype="datetime64[D]")
    if isinstance(values, np.ndarray) and values.dtype.kind == "M":  # days already, thousands of times in a run
        return values.astype("datetime64[D]")
    return pd.to_datetime(pd.Series(values)).to_numpy().astype("datetime64[D]")
