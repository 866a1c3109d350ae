"""How often each word, stem and run of letters stands in each of many texts, as sparse matrices."""

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


def count_words(texts: Sequence[str]) -> Counts:
    """The words of each text; stop words are left out."""
    return _tally([words_of(text) for text in texts])


def stems_in(words: Counts) -> Counts:
    """The same texts' stems. Each word is stemmed once, however often it stands."""
    stems = _tally([[stem] for stem in stems_of(words.terms.tolist())])
    return Counts(stems.terms, words.matrix @ stems.matrix)


def letters_in(words: Counts) -> Counts:
    """The same texts' runs of letters. Each word is cut up once."""
    letters = _tally([letters_of(word) for word in words.terms])
    return Counts(letters.terms, words.matrix @ letters.matrix)


def without_stems(words: Counts, known: pd.Index) -> Counts:
    """The same texts without the words whose stem is known."""
    strange = ~pd.Index(stems_of(words.terms.tolist())).isin(known)
    return Counts(words.terms[strange], words.matrix[:, np.flatnonzero(strange)])


def _tally(lists: Sequence[Sequence[str]]) -> Counts:
    from scipy import sparse

    starts = np.concatenate([[0], np.cumsum([len(each) for each in lists], dtype=np.int64)])
    flat = np.array(list(chain.from_iterable(lists)), dtype=object)
    columns, terms = pd.factorize(flat, sort=True)
    matrix = sparse.csr_array((np.ones(len(flat)), columns, starts), shape=(len(lists), len(terms)))
    matrix.sum_duplicates()
    return Counts(pd.Index(terms, dtype=object), matrix)  # as objects: the texts are taken out again one by one
