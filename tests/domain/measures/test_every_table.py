"""All tables of a month, and what is said of them first."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from config.policy import ReportPolicy
from heardback.domain.deadlines import england
from heardback.domain.measures.control_chart import chart
from heardback.domain.measures.disclosure import audit, protect
from heardback.domain.measures.every_table import measure
from heardback.domain.measures.figures import table_of
from heardback.domain.measures.period import month
from heardback.errors import NotFound
from tests.domain.voice_tables import AGREED, DECIDED, HEARD, OWNED, TOLD, voices

CALENDAR = england(2024, 2027)
POLICY = ReportPolicy()
OCTOBER = month("2026-10")
AS_OF = date(2026, 11, 21)


def a_year(seed: int, count: int = 400) -> pd.DataFrame:
    """Voices heard over a year, of all kinds, in uneven services and age bands."""
    random = np.random.default_rng(seed)
    kinds = [HEARD, OWNED, DECIDED, TOLD, AGREED, {**TOLD, "scope": "withheld"}]
    picked = random.choice(len(kinds), count, p=[0.2, 0.1, 0.1, 0.4, 0.15, 0.05])
    ages = random.choice(["4-7", "8-11", "11-18", ""], count, p=[0.05, 0.15, 0.6, 0.2])
    served = random.choice(["transport", "housing", "school"], count, p=[0.6, 0.3, 0.1])
    heard = np.datetime64("2025-11-01") + random.integers(0, 365, count)
    # the later steps of the kinds have fixed days in October, so nothing is heard after its first
    rows = [
        {**kinds[kind], "char_age_band": age, "service_code": service, "heard_on": min(str(day), "2026-10-01")}
        for kind, age, service, day in zip(picked, ages, served, heard, strict=True)
    ]
    return voices(rows)


def test_a_month_has_every_table_in_the_order_in_which_it_is_read() -> None:
    tables = measure(a_year(1), OCTOBER, AS_OF, POLICY, CALENDAR)
    assert [table.code for table in tables] == [
        "left_out",
        "rates",
        "funnel",
        "answers",
        "time_to_decide",
        "time_to_close",
        "time_to_close_by_service_code",
        "rates_by_service_code",
        "rates_by_channel",
        "rates_by_completed_by",
        "rates_by_char_age_band",
        "participation_by_source_id",
        "closure_by_month",
    ]


def test_only_what_was_heard_in_the_month_is_measured_but_months_go_back_to_the_first() -> None:
    heard = [{**TOLD, "heard_on": day} for day in ("2026-09-30", "2026-10-01", "2026-10-31", "2026-11-01")]
    tables = measure(voices(heard), OCTOBER, AS_OF, POLICY, CALENDAR)
    assert table_of(tables, "rates").figure("heard").count == 2
    assert table_of(tables, "closure_by_month").groups == ("2026-09", "2026-10", "2026-11")


def test_the_order_of_the_rows_makes_no_difference_to_the_figures() -> None:
    table = a_year(2)
    shuffled = table.sample(frac=1, random_state=7)
    first, second = (measure(rows, OCTOBER, AS_OF, POLICY, CALENDAR) for rows in (table, shuffled))
    assert repr(first) == repr(second)
    assert repr(protect(first, POLICY)) == repr(protect(second, POLICY))


@pytest.mark.parametrize("seed", range(4))
def test_what_leaves_passes_the_audit_and_what_came_in_did_not(seed: int) -> None:
    tables = measure(a_year(seed), OCTOBER, AS_OF, POLICY, CALENDAR)
    assert audit(tables, POLICY)
    assert audit(protect(tables, POLICY), POLICY) == []


def test_days_may_be_dates_of_python_too() -> None:
    table = voices([TOLD, HEARD])
    columns = [column for column in table.columns if column.endswith("_on")]
    plain = table.assign(
        **{column: [None if pd.isna(day) else day.date() for day in table[column]] for column in columns}
    )
    assert measure(plain, OCTOBER, AS_OF, POLICY, CALENDAR) == measure(table, OCTOBER, AS_OF, POLICY, CALENDAR)


def test_a_missing_column_is_named() -> None:
    with pytest.raises(NotFound, match="columns are missing: told_on"):
        measure(voices([TOLD]).drop(columns="told_on"), OCTOBER, AS_OF, POLICY, CALENDAR)


def test_the_chart_of_a_protected_report_leaves_hidden_months_out() -> None:
    table = table_of(protect(measure(a_year(3, 200), OCTOBER, AS_OF, POLICY, CALENDAR), POLICY), "closure_by_month")
    months = [row for row in table.rows if row.code == "closed_within_20"]
    hidden = {row.group for row in months if row.suppressed}
    drawn = {point.group for point in chart(table, "closed_within_20").points}
    assert hidden and drawn and not hidden & drawn
