"""How the adapter is learned from invented comments and the invented changes that answer them.

    minimise  mean surprise + ½ · LEANING · |turn − identity|²

The surprise is −ln of the share that a comment's own change has among all invented changes, each counting
exp(likeness / SHARPNESS) (the usual contrastive loss). LEANING and SHARPNESS were chosen on changes that were held back
from learning; `docs/matching.md` says how.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from heardback.matching.adapter import Adapter

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

LEANING, SHARPNESS = 0.2, 0.1
MOST_STEPS = 60


@dataclass(frozen=True)
class Examples:
    """Unit vectors of comments (comments × d) and of changes (changes × d), and each comment's own change."""

    said: np.ndarray
    done: np.ndarray
    answered: np.ndarray

    @classmethod
    def of(
        cls,
        said: Sequence[str],
        done: Sequence[str],
        answered: Sequence[int],
        encode: Callable[[Sequence[str]], np.ndarray],
    ) -> Examples:
        """Encoded, in float64: a training in halves would not come out alike."""
        return cls(encode(said).astype(np.float64), encode(done).astype(np.float64), np.array(answered))


def learn_adapter(examples: Examples) -> Adapter:
    """The turn that draws each comment to its own change, and the examples turned by it. No dice are thrown."""
    turn = learn_turn(examples)
    bare = Adapter(turn, examples.said, examples.done, examples.answered)
    return Adapter(turn, bare.turned(examples.said), bare.turned(examples.done), examples.answered)


def learn_turn(examples: Examples) -> np.ndarray:
    """d × d, by L-BFGS from the identity."""
    from scipy.optimize import minimize

    width = examples.said.shape[1]
    identity = np.eye(width)

    def of(away: np.ndarray) -> tuple[float, np.ndarray]:
        moved = away.reshape(width, width)
        loss, slope = surprise(identity + moved, examples)
        return loss + LEANING / 2 * float((moved**2).sum()), (slope + LEANING * moved).ravel()

    found = minimize(of, np.zeros(width * width), jac=True, method="L-BFGS-B", options={"maxiter": MOST_STEPS})
    return np.asarray(identity + found.x.reshape(width, width))


def surprise(turn: np.ndarray, examples: Examples) -> tuple[float, np.ndarray]:
    """The mean surprise under a turn, and its slope (d × d)."""
    said, said_length = _long_one(examples.said @ turn)
    done, done_length = _long_one(examples.done @ turn)
    logits = said @ done.T / SHARPNESS
    logits -= logits.max(axis=1, keepdims=True)
    shares = np.exp(logits)
    shares /= shares.sum(axis=1, keepdims=True)
    own = np.arange(len(said)), examples.answered
    loss = -float(np.log(shares[own]).mean())
    shares[own] -= 1
    shares /= SHARPNESS * len(said)
    towards_said = _within_length(shares @ done, said) / said_length
    towards_done = _within_length(shares.T @ said, done) / done_length
    return loss, examples.said.T @ towards_said + examples.done.T @ towards_done


def _long_one(vectors: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    length = np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors / length, length


def _within_length(slope: np.ndarray, unit: np.ndarray) -> np.ndarray:
    """What of a slope is left where only the direction of a vector counts."""
    return np.asarray(slope - unit * (slope * unit).sum(axis=1, keepdims=True))
