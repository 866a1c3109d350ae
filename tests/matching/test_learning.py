"""A judgement learned from people: it fits, it leans on the hand's, and it must do better on what it has not seen."""

from dataclasses import replace

import numpy as np
import pytest

from heardback.matching.decision import FEATURES, Judgement
from heardback.matching.learning import LEAST_JUDGED, Judged, fit, held_back_losses, learn

HAND = Judgement.by_hand(with_meaning=True)


def drawn(size: int, seed: int = 1, *, says: bool = True) -> Judged:
    """Rows in which "meaning" alone says who is right, as a logistic of 12 · (meaning − ½); or nothing says it."""
    dice = np.random.default_rng(seed)
    rows = dice.uniform(0, 1, (size, len(FEATURES)))
    likely = 1 / (1 + np.exp(-12 * (rows[:, 0] - 0.5))) if says else np.full(size, 0.5)
    return Judged(rows, dice.random(size) < likely, np.arange(size).astype(str))


def test_the_fit_is_where_the_slope_of_what_it_minimises_is_nothing() -> None:
    judged = drawn(400)
    found = fit(judged, HAND, "v")
    spread = judged.features.std(axis=0) + 1e-6
    likely = 1 / (1 + np.exp(-(found.constant + judged.features @ np.array(found.weights))))
    pull = (np.array(found.weights) - np.array(HAND.weights)) * spread
    slope = ((likely - judged.right)[:, None] * judged.features / spread).sum(axis=0) + 3 * pull
    np.testing.assert_allclose(slope, 0, atol=1e-5)


def test_it_finds_what_says_who_is_right() -> None:
    found = fit(drawn(4000), HAND, "v")
    assert found.weights[0] == pytest.approx(12, rel=0.25)
    assert (found.version, found.judged) == ("v", 4000)


def test_a_few_rows_move_it_little_from_the_hand() -> None:
    few = fit(drawn(5), HAND, "v")
    many = fit(drawn(2000), HAND, "v")
    away = [np.abs(np.array(each.weights) - np.array(HAND.weights)).sum() for each in (few, many)]
    assert away[0] < away[1]


def test_it_is_kept_only_where_it_does_better_on_what_it_has_not_seen() -> None:
    better, before, after = learn(drawn(300), HAND, HAND, "new")
    assert (better.version, after < before) == ("new", True)
    present = replace(fit(drawn(3000, seed=2), HAND, "present"), judged=0)
    stays, before, after = learn(drawn(80), present, HAND, "new")
    assert (stays, after >= before) == (present, True)


def test_with_too_few_judgements_or_groups_the_present_one_stays() -> None:
    assert learn(drawn(LEAST_JUDGED - 1), HAND, HAND, "new")[0] is HAND
    one_group = Judged(drawn(100).features, drawn(100).right, np.full(100, "same"))
    assert learn(one_group, HAND, HAND, "new")[0] is HAND


def test_both_are_measured_on_what_came_after_the_present_one_was_made() -> None:
    """The first 200 rows say the opposite of the last 100: only the last count, and none without them."""
    first, last = drawn(200), drawn(100, seed=9)
    rows, right = np.vstack([first.features, last.features]), np.r_[~first.right, last.right]
    both = Judged(rows, right, np.arange(300).astype(str))
    present = replace(fit(drawn(3000, seed=2), HAND, "present"), judged=200)
    alone, _ = held_back_losses(last, replace(present, judged=0), HAND)
    assert held_back_losses(both, present, HAND)[0] == pytest.approx(alone)
    assert learn(both, replace(present, judged=300), HAND, "new")[0].version == "present"


def test_rows_of_one_group_are_never_on_both_sides() -> None:
    """Each group's rows are alike and right or wrong at random: whoever saw a row of it would seem to know."""
    dice = np.random.default_rng(5)
    group = np.repeat(np.arange(40), 5)
    rows = dice.standard_normal((40, len(FEATURES)))[group] * 3
    judged = Judged(rows, (dice.random(40) < 0.5)[group], group.astype(str))
    assert held_back_losses(judged, HAND, HAND)[1] > np.log(2)
