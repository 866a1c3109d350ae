"""How much a comment reads like the examples of disclosures: what words, their classes, pairs and letters weigh.

A class is a group of words that are used alike ("bruise", "scar"): a word that no example used is weighed with those
of its class that some did.
"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from typing import Any

import numpy as np

from heardback.domain.pair_weights import APART, Floats, Numbers, PairWeights, summed
from heardback.domain.spelling import MOST_LETTERS, SENTENCE_END

EVEN = ""  # what every comment weighs before a word of it is read
LETTERS = "~"  # marks a run of letters in a word: ~<hu ~hur ~rts>
CLASS = "="  # before a word: which class it is of, a number, and no weight: =bruise 417
OF_CLASS = "#"  # before the number of a class: what its words weigh: #417, #12 #417, my #417
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


def words_of(read: str, classes: Mapping[str, str]) -> tuple[set[str], set[str]]:
    """The different words of a comment, and its pairs: neighbours (`hits me`), and those a word apart (`hits _ me`).

    Of neighbours either or both may be told by their class (`#12 me`); `classes` names it for each word that has one.
    `read` is as `Speller.read` gives it.
    """
    words = read.split()
    kinds = [classes.get(word, word) for word in words]
    pairs = {f"{one} {APART} {after}" for one, after in zip(words, words[2:], strict=False)}
    for ones, others in ((words, words), (kinds, kinds), (words, kinds), (kinds, words)):
        pairs.update(f"{one} {after}" for one, after in zip(ones, others[1:], strict=False))
    return {*words} - {SENTENCE_END}, pairs


def classes_in(weights: Mapping[str, float]) -> dict[str, str]:
    """For each word the sign of its class, as a file of weights tells them."""
    told = len(CLASS)
    return {sign[told:]: f"{OF_CLASS}{number:g}" for sign, number in weights.items() if sign.startswith(CLASS)}


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

    def __init__(self, weights: Mapping[str, float]) -> None:
        self._classes = classes_in(weights)
        self._weights = {sign: weight for sign, weight in weights.items() if not sign.startswith(CLASS)}
        self._pairs = PairWeights(pairs_in(self._weights))
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
        numbers, kinds = known[words, 1:].astype(np.int64).T
        weight = summed(whose_word, known[word, 0], len(read)) + self._pairs.weigh(whose, numbers, kinds, len(read))
        found = [sum(self._weights.get(sign, 0.0) for sign in found_for(each)) for each in reasons]
        share: Floats = share_of(np.bincount(whose_word, minlength=len(read)))
        weights: Floats = self._weights.get(EVEN, 0.0) + (weight + np.array(found)) * share
        return weights

    def _known(self, word: str) -> Known:
        """What a word weighs with its parts and its class, and the numbers by which both stand in pairs."""
        if word not in self._words:
            if len(self._words) > MOST_KNOWN:
                self._words.clear()
            parts = [*word_parts(word), *filter(None, [self._classes.get(word)])]
            weight = sum(self._weights.get(part, 0.0) for part in parts)
            number, kind = (self._pairs.number(each) for each in (word, self._classes.get(word, word)))
            self._words[word] = weight, number, kind
        return self._words[word]


def _different(whose: Numbers, words: Numbers, places: Mapping[str, int]) -> tuple[Numbers, Numbers]:
    """The different words of each comment, and whose they are; the end of a sentence is none."""
    spoken = words != places.get(SENTENCE_END, -1)
    return np.divmod(np.unique(whose[spoken] * len(places) + words[spoken]), max(len(places), 1))
