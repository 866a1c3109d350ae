"""A probability that falls when rivals rise, and the council's two thresholds."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.policy import MatchingPolicy
from heardback.matching.decision import BY_HAND, FEATURES, PRIOR, Band, Judgement, band_of, features
from heardback.matching.scoring import service_parts, wait_parts

NONE = -np.inf
HAND = Judgement.by_hand(with_meaning=False)


def parts(scores: np.ndarray) -> dict[str, np.ndarray]:
    """Scores that come from shared words alone."""
    nothing = np.zeros(scores.shape)
    rest = dict.fromkeys(
        ("whole", "sentence", "examples", "memory", "wait", "service", "against", "upheld", "refused"), nothing
    )
    return rest | {"words": np.where(scores > NONE, scores, 0)}


def likely(*rows: list[float]) -> np.ndarray:
    scores = np.array(rows)
    return HAND.probabilities(scores, parts(scores))


def test_an_ordinary_score_among_its_equals_is_right_once_in_twenty() -> None:
    assert PRIOR == 0.05
    assert likely([BY_HAND[False]["ordinary"]] * 6)[0, 0] == pytest.approx(0.05)


def test_a_score_without_rivals_is_the_one_worked_out_by_hand() -> None:
    """0.3 in words; five rivals that are not there count −0.2 each, so it stands 0.5 above them and the next."""
    log_odds = math.log(0.05 / 0.95) + 5.0 * (0.3 + 0.12) + 2.1 * 0.5 + 4.5 * 0.5
    assert likely([0.3, NONE])[0, 0] == pytest.approx(1 / (1 + math.exp(-log_odds)))


def test_each_candidate_is_held_against_the_best_five_others_and_the_next() -> None:
    scores = np.array([[0.5, 0.4, 0.3, 0.2, 0.1, 0.05]])
    found = features(scores, parts(scores))[0]
    above_rivals, above_next = FEATURES.index("above_rivals"), FEATURES.index("above_next")
    assert found[0, [above_rivals, above_next]] == pytest.approx([0.5 - 1.05 / 5, 0.1])
    assert found[1, [above_rivals, above_next]] == pytest.approx([0.4 - 1.15 / 5, -0.1])


def test_where_there_is_no_candidate_there_is_no_probability() -> None:
    assert likely([NONE, NONE]).tolist() == [[0, 0]]


@given(st.lists(st.floats(-0.3, 1.5), min_size=1, max_size=6))
def test_probabilities_keep_the_order_of_the_scores(drawn: list[float]) -> None:
    stated = likely(sorted(drawn, reverse=True))[0]
    assert ((stated > 0) & (stated < 1)).all()
    assert (np.diff(stated) <= 1e-12).all()


@given(st.floats(0.05, 1.0), st.floats(0.0, 1.0))
def test_a_stronger_rival_never_makes_the_first_likelier(best: float, share: float) -> None:
    assert likely([best, best * share])[0, 0] <= likely([best, NONE])[0, 0] + 1e-12


@pytest.mark.parametrize(
    ("probability", "expected"),
    [(0.0, Band.NOTHING), (0.349, Band.NOTHING), (0.35, Band.ASK), (0.649, Band.ASK), (0.65, Band.SUGGEST)],
)
def test_the_band_follows_the_councils_thresholds(probability: float, expected: Band) -> None:
    assert band_of(probability, MatchingPolicy(suggest_at=0.65, ask_at=0.35)) is expected


def test_waiting_and_strange_services_only_ever_take_away() -> None:
    assert wait_parts(np.array([0, 365, -365])).tolist() == [0, -0.1, -0.1]
    taken = service_parts(np.arange(5))
    assert (taken <= 0).all()
    assert taken.argmin() == 4
