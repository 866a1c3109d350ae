"""The register of changes as a matrix, and comments written in the same columns.

One row times another is how alike a comment and a change are in words, 0 when they share nothing. It is a sum over the
columns, so that each shared stem has its own part in it. It adds three things: the cosine of their stems by rarity (the
change's with BM25's saturation, so that a second mention says less than the first), the cosine of the letters of those
words of the comment that no change knows (they may be misspelt), and the meanings of the thesaurus that both name, as a
share of what the comment says. How rare anything is comes from the register alone: what else is in a batch of comments
moves no score.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from heardback.matching.counting import (
    Counts,
    WordCounts,
    Words,
    count_words,
    in_rows,
    letters_in,
    stems_in,
    strange_to,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd
    from scipy.sparse import csr_array

    from heardback.matching.bridges import Bridges

FIELDS: Mapping[str, float] = {"you_said": 2.0, "title": 1.0, "we_did": 1.0}
STEMS_WEIGHT, LETTERS_WEIGHT, BRIDGES_WEIGHT = 1.0, 0.5, 0.6
SATURATION = 3.0  # BM25's k1, high because the cosine sees to the length
UNHEARD_STEMS, UNHEARD_LETTERS = 1.0, 2.0  # a comment counts as holding this much more that no change knows
REFERENCE = 1_000.0  # a large council's register
UNHEARD_MEANINGS = 4.0  # ... and this much: one shared meaning is no proof


@dataclass(frozen=True)
class Vocabulary:
    """The terms of a register, sorted, and how rare each is: ln(1 + REFERENCE / (changes that hold it + ½))."""

    terms: pd.Index
    rarity: np.ndarray
    rarest: float

    @classmethod
    def of(cls, counts: Counts) -> Vocabulary:
        """Read from the register's own counts, changes × terms."""
        rarity, rarest = rarities(counts.matrix)
        return cls(counts.terms, rarity, rarest)

    def weighing(self, terms: pd.Index) -> Weighing:
        """How counts of these terms are weighed by this vocabulary."""
        places = self.terms.get_indexer(terms)
        return Weighing(
            places, np.append(self.rarity, self.rarest)[places], len(self.terms)
        )  # −1: the last, the rarest


@dataclass(frozen=True)
class Weighing:
    """Terms of other texts: the place of each in a vocabulary of so many (−1: unknown), and how rare it is there."""

    places: np.ndarray
    rarity: np.ndarray
    width: int

    def own(self, counts: csr_array) -> csr_array:
        """Texts × terms times rarity."""
        return _scale(counts, columns=self.rarity)

    def shared(self, own: csr_array) -> csr_array:
        """The same in the vocabulary's columns; terms that it does not know are gone."""
        columns = self.places[own.indices]
        known = columns >= 0
        starts = np.concatenate([[0], np.cumsum(known)])[own.indptr]
        return in_rows(own.data[known], columns[known], starts, self.width)


def rarities(matrix: csr_array) -> tuple[np.ndarray, float]:
    """How rare each column of changes × terms is, and how rare one would be that none holds.

    By how many changes hold it, never by how many there are: a change that shares nothing moves no other pair's score.
    """
    holders = np.bincount(matrix.indices, minlength=matrix.shape[1])
    return np.log1p(REFERENCE / (holders + 0.5)), float(np.log1p(REFERENCE / 0.5))


@dataclass(frozen=True)
class Lexicon:
    """A register of changes: `matrix` holds a row for each in the order given: its stems, its letters, its meanings."""

    stems: Vocabulary
    letters: Vocabulary
    bridges: Bridges | None
    meanings: np.ndarray
    matrix: csr_array

    def encode(self, said: Words) -> csr_array:
        """Comments × the same columns; `encode(said) @ matrix.T` is how alike each is to each change in words."""
        from scipy import sparse

        words = count_words(said)
        stems = stems_in(words)
        weighing = self.stems.weighing(stems.terms)
        own = weighing.own(stems.matrix.log1p())
        parts = [_scale(weighing.shared(own), rows=STEMS_WEIGHT / self._length(own)), self._spelt(words)]
        if self.bridges:
            named = _scale(self.bridges.groups.found_in(said), columns=self.meanings)
            most = weighing.own(stems.matrix.sign()).sum(axis=1)
            parts.append(_scale(named, rows=BRIDGES_WEIGHT / (most + UNHEARD_MEANINGS * self.stems.rarest)))
        return sparse.csr_array(sparse.hstack(parts, format="csr"))

    def own_stems(self, said: Words) -> csr_array:
        """Texts × their own stems, known to the register or not, of length one: how like two comments are."""
        stems = stems_in(count_words(said))
        own = self.stems.weighing(stems.terms).own(stems.matrix.log1p())
        return _scale(own, rows=1 / self._length(own))

    def _length(self, own: csr_array) -> np.ndarray:
        return np.asarray(np.sqrt(own.power(2).sum(axis=1) + UNHEARD_STEMS * self.stems.rarest**2))

    def _spelt(self, words: WordCounts) -> csr_array:
        """All letters of a comment set its length; those of unknown words alone count."""
        weighing = self.letters.weighing(words.letters.terms)
        own = weighing.own(letters_in(words).matrix.log1p())
        length = np.sqrt(own.power(2).sum(axis=1) + UNHEARD_LETTERS * self.letters.rarest**2)
        strange = letters_in(words, only=strange_to(self.stems.terms, words))
        return _scale(weighing.shared(weighing.own(strange.matrix.log1p())), rows=LETTERS_WEIGHT / length)


def read_register(changes: pd.DataFrame, bridges: Bridges | None = None) -> Lexicon:
    """Learn the vocabulary of a register and encode its changes, from the columns that FIELDS names (text)."""
    from scipy import sparse

    words = count_words(Words.of(text for field in FIELDS for text in changes[field].tolist()))
    stems, letters = (_weigh_fields(each, len(changes)) for each in (stems_in(words), letters_in(words)))
    known_stems, known_letters = Vocabulary.of(stems), Vocabulary.of(letters)
    saturated = stems.matrix.copy()
    saturated.data = saturated.data / (saturated.data + SATURATION)
    parts = [
        _long_one(_scale(saturated, columns=known_stems.rarity)),
        _long_one(_scale(letters.matrix.log1p(), columns=known_letters.rarity)),
    ]
    meanings = np.zeros(0)
    if bridges:
        fields = changes[list(FIELDS)].itertuples(index=False)
        parts.append(bridges.groups.found_in(Words.of(map(" | ".join, fields))))
        meanings, _ = rarities(parts[-1])
    matrix = sparse.csr_array(sparse.hstack(parts, format="csr"))
    return Lexicon(known_stems, known_letters, bridges, meanings, matrix)


def _weigh_fields(counts: Counts, size: int) -> Counts:
    """Counts of every field's texts, one field below the other, become counts of each change."""
    from scipy import sparse

    fold = sparse.hstack([weight * sparse.eye_array(size) for weight in FIELDS.values()], format="csr")
    return Counts(counts.terms, sparse.csr_array(fold @ counts.matrix))


def _long_one(matrix: csr_array) -> csr_array:
    length = np.sqrt(matrix.power(2).sum(axis=1))
    return _scale(matrix, rows=1 / np.where(length > 0, length, 1))


def _scale(matrix: csr_array, *, rows: np.ndarray | None = None, columns: np.ndarray | None = None) -> csr_array:
    scaled = matrix.copy()
    if rows is not None:
        scaled.data = scaled.data * np.repeat(rows, np.diff(matrix.indptr))
    if columns is not None:
        scaled.data = scaled.data * columns[matrix.indices]
    return scaled
