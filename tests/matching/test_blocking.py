"""What may answer at all: time runs one way, and services stand nearer or farther."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from config.policy import MatchingPolicy
from heardback.matching.blocking import NEVER_CHANGED, NEVER_HEARD, Relation, Services, Window, day_numbers, relate

RELATIVES = {"youth": ("yjs",), "cla": ()}


def test_the_policy_looks_forward_only_and_to_the_last_day() -> None:
    window = Window.of(MatchingPolicy(window_days=30))
    assert window.holds(np.array([-1, 0, 1, 30, 31])).tolist() == [False, True, True, True, False]


def test_a_window_may_look_back_when_it_is_told_to() -> None:
    assert Window(before=2, after=0).holds(np.array([-3, -2, 0, 1])).tolist() == [False, True, True, False]


def test_days_are_read_from_texts_dates_and_instants_alike() -> None:
    column = pd.Series(["1970-01-02", dt.date(1970, 1, 3), pd.Timestamp("1970-01-04 13:00")], dtype=object)
    assert day_numbers(column, missing=-1).tolist() == [1, 2, 3]


def test_a_missing_or_unreadable_date_is_the_day_that_stands_for_none() -> None:
    assert day_numbers(pd.Series([None, "", "soon"], dtype=object), missing=-1).tolist() == [-1, -1, -1]


@pytest.mark.parametrize("heard", [NEVER_HEARD, 20_000])
def test_no_window_holds_a_pair_without_both_dates(heard: int) -> None:
    widest = Window(before=10**6, after=10**6)
    assert not widest.holds(np.array([NEVER_CHANGED - heard]))
    assert not widest.holds(np.array([20_000 - NEVER_HEARD]))


@pytest.mark.parametrize(
    ("said", "done", "expected"),
    [
        ("youth", "youth", Relation.SAME),
        ("youth", "all", Relation.EVERY),
        ("youth", "All ", Relation.EVERY),
        ("youth", "yjs", Relation.RELATIVE),
        ("yjs", "youth", Relation.RELATIVE),
        ("youth", "police", Relation.OTHER),
        ("cla", "youth", Relation.OTHER),
        ("", "police", Relation.UNKNOWN),
        ("unmapped", "police", Relation.UNKNOWN),
        ("all", "police", Relation.UNKNOWN),
        ("youth", "", Relation.UNKNOWN),
    ],
)
def test_services_stand_to_each_other(said: str, done: str, expected: Relation) -> None:
    assert relate(said, done, RELATIVES) is expected


def test_a_batch_of_services_is_related_pair_by_pair() -> None:
    said, done = pd.Series(["youth", None, "cla"]), pd.Series(["police", "youth", "all"])
    services = Services.of(said, done, RELATIVES)
    table = services.between(np.arange(3)[:, None], np.arange(3)[None, :])
    expected = [[relate(one or "", other, RELATIVES) for other in done] for one in ("youth", "", "cla")]
    assert table.tolist() == expected
