"""What words stand for: the thesaurus as columns beside the stems, so that "front desk" meets "reception".

The longest entry of the thesaurus wins where entries overlap: in "waiting list", "waiting" stands for nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING

import numpy as np

from heardback.matching.text import every_word_of, stems_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from scipy.sparse import csr_array

    from config.thesaurus import Thesaurus, WordGroup


@dataclass(frozen=True)
class Trie:
    """Entries as paths of stems: `steps` leads from a node and a stem to the next node, `ends` from a node to groups.

    A step is kept as node · (stems + 1) + stem, sorted, so that a whole batch of texts is walked at once.
    """

    stems: Mapping[str, int]
    steps: np.ndarray
    nodes: np.ndarray
    ends: csr_array

    @classmethod
    def of(cls, groups: Sequence[WordGroup]) -> Trie:
        """From the groups of a thesaurus, in their order; node 0 is where every entry begins."""
        from scipy import sparse

        entries = [(number, every_word_of(term)) for number, group in enumerate(groups) for term in group.terms]
        words = sorted({word for _, entry in entries for word in entry})
        stem_of = dict(zip(words, stems_of(words), strict=True))
        stems = {stem: number for number, stem in enumerate(sorted(set(stem_of.values())))}
        steps: dict[int, int] = {}
        ends: set[tuple[int, int]] = set()
        for number, entry in entries:
            node = 0
            for word in entry:
                node = steps.setdefault(node * (len(stems) + 1) + stems[stem_of[word]], len(steps) + 1)
            ends.add((node, number))
        ordered = sorted(steps.items())
        rows, columns = np.array(sorted(ends), dtype=np.int64).reshape(-1, 2).T
        table = sparse.csr_array((np.ones(len(rows)), (rows, columns)), shape=(len(steps) + 1, len(groups)))
        keys, nodes = (np.array([step[side] for step in ordered], dtype=np.int64) for side in (0, 1))
        return cls(stems, keys, nodes, table)

    def found_in(self, texts: Sequence[str]) -> csr_array:
        """Texts × groups, 1 where an entry of the group stands in the text."""
        from scipy import sparse

        lists = [every_word_of(text) for text in texts]
        owners = np.repeat(np.arange(len(lists)), [len(each) for each in lists])
        flat = self._codes(list(chain.from_iterable(lists)))
        at, nodes = self._longest(flat, owners)
        shape = (len(texts), self.ends.shape[0])
        seen = sparse.csr_array((np.ones(len(at)), (owners[at], nodes)), shape=shape)
        found = sparse.csr_array(seen @ self.ends)
        found.data[:] = 1
        return found

    def _codes(self, words: Sequence[str]) -> np.ndarray:
        vocabulary = {word: place for place, word in enumerate(dict.fromkeys(words))}
        known = np.array([self.stems.get(stem, -1) for stem in stems_of(list(vocabulary))], dtype=np.int64)
        places = np.fromiter((vocabulary[word] for word in words), dtype=np.int64, count=len(words))
        return known[places]

    def _longest(self, flat: np.ndarray, owners: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Where entries begin and the nodes at which they end, without those inside a longer one."""
        is_end = np.diff(self.ends.indptr) > 0
        at, nodes, length = np.flatnonzero(flat >= 0), np.zeros((flat >= 0).sum(), dtype=np.int64), 0
        ended = []
        while len(at):
            inside = at + length < len(flat)
            at, nodes = at[inside], nodes[inside]
            inside = (owners[at + length] == owners[at]) & (flat[at + length] >= 0)
            at, nodes = at[inside], nodes[inside]
            keys = nodes * (len(self.stems) + 1) + flat[at + length]
            places = np.minimum(np.searchsorted(self.steps, keys), max(0, len(self.steps) - 1))
            found = self.steps[places] == keys
            at, nodes, length = at[found], self.nodes[places[found]], length + 1
            ended.append((length, at[is_end[nodes]], nodes[is_end[nodes]]))
        return _uncovered(ended, len(flat))


def _uncovered(ended: Sequence[tuple[int, np.ndarray, np.ndarray]], size: int) -> tuple[np.ndarray, np.ndarray]:
    covered = np.zeros(size, dtype=bool)
    places, nodes = [np.zeros(0, dtype=np.int64)], [np.zeros(0, dtype=np.int64)]
    for length, at, node in reversed(ended):
        spans = at[:, None] + np.arange(length)
        free = ~covered[spans].any(axis=1)
        places.append(at[free])
        nodes.append(node[free])
        covered[spans[free]] = True
    return np.concatenate(places), np.concatenate(nodes)


@dataclass(frozen=True)
class Bridges:
    """A thesaurus made ready: its groups, its wishes, and which wishes contradict each other."""

    names: tuple[str, ...]
    groups: Trie
    wishes: Trie
    opposed: csr_array

    def one_wish(self, texts: Sequence[str]) -> csr_array:
        """Texts × wishes, for texts with one wish alone: whoever names several has said more than words can weigh."""
        from scipy import sparse

        found = self.wishes.found_in(texts)
        single = sparse.diags_array((np.diff(found.indptr) == 1).astype(float))
        one: csr_array = sparse.csr_array(single @ found)
        one.eliminate_zeros()
        return one

    @classmethod
    def of(cls, thesaurus: Thesaurus) -> Bridges:
        """Read once for a run; the thesaurus is checked already."""
        from scipy import sparse

        at = {wish.name: number for number, wish in enumerate(thesaurus.wishes)}
        pairs = {(at[a], at[b]) for a, b in thesaurus.opposites} | {(at[b], at[a]) for a, b in thesaurus.opposites}
        rows, columns = np.array(sorted(pairs), dtype=np.int64).reshape(-1, 2).T
        opposed = sparse.csr_array((np.ones(len(rows)), (rows, columns)), shape=(len(at), len(at)))
        names = tuple(group.name for group in thesaurus.groups)
        return cls(names, Trie.of(thesaurus.groups), Trie.of(thesaurus.wishes), opposed)
