"""The four rates, their intervals, and what they leave out."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from heardback.domain.measures.figures import NOT_KNOWN, TOTAL
from heardback.domain.measures.rates import answers, funnel, left_out, rates, wilson
from heardback.domain.measures.voices import steps
from tests.domain.voice_tables import AGREED, DECIDED, HEARD, OWNED, TOLD, many, voices


@pytest.mark.parametrize(
    ("count", "base", "low", "high"),
    [
        (8, 10, 0.4902, 0.9433),  # the usual textbook example
        (81, 263, 0.2553, 0.3662),  # Newcombe 1998, table I, method 3
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_the_interval_is_wilson_s_as_published(count: int, base: int, low: float, high: float) -> None:
    found = wilson(count, base)
    assert (float(found[0]), float(found[1])) == pytest.approx((low, high), abs=5e-5)


def test_there_is_no_interval_without_a_base() -> None:
    low, high = wilson([0, 5], [0, 5])
    np.testing.assert_array_equal(np.isnan(low), [True, False])
    assert high[1] == 1.0


@given(st.integers(1, 5000).flatmap(lambda base: st.tuples(st.integers(0, base), st.just(base))))
def test_the_interval_holds_the_rate_and_stays_between_nought_and_one(pair: tuple[int, int]) -> None:
    low, high = wilson(*pair)
    assert 0 <= low <= pair[0] / pair[1] <= high <= 1


def test_each_step_needs_those_before_it() -> None:
    """
    state      days known                     owned decided closed agreed
    heard      –                              no    no      no     no
    owned      owned                          yes   no      no     no
    decided    owned decided                  yes   yes     no     no
    told       owned decided told             yes   yes     yes    no
    agreed     owned decided told agreed      yes   yes     yes    yes
    """
    flags = steps(voices([HEARD, OWNED, DECIDED, TOLD, AGREED]))
    assert flags.sum(axis=1).tolist() == [0, 1, 2, 3, 4]


def test_a_reopened_loop_is_neither_decided_nor_closed_although_its_old_days_are_known() -> None:
    flags = steps(voices([{**AGREED, "state": "reopened"}, {**AGREED, "state": "owned"}]))
    assert flags[["decided", "closed", "agreed"]].to_numpy().sum() == 0
    assert flags["owned"].all()


def test_a_revised_decision_has_to_be_told_again() -> None:
    revised = steps(voices([{**TOLD, "state": "decided", "decided_on": "2026-10-20"}]))
    assert revised.iloc[0].to_dict() == {"owned": True, "decided": True, "closed": False, "agreed": False}


def test_telling_without_deciding_does_not_close() -> None:
    told_only = steps(voices([{**OWNED, "state": "told", "told_on": "2026-10-08"}]))
    assert told_only.iloc[0].to_dict() == {"owned": True, "decided": False, "closed": False, "agreed": False}


def test_who_decided_has_owned_even_where_no_day_is_known() -> None:
    assert steps(voices([{**DECIDED, "owned_on": None}]))["owned"].tolist() == [True]


def test_rates_count_comments_and_stand_beside_loops() -> None:
    """14 voices in one told loop, 6 in loops of their own, not owned: 14/20 comments are closed, 1/7 loops."""
    table = rates(voices([{**TOLD, "loop_uid": "shared"}] * 14 + [HEARD] * 6))
    closed, loops = table.figure("closed"), table.figure("closed_loops")
    assert (closed.n, closed.count, closed.value) == (20, 14, 0.7)
    assert (loops.n, loops.count) == (7, 1)
    assert (table.figure("heard").count, table.figure("heard_loops").count) == (20, 7)


def test_the_groups_of_a_dimension_add_up_to_the_total_with_not_known_beside() -> None:
    kinds = (
        [{**TOLD, "char_age_band": "4-7"}] * 3
        + [{**HEARD, "char_age_band": ""}] * 2
        + [{**DECIDED, "char_age_band": "11-18"}] * 4
    )
    table = rates(voices(kinds), "char_age_band")
    assert table.groups == (TOTAL, "11-18", "4-7", NOT_KNOWN)
    assert [table.figure("heard", group).count for group in table.groups] == [9, 4, 3, 2]
    assert [table.figure("decided", group).count for group in table.groups] == [7, 4, 3, 0]
    assert table.title == "Rates by age band"


def test_loops_are_not_split_by_what_may_differ_within_one() -> None:
    table = rates(voices([{**TOLD, "char_age_band": "4-7"}]), "char_age_band")
    assert not [row.code for row in table.rows if row.code.endswith("_loops")]


def test_what_is_withheld_diverted_withdrawn_not_counted_or_partial_stays_outside_the_rates() -> None:
    outside = [{**TOLD, "scope": scope} for scope in ("withheld", "diverted", "withdrawn", "not_counted")]
    table = voices([HEARD, TOLD, *outside, {**TOLD, "completion": "partial"}])
    assert rates(table).figure("closed").n == 2
    numbers = {row.group: row.count for row in left_out(table).rows}
    assert numbers == {"": 7, "in": 2, "withheld": 1, "diverted": 1, "withdrawn": 1, "not_counted": 1, "partial": 1}


def test_a_partial_form_that_is_withheld_is_counted_once_as_withheld() -> None:
    numbers = {row.group: row.count for row in left_out(voices([{"scope": "withheld", "completion": "partial"}])).rows}
    assert (numbers["withheld"], numbers["partial"]) == (1, 0)


def test_the_funnel_narrows_from_heard_to_agreed() -> None:
    table = funnel(many(a=(5, HEARD), b=(4, OWNED), c=(3, DECIDED), d=(2, TOLD), e=(1, AGREED)))
    assert [(row.code, row.count) for row in table.rows] == [
        ("heard", 15),
        ("owned", 10),
        ("decided", 6),
        ("closed", 3),
        ("agreed", 1),
    ]


def test_only_promises_whose_date_has_come_are_judged() -> None:
    """Due 1 Nov kept that day: kept. Due 1 Nov kept a day late: broken. Due 1 Nov, open: broken. Due 1 Dec: not yet."""
    promise = {**TOLD, "outcome": "will", "promise_by": "2026-11-01"}
    rows = [
        {**promise, "promise_kept_on": "2026-11-01"},
        {**promise, "promise_kept_on": "2026-11-02"},
        promise,
        {**promise, "promise_by": "2026-12-01", "promise_kept_on": "2026-11-05"},
        TOLD,
    ]
    table = answers(voices(rows), np.datetime64("2026-11-21"))
    assert table.figure("promise_due").count == 3
    assert (table.figure("promise_kept").count, table.figure("promise_kept").n) == (1, 3)


def test_reopened_loops_are_counted_whatever_became_of_them() -> None:
    rows = [{**TOLD, "reopened": True}, {**OWNED, "state": "reopened", "reopened": True}, HEARD]
    assert answers(voices(rows), np.datetime64("2026-11-21")).figure("reopened").count == 2


def test_an_empty_period_has_noughts_and_no_rates() -> None:
    table = rates(voices([]), "service_code")
    closed = table.figure("closed")
    assert (closed.n, closed.count, closed.value, closed.low) == (0, 0, None, None)
    assert table.groups == (TOTAL,)
