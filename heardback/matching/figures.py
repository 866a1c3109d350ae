"""The field's figures for a ranking and for a probability, each worked out from plain arrays."""

from __future__ import annotations

import numpy as np

BINS = 10


def recall_at(ranks: np.ndarray, depth: int) -> float | None:
    """Share of comments whose right change stands within the first `depth`; `ranks` from 1, inf where not found."""
    return float((ranks <= depth).mean()) if len(ranks) else None


def mean_reciprocal_rank(ranks: np.ndarray) -> float | None:
    """Mean of 1 / rank; a right change that is not found counts 0."""
    return float((1 / ranks).mean()) if len(ranks) else None


def brier(probabilities: np.ndarray, right: np.ndarray) -> float | None:
    """Mean squared distance of the probability from what came true; lower is better."""
    return float(((probabilities - right) ** 2).mean()) if len(right) else None


def calibration_error(probabilities: np.ndarray, right: np.ndarray) -> float | None:
    """Expected calibration error over BINS equal bins: how far stated and observed shares lie apart, by weight."""
    if not len(right):
        return None
    bins = np.minimum((probabilities * BINS).astype(np.int64), BINS - 1)
    gaps = np.bincount(bins, weights=probabilities - right, minlength=BINS)
    return float(np.abs(gaps).sum() / len(right))


def area_under_curve(probabilities: np.ndarray, right: np.ndarray) -> float | None:
    """Chance that a right decision has a higher probability than a wrong one, ties counting half; None without both."""
    positive, negative = np.sort(probabilities[right]), np.sort(probabilities[~right])
    if not len(positive) or not len(negative):
        return None
    below = np.searchsorted(negative, positive, side="left") + np.searchsorted(negative, positive, side="right")
    return float(below.sum() / 2 / (len(positive) * len(negative)))


def average_precision(probabilities: np.ndarray, right: np.ndarray) -> float | None:
    """Area under precision over recall: the mean, over the right ones, of the precision down to each; None without any.

    Equal probabilities share the precision of the whole tie.
    """
    if not right.any():
        return None
    stated = np.unique(-probabilities, return_inverse=True)[1]
    hits, all_ = (np.cumsum(np.bincount(stated, weights=each)) for each in (right.astype(float), np.ones(len(right))))
    return float((np.diff(hits, prepend=0) * hits / all_).sum() / right.sum())
