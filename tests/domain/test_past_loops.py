"""Which loops of a past day a report names, and in what order."""

from dataclasses import replace
from datetime import date
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from heardback.domain.past_loops import (
    PastLoop,
    answered,
    closed,
    counted,
    longest_open,
    promises_broken,
    refusals,
    stories,
)
from heardback.domain.period import month
from heardback.domain.words import LoopState

SEPTEMBER = month("2026-09")
OPEN = PastLoop("L-0001", "yjs", "heard", date(2026, 9, 1), 1)
TOLD = replace(
    OPEN, state="told", outcome="done", decided_on=date(2026, 9, 21), told_on=date(2026, 9, 30), change_uid="log:1"
)
PROMISE = replace(TOLD, outcome="will", promise_by=date(2026, 10, 30))
CANNOT = replace(TOLD, outcome="cannot", reason="The lease forbids it.")


def uids(loops: list[PastLoop]) -> list[str]:
    return [loop.loop_uid for loop in loops]


def test_a_loop_is_closed_on_the_later_of_its_decision_and_its_telling() -> None:
    assert TOLD.closed_on == date(2026, 9, 30)
    assert replace(TOLD, told_on=date(2026, 9, 2)).closed_on == date(2026, 9, 21)


def test_a_loop_that_was_told_and_then_decided_anew_is_not_closed() -> None:
    assert replace(TOLD, state="decided").closed_on is None
    assert closed([replace(TOLD, state="reopened"), TOLD]) == [TOLD]


def test_loops_closed_on_the_first_and_the_last_day_of_a_month_belong_to_it() -> None:
    days = [date(2026, 8, 31), date(2026, 9, 1), date(2026, 9, 30), date(2026, 10, 1)]
    loops = [replace(TOLD, loop_uid=str(day), decided_on=day, told_on=day) for day in days]
    assert uids(closed(loops, SEPTEMBER)) == ["2026-09-01", "2026-09-30"]


def test_what_is_set_aside_is_neither_counted_nor_answered_nor_open() -> None:
    aside = [replace(TOLD, state=state) for state in ("withheld", "diverted", "not_counted", "withdrawn", "merged")]
    assert counted(aside) == answered(aside) == longest_open(aside, 9) == []


def test_the_loops_that_have_waited_longest_come_first_and_ties_go_by_number() -> None:
    newer = replace(OPEN, loop_uid="L-0002", heard_from=date(2026, 9, 5))
    twin = replace(newer, loop_uid="L-0003", state="reopened")
    assert uids(longest_open([twin, TOLD, newer, OPEN], 3)) == ["L-0001", "L-0002", "L-0003"]
    assert uids(longest_open([twin, newer, OPEN], 1)) == ["L-0001"]


def test_a_promise_is_broken_once_its_day_is_over_and_it_was_not_kept() -> None:
    assert promises_broken([PROMISE], date(2026, 10, 30)) == []
    assert promises_broken([PROMISE], date(2026, 10, 31)) == [PROMISE]
    assert promises_broken([replace(PROMISE, promise_kept_on=date(2026, 11, 9))], date(2026, 11, 10)) == []
    assert promises_broken([replace(PROMISE, state="reopened")], date(2026, 11, 10)) == []


def test_the_promise_longest_overdue_comes_first() -> None:
    older = replace(PROMISE, loop_uid="L-0002", promise_by=date(2026, 10, 1))
    assert uids(promises_broken([PROMISE, older], date(2026, 11, 10))) == ["L-0002", "L-0001"]


def test_refusals_of_the_month_are_named_the_newest_first() -> None:
    newer = replace(CANNOT, loop_uid="L-0002", decided_on=date(2026, 9, 30))
    earlier_month = replace(CANNOT, loop_uid="L-0003", decided_on=date(2026, 8, 31))
    assert uids(refusals([earlier_month, CANNOT, TOLD, newer], SEPTEMBER)) == ["L-0002", "L-0001"]


def test_stories_are_closed_loops_that_rest_on_a_change_at_most_so_many_of_a_service() -> None:
    loops = [replace(TOLD, loop_uid=f"L-{n}") for n in range(5)]
    no_change = replace(TOLD, loop_uid="L-8", service_code="cla", change_uid="")
    other = replace(TOLD, loop_uid="L-9", service_code="cla")
    assert uids(stories([*loops, no_change, other, OPEN], SEPTEMBER, 2)) == ["L-9", "L-0", "L-1"]


def test_stories_of_the_month_go_before_agreed_ones_and_these_before_those_with_many_voices() -> None:
    before: dict[str, Any] = {"decided_on": date(2026, 8, 1), "told_on": date(2026, 8, 3)}
    agreed = replace(TOLD, loop_uid="L-2", state="agreed", **before)
    loud = replace(TOLD, loop_uid="L-3", voices=40, **before)
    quiet = replace(TOLD, loop_uid="L-4", **before)
    assert uids(stories([quiet, loud, agreed, TOLD], SEPTEMBER, 4)) == ["L-0001", "L-2", "L-3", "L-4"]


@given(st.permutations([replace(TOLD, loop_uid=f"L-{n}", voices=n % 3, service_code="ab"[n % 2]) for n in range(8)]))
def test_the_order_in_which_loops_are_read_changes_no_story(loops: list[PastLoop]) -> None:
    assert uids(stories(loops, SEPTEMBER, 2)) == ["L-2", "L-4", "L-5", "L-1"]


@given(st.lists(st.sampled_from([str(state) for state in LoopState])))
def test_every_loop_that_counts_is_either_open_or_answered(states: list[str]) -> None:
    loops = [replace(TOLD, loop_uid=f"L-{n:04d}", state=state) for n, state in enumerate(states)]
    assert len(counted(loops)) == len(answered(loops)) + len(longest_open(loops, len(loops)))
