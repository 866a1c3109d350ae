"""What comments and changes mean, as a whole and part by part, as rows of unit vectors."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass, field
from itertools import chain
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

MOST_SENTENCES = 8
LEAST_CHARACTERS = 8  # "Ok." says nothing of its own
SHORT = 120  # characters, about 25 words: to encode the sentences of shorter ones found no more links

_ENDS = re.compile(r"(?<=[.!?;])[\"')\]]*\s+|\n+")


def sentences_of(text: str) -> list[str]:
    """The first sentences of a text, those that say anything."""
    pieces = (piece.strip() for piece in _ENDS.split(text[:4_000]))
    return [piece for piece in pieces if len(piece) >= LEAST_CHARACTERS][:MOST_SENTENCES]


def pieces_of(*fields: str) -> list[str]:
    """The whole, then each field, and each sentence of those that are not short; each text once."""
    said = [field.strip() for field in fields if field.strip()]
    parts = chain.from_iterable([field, *(sentences_of(field) if len(field) > SHORT else ())] for field in said)
    return list(dict.fromkeys([" ".join(said), *parts]))


@dataclass(frozen=True)
class Meanings:
    """`vectors` holds every piece of every text; text n has the rows from starts[n] on, the first of them its whole.

    `pieces` are what the rows stand for.
    """

    vectors: np.ndarray
    starts: np.ndarray
    pieces: Sequence[str]

    @classmethod
    def of(cls, pieces: Sequence[Sequence[str]], encode: Callable[[Sequence[str]], np.ndarray]) -> Meanings:
        """Each different piece is encoded once, in an order of its own."""
        every = list(chain.from_iterable(pieces))
        different = sorted(set(every))
        at = {piece: place for place, piece in enumerate(different)}
        places = np.array([at[piece] for piece in every], dtype=np.int64)
        starts = np.concatenate([[0], np.cumsum([len(each) for each in pieces])]).astype(np.int64)
        return cls(encode(different)[places], starts, every)

    @property
    def wholes(self) -> np.ndarray:
        """One row for each text."""
        return np.asarray(self.vectors[self.starts[:-1]])

    def part(self, rows: slice) -> Meanings:
        """The same of some texts in a row."""
        starts = self.starts[rows.start : rows.stop + 1]
        held = slice(starts[0], starts[-1])
        return Meanings(self.vectors[held], starts - starts[0], self.pieces[held])

    def likeness(self, others: Meanings) -> tuple[np.ndarray, np.ndarray]:
        """Texts × the others' texts: the cosine of the wholes, and of the two pieces that are most alike."""
        pieces = self.vectors @ others.vectors.T
        best = np.maximum.reduceat(np.maximum.reduceat(pieces, self.starts[:-1], axis=0), others.starts[:-1], axis=1)
        return np.asarray(pieces[self.starts[:-1]][:, others.starts[:-1]]), np.asarray(best)


@dataclass
class Once:
    """An encoder that encodes each text once in its lifetime, and counts the texts and seconds that it took."""

    encode: Callable[[Sequence[str]], np.ndarray] | None
    texts: int = 0
    seconds: float = 0.0
    known: dict[str, np.ndarray] = field(default_factory=dict)

    def __call__(self, texts: Sequence[str]) -> np.ndarray:
        """Texts × dimensions; what it knows already costs nothing."""
        new = sorted(set(texts) - self.known.keys())
        if self.encode and new:
            started = time.perf_counter()
            self.known |= dict(zip(new, self.encode(new), strict=True))
            self.seconds += time.perf_counter() - started
            self.texts += len(new)
        return np.array([self.known[text] for text in texts])
