"""Every table of a report, in the order in which it is read, and the answer in one sentence."""

from collections.abc import Mapping
from datetime import date

import numpy as np
import pandas as pd

from config.policy import ReportPolicy
from heardback.domain.closure import closure_by_month
from heardback.domain.control_chart import NO_CHANGE, TOO_EARLY, Chart
from heardback.domain.deadlines import Calendar
from heardback.domain.figures import TOTAL, Figure, Table
from heardback.domain.participation import participation
from heardback.domain.period import Period
from heardback.domain.rates import answers, funnel, left_out, rates
from heardback.domain.survival import time_to_close, time_to_decide
from heardback.domain.voices import check_columns, dimensions, heard_in


def measure(
    voices: pd.DataFrame, period: Period, as_of: date, policy: ReportPolicy, calendar: Calendar
) -> tuple[Table, ...]:
    """The tables of one period from the whole history of voices (domain.voices.COLUMNS), before disclosure control.

    Codes, in order: left_out, rates, funnel, answers, time_to_decide, time_to_close, time_to_close_by_service_code,
    rates_by_<each dimension>, participation_by_<source_id and each cohort's>, closure_by_month. Raises NotFound where
    columns are missing.
    """
    heard = heard_in(check_columns(voices), period)
    name = period.label
    return (
        left_out(heard, population=name),
        rates(heard, population=name),
        funnel(heard, population=name),
        answers(heard, np.datetime64(as_of, "D"), population=name),
        time_to_decide(heard, as_of, calendar, population=name),
        time_to_close(heard, as_of, calendar, population=name),
        time_to_close(heard, as_of, calendar, "service_code", population=name),
        *(rates(heard, dimension, population=name) for dimension in dimensions(voices)),
        *participation(heard, policy.cohorts, population=name),
        # months share their totals with the period of the same name, so its population is the months' own
        closure_by_month(voices, as_of, policy.closure_days, calendar, population="months"),
    )


def answer_in_one_sentence(
    period: Period, closed: Figure, services: Table, chart: Chart, names: Mapping[str, str] | None = None
) -> str:
    """The first sentence of the pack, by rule, from figures after `protect`. `names` turns service codes into names.

    Of 120 comments heard in October 2026, 84 (70%) have been decided on and people told; Transport is lowest at 20%
    (8% to 42%); by the control chart rule, closed within 20 working days shows no change.
    """
    parts = [_headline(period, closed), _lowest(services, names or {}), _verdict(chart)]
    return "; ".join(part for part in parts if part) + "."


def _headline(period: Period, closed: Figure) -> str:
    if closed.n == 0:
        return f"No comments in scope were heard in {period.words}"
    if closed.n is None:
        return f"Too few comments were heard in {period.words} to show figures"
    heard = f"Of {closed.n} comments heard in {period.words}"
    if closed.count is None:
        return f"{heard}, how many have been decided on and people told cannot be shown without pointing to a child"
    share = f" ({closed.shown_value})" if closed.value is not None else ""
    return f"{heard}, {closed.count}{share} have been decided on and people told"


def _lowest(services: Table, names: Mapping[str, str]) -> str:
    rows = [row for row in services.rows if row.code == "closed" and row.group != TOTAL and row.value is not None]
    least = min((row.value for row in rows if row.value is not None), default=0.0)
    lowest = [row for row in rows if row.value == least]
    if len(lowest) == len(rows):  # one service, none that can be shown, or all alike: nothing to single out
        return ""
    said = " and ".join(names.get(row.group, row.group) for row in lowest)
    verb = "is" if len(lowest) == 1 else "are"
    interval = f" ({lowest[0].shown_interval})" if len(lowest) == 1 else ""
    hidden = any(row.suppressed for row in services.rows if row.code == "closed" and row.group != TOTAL)
    among = "of the services that can be shown, " if hidden else ""
    return f"{among}{said} {verb} lowest at {lowest[0].shown_value}{interval}"


def _verdict(chart: Chart) -> str:
    what = chart.label[:1].lower() + chart.label[1:]
    if chart.verdict == TOO_EARLY:
        return f"by the control chart rule it is too early to tell whether {what} has changed"
    shows = "shows no change" if chart.verdict == NO_CHANGE else f"is {chart.verdict} than before"
    return f"by the control chart rule, {what} {shows}"
