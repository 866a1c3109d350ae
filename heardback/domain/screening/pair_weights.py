"""What two words together weigh, looked up as numbers: the pairs of many comments at once, and no text made of them."""

from collections.abc import Iterable, Mapping

import numpy as np
import numpy.typing as npt

APART = "_"  # stands for the word between two: hits _ me
BEYOND = np.iinfo(np.int64).max  # behind the last pair, so that there is one to look at for a pair that is none

Numbers = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


class PairWeights:
    """The weights of pairs, as `likeness.words_of` writes them: of neighbours, and of words that one word parts."""

    def __init__(self, weights: Mapping[str, float]) -> None:
        pairs = [pair.split(" ") for pair in weights]
        self._numbers = _numbered(word for words in pairs for word in (words[0], words[-1]))
        self._most = len(self._numbers) + 1
        told = [(self.number(words[0]), self.number(words[-1]), len(words) - 1) for words in pairs]
        ones, others, steps = np.array(told, dtype=np.int64).reshape(-1, 3).T
        keys = self._key(ones, others, steps)
        order = np.argsort(keys)
        self._keys = np.append(keys[order], BEYOND)
        self._weights = np.array([*weights.values()], dtype=np.float64)[order]

    def number(self, word: str) -> int:
        """The number by which a word stands in pairs; 0 where it stands in none."""
        return self._numbers.get(word, 0)

    def weigh(self, whose: Numbers, words: Numbers, comments: int) -> Floats:
        """What the pairs of each comment weigh, every pair once.

        `words` are the numbers of the words, one after the other; `whose` is the place of the comment that each stands
        in, from 0 to `comments`.
        """
        found = np.unique(np.concatenate([self._found(whose, words, step) for step in (1, 2)]))
        pairs = len(self._keys)
        return summed(found // pairs, self._weights[found % pairs], comments)

    def _found(self, whose: Numbers, words: Numbers, step: int) -> Numbers:
        """Which pairs stand in which comment, each as one number."""
        whose, same, one, other = whose[:-step], whose[:-step] == whose[step:], words[:-step], words[step:]
        both = same & (one > 0) & (other > 0)
        keys = self._key(one[both], other[both], step)
        places = np.searchsorted(self._keys, keys)
        known = self._keys[places] == keys
        found: Numbers = whose[both][known] * len(self._keys) + places[known]
        return found

    def _key(self, one: Numbers, other: Numbers, step: Numbers | int) -> Numbers:
        return np.asarray(((step - 1) * self._most + one) * self._most + other, dtype=np.int64)


def summed(whose: Numbers, weights: Floats, comments: int) -> Floats:
    """The weights of each comment added up; `whose` is the place of the comment that each belongs to."""
    return np.bincount(whose, weights, comments).astype(np.float64)  # of nothing at all it makes whole numbers


def _numbered(words: Iterable[str]) -> dict[str, int]:
    return {word: number for number, word in enumerate(dict.fromkeys(words), start=1)}
