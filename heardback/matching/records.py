"""How each change has fared with people: for how many comments it was upheld before, and for how many refused."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from heardback.matching.blocking import NEVER_CHANGED, day_numbers

if TYPE_CHECKING:
    from collections.abc import Sequence

COLUMNS = ["change_uid", "known_on"]
SPAN = 1 << 21  # more days than lie between any two real dates
FIRST = -(SPAN >> 1)


@dataclass(frozen=True)
class Record:
    """`known` holds a number for every time that a change was judged so, its position and its day in one, sorted."""

    known: np.ndarray

    @classmethod
    def of(cls, judged: pd.DataFrame, change_uids: Sequence[str]) -> Record:
        """From COLUMNS; a missing day is before every comment, and changes that are not there are left out."""
        if judged.empty:
            return cls(np.zeros(0, dtype=np.int64))
        at = pd.Index(change_uids).get_indexer(pd.Index(judged["change_uid"]))
        return cls.at(at[at >= 0], day_numbers(judged["known_on"], NEVER_CHANGED)[at >= 0])

    @classmethod
    def at(cls, changes: np.ndarray, days: np.ndarray) -> Record:
        """From positions of changes and the days (since 1970) on which they were judged."""
        return cls(np.sort(_numbered(changes, days)))

    def before(self, changes: np.ndarray, days: np.ndarray) -> np.ndarray:
        """How often each was judged so before a day; the two arrays are broadcast, and position −1 counts 0."""
        start = np.searchsorted(self.known, _numbered(changes, np.array(FIRST)))
        return np.asarray(np.searchsorted(self.known, _numbered(changes, days)) - start)


def _numbered(changes: np.ndarray, days: np.ndarray) -> np.ndarray:
    return np.asarray(changes.astype(np.int64) * SPAN + np.clip(days, FIRST, FIRST + SPAN - 1) - FIRST)
