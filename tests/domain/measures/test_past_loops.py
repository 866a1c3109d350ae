"""Which loops of a past day a report names, and in what order."""

from collections import Counter
from dataclasses import replace
from datetime import date
from typing import Any

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from heardback.domain.measures.past_loops import (
    COLUMNS,
    PastLoop,
    answered,
    audit_sample,
    closed,
    counted,
    longest_open,
    promises_broken,
    refusals,
    stories,
)
from heardback.domain.measures.period import month
from heardback.domain.words import LoopState

SEPTEMBER = month("2026-09")
OPEN = PastLoop("L-0001", "yjs", "heard", date(2026, 9, 1), 1)
TOLD = replace(
    OPEN, state="told", outcome="done", decided_on=date(2026, 9, 21), told_on=date(2026, 9, 30), change_uid="log:1"
)
PROMISE = replace(TOLD, outcome="will", promise_by=date(2026, 10, 30))
CANNOT = replace(TOLD, outcome="cannot", reason="The lease forbids it.")


def frame(*loops: PastLoop) -> pd.DataFrame:
    """The same loops in columns, as the store hands them over."""
    rows = [{name: getattr(loop, name, None) for name in COLUMNS} for loop in loops]
    table = pd.DataFrame(rows, columns=list(COLUMNS)).assign(has_change=[bool(loop.change_uid) for loop in loops])
    days = [name for name in COLUMNS if name.endswith(("_on", "_by")) or name == "heard_from"]
    return table.assign(**{name: pd.to_datetime(table[name]) for name in days})


def uids(loops: pd.DataFrame) -> list[str]:
    return list(loops["loop_uid"])


def told_of(loops: pd.DataFrame, limit: int = 9) -> list[str]:
    """The first of each service, as a pack tells them."""
    return [uid for best in stories(loops, SEPTEMBER).values() for uid in best[:limit]]


def test_a_loop_is_closed_on_the_later_of_its_decision_and_its_telling() -> None:
    assert TOLD.closed_on == date(2026, 9, 30)
    assert replace(TOLD, told_on=date(2026, 9, 2)).closed_on == date(2026, 9, 21)


def test_a_loop_that_was_told_and_then_decided_anew_is_not_closed() -> None:
    assert replace(TOLD, state="decided").closed_on is None
    assert uids(closed(frame(replace(TOLD, loop_uid="L-9", state="reopened"), TOLD))) == ["L-0001"]


def test_loops_closed_on_the_first_and_the_last_day_of_a_month_belong_to_it() -> None:
    days = [date(2026, 8, 31), date(2026, 9, 1), date(2026, 9, 30), date(2026, 10, 1)]
    loops = frame(*(replace(TOLD, loop_uid=str(day), decided_on=day, told_on=day) for day in days))
    assert uids(closed(loops, SEPTEMBER)) == ["2026-09-01", "2026-09-30"]


def test_what_is_set_aside_is_neither_counted_nor_answered_nor_open() -> None:
    states = ("withheld", "diverted", "not_counted", "withdrawn", "merged")
    aside = frame(*(replace(TOLD, state=state) for state in states))
    assert uids(counted(aside)) == uids(answered(aside)) == longest_open(aside, 9) == []


def test_the_loops_that_have_waited_longest_come_first_and_ties_go_by_number() -> None:
    newer = replace(OPEN, loop_uid="L-0002", heard_from=date(2026, 9, 5))
    twin = replace(newer, loop_uid="L-0003", state="reopened")
    assert longest_open(frame(twin, TOLD, newer, OPEN), 3) == ["L-0001", "L-0002", "L-0003"]
    assert longest_open(frame(twin, newer, OPEN), 1) == ["L-0001"]


def test_a_promise_is_broken_once_its_day_is_over_and_it_was_not_kept() -> None:
    assert promises_broken(frame(PROMISE), date(2026, 10, 30)) == []
    assert promises_broken(frame(PROMISE), date(2026, 10, 31)) == ["L-0001"]
    assert promises_broken(frame(replace(PROMISE, promise_kept_on=date(2026, 11, 9))), date(2026, 11, 10)) == []
    assert promises_broken(frame(replace(PROMISE, state="reopened")), date(2026, 11, 10)) == []
    assert promises_broken(frame(replace(PROMISE, outcome="done")), date(2026, 11, 10)) == []


def test_the_promise_longest_overdue_comes_first() -> None:
    older = replace(PROMISE, loop_uid="L-0002", promise_by=date(2026, 10, 1))
    assert promises_broken(frame(PROMISE, older), date(2026, 11, 10)) == ["L-0002", "L-0001"]


def test_refusals_of_the_month_are_named_the_newest_first() -> None:
    newer = replace(CANNOT, loop_uid="L-0002", decided_on=date(2026, 9, 30))
    earlier_month = replace(CANNOT, loop_uid="L-0003", decided_on=date(2026, 8, 31))
    assert refusals(frame(earlier_month, CANNOT, replace(TOLD, loop_uid="L-7"), newer), SEPTEMBER) == [
        "L-0002",
        "L-0001",
    ]


def test_stories_are_closed_loops_that_rest_on_a_change_service_by_service() -> None:
    loops = [replace(TOLD, loop_uid=f"L-{n}") for n in range(5)]
    no_change = replace(TOLD, loop_uid="L-8", service_code="cla", change_uid="")
    other = replace(TOLD, loop_uid="L-9", service_code="cla")
    assert told_of(frame(*loops, no_change, other, OPEN), 2) == ["L-9", "L-0", "L-1"]


def test_stories_of_the_month_go_before_agreed_ones_and_these_before_those_with_many_voices() -> None:
    before: dict[str, Any] = {"decided_on": date(2026, 8, 1), "told_on": date(2026, 8, 3)}
    agreed = replace(TOLD, loop_uid="L-2", state="agreed", **before)
    loud = replace(TOLD, loop_uid="L-3", voices=40, **before)
    quiet = replace(TOLD, loop_uid="L-4", **before)
    newer = replace(quiet, loop_uid="L-5", told_on=date(2026, 8, 4))
    assert told_of(frame(quiet, loud, agreed, newer, TOLD)) == ["L-0001", "L-2", "L-3", "L-5", "L-4"]


@given(st.permutations([replace(TOLD, loop_uid=f"L-{n}", voices=n % 3, service_code="ab"[n % 2]) for n in range(8)]))
@settings(max_examples=20)
def test_the_order_in_which_loops_are_read_changes_no_story(loops: list[PastLoop]) -> None:
    assert told_of(frame(*loops), 2) == ["L-2", "L-4", "L-5", "L-1"]


@given(st.lists(st.sampled_from([str(state) for state in LoopState])))
@settings(max_examples=30)
def test_every_loop_that_counts_is_either_open_or_answered(states: list[str]) -> None:
    loops = frame(*(replace(TOLD, loop_uid=f"L-{n:04d}", state=state) for n, state in enumerate(states)))
    assert len(counted(loops)) == len(answered(loops)) + len(longest_open(loops, len(loops)))


@given(st.sets(st.integers(1, 9999), max_size=40), st.randoms())
def test_the_sample_depends_on_the_month_and_not_on_who_draws(numbers: set[int], order: Any) -> None:
    closures = [f"L-{number:04d}" for number in sorted(numbers)]
    drawn = audit_sample(closures, "2026-09")
    order.shuffle(closures)
    assert audit_sample(closures, "2026-09") == drawn
    assert len(drawn) == min(10, len(numbers))
    assert set(drawn) <= set(closures)


def test_every_closure_is_about_as_likely_to_be_drawn() -> None:
    closures = [f"L-{number:04d}" for number in range(40)]
    months = [f"{year}-{month:02d}" for year in range(2000, 2040) for month in range(1, 13)]
    counts = Counter(uid for month in months for uid in audit_sample(closures, month))
    assert min(counts.values()) > 90  # 480 months of 10 out of 40: 120 each, give or take 9.5
    assert max(counts.values()) < 150
