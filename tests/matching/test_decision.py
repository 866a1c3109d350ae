"""A probability that falls when rivals rise, and the council's two thresholds."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.policy import MatchingPolicy
from heardback.matching.decision import Band, band_of, probabilities
from heardback.matching.scoring import service_parts, wait_parts

NONE = -np.inf


def test_an_ordinary_score_among_its_equals_is_right_once_in_twenty() -> None:
    assert probabilities(np.full((1, 6), 0.1))[0, 0] == pytest.approx(0.05)


def test_a_score_without_rivals_is_the_one_worked_out_by_hand() -> None:
    log_odds = math.log(0.05 / 0.95) + 1.1 * math.log(0.2 / 0.1) + 3.95 * (0.2 - 0.01) / 0.2
    assert probabilities(np.array([[0.2, NONE]]))[0, 0] == pytest.approx(1 / (1 + math.exp(-log_odds)))


def test_each_candidate_is_held_against_the_best_five_others() -> None:
    scores = np.array([[0.5, 0.4, 0.3, 0.2, 0.1, 0.05, 0.04]])
    sixth_and_seventh_alone_changed = np.array([[0.5, 0.4, 0.3, 0.2, 0.1, 0.05, 0.01]])
    np.testing.assert_array_equal(probabilities(scores)[0, :6], probabilities(sixth_and_seventh_alone_changed)[0, :6])
    others_of_the_second = (0.5 + 0.3 + 0.2 + 0.1 + 0.05) / 5
    log_odds = math.log(0.05 / 0.95) + 1.1 * math.log(4) + 3.95 * (0.4 - others_of_the_second) / 0.4
    assert probabilities(scores)[0, 1] == pytest.approx(1 / (1 + math.exp(-log_odds)))


def test_where_there_is_no_candidate_there_is_no_probability() -> None:
    assert probabilities(np.array([[NONE, NONE]])).tolist() == [[0, 0]]


def test_a_score_below_nothing_is_all_but_impossible() -> None:
    assert 0 < probabilities(np.array([[-0.1, NONE]]))[0, 0] < 0.25


@given(st.lists(st.floats(-0.3, 1.0), min_size=1, max_size=9))
def test_probabilities_keep_the_order_of_the_scores(drawn: list[float]) -> None:
    scores = np.array([sorted(drawn, reverse=True)])
    stated = probabilities(scores)[0]
    assert ((stated > 0) & (stated < 1)).all()
    assert (np.diff(stated) <= 1e-12).all()


@given(st.floats(0.05, 1.0), st.floats(0.0, 1.0))
def test_a_stronger_rival_never_makes_the_first_likelier(best: float, share: float) -> None:
    with_rival = probabilities(np.array([[best, best * share]]))[0, 0]
    assert with_rival <= probabilities(np.array([[best, NONE]]))[0, 0] + 1e-12


@pytest.mark.parametrize(
    ("probability", "expected"),
    [(0.0, Band.NOTHING), (0.349, Band.NOTHING), (0.35, Band.ASK), (0.649, Band.ASK), (0.65, Band.SUGGEST)],
)
def test_the_band_follows_the_councils_thresholds(probability: float, expected: Band) -> None:
    assert band_of(probability, MatchingPolicy(suggest_at=0.65, ask_at=0.35)) is expected


def test_waiting_and_strange_services_only_ever_take_away() -> None:
    assert wait_parts(np.array([0, 365, -365])).tolist() == [0, -0.05, -0.05]
    parts = service_parts(np.arange(5))
    assert (parts <= 0).all()
    assert parts.argmin() == 4
