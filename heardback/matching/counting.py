"""The words of many texts, each read once, and how often they, their stems and their letters stand in each text."""

from __future__ import annotations

from array import array
from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from heardback.matching.text import STOP_WORDS, every_word_of, letters_of, stems_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from scipy.sparse import csr_array


@dataclass(frozen=True)
class Words:
    """Every word of many texts, in order, stop words too: four bytes for each, and each distinct one once.

    `distinct` are sorted, so that the order of the texts decides nothing; `codes` are places in it, and those of text n
    stand from starts[n] to starts[n + 1].
    """

    distinct: list[str]
    codes: np.ndarray
    starts: np.ndarray

    @classmethod
    def of(cls, texts: Iterable[str]) -> Words:
        """Read each text once."""
        numbers: defaultdict[str, int] = defaultdict()
        numbers.default_factory = numbers.__len__
        codes, starts = array("i"), array("q", [0])
        for text in texts:
            codes.extend(map(numbers.__getitem__, every_word_of(text)))
            starts.append(len(codes))
        distinct = sorted(numbers)
        places = np.empty(len(distinct), dtype=np.int32)
        places[[numbers[word] for word in distinct]] = np.arange(len(distinct))
        return cls(distinct, places[np.array(codes, dtype=np.int32)], np.array(starts))

    def __len__(self) -> int:
        """How many texts there are."""
        return len(self.starts) - 1

    @cached_property
    def stems(self) -> list[str]:
        """Those of the distinct words, in their order; each word is stemmed once, whoever asks."""
        return stems_of(self.distinct)

    @property
    def text_of(self) -> np.ndarray:
        """The text in which each word stands."""
        return np.repeat(np.arange(len(self)), np.diff(self.starts))


@dataclass(frozen=True)
class Counts:
    """`matrix` is texts × terms; `terms` are sorted, so that the order of the texts decides nothing."""

    terms: pd.Index
    matrix: csr_array


def count_words(words: Words) -> Counts:
    """The words of each text; stop words are left out."""
    means = np.array([word not in STOP_WORDS for word in words.distinct], dtype=bool)
    kept = means[words.codes]
    starts = np.concatenate([[0], np.cumsum(kept)])[words.starts]
    terms = [word for word, means_something in zip(words.distinct, means, strict=True) if means_something]
    return _counted((np.cumsum(means) - 1)[words.codes[kept]], starts, terms)


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
    starts = np.concatenate([[0], np.cumsum([len(each) for each in lists], dtype=np.int64)])
    columns, terms = pd.factorize(np.array(list(chain.from_iterable(lists)), dtype=object), sort=True)
    return _counted(columns, starts, terms)


def _counted(columns: np.ndarray, starts: np.ndarray, terms: Sequence[str] | np.ndarray) -> Counts:
    from scipy import sparse

    matrix = sparse.csr_array((np.ones(len(columns)), columns, starts), shape=(len(starts) - 1, len(terms)))
    matrix.sum_duplicates()
    return Counts(pd.Index(terms, dtype=object), matrix)  # as objects: the terms are taken out again one by one
