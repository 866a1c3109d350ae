"""What words weigh, learned from labelled examples: a logistic regression in which telling words count for more."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import numpy as np

from heardback.domain.screening.likeness import EVEN, found_for, share_of, word_parts, words_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt
    from scipy.sparse import csr_array

SEEN = 2  # a sign that stands in one example alone says more about it than about others
PENALTY = 0.5
LEAST_TELLING = 0.25  # what a sign that is as frequent on both sides still counts
STEPS = 80
DIGITS = 3
LEAST_WEIGHT = 0.01  # a lighter sign decides nothing, and half of all signs are

Signs = tuple[list[str], float]


def learn(read: Sequence[str], reasons: Sequence[Sequence[str]], disclosures: Sequence[bool]) -> dict[str, float]:
    """The weights for `Likeness`, from comments as `Speller.read` gives them and the reasons of phrases found in each.

    The same examples give the same weights. Raises ValueError where they are all of one kind: there is nothing to
    tell apart.
    """
    if len(set(disclosures)) < 2:
        raise ValueError("examples of both kinds are needed")
    labels = np.asarray(disclosures, dtype=bool)
    signs = [_signs(text, found) for text, found in zip(read, reasons, strict=True)]
    often = Counter(sign for found, _ in signs for sign in {*found})
    names = sorted(sign for sign, times in often.items() if times >= SEEN)
    table = _table(signs, {name: place for place, name in enumerate(names)})
    telling = _telling(table, labels)
    weights, even = _fit(table.multiply(telling).tocsr(), labels)
    weighed = np.round(weights * telling, DIGITS).tolist()
    kept = {name: weight for name, weight in zip(names, weighed, strict=True) if abs(weight) >= LEAST_WEIGHT}
    return {EVEN: round(even, DIGITS), **kept}


def _signs(read: str, reasons: Sequence[str]) -> Signs:
    words, pairs = words_of(read)
    parts = [part for word in sorted(words) for part in word_parts(word)]
    return [*parts, *sorted(pairs), *found_for(reasons)], float(share_of(len(words)))


def _table(signs: Sequence[Signs], places: dict[str, int]) -> csr_array:
    """Comments × signs. A run of letters that stands in two words of a comment counts twice."""
    from scipy.sparse import csr_array  # half a second, and only learning needs it

    rows = [row for row, (found, _) in enumerate(signs) for sign in found if sign in places]
    columns = [places[sign] for found, _ in signs for sign in found if sign in places]
    shares = [share for found, share in signs for sign in found if sign in places]
    return csr_array((shares, (rows, columns)), shape=(len(signs), len(places)))


def _telling(table: csr_array, labels: npt.NDArray[np.bool_]) -> npt.NDArray[np.float64]:
    """By sign, how far from even it stands on the two sides (|log ratio|), so that telling words are trusted sooner."""
    held = (table > 0).astype(np.float64)
    mine, others = 1 + held[labels].sum(axis=0), 1 + held[~labels].sum(axis=0)
    return np.asarray(
        LEAST_TELLING + np.abs(np.log(mine / mine.sum()) - np.log(others / others.sum())), dtype=np.float64
    )


def _fit(table: csr_array, labels: npt.NDArray[np.bool_]) -> tuple[npt.NDArray[np.float64], float]:
    """Weights and the even weight that make the labels likeliest, large weights held down by PENALTY."""
    from scipy.optimize import minimize

    sides = np.where(labels, 1.0, -1.0)
    turned = table.T.tocsr()

    def loss(found: npt.NDArray[np.float64]) -> tuple[float, npt.NDArray[np.float64]]:
        weights = found[:-1]
        margin = sides * (table @ weights + found[-1])
        pull = -sides / (1 + np.exp(np.clip(margin, -50, 50)))
        total = np.logaddexp(0, -margin).sum() + PENALTY / 2 * (weights @ weights)
        return float(total), np.append(turned @ pull + PENALTY * weights, pull.sum())

    start = np.zeros(table.shape[1] + 1)
    found = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": STEPS}).x
    return found[:-1], float(found[-1])
