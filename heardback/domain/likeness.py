"""How much a comment reads like the examples of disclosures: what its words, their neighbours and letters weigh."""

from collections.abc import Iterable, Mapping
from itertools import pairwise
from math import sqrt

from heardback.domain.spelling import MOST_LETTERS, SENTENCE_END

EVEN = ""  # what every comment weighs before a word of it is read
LETTERS = "~"  # marks a run of letters in a word: ~<hu ~hur ~rts>
FOUND = "!"  # marks the reason of a phrase that was found: !told to keep a secret
RUNS = (3, 4, 5)
FEW_WORDS = 2  # keeps one word alone from weighing as much as a sentence
MOST_KNOWN = 200_000  # words whose weight is remembered; beyond it the memory begins anew


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
    apart = {f"{one} _ {after}" for one, after in zip(words, words[2:], strict=False)}
    return {*words} - {SENTENCE_END}, apart.union(f"{one} {after}" for one, after in pairwise(words))


def found_for(reasons: Iterable[str]) -> list[str]:
    """The signs that stand for the phrases found, by their reasons."""
    return [FOUND + reason for reason in sorted({*reasons})]


def share_of(words: set[str]) -> float:
    """What one sign counts in a comment of so many words: a long comment has many signs of everything."""
    return 1 / sqrt(len(words) + FEW_WORDS)


class Likeness:
    """The weights that were learned, ready to weigh comments. Each new word is worked out once."""

    def __init__(self, weights: Mapping[str, float]) -> None:
        self._weights = weights
        self._words: dict[str, float] = {}

    def of(self, read: str, reasons: Iterable[str] = ()) -> float:
        """Above 0 more like the disclosures among the examples, below 0 more like the others (log-odds).

        `reasons` are those of the phrases that were found in it.
        """
        words, pairs = words_of(read)
        known, weights = self._words, self._weights
        weight = sum(known[word] if word in known else self._remember(word) for word in words)
        weight += sum(weights.get(sign, 0.0) for sign in (*pairs, *found_for(reasons)))
        return weights.get(EVEN, 0.0) + weight * share_of(words)

    def _remember(self, word: str) -> float:
        if len(self._words) > MOST_KNOWN:
            self._words.clear()
        self._words[word] = weight = sum(self._weights.get(part, 0.0) for part in word_parts(word))
        return weight
