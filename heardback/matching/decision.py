"""From a score to a probability, and from a probability to what is done: suggest, ask, or nothing.

    log odds = ln(PRIOR / (1 − PRIOR)) + STRENGTH · ln(score / ORDINARY) + CLEARNESS · (score − others) / score

`others` is the mean of the comment's five best other candidates: a change that stands out is likelier than one of five
alike. PRIOR is how often a candidate with an ordinary score that does not stand out is right: once in twenty.
The three are set by hand on labelled petitions and invented comments, until a council has judged enough of its own.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from config.policy import MatchingPolicy

PRIOR, ORDINARY = 0.05, 0.1
STRENGTH, CLEARNESS = 1.1, 3.95
FAINTEST = 0.01  # a lower score says no less; it keeps the logarithm finite
RIVALS = 5


class Band(StrEnum):
    """What comes of a candidate: preselected for a person, asked of a person, or nothing."""

    SUGGEST = "suggest"
    ASK = "ask"
    NOTHING = "nothing"


def probabilities(scores: np.ndarray) -> np.ndarray:
    """The probability of each candidate; `scores` is comments × candidates, best first, −inf where there is none.

    Columns beyond the first RIVALS + 1 change nothing; rivals that are not there count as FAINTEST.
    """
    real = np.maximum(scores, FAINTEST)
    clearness = (real - _others(real)) / real
    log_odds = np.log(PRIOR / (1 - PRIOR)) + STRENGTH * np.log(real / ORDINARY) + CLEARNESS * clearness
    likely = 1 / (1 + np.exp(-np.maximum(log_odds, -500)))
    return np.where(scores > -np.inf, likely, 0.0)


def _others(scores: np.ndarray) -> np.ndarray:
    """For each candidate the mean of the best RIVALS others in its row."""
    lacking = max(0, RIVALS + 1 - scores.shape[1])
    best = np.pad(scores, ((0, 0), (0, lacking)), constant_values=FAINTEST)[:, : RIVALS + 1]
    own = np.maximum(scores, best[:, [RIVALS]])
    return np.asarray((best.sum(axis=1, keepdims=True) - own) / RIVALS)


def band_of(probability: float, policy: MatchingPolicy) -> Band:
    """What the council's two thresholds make of a probability."""
    if probability >= policy.suggest_at:
        return Band.SUGGEST
    return Band.ASK if probability >= policy.ask_at else Band.NOTHING
