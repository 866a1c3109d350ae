"""The best few changes for each comment, chunk by chunk, so that memory does not grow with comments × changes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from heardback.matching.blocking import NEVER_CHANGED, NEVER_HEARD, Services, Window, day_numbers
from heardback.matching.decision import RIVALS, probabilities
from heardback.matching.lexicon import FIELDS, Lexicon, read_register
from heardback.matching.scoring import service_parts, wait_parts

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    import pandas as pd
    from scipy.sparse import csr_array

CELLS = 2_000_000  # pairs weighed at a time: about 100 MB at the peak
KEPT = RIVALS + 1
_DECIMALS = 9  # beyond these, the order of additions would decide between equal scores
_TIE = 1e-15  # ... and then the earlier change goes first, whatever the order in which they were handed in


@dataclass(frozen=True)
class Pool:
    """Comments and changes in an order of their own (date, then uid), encoded; what they came in decides nothing."""

    comment_uids: list[str]
    change_uids: list[str]
    written: list[str]  # each change's fields in one text
    lexicon: Lexicon
    encoded: csr_array
    heard: np.ndarray
    changed: np.ndarray
    services: Services
    window: Window
    rejected: np.ndarray  # pairs of positions (comment, change), one in each row


@dataclass(frozen=True)
class Ranking:
    """Comments × KEPT, best first: positions in the pool's changes (−1 for none), scores (−inf), probabilities.

    `within` counts the changes that each comment's window held.
    """

    changes: np.ndarray
    scores: np.ndarray
    probabilities: np.ndarray
    within: np.ndarray


def prepare(
    comments: pd.DataFrame,
    changes: pd.DataFrame,
    relatives: Mapping[str, Collection[str]],
    window: Window,
    rejected: Collection[tuple[str, str]] = (),
) -> Pool:
    """Sort, encode and number everything once."""
    comments = comments.assign(day=day_numbers(comments["heard_on"], NEVER_HEARD))
    comments = comments.sort_values(["day", "comment_uid"], ignore_index=True)
    changes = changes.assign(day=day_numbers(changes["changed_on"], NEVER_CHANGED))
    changes = changes.sort_values(["day", "change_uid"], ignore_index=True)
    changes[list(FIELDS)] = changes[list(FIELDS)].fillna("")
    lexicon = read_register(changes)
    return Pool(
        comments["comment_uid"].tolist(),
        changes["change_uid"].tolist(),
        changes[list(FIELDS)].agg(" ".join, axis=1).tolist() if len(changes) else [],
        lexicon,
        lexicon.encode(comments["text"].fillna("").tolist()),
        comments["day"].to_numpy(),
        changes["day"].to_numpy(),
        Services.of(comments["service_code"], changes["service_code"], relatives),
        window,
        _positions(rejected, comments, changes),
    )


def _positions(pairs: Collection[tuple[str, str]], comments: pd.DataFrame, changes: pd.DataFrame) -> np.ndarray:
    said = dict(zip(comments["comment_uid"], comments.index, strict=True))
    done = dict(zip(changes["change_uid"], changes.index, strict=True))
    known = [(said[comment], done[change]) for comment, change in pairs if comment in said and change in done]
    return np.array(sorted(known), dtype=np.int64).reshape(-1, 2)


def rank(pool: Pool) -> Ranking:
    """The best KEPT changes of every comment of the pool."""
    size = len(pool.comment_uids)
    changes, scores = np.full((size, KEPT), -1), np.full((size, KEPT), -np.inf)
    within = np.zeros(size, dtype=np.int64)
    by_column = pool.lexicon.matrix.T.tocsr()
    for rows, columns in _chunks(pool):
        likeness = (pool.encoded[rows] @ by_column[:, columns]).toarray()
        weighed, inside = _weigh(pool, likeness, rows, columns)
        within[rows] = inside.sum(axis=1)
        best = _best(weighed)
        found = np.take_along_axis(weighed, best, axis=1)
        changes[rows, : best.shape[1]] = np.where(found > -np.inf, best + columns.start, -1)
        scores[rows, : best.shape[1]] = found
    return Ranking(changes, scores, probabilities(scores), within)


def _chunks(pool: Pool) -> Iterator[tuple[slice, slice]]:
    """Runs of comments, and for each the run of changes that any of its windows can hold; both are in date order."""
    start = 0
    while start < len(pool.heard):
        stop = start + max(1, CELLS // max(1, len(pool.changed)))
        heard = pool.heard[start:stop]
        first = np.searchsorted(pool.changed, heard[0] - pool.window.before, side="left")
        last = np.searchsorted(pool.changed, heard[-1] + pool.window.after, side="right")
        if last > first:
            yield slice(start, start + len(heard)), slice(int(first), int(last))
        start = stop


def _weigh(pool: Pool, likeness: np.ndarray, rows: slice, columns: slice) -> tuple[np.ndarray, np.ndarray]:
    """Scores of a chunk (−inf for what may not be offered or shares nothing), and which pairs the window held."""
    comments, changes = np.arange(rows.start, rows.stop)[:, None], np.arange(columns.start, columns.stop)[None, :]
    days = pool.changed[changes] - pool.heard[comments]
    inside = pool.window.holds(days)
    scores = likeness + wait_parts(days) + service_parts(pool.services.between(comments, changes))
    scores = np.where(inside & (likeness > 0), scores.round(_DECIMALS), -np.inf)
    refused = pool.rejected[(pool.rejected[:, 0] >= rows.start) & (pool.rejected[:, 0] < rows.stop)]
    refused = refused[(refused[:, 1] >= columns.start) & (refused[:, 1] < columns.stop)]
    scores[refused[:, 0] - rows.start, refused[:, 1] - columns.start] = -np.inf
    return scores, inside


def _best(scores: np.ndarray) -> np.ndarray:
    """Columns of the best KEPT of each row, best first."""
    ordered = np.arange(scores.shape[1]) * _TIE - scores
    kept = min(KEPT, scores.shape[1])
    best = np.argpartition(ordered, kept - 1, axis=1)[:, :kept]
    return np.take_along_axis(best, np.argsort(np.take_along_axis(ordered, best, axis=1), axis=1), axis=1)
