"""The words of many texts, each read once, and how often they, their stems and their letters stand in each text."""

from __future__ import annotations

from array import array
from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from itertools import compress, islice
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from heardback.matching.text import END, LETTERS, STOP_WORDS, stems_of, words_of_each

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from scipy.sparse import csr_array

READ_AT_ONCE = 1_000  # texts: so many are one text to the search for words


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
        read, rest = array("i", [numbers[END]]), iter(texts)
        while some := list(islice(rest, READ_AT_ONCE)):
            read.extend(map(numbers.__getitem__, words_of_each(some)))
        codes = np.array(read, dtype=np.int32)
        ends = np.flatnonzero(codes == numbers.pop(END))
        distinct = sorted(numbers)
        places = np.empty(len(distinct) + 1, dtype=np.int32)
        places[[numbers[word] for word in distinct]] = np.arange(len(distinct))
        return cls(distinct, places[np.delete(codes, ends)], ends - np.arange(len(ends)))

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


@dataclass(frozen=True)
class WordCounts:
    """`matrix` is texts × words, `stems` the stem of each of these."""

    words: list[str]
    stems: list[str]
    matrix: csr_array

    @cached_property
    def letters(self) -> Counts:
        """Words × the runs of their letters; each word is cut up once, whoever asks."""
        return letters_of_each(self.words)


def count_words(words: Words) -> WordCounts:
    """The words of each text; stop words are left out."""
    means = np.array([word not in STOP_WORDS for word in words.distinct], dtype=bool)
    kept = means[words.codes]
    starts = np.concatenate([[0], np.cumsum(kept)])[words.starts]
    meant, stems = (list(compress(each, means)) for each in (words.distinct, words.stems))
    return WordCounts(meant, stems, _counted((np.cumsum(means) - 1)[words.codes[kept]], starts, len(meant)))


def stems_in(words: WordCounts) -> Counts:
    """The same texts' stems."""
    columns, terms = pd.factorize(np.array(words.stems, dtype=object), sort=True)
    stem_of = _counted(columns, np.arange(len(columns) + 1), len(terms))
    return Counts(_index(terms), words.matrix @ stem_of)


def letters_in(words: WordCounts, only: np.ndarray | None = None) -> Counts:
    """The same texts' runs of letters, or those of some of their words alone, by the words' places."""
    if only is None:
        return Counts(words.letters.terms, words.matrix @ words.letters.matrix)
    return Counts(words.letters.terms, words.matrix[:, only] @ words.letters.matrix[only])


def strange_to(known: pd.Index, words: WordCounts) -> np.ndarray:
    """The places of the words whose stem is not known."""
    return np.flatnonzero(known.get_indexer(_index(words.stems)) < 0)


def letters_of_each(words: Sequence[str]) -> Counts:
    """Words × their runs of LETTERS letters, the ends marked, so that "recepton" shares most of "reception".

    "cold" is " col", "cold", "old ". As numbers of their signs, all words are cut up at once.
    """
    marked = "".join([f" {word} ".ljust(LETTERS, "\0") for word in words])
    lengths = np.maximum(np.fromiter(map(len, words), dtype=np.int64, count=len(words)) + 2, LETTERS)
    signs = np.frombuffer(marked.encode("utf-32-le"), dtype="<u4")
    begins = _without_last(lengths, LETTERS - 1)
    pairs = np.unique(signs[:-1].astype(np.int64) << 21 | signs[1:], return_inverse=True)[1]  # in the signs' own order
    _, firsts, columns = np.unique(pairs[begins] << 32 | pairs[begins + 2], return_index=True, return_inverse=True)
    runs = signs[begins[firsts][:, None] + np.arange(LETTERS)]
    starts = np.concatenate([[0], np.cumsum(lengths - (LETTERS - 1))])
    return Counts(_index(runs.view(f"<U{LETTERS}").ravel().tolist()), _counted(columns, starts, len(runs)))


def _without_last(lengths: np.ndarray, last: int) -> np.ndarray:
    """Of stretches that lie one behind the other, all places but the last so many of each."""
    begins = np.ones(lengths.sum(), dtype=bool)
    begins[(np.cumsum(lengths)[:, None] - np.arange(1, last + 1)).ravel()] = False
    return np.flatnonzero(begins)


def _index(terms: Sequence[str] | np.ndarray) -> pd.Index:
    return pd.Index(terms, dtype=object)  # as objects: the terms are taken out again one by one


def _counted(columns: np.ndarray, starts: np.ndarray, width: int) -> csr_array:
    matrix = in_rows(np.ones(len(columns)), columns, starts, width)
    matrix.sum_duplicates()
    return matrix


def in_rows(data: np.ndarray, columns: np.ndarray, starts: np.ndarray, width: int) -> csr_array:
    """A sparse matrix whose row n has what stands from starts[n] to starts[n + 1]; a place takes four bytes, and scipy
    keeps it so, where a single matrix of eight would make it turn the others, the whole register, at every product.
    """
    from scipy import sparse

    shape = (len(starts) - 1, width)
    return sparse.csr_array((data, columns.astype(np.int32), starts.astype(np.int32)), shape=shape)
