"""No small number is shown, and none can be worked out of what is."""

from collections.abc import Mapping
from dataclasses import replace
from itertools import product

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from config.policy import ReportPolicy
from heardback.domain.measures.disclosure import audit, protect
from heardback.domain.measures.figures import TOTAL, Figure, Table, Unit, counted
from heardback.domain.measures.rates import share
from heardback.errors import DisclosureError

POLICY = ReportPolicy()  # counts of 1 to 5, rates on a base under 10


SCOPE = Table(
    "left_out",
    "What the rates leave out",
    (counted("said", 14), counted("said", 12, group="in"), counted("said", 2, group="withheld")),
    "scope",
    "2026-10",
)


def services(counts: Mapping[str, int], code: str = "reopened") -> Table:
    """How many of each service, and their total."""
    rows = [counted(code, sum(counts.values())), *(counted(code, count, group=name) for name, count in counts.items())]
    return Table("by_service", "By service", tuple(rows), "service_code", "2026-10")


def rated(heard: Mapping[str, int], decided: Mapping[str, int]) -> Table:
    """Decided of heard, by service."""
    rows = [share("decided", sum(decided.values()), sum(heard.values()))]
    rows += [share("decided", decided[name], heard[name], group=name) for name in heard]
    return Table("rates_by_service", "Rates", tuple(rows), "service_code", "2026-10")


def shown(table: Table) -> dict[str, int | None]:
    return {row.group: row.count for row in table.rows}


def test_small_counts_are_hidden_and_noughts_are_shown() -> None:
    (table,) = protect([services({"a": 0, "b": 1, "c": 5, "d": 6, "e": 70})], POLICY)
    assert shown(table) == {TOTAL: 82, "a": 0, "b": None, "c": None, "d": 6, "e": 70}
    assert table.figure("reopened", "b").shown_count == "c"


def test_a_single_hidden_count_takes_the_smallest_other_one_with_it() -> None:
    # 82 − 6 − 70 would give away the 3
    (table,) = protect([services({"a": 0, "b": 3, "d": 9, "e": 70})], POLICY)
    assert shown(table) == {TOTAL: 82, "a": 0, "b": None, "d": None, "e": 70}


def test_two_hidden_counts_whose_sum_says_too_much_take_a_third() -> None:
    # 1 + 1 = 2 is known from the total, and two counts of at least 1 can only be 1 and 1
    (table,) = protect([services({"b": 1, "c": 1, "d": 9, "e": 70})], POLICY)
    assert shown(table) == {TOTAL: 81, "b": None, "c": None, "d": None, "e": 70}


def test_where_there_is_no_other_count_the_total_is_hidden() -> None:
    (table,) = protect([services({"a": 0, "b": 3})], POLICY)
    assert shown(table) == {TOTAL: None, "a": 0, "b": None}


def test_without_a_small_count_everything_is_shown() -> None:
    tables = (services({"a": 0, "b": 6}), rated({"a": 10, "b": 30}, {"a": 6, "b": 20}))
    assert protect(tables, POLICY) == tables


def test_a_rate_on_a_small_base_is_hidden_although_its_counts_are_not() -> None:
    (table,) = protect([rated({"a": 9, "b": 10}, {"a": 7, "b": 7})], POLICY)
    few, enough = table.figure("decided", "a"), table.figure("decided", "b")
    assert (few.n, few.count, few.value, few.low, few.suppressed) == (9, 7, None, None, True)
    assert enough.value == 0.7 and not enough.suppressed


def test_a_rate_goes_with_its_count_for_it_would_give_the_count_away() -> None:
    (table,) = protect([rated({"a": 20, "b": 100}, {"a": 3, "b": 60})], POLICY)
    figure = table.figure("decided", "a")
    assert (figure.n, figure.count, figure.value, figure.low, figure.high) == (20, None, None, None, None)


def test_a_median_goes_with_its_small_base() -> None:
    median = Figure("days_to_close", "", "", 4, None, 13.0, 5.0, None, Unit.WORKING_DAYS, base="heard")
    (table,) = protect([Table("time_to_close", "", (median,))], POLICY)
    assert (table.rows[0].n, table.rows[0].value, table.rows[0].low) == (None, None, None)


@pytest.mark.parametrize(("value", "note"), [(13.0, ""), (None, "more than half are still open")])
def test_a_median_goes_with_the_count_of_what_ended_and_with_it_what_its_absence_says(
    value: float | None, note: str
) -> None:
    """Of 20 closed is hidden: that half were closed in 13 days, or fewer than half at all, narrows it down."""
    rates = rated({"a": 20, "b": 100}, {"a": 3, "b": 60})
    closed = rates.with_rows(replace(row, code="closed") for row in rates.rows)
    median = Figure("days_to_close", "", "", 20, None, value, None, None, Unit.WORKING_DAYS, base="heard", note=note)
    rows = (replace(median, group="a"), replace(median, group="b", n=100, value=30.0, note=""))
    times = Table("time_to_close_by_service", "", rows, closed.dimension, closed.population)
    _, shown = protect([closed, times], POLICY)
    hidden, kept = shown.figure("days_to_close", "a"), shown.figure("days_to_close", "b")
    assert (hidden.n, hidden.value, hidden.note, hidden.suppressed) == (20, None, "", True)
    assert kept.suppressed or kept.value == 30.0


def test_a_hidden_count_is_hidden_in_every_table_that_prints_it() -> None:
    first = services({"b": 3, "d": 9, "e": 70})
    second = replace(first, code="again", rows=first.rows[1:])
    assert [shown(table).get("b") for table in protect([first, second], POLICY)] == [None, None]


def test_a_hidden_total_cannot_be_added_up_in_another_table() -> None:
    # by service 3 + 0 makes the total 3; by channel there is the same total, as 0 + 3
    by_channel = replace(services({"sms": 0, "email": 3}), code="by_channel", dimension="channel")
    tables = protect([services({"a": 0, "b": 3}), by_channel], POLICY)
    assert [table.figure("reopened").count for table in tables] == [None, None]


def test_what_is_hidden_as_a_total_is_not_shown_as_a_month() -> None:
    # 14 is hidden because 12 in scope stands beside it, and would leave 2 withheld
    months = Table("months", "", (counted("said", 14, group="2026-10"), counted("said", 9, group="2026-09")), "month")
    left_out, by_month, _ = protect([SCOPE, months, rated({"a": 12}, {"a": 8})], POLICY)
    assert left_out.figure("said").count is None
    assert shown(by_month) == {"2026-10": None, "2026-09": 9}


def test_what_is_in_scope_is_the_base_of_the_rates() -> None:
    # said 14 = in scope 12 + withheld 2: the base 12 stands in every rate, so it is the 14 that goes
    left_out, _ = protect([SCOPE, rated({"a": 12}, {"a": 8})], POLICY)
    assert shown(left_out) == {TOTAL: None, "in": 12, "withheld": None}


def test_a_count_between_two_shown_ones_is_not_left_to_be_squeezed() -> None:
    """
    group   heard  decided  closed        the total of decided is 33, of b alone 30:
    a       20     3        0             a = 33 − 30, so b's decided must go; but then 29 ≤ b ≤ 31
    b       31     30       29            leaves a within 2 to 4, so more of b must go
    """
    rows = []
    for group, heard, decided, closed in ((TOTAL, 51, 33, 29), ("a", 20, 3, 0), ("b", 31, 30, 29)):
        rows.append(share("decided", decided, heard, group=group))
        rows.append(share("closed", closed, heard, group=group, within=("heard", "decided")))
    table = Table("rates_by_service", "", tuple(rows), "service_code", "2026-10")
    only_the_obvious = hide(table, {("decided", "a"), ("decided", "b")})
    assert audit([only_the_obvious], POLICY) == [
        "2026-10 service_code a decided: a hidden count can be worked out too closely"
    ]
    assert audit(protect([table], POLICY), POLICY) == []


def hide(table: Table, cells: set[tuple[str, str]]) -> Table:
    """The table with these counts struck out and nothing else, as by hand."""
    return table.with_rows(
        replace(row, count=None, value=None, low=None, high=None, suppressed=True)
        if (row.code, row.group) in cells
        else row
        for row in table.rows
    )


def test_the_audit_names_small_counts_that_are_shown() -> None:
    assert audit([services({"b": 3, "d": 9, "e": 70})], POLICY) == [
        "2026-10 service_code b reopened: a small count is shown"
    ]


def test_the_audit_names_a_hidden_count_that_can_be_subtracted() -> None:
    struck = hide(services({"b": 3, "d": 9, "e": 70}), {("reopened", "b")})
    assert audit([struck], POLICY) == ["2026-10 service_code b reopened: a hidden count can be worked out too closely"]


def test_the_audit_is_content_where_only_a_large_count_can_be_worked_out() -> None:
    assert audit([hide(services({"b": 30, "d": 9, "e": 70}), {("reopened", "b")})], POLICY) == []


def test_figures_that_contradict_one_another_are_refused() -> None:
    with pytest.raises(DisclosureError, match="differently") as refused:
        protect([services({"a": 8}), replace(services({"a": 8, "b": 7}), code="other")], POLICY)
    assert refused.value.cells == ("2026-10 reopened",)
    impossible = hide(services({"a": 8, "b": 7}), {("reopened", "b")})
    smaller = impossible.with_rows([replace(impossible.rows[0], count=3), *impossible.rows[1:]])
    with pytest.raises(DisclosureError, match="contradict"):
        audit([smaller], POLICY)


@given(st.lists(st.integers(0, 12), min_size=1, max_size=7))
@settings(max_examples=60, deadline=None)
def test_no_count_can_be_subtracted_out_of_any_one_dimensional_table(counts: list[int]) -> None:
    """k hidden counts of at least 1 that sum to S can each be anything from 1 to S − k + 1: a width of S − k."""
    (table,) = protect([services({f"s{i}": count for i, count in enumerate(counts)})], POLICY)
    groups = [row for row in table.rows if row.group != TOTAL]
    hidden = [row for row in groups if row.count is None]
    assert all(row.count == 0 or (row.count or 6) >= 6 for row in table.rows)
    total = table.figure("reopened").count
    if hidden and total is not None:
        rest = total - sum(row.count or 0 for row in groups)
        assert rest - len(hidden) >= 4


@given(st.lists(st.tuples(st.integers(0, 7), st.integers(0, 7)), min_size=2, max_size=2))
@example([(3, 1), (7, 1)])
@settings(max_examples=15, deadline=None)
def test_trying_every_possible_table_pins_no_small_count_down(groups: list[tuple[int, int]]) -> None:
    """The reader's attack by brute force instead of linear programmes, over every pair of counts up to the total."""
    heard = {f"s{i}": decided + more for i, (decided, more) in enumerate(groups)}
    decided = {f"s{i}": count for i, (count, _) in enumerate(groups)}
    (table,) = protect([rated(heard, decided)], POLICY)
    for which in ("n", "count"):
        for row in (row for row in table.rows if row.group != TOTAL and getattr(row, which) is None):
            values = possible(table, row.group, which)
            assert max(values) - min(values) >= 4 or min(values) >= 6


def possible(table: Table, group: str, which: str) -> set[int]:
    """The values of one hidden number in every table that agrees with what is shown."""
    parts = [row for row in table.rows if row.group != TOTAL]
    whole = table.figure("decided")
    place = [row.group for row in parts].index(group)
    most = 31 if whole.n is None else whole.n + 1
    pairs = [
        [
            (n, count)
            for n in ([row.n] if row.n is not None else range(1, most))
            for count in ([row.count] if row.count is not None else range(1, most))
            if count <= n
        ]
        for row in parts
    ]
    return {
        chosen[place][which == "count"]
        for chosen in product(*pairs)
        if whole.n in (None, sum(n for n, _ in chosen)) and whole.count in (None, sum(count for _, count in chosen))
    }


def test_protecting_twice_changes_nothing_more() -> None:
    once = protect([rated({"a": 20, "b": 31, "c": 4}, {"a": 3, "b": 30, "c": 2})], POLICY)
    assert protect(once, POLICY) == once


def test_a_council_may_set_its_own_thresholds() -> None:
    (table,) = protect([services({"a": 8, "b": 9, "c": 40})], ReportPolicy(small_count=10))
    assert shown(table) == {TOTAL: 57, "a": None, "b": None, "c": 40}
