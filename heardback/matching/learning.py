"""What people judged, made into a better judgement: a small logistic regression that leans on the one by hand.

    minimise  Σ log loss + ½ · LEANING · |weights − those by hand|², each weight times its feature's spread

It is fitted anew on every batch of judgements and kept only if it does better than the present one on judgements that
it was not fitted on.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from heardback.matching.decision import Judgement

LEAST_JUDGED = 60
LEANING, FREE = 3.0, 1e-6  # the constant follows the judgements freely
PARTS = 5  # four to fit on, one to measure on, in turn
STEPS, PRECISE = 60, 1e-9


@dataclass(frozen=True)
class Judged:
    """The best candidate of each judged comment: `features` one row each, `right` whether a person agreed, and `group`
    which comments belong together and must not be split. In the order in which they were judged.
    """

    features: np.ndarray
    right: np.ndarray
    group: np.ndarray

    def where(self, rows: np.ndarray) -> Judged:
        """Those rows alone: a mask of them, or their places in another order."""
        return Judged(self.features[rows], self.right[rows], self.group[rows])


def fit(judged: Judged, hand: Judgement, version: str) -> Judgement:
    """The judgement that fits best, leaning on `hand`; Newton's steps on at most a few thousand rows."""
    spread = np.r_[judged.features.std(axis=0) + 1e-6, 1.0]
    rows = np.hstack([judged.features, np.ones((len(judged.right), 1))]) / spread
    start = np.array([*hand.weights, hand.constant]) * spread
    weights, lean = start.copy(), LEANING * np.r_[np.ones(len(start) - 1), FREE]

    def cost(tried: np.ndarray) -> float:
        surprise = np.logaddexp(0, np.where(judged.right, -1, 1) * (rows @ tried)).sum()
        return float(surprise + (lean * (tried - start) ** 2).sum() / 2)

    for _ in range(STEPS):
        likely = _sigmoid(rows @ weights)
        slope = rows.T @ (likely - judged.right) + lean * (weights - start)
        curve = (rows * (likely * (1 - likely))[:, None]).T @ rows + np.diag(lean)
        step, now = np.linalg.solve(curve, slope), cost(weights)
        while cost(weights - step) > now and np.abs(step).max() > PRECISE:
            step /= 2
        weights = weights - step
        if np.abs(step).max() < PRECISE:
            break
    weights /= spread
    return Judgement(version, tuple(map(float, weights[:-1])), float(weights[-1]), len(judged.right))


def learn(judged: Judged, present: Judgement, hand: Judgement, version: str) -> tuple[Judgement, float, float]:
    """The better of `present` and a new fit, with the log loss of both on held-back judgements (present, new).

    With fewer than LEAST_JUDGED comments, fewer than PARTS groups of them, or none since the last fit, the present one
    stays.
    """
    enough = len(judged.right) >= LEAST_JUDGED and len(set(judged.group)) >= PARTS
    if not enough or len(judged.right) <= present.judged:
        return present, 0.0, 0.0
    before, after = held_back_losses(judged, present, hand)
    if after >= before:
        return present, before, after
    return fit(judged, hand, version), before, after


def held_back_losses(judged: Judged, present: Judgement, hand: Judgement) -> tuple[float, float]:
    """Mean log loss of the present judgement, and of new fits, both on rows that they were not fitted on.

    Those are the rows since the present one was made, one part of them after the other.
    """
    fresh = np.arange(len(judged.right)) >= present.judged
    part = np.unique(judged.group, return_inverse=True)[1] % PARTS
    new = np.zeros(len(judged.right))
    for held in np.unique(part[fresh]):
        out = fresh & (part == held)
        new[out] = _probabilities(fit(judged.where(~out), hand, ""), judged.features[out])
    before = _loss(_probabilities(present, judged.features[fresh]), judged.right[fresh])
    return before, _loss(new[fresh], judged.right[fresh])


def _probabilities(judgement: Judgement, features: np.ndarray) -> np.ndarray:
    return _sigmoid(judgement.constant + features @ np.array(judgement.weights))


def _sigmoid(values: np.ndarray) -> np.ndarray:
    return np.asarray(1 / (1 + np.exp(-np.clip(values, -50, 50))))


def _loss(likely: np.ndarray, right: np.ndarray) -> float:
    safe = np.clip(likely, 1e-6, 1 - 1e-6)
    return float(-(right * np.log(safe) + (1 - right) * np.log(1 - safe)).mean())
