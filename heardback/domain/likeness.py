"""How much a comment reads like the examples of disclosures: what words, their classes, pairs and letters weigh.

A class is a group of words that are used alike ("bruise", "scar"): a word that no example used is weighed with those
of its class that some did.
"""

from collections.abc import Iterable, Mapping
from math import sqrt

from heardback.domain.spelling import MOST_LETTERS, SENTENCE_END

EVEN = ""  # what every comment weighs before a word of it is read
LETTERS = "~"  # marks a run of letters in a word: ~<hu ~hur ~rts>
CLASS = "="  # before a word: which class it is of, a number, and no weight: =bruise 417
OF_CLASS = "#"  # before the number of a class: what its words weigh: #417, #12 #417, my #417
FOUND = "!"  # marks the reason of a phrase that was found: !told to keep a secret
RUNS = (3, 4, 5)
FEW_WORDS = 2  # keeps one word alone from weighing as much as a sentence
MOST_KNOWN = 200_000  # words whose weight is remembered; beyond it the memory begins anew


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
    pairs = {f"{one} _ {after}" for one, after in zip(words, words[2:], strict=False)}
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


def share_of(words: set[str]) -> float:
    """What one sign counts in a comment of so many words: a long comment has many signs of everything."""
    return 1 / sqrt(len(words) + FEW_WORDS)


class Likeness:
    """The weights that were learned, ready to weigh comments. Each new word is worked out once."""

    def __init__(self, weights: Mapping[str, float]) -> None:
        self._classes = classes_in(weights)
        self._weights = {sign: weight for sign, weight in weights.items() if not sign.startswith(CLASS)}
        self._words: dict[str, float] = {}

    def of(self, read: str, reasons: Iterable[str] = ()) -> float:
        """Above 0 more like the disclosures among the examples, below 0 more like the others (log-odds).

        `reasons` are those of the phrases that were found in it.
        """
        words, pairs = words_of(read, self._classes)
        known, weights = self._words, self._weights
        weight = sum(known[word] if word in known else self._remember(word) for word in words)
        weight += sum(weights.get(sign, 0.0) for sign in (*pairs, *found_for(reasons)))
        return weights.get(EVEN, 0.0) + weight * share_of(words)

    def _remember(self, word: str) -> float:
        if len(self._words) > MOST_KNOWN:
            self._words.clear()
        parts = [*word_parts(word), *filter(None, [self._classes.get(word)])]
        self._words[word] = weight = sum(self._weights.get(part, 0.0) for part in parts)
        return weight
