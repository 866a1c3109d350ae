"""Terms of the thesaurus in many texts: the groups that each text speaks of, and by which of their words.

Texts are read as stems, stop words included ("where you sign in" is one term); at each place the longest term counts,
and a word that a term of several words holds counts for nothing else. The cost follows the length of the texts: every
distinct word is stemmed once, and each place is followed only as far as the thesaurus has terms that go on.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from heardback.matching.text import STOP_WORDS, every_word_of, stems_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from scipy.sparse import csr_array

    from config.thesaurus import WordGroup

START = 0  # the place in the tree of terms before any word was read


class Bridge(NamedTuple):
    """A group that two texts share by different words; all three are written as the thesaurus writes them."""

    group: str
    said: tuple[str, ...]
    done: tuple[str, ...]


@dataclass(frozen=True)
class Terms:
    """The terms of a list of groups as a tree of stems.

    `moves` are the keys place · (number of stems) + stem, sorted, and `leads_to` the places they lead to; `term_at` is
    the term that ends at a place, −1 where none does. `in_groups` is terms × groups, 1 where a term stands in a group.
    """

    groups: tuple[str, ...]
    written: tuple[str, ...]
    in_groups: csr_array
    stems: pd.Index
    moves: np.ndarray
    leads_to: np.ndarray
    term_at: np.ndarray

    @classmethod
    def of(cls, groups: Sequence[WordGroup]) -> Terms:
        """Terms with the same stems are one (bike, bikes), shown as the first of them is written."""
        from scipy import sparse

        terms = [(place, term) for place, group in enumerate(groups) for term in (group.name, *group.words)]
        paths = _stem_paths([term for _, term in terms])
        numbers: dict[tuple[str, ...], int] = {}
        pairs = {(numbers.setdefault(path, len(numbers)), at) for path, (at, _) in zip(paths, terms, strict=True)}
        first = dict(zip(reversed(paths), [term for _, term in reversed(terms)], strict=True))
        rows, columns = np.array(sorted(pairs), dtype=np.int64).reshape(-1, 2).T
        in_groups = sparse.csr_array((np.ones(len(rows)), (rows, columns)), shape=(len(numbers), len(groups)))
        written = tuple(first[path] for path in numbers)
        return cls(tuple(group.name for group in groups), written, in_groups, *_tree(numbers))

    def read(self, texts: Sequence[str]) -> Reading:
        """What each text says in these terms, in the texts' order."""
        return self.read_words([every_word_of(text) for text in texts])

    def read_words(self, words: Sequence[Sequence[str]]) -> Reading:
        """The same, from texts that `every_word_of` has taken apart already."""
        from scipy import sparse

        text_of = np.repeat(np.arange(len(words)), [len(each) for each in words])
        found = _longest(self, self._stem_numbers(list(chain.from_iterable(words))), text_of)
        at = np.flatnonzero(found >= 0)
        shape = (len(words), len(self.written))
        met = sparse.csr_array((np.ones(len(at)), (text_of[at], found[at])), shape=shape)
        met.sum_duplicates()
        return Reading(self, met, sparse.csr_array(met @ self.in_groups))

    def follow(self, places: np.ndarray, stems: np.ndarray) -> np.ndarray:
        """Where each place leads by each stem, −1 where the tree does not go on or the stem is unknown (−1)."""
        if not len(self.moves):
            return np.full(len(stems), -1)
        keys = np.where(stems >= 0, places * len(self.stems) + stems, -1)
        at = np.minimum(np.searchsorted(self.moves, keys), len(self.moves) - 1)
        return np.where(self.moves[at] == keys, self.leads_to[at], -1)

    def _stem_numbers(self, words: Sequence[str]) -> np.ndarray:
        codes, distinct = pd.factorize(np.array(words, dtype=object))
        return self.stems.get_indexer(pd.Index(stems_of([str(word) for word in distinct]), dtype=object))[codes]


@dataclass(frozen=True)
class Reading:
    """`met` is texts × terms, how often each was met; `matrix` is texts × groups, how many terms of each."""

    terms: Terms
    met: csr_array
    matrix: csr_array

    def words(self, text: int) -> Mapping[str, tuple[str, ...]]:
        """By which terms a text speaks of each of its groups, as the thesaurus writes them, not as the text does."""
        said = self.met.indices[self.met.indptr[text] : self.met.indptr[text + 1]]
        by_group: dict[str, tuple[str, ...]] = {}
        for term in sorted(said, key=lambda one: self.terms.written[one]):
            held = slice(self.terms.in_groups.indptr[term], self.terms.in_groups.indptr[term + 1])
            for group in self.terms.in_groups.indices[held]:
                name = self.terms.groups[group]
                by_group[name] = (*by_group.get(name, ()), self.terms.written[term])
        return by_group


def bridges_between(said: Reading, comment: int, done: Reading, change: int) -> list[Bridge]:
    """The groups that a comment and a change share by words that are not the same, sorted by name.

    A term of the comment that has a word in common with the change's terms is left out ("my worker" and "worker"):
    what it adds is counted as a shared word.
    """
    ours, theirs = said.words(comment), done.words(change)
    shared = []
    for group in sorted(ours.keys() & theirs.keys()):
        known = {stem for path in _stem_paths(theirs[group]) for stem in path if stem not in STOP_WORDS}
        paths = zip(ours[group], _stem_paths(ours[group]), strict=True)
        if left := tuple(term for term, path in paths if known.isdisjoint(path)):
            shared.append(Bridge(group, left, theirs[group]))
    return shared


def _stem_paths(terms: Sequence[str]) -> list[tuple[str, ...]]:
    words = [every_word_of(term) for term in terms]
    stems = iter(stems_of(list(chain.from_iterable(words))))
    return [tuple(next(stems) for _ in each) for each in words]


def _tree(numbers: Mapping[tuple[str, ...], int]) -> tuple[pd.Index, np.ndarray, np.ndarray, np.ndarray]:
    """The stems, moves, leads_to and term_at of `Terms`."""
    stems = pd.Index(sorted({stem for path in numbers for stem in path}), dtype=object)
    number_of = {stem: number for number, stem in enumerate(stems)}
    places: dict[int, int] = {}
    ends: dict[int, int] = {}
    for path, term in numbers.items():
        place = START
        for stem in path:
            place = places.setdefault(place * len(stems) + number_of[stem], len(places) + 1)
        ends[place] = term
    moves = np.array(sorted(places), dtype=np.int64)
    leads_to = np.array([places[move] for move in moves.tolist()], dtype=np.int64)
    return stems, moves, leads_to, np.array([ends.get(place, -1) for place in range(len(places) + 1)], dtype=np.int64)


def _longest(terms: Terms, stems: np.ndarray, text_of: np.ndarray) -> np.ndarray:
    """At each word the longest term that begins there, −1 where none does or where an earlier term covers the word."""
    found, length = np.full(len(stems), -1), np.zeros(len(stems), dtype=np.int64)
    begins, places = np.arange(len(stems)), np.full(len(stems), START)
    depth = 0
    while len(begins):
        places = terms.follow(places, stems[begins + depth])
        begins, places = begins[places >= 0], places[places >= 0]
        depth += 1
        ending = terms.term_at[places] >= 0
        found[begins[ending]] = terms.term_at[places[ending]]
        length[begins[ending]] = depth
        inside = begins + depth < len(stems)
        begins, places = begins[inside], places[inside]
        same_text = text_of[begins + depth] == text_of[begins]
        begins, places = begins[same_text], places[same_text]
    found[_covered(length)] = -1
    return found


def _covered(length: np.ndarray) -> np.ndarray:
    """Words inside a term that began before them; of terms that overlap, the first keeps the words."""
    covered = np.zeros(len(length), dtype=bool)
    end = 0
    for begin in np.flatnonzero(length > 1).tolist():  # terms of several words are few
        if begin >= end:
            end = begin + int(length[begin])
            covered[begin + 1 : end] = True
    return covered
