"""The field's figures, each against a value worked out by hand."""

import numpy as np
import pytest

from heardback.matching.figures import area_under_curve, brier, calibration_error, mean_reciprocal_rank, recall_at

NOTHING = np.array([])
NO_ANSWER = np.array([], dtype=bool)


def test_recall_counts_the_comments_whose_answer_stands_high_enough() -> None:
    ranks = np.array([1, 2, 4, np.inf])
    assert [recall_at(ranks, depth) for depth in (1, 3, 5)] == [0.25, 0.5, 0.75]
    assert mean_reciprocal_rank(ranks) == pytest.approx((1 + 1 / 2 + 1 / 4 + 0) / 4)


def test_the_brier_score_is_a_mean_of_squares() -> None:
    assert brier(np.array([0.8, 0.4]), np.array([True, False])) == pytest.approx((0.04 + 0.16) / 2)


def test_calibration_is_judged_bin_by_bin() -> None:
    """Bin .7–.8: stated .75, came true in 1 of 2. Bin .1–.2: stated .1, came true in 0 of 2."""
    stated, right = np.array([0.7, 0.8 - 1e-9, 0.1, 0.1]), np.array([True, False, False, False])
    assert calibration_error(stated, right) == pytest.approx(0.5 * 0.25 + 0.5 * 0.1, abs=1e-6)


def test_certainty_that_comes_true_is_perfectly_calibrated() -> None:
    assert calibration_error(np.array([1.0, 0.0]), np.array([True, False])) == 0


def test_the_area_counts_pairs_in_order_and_half_the_ties() -> None:
    stated, right = np.array([0.9, 0.5, 0.5, 0.1]), np.array([True, True, False, False])
    assert area_under_curve(stated, right) == (1 + 1 + 0.5 + 1) / 4


def test_without_cases_there_is_no_figure() -> None:
    assert [recall_at(NOTHING, 1), mean_reciprocal_rank(NOTHING)] == [None, None]
    assert [brier(NOTHING, NO_ANSWER), calibration_error(NOTHING, NO_ANSWER)] == [None, None]
    assert area_under_curve(np.array([0.3, 0.4]), np.array([True, True])) is None
