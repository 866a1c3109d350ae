"""Closure within so many working days, by the month in which comments were heard."""

from collections.abc import Sequence
from datetime import date

import numpy as np
import pandas as pd

from heardback.domain.deadlines import Calendar
from heardback.domain.measures.figures import DEFINITIONS, Figure, Table
from heardback.domain.measures.rates import share
from heardback.domain.measures.voices import closed_on, days, in_scope

IMMATURE = "immature"
MONTH = "month"


def closure_code(within: int) -> str:
    """The code of the figure for one number of working days."""
    return f"closed_within_{within}"


def closure_by_month(
    voices: pd.DataFrame, as_of: date, within: Sequence[int], calendar: Calendar, *, population: str = ""
) -> Table:
    """For each month heard, from the first to that of `as_of`, the share closed within each number of days.

    A month is immature for a number of days until these have passed since its last day; its figures carry that note.
    """
    inside = in_scope(voices)
    months = pd.PeriodIndex(pd.to_datetime(inside["heard_on"]), freq="M")
    taken = calendar.working_days_between_many(days(inside, "heard_on"), closed_on(inside))
    flags = pd.DataFrame({limit: taken <= limit for limit in within}).assign(heard=1)
    counts = flags.groupby(months).sum().reindex(_months(months, as_of), fill_value=0)
    ages = calendar.working_days_between_many(_last_days(counts.index), np.full(len(counts), np.datetime64(as_of, "D")))
    rows = [
        _closure(limit, str(month), int(row[limit]), int(row["heard"]), mature=age >= limit, wider=within)
        for (month, row), age in zip(counts.iterrows(), ages, strict=True)
        for limit in within
    ]
    title = "Closed within " + ", ".join(map(str, within)) + " working days, by month heard"
    return Table("closure_by_month", title, tuple(rows), MONTH, population)


def _closure(within: int, month: str, count: int, heard: int, *, mature: bool, wider: Sequence[int]) -> Figure:
    holders = (*(closure_code(limit) for limit in wider if limit > within), "closed", "decided", "owned", "heard")
    return share(
        closure_code(within),
        count,
        heard,
        group=month,
        label=f"Closed within {within} working days",
        definition=DEFINITIONS["closed_within"],
        note="" if mature else IMMATURE,
        within=holders,
    )


def _months(heard: pd.PeriodIndex, as_of: date) -> pd.PeriodIndex:
    last = pd.Period(as_of, freq="M")
    return pd.period_range(heard.min() if len(heard) else last, last, freq="M")


def _last_days(months: pd.Index) -> pd.DatetimeIndex:
    return pd.PeriodIndex(months).to_timestamp(how="end").normalize()
