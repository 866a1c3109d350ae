"""The register's words turned, a row for each term: how alike comments and changes are, and the nearest few of each.

A few hundred terms that most changes hold make nine in ten of all multiplications; as full rows, which lie in order,
these take a fraction of the time. The rest, of which a comment meets little, stays sparse.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from heardback.matching.counting import in_rows

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scipy.sparse import csr_array

    from heardback.matching.blocking import Reach

COMMON = 400  # terms as full rows: 3 KB for each change, about what the rest of it takes
CELLS = 1_000_000  # pairs at a time: 8 MB, which the processor keeps at hand between one step and the next
GROUPS = 128
_TIE = 1e-12  # among changes equally near, the earlier
_LEAST = np.finfo(np.float64).tiny


@dataclass(frozen=True)
class Postings:
    """`full` is `common` × changes, `rest` is `others` × changes: places of terms in the lexicon's columns."""

    common: np.ndarray
    full: np.ndarray
    others: np.ndarray
    rest: csr_array

    @classmethod
    def of(cls, matrix: csr_array) -> Postings:
        """From changes × terms."""
        holders = np.bincount(matrix.indices, minlength=matrix.shape[1])
        order = np.argsort(-holders, kind="stable")
        common, others = np.sort(order[:COMMON]), np.sort(order[COMMON:])
        return cls(common, matrix[:, common].toarray().T.copy(), others, matrix[:, others].T.tocsr())

    def likeness(self, said: csr_array, run: slice) -> np.ndarray:
        """Comments × the changes of a run: the product of their words."""
        return self.with_run(said, run).of(slice(0, said.shape[0]))

    def with_run(self, said: csr_array, run: slice) -> Likeness:
        """The same, to be asked for some comments at a time."""
        often = said[:, self.common]
        used, places = np.unique(often.indices, return_inverse=True)
        often = in_rows(often.data, places, often.indptr, len(used))
        return Likeness(often, self.full[used, run], (said[:, self.others] @ self.rest)[:, run])

    def nearest(self, said: csr_array, reach: Reach, most: int) -> tuple[np.ndarray, np.ndarray]:
        """The nearest changes of each comment's window, so many at most: positions (−1: none), likenesses."""
        run = reach.any_window
        likeness = self.with_run(said, run)
        found = [
            _first(*_side_by_side(_inside(likeness.of(rows), run, reach.part(rows)), run.start, most), most)
            for rows in _blocks(reach)
        ]
        changes, words = (np.vstack(each) for each in zip(*found, strict=True))
        return changes, words


@dataclass(frozen=True)
class Likeness:
    """The product of comments and changes before it is worked out: `often` × `full`, and `rest`, which is sparse."""

    often: csr_array
    full: np.ndarray
    rest: csr_array

    def of(self, rows: slice) -> np.ndarray:
        """Those comments × the changes."""
        alike: np.ndarray = self.often[rows] @ self.full
        alike += self.rest[rows].toarray()
        return alike


def _inside(words: np.ndarray, run: slice, reach: Reach) -> np.ndarray:
    """Comments × the changes of a run with 0 outside of each comment's window; what lies in every window is let be."""
    words[reach.first >= reach.last] = 0
    every = reach.every_window  # 0 to 0 where none of these comments has a window
    for edge in (slice(run.start, max(run.start, every.start)), slice(max(run.start, every.stop), run.stop)):
        outside = reach.outside(np.arange(edge.start, edge.stop))
        words[:, edge.start - run.start : edge.stop - run.start][outside] = 0
    return words


def _blocks(reach: Reach) -> Iterator[slice]:
    """Runs of comments, so many that their windows hold CELLS pairs."""
    run = reach.any_window
    step = max(1, CELLS // max(1, run.stop - run.start))
    for start in range(0, len(reach.first), step):
        yield slice(start, min(start + step, len(reach.first)))


def _side_by_side(words: np.ndarray, start: int, most: int) -> tuple[np.ndarray, np.ndarray]:
    """Those that can be among the nearest, of each comment in as many columns as the one with most of them needs."""
    count, width = words.shape
    at, columns = np.divmod(np.flatnonzero(words >= _floors(words, most)[:, None]), max(1, width))
    each = np.bincount(at, minlength=count)
    ranks = np.arange(len(at)) - np.repeat(np.cumsum(each) - each, each)
    shape = (count, max(most, int(each.max(initial=0))))
    changes, likeness = np.full(shape, -1), np.zeros(shape)
    changes[at, ranks], likeness[at, ranks] = columns + start, words[at, columns]
    return changes, likeness


def _floors(words: np.ndarray, most: int) -> np.ndarray:
    """What each row's nearest so many reach at least, and more than 0: the changes are put into GROUPS, the best of
    each group is taken, and of these the one that comes so many-th. It costs a quarter of sorting the row.
    """
    count, width = words.shape
    even = width - width % GROUPS
    if not even:
        return np.full(count, _LEAST)
    best = words[:, :even].reshape(count, -1, GROUPS).max(axis=1)
    return np.maximum(np.partition(best, GROUPS - most, axis=1)[:, GROUPS - most], _LEAST)


def _first(changes: np.ndarray, words: np.ndarray, most: int) -> tuple[np.ndarray, np.ndarray]:
    if changes.shape[1] == most:
        return changes, words
    ordered = np.where(changes >= 0, changes * _TIE - words, np.inf)
    first = np.argpartition(ordered, most - 1, axis=1)[:, :most]
    return np.take_along_axis(changes, first, axis=1), np.take_along_axis(words, first, axis=1)
