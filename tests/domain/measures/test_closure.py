"""Closure within so many working days, by month heard."""

from datetime import date

import pytest

from heardback.domain.deadlines import england
from heardback.domain.measures.closure import IMMATURE, closure_by_month
from tests.domain.voice_tables import HEARD, TOLD, voices

CALENDAR = england(2025, 2027)
WITHIN = (10, 20, 40)


def test_a_comment_counts_where_it_was_closed_within_the_days() -> None:
    """
    heard Thu 1 Oct; the 10th working day is Thu 15 Oct, the 20th Thu 29 Oct, the 40th Thu 26 Nov
    told 15 Oct: within 10, 20, 40 · 16 Oct: 20, 40 · 30 Oct: 40 · not told: none
    """
    rows = [{**TOLD, "told_on": day} for day in ("2026-10-15", "2026-10-16", "2026-10-30")]
    table = closure_by_month(voices([*rows, HEARD]), date(2026, 12, 31), WITHIN, CALENDAR)
    october = {row.code: (row.count, row.n) for row in table.rows if row.group == "2026-10"}
    assert october == {"closed_within_10": (1, 4), "closed_within_20": (2, 4), "closed_within_40": (3, 4)}


@pytest.mark.parametrize(
    ("as_of", "immature"),
    [
        # the last day of October is Saturday 31st: the 10th working day after it is Friday 13 November
        (date(2026, 11, 12), ["closed_within_10", "closed_within_20", "closed_within_40"]),
        (date(2026, 11, 13), ["closed_within_20", "closed_within_40"]),
        (date(2026, 11, 27), ["closed_within_40"]),
        (date(2026, 12, 29), []),  # 20 from 30 Nov, with 25 and 28 December shut: 40th is the 29th
    ],
)
def test_a_month_is_immature_until_its_last_day_is_old_enough(as_of: date, immature: list[str]) -> None:
    table = closure_by_month(voices([TOLD]), as_of, WITHIN, CALENDAR)
    assert [row.code for row in table.rows if row.group == "2026-10" and row.note == IMMATURE] == immature


def test_a_month_in_which_nothing_was_heard_stands_in_its_place() -> None:
    table = closure_by_month(
        voices([{"heard_on": "2026-08-31"}, {"heard_on": "2026-10-01"}]), date(2026, 11, 1), (10,), CALENDAR
    )
    assert [(row.group, row.n, row.value) for row in table.rows] == [
        ("2026-08", 1, 0.0),
        ("2026-09", 0, None),
        ("2026-10", 1, 0.0),
        ("2026-11", 0, None),
    ]


def test_without_voices_there_is_the_month_itself() -> None:
    table = closure_by_month(voices([]), date(2026, 11, 1), (10,), CALENDAR)
    assert [(row.group, row.n, row.count) for row in table.rows] == [("2026-11", 0, 0)]


def test_what_is_out_of_scope_is_no_part_of_it() -> None:
    table = closure_by_month(voices([{**TOLD, "scope": "withheld"}, TOLD]), date(2026, 10, 31), (10,), CALENDAR)
    assert table.figure("closed_within_10", "2026-10").n == 1
