"""How a change has fared with people: counted before the comment's day alone, and it moves the probability."""

import numpy as np
import pandas as pd
import pytest

from config.policy import MatchingPolicy
from heardback.matching.blocking import Window
from heardback.matching.decision import FEATURES, Judgement
from heardback.matching.labelled import Labelled
from heardback.matching.memory import COLUMNS as LINKS
from heardback.matching.pool import Knowledge, prepare
from heardback.matching.ranking import rank
from heardback.matching.records import COLUMNS, Record
from heardback.matching.replay import judged_in_order
from heardback.matching.suggesting import match
from tests.matching.register import changes, comment, comments

POLICY = MatchingPolicy(ask_at=0.01)
COLD = "the reception felt cold"


def judged(*rows: tuple[str, str]) -> pd.DataFrame:
    return pd.DataFrame(list(rows), columns=COLUMNS, dtype="str")


def test_only_what_was_judged_before_the_day_counts_and_of_that_change_alone() -> None:
    """Day 20,000 is 4 October 2024; a missing day is before every comment."""
    rows = [("A", "2024-10-03"), ("A", "2024-10-04"), ("B", "2024-10-01"), ("B", ""), ("gone", "")]
    record = Record.of(judged(*rows), ["A", "B"])
    assert record.before(np.array([[0, 1, -1]]), np.array([[20_000]])).tolist() == [[1, 2, 0]]
    assert record.before(np.array([0, 1]), np.array(20_001)).tolist() == [2, 2]
    assert record.before(np.array([0]), np.array(2**40)).tolist() == [2]


def test_nothing_judged_counts_nothing() -> None:
    assert Record.of(judged(), ["A"]).before(np.array([0, -1]), np.array(20_000)).tolist() == [0, 0]


def probability(refused: int, upheld: int = 0) -> float:
    links = [(f"o-{n}", "zzz", "C-1", "") for n in range(upheld)]
    knows = Knowledge(
        refused=judged(*[("C-1", "")] * refused), confirmed=pd.DataFrame(links, columns=LINKS, dtype="str")
    )
    return match(comment(COLD), changes(), {}, POLICY, knowledge=knows)[0].probability


def test_each_refusal_makes_a_change_less_likely_and_each_link_more() -> None:
    assert probability(9) < probability(2) < probability(0) < probability(0, upheld=3)


def test_by_hand_a_refusal_takes_ln_2_from_the_log_odds() -> None:
    hand = Judgement.by_hand(with_meaning=True)
    weights = dict(zip(FEATURES, hand.weights, strict=True))
    assert (weights["refused"], weights["upheld"]) == (-1.0, 0.5)
    before, after = (np.log(p / (1 - p)) for p in (probability(0), probability(1)))
    assert before - after == pytest.approx(np.log(2))


def test_it_stands_among_the_reasons_and_in_what_is_learned_from() -> None:
    knows = Knowledge(refused=judged(("C-1", ""), ("C-1", "")))
    found = match(comment(COLD), changes(), {}, POLICY, knowledge=knows)[0]
    assert found.reasons[-1] == "people linked this change 0 times and refused it 2 times before"
    assert found.features[FEATURES.index("refused")] == pytest.approx(np.log(3), abs=1e-6)
    assert sum(part.value for part in found.contributions) == pytest.approx(found.score)


@pytest.mark.parametrize(("right", "refused"), [(set(), [0, 0, 2]), ({"m-0"}, [0, 0, 1])])
def test_replayed_comments_know_the_refusals_before_them_and_no_others(right: set[str], refused: list[int]) -> None:
    """Three say the same; where the change (10 March) is no answer to one of the first two, that day it is known."""
    rows = [(f"m-{n}", "youth", day, COLD) for n, day in enumerate(("2026-02-01", "2026-03-10", "2026-03-12"))]
    said = comments(rows).assign(kind="", group=["a", "b", "c"])
    gold = {row[0]: frozenset({"C-1"} if row[0] in right else ()) for row in rows}
    labelled = Labelled(said, changes(), gold)
    pool = prepare(said, labelled.changes, {}, Window(before=30, after=365))
    (done,) = judged_in_order([pool], [rank(pool)], labelled)
    np.testing.assert_allclose(done.parts["refused"][:, 0], np.log1p(refused))
