"""The register of changes as a matrix, and comments written in the same columns.

One row times another is the likeness of a comment and a change: 0 when they share nothing, never above 1. It is a sum
over the columns, so each shared stem has its own part in it. It adds two things: the share of a comment's stems, by
rarity, that the change holds (BM25's saturation and length, over the most that the comment could reach), and the cosine
of their letters, which stands typos. How rare a stem is comes from the register alone: what else is in a batch of
comments moves no score.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from heardback.matching.counting import Counts, count_terms

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd
    from scipy.sparse import csr_array

FIELDS: Mapping[str, float] = {"you_said": 2.0, "title": 1.0, "we_did": 1.0}
STEMS_WEIGHT, LETTERS_WEIGHT = 0.7, 0.3
SATURATION, LENGTH_SHARE = 1.2, 0.5  # BM25's k1 and b
TYPICAL_STEMS = 30.0  # a constant, not the register's mean: one long change must not move every other score
UNHEARD_STEMS = 4.0  # each comment counts as holding this much more that no change knows: one shared word is no proof
UNHEARD_LETTERS = 2.0


@dataclass(frozen=True)
class Vocabulary:
    """The terms of a register, sorted, and how rare each is: ln((changes + 1) / (changes that hold it + ½))."""

    terms: pd.Index
    rarity: np.ndarray
    rarest: float

    @classmethod
    def of(cls, counts: Counts) -> Vocabulary:
        """Read from the register's own counts, changes × terms."""
        holders = np.bincount(counts.matrix.indices, minlength=len(counts.terms))
        size = counts.matrix.shape[0] + 1
        return cls(counts.terms, np.log(size / (holders + 0.5)), float(np.log(size / 0.5)))

    def weigh(self, counts: Counts) -> tuple[csr_array, csr_array]:
        """Other texts' counts times rarity, in their own columns and in the vocabulary's (where terms it does not
        know are gone).
        """
        from scipy import sparse

        places = self.terms.get_indexer(counts.terms)
        known = np.flatnonzero(places >= 0)
        rarity = np.full(len(places), self.rarest)
        rarity[known] = self.rarity[places[known]]
        own = _scale(counts.matrix, columns=rarity)
        moves = sparse.csr_array((np.ones(len(known)), (known, places[known])), shape=(len(places), len(self.terms)))
        return own, own @ moves


@dataclass(frozen=True)
class Lexicon:
    """A register of changes: `matrix` holds a row for each in the order given, its stems first, then its letters."""

    stems: Vocabulary
    letters: Vocabulary
    matrix: csr_array

    def encode(self, texts: Sequence[str]) -> csr_array:
        """Comments × the same columns; `encode(texts) @ matrix.T` is each one's likeness to each change."""
        from scipy import sparse

        stems, letters = count_terms(texts)
        own, shared = self.stems.weigh(Counts(stems.terms, stems.matrix.sign()))
        most = own.sum(axis=1) + UNHEARD_STEMS * self.stems.rarest
        own_letters, shared_letters = self.letters.weigh(Counts(letters.terms, letters.matrix.log1p()))
        length = np.sqrt(own_letters.power(2).sum(axis=1) + UNHEARD_LETTERS * self.letters.rarest**2)
        parts = [_scale(shared, rows=STEMS_WEIGHT / most), _scale(shared_letters, rows=LETTERS_WEIGHT / length)]
        return sparse.csr_array(sparse.hstack(parts, format="csr"))


def read_register(changes: pd.DataFrame) -> Lexicon:
    """Learn the vocabulary of a register and encode its changes, from the columns that FIELDS names (text)."""
    from scipy import sparse

    stems, letters = count_terms([text for field in FIELDS for text in changes[field]])
    stems, letters = _weigh_fields(stems, len(changes)), _weigh_fields(letters, len(changes))
    known_stems, known_letters = Vocabulary.of(stems), Vocabulary.of(letters)
    spelt = _scale(letters.matrix.log1p(), columns=known_letters.rarity)
    length = np.sqrt(spelt.power(2).sum(axis=1))
    parts = [_saturate(stems.matrix), _scale(spelt, rows=1 / np.where(length > 0, length, 1))]
    return Lexicon(known_stems, known_letters, sparse.csr_array(sparse.hstack(parts, format="csr")))


def _weigh_fields(counts: Counts, size: int) -> Counts:
    """Counts of every field's texts, one field below the other, become counts of each change."""
    from scipy import sparse

    fold = sparse.hstack([weight * sparse.eye_array(size) for weight in FIELDS.values()], format="csr")
    return Counts(counts.terms, sparse.csr_array(fold @ counts.matrix))


def _saturate(matrix: csr_array) -> csr_array:
    """BM25: a stem's second mention says less than its first, and less in a long text than in a short one."""
    length = 1 - LENGTH_SHARE + LENGTH_SHARE * matrix.sum(axis=1) / TYPICAL_STEMS
    saturated = matrix.copy()
    saturated.data = matrix.data / (matrix.data + SATURATION * np.repeat(length, np.diff(matrix.indptr)))
    return saturated


def _scale(matrix: csr_array, *, rows: np.ndarray | None = None, columns: np.ndarray | None = None) -> csr_array:
    scaled = matrix.copy()
    if rows is not None:
        scaled.data = scaled.data * np.repeat(rows, np.diff(matrix.indptr))
    if columns is not None:
        scaled.data = scaled.data * columns[matrix.indices]
    return scaled
