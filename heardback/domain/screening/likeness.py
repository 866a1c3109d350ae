"""How much a comment reads like the examples of disclosures: what words, pairs and letters weigh, and its gist."""

from __future__ import annotations

from itertools import chain, pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from heardback.domain.screening.gist import UNKNOWN, GistReading
from heardback.domain.screening.pair_weights import APART, Floats, Numbers, PairWeights, summed
from heardback.domain.screening.spelling import MOST_LETTERS, SENTENCE_END

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from config.gist import Gist

EVEN = ""  # what every comment weighs before a word of it is read
LETTERS = "~"  # marks a run of letters in a word: ~<hu ~hur ~rts>
FOUND = "!"  # marks the reason of a phrase that was found: !told to keep a secret
RUNS = (3, 4, 5)
FEW_WORDS = 2  # keeps one word alone from weighing as much as a sentence
MOST_KNOWN = 200_000  # words whose weight is remembered; beyond it the memory begins anew
AT_ONCE = 2_000  # comments, of which a megabyte or two of numbers is made

Known = tuple[float, int, int]


def word_parts(word: str) -> list[str]:
    """A word, and the runs of letters in it with its edges: what a misspelt word shares with the right one."""
    edged = f"<{word[:MOST_LETTERS]}>"
    runs = {edged[start : start + size] for size in RUNS for start in range(len(edged) - size + 1)}
    return [word, *(LETTERS + run for run in sorted(runs))]


def words_of(read: str) -> tuple[set[str], set[str]]:
    """The different words of a comment, and its pairs: neighbours (`hits me`), and those a word apart (`hits _ me`).

    `read` is as `Speller.read` gives it.
    """
    words = read.split()
    pairs = {f"{one} {after}" for one, after in pairwise(words)}
    pairs.update(f"{one} {APART} {after}" for one, after in zip(words, words[2:], strict=False))
    return {*words} - {SENTENCE_END}, pairs


def found_for(reasons: Iterable[str]) -> list[str]:
    """The signs that stand for the phrases found, by their reasons."""
    return [FOUND + reason for reason in sorted({*reasons})]


def pairs_in(weights: Mapping[str, float]) -> dict[str, float]:
    """The signs of two words; the reason of a phrase has spaces too."""
    return {sign: weight for sign, weight in weights.items() if " " in sign and not sign.startswith(FOUND)}


def share_of(words: Any) -> Any:
    """What one sign counts in a comment of so many words: a long comment has many signs of everything."""
    return 1 / np.sqrt(words + FEW_WORDS)


class Likeness:
    """The weights that were learned, ready to weigh comments. Each new word is worked out once."""

    def __init__(self, weights: Mapping[str, float], gist: Gist | None = None) -> None:
        self._weights = weights
        self._pairs = PairWeights(pairs_in(weights))
        self._gist = GistReading(gist) if gist else None
        self._words: dict[str, Known] = {}

    def of(self, read: str, reasons: Iterable[str] = ()) -> float:
        """Above 0 more like the disclosures among the examples, below 0 more like the others (log-odds).

        `reasons` are those of the phrases that were found in it.
        """
        return float(self.of_all([read], [reasons])[0])

    def of_all(self, read: Sequence[str], reasons: Sequence[Iterable[str]]) -> Floats:
        """The same of many comments, each with its reasons: in a quarter of the time that it takes one by one."""
        pieces = [slice(start, start + AT_ONCE) for start in range(0, len(read), AT_ONCE)]
        return np.concatenate([np.empty(0), *(self._weigh(read[piece], reasons[piece]) for piece in pieces)])

    def _weigh(self, read: Sequence[str], reasons: Sequence[Iterable[str]]) -> Floats:
        places: dict[str, int] = {}
        spoken = [[places.setdefault(word, len(places)) for word in text.split()] for text in read]
        words = np.array([*chain.from_iterable(spoken)], dtype=np.int64)
        whose = np.repeat(np.arange(len(read)), [len(each) for each in spoken])
        known = np.array([self._known(word) for word in places], dtype=np.float64).reshape(-1, 3)
        whose_word, word = _different(whose, words, places)
        pairing, placed = known[words, 1:].astype(np.int64).T
        weight = summed(whose_word, known[word, 0], len(read)) + self._pairs.weigh(whose, pairing, len(read))
        found = [sum(self._weights.get(sign, 0.0) for sign in found_for(each)) for each in reasons]
        share: Floats = share_of(np.bincount(whose_word, minlength=len(read)))
        weights: Floats = self._weights.get(EVEN, 0.0) + (weight + np.array(found)) * share
        return self._gist.beside(weights, whose, placed) if self._gist else weights

    def _known(self, word: str) -> Known:
        """What a word weighs with its parts, and the numbers by which it stands in pairs and has its place."""
        if word not in self._words:
            if len(self._words) > MOST_KNOWN:
                self._words.clear()
            weight = sum(self._weights.get(part, 0.0) for part in word_parts(word))
            placed = self._gist.number(word) if self._gist and word != SENTENCE_END else UNKNOWN
            self._words[word] = weight, self._pairs.number(word), placed
        return self._words[word]


def _different(whose: Numbers, words: Numbers, places: Mapping[str, int]) -> tuple[Numbers, Numbers]:
    """The different words of each comment, and whose they are; the end of a sentence is none."""
    spoken = words != places.get(SENTENCE_END, -1)
    return np.divmod(np.unique(whose[spoken] * len(places) + words[spoken]), max(len(places), 1))
