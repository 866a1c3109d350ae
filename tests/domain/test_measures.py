"""All tables of a month, and what is said of them first."""

from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest

from config.policy import ReportPolicy
from heardback.domain.control_chart import Chart, Limits, Point, chart
from heardback.domain.deadlines import england
from heardback.domain.disclosure import audit, protect
from heardback.domain.figures import TOTAL, Table, table_of
from heardback.domain.measures import answer_in_one_sentence, measure
from heardback.domain.period import month
from heardback.domain.rates import share
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


CLOSED = share("closed", 84, 120)
SERVICES = Table(
    "rates_by_service_code",
    "",
    (CLOSED, share("closed", 8, 40, group="transport"), share("closed", 76, 80, group="housing")),
    "service_code",
)
FIXED = Limits(0.5, 0.4, 0.6, provisional=False)
STEADY = Chart("Closed within 20 working days", (Point("2026-09", 0.5),), FIXED)


def test_the_answer_comes_in_one_sentence() -> None:
    # Wilson for 8 of 40: 0.1050 to 0.3476
    assert answer_in_one_sentence(OCTOBER, CLOSED, SERVICES, STEADY, {"transport": "Transport"}) == (
        "Of 120 comments heard in October 2026, 84 (70%) have been decided on and people told; "
        "Transport is lowest at 20% (10% to 35%); "
        "by the control chart rule, closed within 20 working days shows no change."
    )


@pytest.mark.parametrize(("up", "said"), [(True, "is better than before."), (False, "is worse than before.")])
def test_a_signal_is_said_as_better_or_worse(up: bool, said: str) -> None:
    signalled = replace(STEADY, points=(Point("2026-09", 0.7, ("outside the limits",), up),))
    assert answer_in_one_sentence(OCTOBER, CLOSED, SERVICES, signalled).endswith(said)


def test_too_few_months_are_no_ground_for_a_verdict() -> None:
    sentence = answer_in_one_sentence(OCTOBER, CLOSED, SERVICES, replace(STEADY, limits=None))
    assert sentence.endswith("it is too early to tell whether closed within 20 working days has changed.")


def test_no_service_is_singled_out_where_all_are_alike_or_hidden() -> None:
    level = SERVICES.with_rows([CLOSED, share("closed", 8, 40, group="a"), share("closed", 16, 80, group="b")])
    hidden = SERVICES.with_rows([replace(row, value=None, suppressed=row.group != TOTAL) for row in SERVICES.rows])
    for table in (level, hidden):
        assert "lowest" not in answer_in_one_sentence(OCTOBER, CLOSED, table, STEADY)


def test_services_that_share_the_lowest_rate_are_named_together() -> None:
    rows = [CLOSED, *(share("closed", 8, 40, group=name) for name in ("a", "b")), share("closed", 40, 40, group="c")]
    assert "a and b are lowest at 20%;" in answer_in_one_sentence(OCTOBER, CLOSED, SERVICES.with_rows(rows), STEADY)


@pytest.mark.parametrize(
    ("closed", "start"),
    [
        (share("closed", 0, 0), "No comments in scope were heard in October 2026;"),
        (replace(CLOSED, n=None, count=None, value=None), "Too few comments were heard in October 2026"),
        (replace(CLOSED, count=None, value=None), "Of 120 comments heard in October 2026, how many have been"),
        (replace(CLOSED, n=8, count=7, value=None), "Of 8 comments heard in October 2026, 7 have been decided on"),
    ],
)
def test_the_sentence_never_says_what_is_hidden(closed: object, start: str) -> None:
    assert answer_in_one_sentence(OCTOBER, closed, SERVICES, STEADY).startswith(start)  # type: ignore[arg-type]


def test_the_chart_of_a_protected_report_leaves_hidden_months_out() -> None:
    table = table_of(protect(measure(a_year(3, 200), OCTOBER, AS_OF, POLICY, CALENDAR), POLICY), "closure_by_month")
    months = [row for row in table.rows if row.code == "closed_within_20"]
    hidden = {row.group for row in months if row.suppressed}
    drawn = {point.group for point in chart(table, "closed_within_20").points}
    assert hidden and drawn and not hidden & drawn
