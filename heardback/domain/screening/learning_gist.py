"""The gist, learned from labelled examples: which way the words of a comment lean together, by a small network."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from config.gist import Gist
from heardback.domain.screening.gist import UNKNOWN, means
from heardback.domain.screening.spelling import SENTENCE_END

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]
    Labels = npt.NDArray[np.bool_]

UNITS = 64
PENALTY = 10.0  # 3 did no better
STEPS = 120
SEED = 0
SHARES = (
    0.61,
    0.094,
    0.18,
)  # by logistic regression on what examples weigh that were learned without (docs/screening.md)


def learn_gist(read: Sequence[str], disclosures: Sequence[bool], words: Sequence[str], vectors: np.ndarray) -> Gist:
    """The gist of comments, as `Speller.read` gives them, with a vector (float32, words × dimensions) for each word.

    The same examples give the same gist, on one machine to the byte. Raises ValueError where they are all of one kind.
    """
    if len(set(disclosures)) < 2:
        raise ValueError("examples of both kinds are needed")
    centred = (vectors - vectors.mean(axis=0)).astype(np.float64)
    comments = _means(read, {word: number for number, word in enumerate(words)}, centred)
    spread = comments.std(axis=0) + 1e-6
    inward, bias, out, even = _fit(comments / spread, np.asarray(disclosures, dtype=bool))
    small = np.float32
    return Gist(
        tuple(words), (centred / spread @ inward).astype(small), bias.astype(small), out.astype(small), even, SHARES
    )


def _means(read: Sequence[str], numbers: dict[str, int], vectors: Floats) -> Floats:
    spoken = [[numbers.get(word, UNKNOWN) for word in text.split() if word != SENTENCE_END] for text in read]
    known = [[number for number in each if number != UNKNOWN] for each in spoken]
    whose = np.repeat(np.arange(len(read)), [len(each) for each in known])
    rows = vectors[np.array([number for each in known for number in each], dtype=np.int64)]
    return means(whose, rows, len(read))


def _fit(comments: Floats, labels: Labels) -> tuple[Floats, Floats, Floats, float]:
    """What makes the labels likeliest, large weights held down by PENALTY: inward, bias, out, even."""
    from scipy.optimize import minimize  # half a second, and only learning needs it

    dimensions, random = comments.shape[1], np.random.default_rng(SEED)
    inward = random.normal(0, dimensions**-0.5, (dimensions, UNITS))
    start = np.concatenate([inward.ravel(), np.zeros(UNITS), random.normal(0, 0.1, UNITS), [0.0]])
    found = minimize(_loss(comments, labels), start, jac=True, method="L-BFGS-B", options={"maxiter": STEPS}).x
    inward, bias, out, even = _parts(found, dimensions)
    return inward, bias, out, float(even[0])


def _loss(comments: Floats, labels: Labels) -> Callable[[Floats], tuple[float, Floats]]:
    sides = np.where(labels, 1.0, -1.0)

    def loss(found: Floats) -> tuple[float, Floats]:
        inward, bias, out, even = _parts(found, comments.shape[1])
        hidden = np.maximum(comments @ inward + bias, 0)
        margin = sides * (hidden @ out + even)
        pull = -sides / (1 + np.exp(np.clip(margin, -50, 50)))
        total = np.logaddexp(0, -margin).sum() + PENALTY / 2 * ((inward**2).sum() + out @ out)
        back = np.outer(pull, out) * (hidden > 0)
        steps = [comments.T @ back + PENALTY * inward, back.sum(axis=0), hidden.T @ pull + PENALTY * out, [pull.sum()]]
        return float(total), np.concatenate([np.ravel(step) for step in steps])

    return loss


def _parts(found: Floats, dimensions: int) -> tuple[Floats, Floats, Floats, Floats]:
    inward, bias, out, even = np.split(found, np.cumsum([dimensions * UNITS, UNITS, UNITS]))
    return inward.reshape(dimensions, UNITS), bias, out, even
