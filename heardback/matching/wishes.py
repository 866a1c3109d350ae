"""Wishes: where a comment and a change want contrary things (more and less, open later and close earlier).

It sees only words: whether both speak of the same matter is for the caller to know. A question and its answer often use
both words of a pair ("too cold", "we turned the heating up" are one wish; "stop the fees", "we stopped the fees" too),
so a pair counts as contrary only where it shares fewer wishes than it contradicts.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from heardback.matching.terms import Terms

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scipy.sparse import csr_array

    from config.thesaurus import Thesaurus


@dataclass(frozen=True)
class Wishes:
    """The wishes of a thesaurus; `against` is wishes × wishes, 1 where two contradict each other, both ways."""

    terms: Terms
    against: csr_array

    @classmethod
    def of(cls, thesaurus: Thesaurus) -> Wishes:
        """Reads `wishes` and `opposites`."""
        from scipy import sparse

        terms = Terms.of(thesaurus.wishes)
        number_of = {name: number for number, name in enumerate(terms.groups)}
        pairs = [(number_of[one], number_of[other]) for one, other in thesaurus.opposites]
        both = np.array(sorted({*pairs, *((other, one) for one, other in pairs)}), dtype=np.int64).reshape(-1, 2)
        shape = (len(number_of), len(number_of))
        return cls(terms, sparse.csr_array((np.ones(len(both)), (both[:, 0], both[:, 1])), shape=shape))

    def read(self, texts: Sequence[str]) -> csr_array:
        """Texts × wishes: 1 where a text holds a word of the wish."""
        return self.terms.read(texts).matrix.sign()

    def contrary(self, said: csr_array, done: csr_array) -> np.ndarray:
        """For each row of two `read` matrices of one shape: do the texts contradict each other more than they agree?"""
        contradicted = (said @ self.against).multiply(done).sum(axis=1)
        return np.asarray(contradicted > said.multiply(done).sum(axis=1))

    def named(self, said: csr_array, done: csr_array, row: int) -> list[tuple[str, str]]:
        """The names of the wishes by which a row is contrary, the comment's first."""
        ours, theirs = said[[row]].indices, done[[row]].indices
        against = self.against.toarray()
        names = self.terms.groups
        return sorted((names[one], names[other]) for one in ours for other in theirs if against[one, other])
