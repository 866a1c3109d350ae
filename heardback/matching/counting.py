"""How often each stem and each run of letters stands in each of many texts, as sparse matrices."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from heardback.matching.text import letters_of, stems_of, words_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scipy.sparse import csr_array


@dataclass(frozen=True)
class Counts:
    """`matrix` is texts × terms; `terms` are sorted, so that the order of the texts decides nothing."""

    terms: pd.Index
    matrix: csr_array


def count_terms(texts: Sequence[str]) -> tuple[Counts, Counts]:
    """The stems and the runs of letters of each text. Each word is stemmed and cut up once, however often it stands."""
    words = _tally([words_of(text) for text in texts])
    vocabulary = [str(word) for word in words.terms]
    stems = _tally([[stem] for stem in stems_of(vocabulary)])
    letters = _tally([letters_of(word) for word in vocabulary])
    return Counts(stems.terms, words.matrix @ stems.matrix), Counts(letters.terms, words.matrix @ letters.matrix)


def _tally(lists: Sequence[Sequence[str]]) -> Counts:
    from scipy import sparse

    rows = np.repeat(np.arange(len(lists)), [len(each) for each in lists])
    flat = np.array(list(chain.from_iterable(lists)), dtype=object)
    columns, terms = pd.factorize(flat, sort=True)
    shape = (len(lists), len(terms))
    return Counts(pd.Index(terms), sparse.csr_array((np.ones(len(flat)), (rows, columns)), shape=shape))
