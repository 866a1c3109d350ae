"""Terms of the thesaurus in many texts: which of its groups each text speaks of.

Texts are read as stems, stop words included ("where you sign in" is one term). Where terms overlap the longest counts
and what it holds counts for nothing shorter: in "waiting list", "waiting" is no waiting room. Two of one length both
count: "free gym membership" is a free gym and a gym membership. The cost follows the length of the texts: every
distinct word is stemmed once, and each place is followed only as far as the thesaurus has terms that go on.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from heardback.matching.text import every_word_of, stems_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from scipy.sparse import csr_array

    from config.thesaurus import WordGroup
    from heardback.matching.counting import Words

START = 0  # the node of the tree before any word was read


@dataclass(frozen=True)
class Terms:
    """The terms of some groups as a tree of stems, walked for a whole batch of texts at once.

    `steps` are the keys node · (number of stems) + stem, sorted, and `leads_to` the nodes that they lead to; `ends` is
    nodes × groups, 1 where a term of the group ends. `names` are the groups', in the order in which they were given.
    """

    names: tuple[str, ...]
    stems: pd.Index
    steps: np.ndarray
    leads_to: np.ndarray
    ends: csr_array

    @classmethod
    def of(cls, groups: Sequence[WordGroup]) -> Terms:
        """A group's name is the first of its terms; terms with the same stems are one (bike, bikes)."""
        paths = [_stem_paths((group.name, *group.words)) for group in groups]
        stems = pd.Index(sorted({stem for path in chain.from_iterable(paths) for stem in path}), dtype=object)
        steps, ends = _grow(paths, {stem: number for number, stem in enumerate(stems)})
        keys = np.array(sorted(steps), dtype=np.int64)
        leads_to = np.array([steps[key] for key in keys.tolist()], dtype=np.int64)
        names = tuple(group.name for group in groups)
        return cls(names, stems, keys, leads_to, _ones(sorted(ends), (len(steps) + 1, len(names))))

    def found_in(self, words: Words) -> csr_array:
        """Texts × groups, in both their orders: 1 where the text holds a term of the group."""
        text_of = words.text_of
        begins, nodes = _uncovered(self._met(self._numbers(words), text_of), len(text_of))
        seen = _ones(np.column_stack([text_of[begins], nodes]), (len(words), self.ends.shape[0]))
        found: csr_array = (seen @ self.ends).sign()
        found.sort_indices()
        return found

    def _numbers(self, words: Words) -> np.ndarray:
        """The number of each word's stem, −1 where no term holds it."""
        numbers: np.ndarray = self.stems.get_indexer(pd.Index(words.stems, dtype=object))
        return np.take(numbers, words.codes)

    def _met(self, stems: np.ndarray, text_of: np.ndarray) -> list[tuple[np.ndarray, np.ndarray]]:
        """The terms of one word, of two words, … that stand within one text: where each begins, and its node."""
        ending = np.diff(self.ends.indptr) > 0
        begins = np.flatnonzero(stems >= 0)
        nodes = np.full(len(begins), START)
        met: list[tuple[np.ndarray, np.ndarray]] = []
        while len(begins):
            last = begins + len(met)
            on = (last < len(stems)) & (np.take(text_of, last, mode="clip") == text_of[begins])
            begins, nodes = self._follow(begins[on], nodes[on], stems[last[on]])
            met.append((begins[ending[nodes]], nodes[ending[nodes]]))
        return met

    def _follow(self, begins: np.ndarray, nodes: np.ndarray, stems: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Those of `begins` from whose node the tree goes on by the stem (−1: it never does), and where it leads."""
        keys = np.where(stems >= 0, nodes * len(self.stems) + stems, -1)
        at = np.minimum(np.searchsorted(self.steps, keys), len(self.steps) - 1)
        on = self.steps[at] == keys
        return begins[on], self.leads_to[at[on]]


def _stem_paths(terms: Sequence[str]) -> list[tuple[str, ...]]:
    words = [every_word_of(term) for term in terms]
    stems = iter(stems_of(list(chain.from_iterable(words))))
    return [tuple(next(stems) for _ in each) for each in words]


def _grow(
    paths: Sequence[Sequence[tuple[str, ...]]], number_of: Mapping[str, int]
) -> tuple[dict[int, int], set[tuple[int, int]]]:
    """The steps of the tree, and the pairs of a node and a group whose term ends there."""
    steps: dict[int, int] = {}
    ends: set[tuple[int, int]] = set()
    for group, terms in enumerate(paths):
        for path in terms:
            node = START
            for stem in path:
                node = steps.setdefault(node * len(number_of) + number_of[stem], len(steps) + 1)
            ends.add((node, group))
    return steps, ends


def _uncovered(met: Sequence[tuple[np.ndarray, np.ndarray]], words: int) -> tuple[np.ndarray, np.ndarray]:
    """The terms of each length (1, 2, …) that no longer one overlaps; of equals that overlap, both stand."""
    covered = np.zeros(words, dtype=bool)
    kept = [(np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64))]
    for length, (begins, nodes) in reversed(list(enumerate(met, start=1))):
        spans = begins[:, None] + np.arange(length)
        free = ~covered[spans].any(axis=1)
        covered[spans[free]] = True
        kept.append((begins[free], nodes[free]))
    begins, nodes = (np.concatenate(each) for each in zip(*kept, strict=True))
    return begins, nodes


def _ones(pairs: Sequence[tuple[int, int]] | np.ndarray, shape: tuple[int, int]) -> csr_array:
    from scipy import sparse

    rows, columns = np.array(pairs, dtype=np.int32).reshape(-1, 2).T
    return sparse.csr_array((np.ones(len(rows)), (rows, columns)), shape=shape)
