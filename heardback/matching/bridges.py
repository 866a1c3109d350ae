"""The thesaurus made ready for matching: what words stand for, and which wishes contradict each other.

It sees only words: whether a comment and a change speak of the same matter is for the rest of the matcher to know.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from heardback.matching.terms import Terms

if TYPE_CHECKING:
    from scipy.sparse import csr_array

    from config.thesaurus import Thesaurus
    from heardback.matching.counting import Words


@dataclass(frozen=True)
class Bridges:
    """A thesaurus's groups and wishes; `opposed` is wishes × wishes, 1 where two contradict each other, both ways."""

    groups: Terms
    wishes: Terms
    opposed: csr_array

    @classmethod
    def of(cls, thesaurus: Thesaurus) -> Bridges:
        """Made ready once as long as the thesaurus is the same, which is checked already."""
        return _made_ready(thesaurus)

    def one_wish(self, words: Words) -> csr_array:
        """Texts × wishes, for texts with one wish alone: whoever names several has said more than words can weigh."""
        from scipy import sparse

        found = self.wishes.found_in(words)
        single = sparse.diags_array((np.diff(found.indptr) == 1).astype(float))
        one: csr_array = sparse.csr_array(single @ found)
        one.eliminate_zeros()
        return one

    def opposite_of_one_wish(self, words: Words) -> csr_array:
        """Texts × wishes: those that contradict the one wish of each text."""
        opposite: csr_array = self.one_wish(words) @ self.opposed
        return opposite


@lru_cache(maxsize=1)  # every reminder and every matching asks for the same: 6 ms
def _made_ready(thesaurus: Thesaurus) -> Bridges:
    from scipy import sparse

    wishes = Terms.of(thesaurus.wishes)
    number_of = {name: number for number, name in enumerate(wishes.names)}
    opposed = sparse.lil_array((len(number_of), len(number_of)))
    for one, other in thesaurus.opposites:
        opposed[number_of[one], number_of[other]] = opposed[number_of[other], number_of[one]] = 1.0
    return Bridges(Terms.of(thesaurus.groups), wishes, sparse.csr_array(opposed))
