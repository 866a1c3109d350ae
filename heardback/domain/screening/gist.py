"""What the words of a comment say together: the mean of their places, read by a small network."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from config.gist import Gist
    from heardback.domain.screening.pair_weights import Floats, Numbers

UNKNOWN = -1  # a word that has no place: it says nothing here


class GistReading:
    """A learned gist, ready to weigh comments."""

    def __init__(self, gist: Gist) -> None:
        self._gist = gist
        self._numbers = {word: number for number, word in enumerate(gist.words)}

    def number(self, word: str) -> int:
        """The number of a word's place, or UNKNOWN."""
        return self._numbers.get(word, UNKNOWN)

    def beside(self, weights: Floats, whose: Numbers, numbers: Numbers) -> Floats:
        """Weights of comments (log-odds, by their words) and what their gist weighs, joined to log-odds again.

        `numbers` are those of the words, one comment after the other; `whose` is the place of the comment in `weights`.
        """
        of_words, of_gist, always = self._gist.shares
        joined: Floats = of_words * weights + of_gist * self._weigh(whose, numbers, len(weights)) + always
        return joined

    def _weigh(self, whose: Numbers, numbers: Numbers, comments: int) -> Floats:
        known = numbers != UNKNOWN
        hidden = means(whose[known], self._gist.places[numbers[known]], comments) + self._gist.bias
        weighed: Floats = (np.maximum(hidden, 0) @ self._gist.out).astype(np.float64) + self._gist.even
        return weighed


def means(whose: Numbers, rows: np.ndarray, comments: int) -> np.ndarray:
    """The mean row of each comment, 0 where it has none; `whose` ascends."""
    found, starts, counts = np.unique(whose, return_index=True, return_counts=True)
    mean = np.zeros((comments, rows.shape[1]), dtype=rows.dtype)
    if len(found):
        mean[found] = np.add.reduceat(rows, starts) / counts[:, None].astype(rows.dtype)
    return mean
