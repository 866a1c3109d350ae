"""Every table of a report, in the order in which it is read."""

from datetime import date

import numpy as np
import pandas as pd

from config.policy import ReportPolicy
from heardback.domain.deadlines import Calendar
from heardback.domain.measures.closure import closure_by_month
from heardback.domain.measures.figures import Table
from heardback.domain.measures.participation import participation
from heardback.domain.measures.period import Period
from heardback.domain.measures.rates import answers, funnel, left_out, rates
from heardback.domain.measures.survival import time_to_close, time_to_decide
from heardback.domain.measures.voices import check_columns, dimensions, heard_in


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
