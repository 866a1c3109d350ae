"""From the parts of a score to a probability, and from a probability to what is done: suggest, ask, or nothing.

    log odds = ln(PRIOR / (1 − PRIOR)) + Σ weight · (feature − ordinary)

The features are the parts of the score, how far the candidate stands out among its rivals (a change that stands out is
likelier than one of five alike), and how the change has fared with people for other comments. PRIOR is
how often a candidate with ordinary features is right: once in twenty. The weights are set by hand on labelled petitions
and invented comments, until a council has judged enough of its own (`learning`).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Self

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    from config.policy import MatchingPolicy

PRIOR = 0.05
RIVALS = 5
FAINTEST = -0.2  # rivals that are not there count as this, so that one candidate alone does not stand out without end
FEATURES = (
    "meaning", "words", "memory", "wait", "service", "against", "above_rivals", "above_next",
    "meaning²", "words²", "above_next²", "meaning · above_rivals", "upheld", "refused",
)  # fmt: skip
SUMMED = FEATURES[:6]  # the parts of the score; by hand they count alike
BY_HAND: Mapping[bool, Mapping[str, float]] = {
    True: {"ordinary": 0.05, "score": 1.0, "above_rivals": 6.0, "above_next": 1.0, "upheld": 0.5, "refused": -1.0},
    False: {"ordinary": -0.12, "score": 5.0, "above_rivals": 2.1, "above_next": 4.5, "upheld": 0.5, "refused": -1.0},
}


class Band(StrEnum):
    """What comes of a candidate: preselected for a person, asked of a person, or nothing."""

    SUGGEST = "suggest"
    ASK = "ask"
    NOTHING = "nothing"


@dataclass(frozen=True)
class Judgement:
    """Weights of FEATURES and what is added to them; `version` says whose they are and stands with each suggestion."""

    version: str
    weights: tuple[float, ...]
    constant: float
    judged: int = 0

    @classmethod
    def by_hand(cls, *, with_meaning: bool) -> Self:
        """What holds before anybody has judged; the parts count alike, as they do in the score."""
        hand = BY_HAND[with_meaning]
        weights = tuple(hand["score"] if name in SUMMED else hand.get(name, 0.0) for name in FEATURES)
        constant = float(np.log(PRIOR / (1 - PRIOR)) - hand["score"] * hand["ordinary"])
        return cls("meaning-3" if with_meaning else "words-3", weights, constant)

    def probabilities(self, scores: np.ndarray, parts: Mapping[str, np.ndarray]) -> np.ndarray:
        """Of each candidate; both are comments × candidates, best score first, −inf (and 0) where there is none.

        A lower score is never the likelier.
        """
        log_odds = self.constant + features(scores, parts) @ np.array(self.weights)
        likely = 1 / (1 + np.exp(-np.clip(log_odds, -50, 50)))
        return np.where(scores > -np.inf, np.minimum.accumulate(likely, axis=1), 0.0)


def features(scores: np.ndarray, parts: Mapping[str, np.ndarray]) -> np.ndarray:
    """Comments × candidates × FEATURES."""
    real = np.maximum(scores, FAINTEST)
    lacking = max(0, RIVALS + 1 - scores.shape[1])
    best = -np.sort(-np.pad(real, ((0, 0), (0, lacking)), constant_values=FAINTEST), axis=1)[:, : RIVALS + 1]
    own = np.maximum(real, best[:, [RIVALS]])
    rivals = (best.sum(axis=1, keepdims=True) - own) / RIVALS
    following = np.where(real == best[:, [0]], best[:, [1]], best[:, [0]])
    meaning = parts["whole"] + parts["sentence"] + parts["examples"]
    words, gap = parts["words"], real - following
    columns = [
        meaning, words, parts["memory"], parts["wait"], parts["service"], parts["against"], real - rivals, gap,
        meaning**2, words**2, np.maximum(gap, 0) ** 2, meaning * (real - rivals), parts["upheld"], parts["refused"],
    ]  # fmt: skip
    return np.stack(columns, axis=2)


def band_of(probability: float, policy: MatchingPolicy) -> Band:
    """What the council's two thresholds make of a probability."""
    if probability >= policy.suggest_at:
        return Band.SUGGEST
    return Band.ASK if probability >= policy.ask_at else Band.NOTHING
