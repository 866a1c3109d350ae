"""What people confirmed before: a new comment is like earlier comments, and their changes may answer it too."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from heardback.matching.blocking import NEVER_CHANGED, day_numbers
from heardback.matching.scoring import MEMORY_FLOOR

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

KEPT = 3  # changes that memory may bring to a comment
CELLS = 2_000_000
COLUMNS = ["comment_uid", "text", "change_uid", "known_on"]


@dataclass(frozen=True)
class Memory:
    """Comments × KEPT: positions of changes (−1 for none), how like the nearest earlier comment is, beyond the floor,
    and how many are at least so like.
    """

    changes: np.ndarray
    likeness: np.ndarray
    earlier: np.ndarray

    @classmethod
    def none(cls, comments: int) -> Memory:
        """Nobody has confirmed anything yet."""
        return cls(
            np.full((comments, KEPT), -1), np.zeros((comments, KEPT)), np.zeros((comments, KEPT), dtype=np.int64)
        )

    def keep(self, rows: slice, near: np.ndarray, starts: np.ndarray, changes: np.ndarray) -> None:
        """Fill a run of comments; `near` is comments × confirmed, whose runs of one change begin at `starts`."""
        best = np.maximum.reduceat(near, starts, axis=1)
        count = np.add.reduceat(near > 0, starts, axis=1, dtype=np.int64)
        top = np.argsort(-best, axis=1, kind="stable")[:, :KEPT]
        width = slice(top.shape[1])
        self.likeness[rows, width] = np.take_along_axis(best, top, axis=1)
        self.earlier[rows, width] = np.take_along_axis(count, top, axis=1)
        self.changes[rows, width] = np.where(self.likeness[rows, width] > 0, changes[top], -1)


def remember(
    comments: pd.DataFrame,
    confirmed: pd.DataFrame,
    change_uids: Sequence[str],
    alike: Callable[[slice], np.ndarray],
    *,
    with_meaning: bool,
) -> Memory:
    """The memory of each comment; `confirmed` has COLUMNS, sorted by change, and `alike` gives, for a run of comments,
    how like each confirmed one is (comments × confirmed).

    A confirmation counts only for a comment that was heard after it was known (`known_on`; where that is missing it
    counts for all), and never for itself.
    """
    memory = Memory.none(len(comments))
    if not len(confirmed):
        return memory
    at = pd.Index(change_uids).get_indexer(pd.Index(confirmed["change_uid"]))
    starts = np.flatnonzero(np.r_[True, at[1:] != at[:-1]])
    step = max(1, CELLS // len(confirmed))
    for start in range(0, len(comments), step):
        rows = slice(start, min(start + step, len(comments)))
        usable = _usable(comments.iloc[rows], confirmed) & (at >= 0)
        near = np.where(usable, alike(rows) - MEMORY_FLOOR[with_meaning], 0.0).clip(min=0)
        memory.keep(rows, near, starts, at[starts])
    return memory


def _usable(comments: pd.DataFrame, confirmed: pd.DataFrame) -> np.ndarray:
    """Comments × confirmed: was it known before the comment was heard, and is it another comment?"""
    known, heard = day_numbers(confirmed["known_on"], NEVER_CHANGED), comments["day"].to_numpy()
    theirs, own = confirmed["comment_uid"].to_numpy(), comments["comment_uid"].to_numpy()
    return np.asarray((known[None, :] < heard[:, None]) & (theirs[None, :] != own[:, None]))
