"""The best few changes for each comment, chunk by chunk, so that memory does not grow with comments × changes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from heardback.matching.blocking import Reach, Window
from heardback.matching.decision import RIVALS
from heardback.matching.pool import NO_WISH, Pool, prepare
from heardback.matching.scoring import (
    AGAINST,
    EXAMPLES_WEIGHT,
    MEMORY_WEIGHT,
    SENTENCE_WEIGHT,
    WHOLE_WEIGHT,
    service_parts,
    wait_parts,
    words_weight,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from heardback.matching.decision import Judgement

__all__ = ["KEPT", "Parts", "Pool", "Ranking", "Window", "prepare", "rank"]

CELLS = 2_000_000  # pairs weighed at a time: about 100 MB at the peak
MOST_ROWS = 1_000  # by words of many changes, where few pairs of each comment are ever weighed
KEPT = RIVALS + 1
PARTS = ("whole", "sentence", "examples", "words", "memory", "wait", "service", "against")
RECORDS = ("upheld", "refused")  # no part of the score: how the change has fared, as ln(1 + how often)
EVERY_CHANGE = 512  # a register of so many is weighed one and all; of more, by words alone, the nearest NEAREST
NEAREST = 32
_DECIMALS = 6  # beyond these, the order of additions would decide between equal scores
_TIE = 1e-12  # ... and then the earlier change goes first, whatever the order in which they were handed in


@dataclass(frozen=True)
class Parts:
    """What a score is made of: one array of one shape for each part, all of them to be added up."""

    whole: np.ndarray
    sentence: np.ndarray
    examples: np.ndarray
    words: np.ndarray
    memory: np.ndarray
    wait: np.ndarray
    service: np.ndarray
    against: np.ndarray

    @property
    def total(self) -> np.ndarray:
        """Their sum, rounded."""
        parts = [getattr(self, name) for name in PARTS]
        return np.asarray(sum(parts[1:], parts[0]).round(_DECIMALS))


@dataclass(frozen=True)
class Ranking:
    """Comments × KEPT, the best first: positions in the pool's changes (−1 for none), scores (−inf), parts of them and
    RECORDS (0), probabilities. `within` counts the changes that each comment's window held.
    """

    changes: np.ndarray
    scores: np.ndarray
    probabilities: np.ndarray
    within: np.ndarray
    parts: dict[str, np.ndarray]

    ARRAYS: ClassVar[tuple[str, ...]] = ("changes", "scores", "probabilities", "within")

    @classmethod
    def none(cls, comments: int) -> Ranking:
        """So many comments, and no change for any of them yet."""
        shape = (comments, KEPT)
        parts = {name: np.zeros(shape) for name in (*PARTS, *RECORDS)}
        return cls(np.full(shape, -1), np.full(shape, -np.inf), np.zeros(shape), np.zeros(comments, dtype=int), parts)

    def keep(self, rows: slice, changes: np.ndarray, weighed: np.ndarray, parts: Parts) -> None:
        """Fill a run of comments with the best of their candidates; `weighed` is −inf where one may not be offered."""
        best = _best(weighed, changes)
        width = slice(best.shape[1])

        def of_best(values: np.ndarray) -> np.ndarray:
            return np.take_along_axis(np.broadcast_to(values, weighed.shape), best, axis=1)

        self.scores[rows, width] = of_best(weighed)
        self.changes[rows, width] = np.where(self.scores[rows, width] > -np.inf, of_best(changes), -1)
        for name in PARTS:
            self.parts[name][rows, width] = of_best(getattr(parts, name))


@dataclass(frozen=True)
class _Found:
    """Candidates of a run of comments: positions of changes (one row for all, or one each), and likenesses."""

    changes: np.ndarray
    words: np.ndarray
    meant: tuple[np.ndarray, np.ndarray] | None
    expected: np.ndarray | None = None


def rank(pool: Pool) -> Ranking:
    """The best KEPT changes of every comment of the pool."""
    ranking = Ranking.none(len(pool.comment_uids))
    reach = Reach.of(pool.heard, pool.changed, pool.window)
    ranking.within[:] = reach.last - reach.first
    for rows in _chunks(pool, reach):
        found = _find(pool, rows, reach.part(rows))
        parts, inside = weigh(pool, np.arange(rows.start, rows.stop)[:, None], found)
        ranking.keep(rows, found.changes, np.where(inside, parts.total, -np.inf), parts)
    for name, record in zip(RECORDS, (pool.upheld, pool.refused), strict=True):
        ranking.parts[name] = np.log1p(record.before(ranking.changes, pool.heard[:, None]))
    return judge(ranking, pool.judgement)


def judge(ranking: Ranking, judgement: Judgement) -> Ranking:
    """The same with the probabilities of another judgement."""
    return replace(ranking, probabilities=judgement.probabilities(ranking.scores, ranking.parts))


def _chunks(pool: Pool, reach: Reach) -> Iterator[slice]:
    """Runs of comments, so few that their pairs are no more than CELLS; runs without a change in reach are left out."""
    step = max(1, CELLS // _pairs_weighed(pool))
    for start in range(0, len(pool.heard), step):
        rows = slice(start, min(start + step, len(pool.heard)))
        within = reach.part(rows).any_window
        if within.start < within.stop:
            yield rows


def _pairs_weighed(pool: Pool) -> int:
    """Of each comment at most; with meaning, those of its pieces and the changes'."""
    if _by_nearest(pool):
        return CELLS // MOST_ROWS
    if pool.meanings is None:
        return max(1, len(pool.changed))
    said, done = pool.meanings
    return int(len(done.vectors) * max(1.0, len(said.vectors) / len(pool.heard)))


def _find(pool: Pool, rows: slice, reach: Reach) -> _Found:
    if _by_nearest(pool):
        return _nearest(pool, rows, reach)
    columns = reach.any_window
    every = np.arange(columns.start, columns.stop)[None, :]
    words = pool.register.postings.likeness(pool.encoded[rows], columns)
    if not pool.meanings:
        return _Found(every, words, None)
    said, done = (part.part(run) for part, run in zip(pool.meanings, (rows, columns), strict=True))
    expected = None if pool.expected is None else pool.expected[rows] @ done.wholes.T
    return _Found(every, words, said.likeness(done), expected)


def _by_nearest(pool: Pool) -> bool:
    return pool.meanings is None and len(pool.changed) > EVERY_CHANGE


def _nearest(pool: Pool, rows: slice, reach: Reach) -> _Found:
    """The NEAREST changes by words of each comment's window, and those that memory brings, each once."""
    said = pool.encoded[rows]
    changes, words = pool.register.postings.nearest(said, reach, NEAREST)
    brought = pool.memory.changes[rows]
    new = (brought[:, :, None] != changes[:, None, :]).all(axis=2) & (brought >= 0)
    if not new.any():
        return _Found(changes, words, None)
    more = np.zeros(brought.shape)
    at, ranks = np.nonzero(new)
    pairs = said[at].multiply(pool.lexicon.matrix[brought[at, ranks]])
    more[at, ranks] = pairs.sum(axis=1)
    return _Found(np.hstack([changes, np.where(new, brought, -1)]), np.hstack([words, more]), None)


def weigh(pool: Pool, comments: np.ndarray, found: _Found) -> tuple[Parts, np.ndarray]:
    """The parts of each candidate's score, and which of them may be offered at all."""
    changes = found.changes
    days = pool.changed[changes] - pool.heard[comments]
    inside = pool.window.holds(days) & (changes >= 0) & ~_rejected(pool, comments, changes)
    nothing = np.zeros(found.words.shape)
    whole, sentence = found.meant or (nothing, nothing)
    parts = Parts(
        WHOLE_WEIGHT * whole,
        SENTENCE_WEIGHT * sentence,
        nothing if found.expected is None else EXAMPLES_WEIGHT * found.expected,
        found.words * words_weight(found.words, with_meaning=found.meant is not None),
        MEMORY_WEIGHT * _remembered(pool, comments, changes, nothing),
        wait_parts(days),
        service_parts(pool.services.between(comments, changes)),
        AGAINST * _against(pool, comments, changes, nothing),
    )
    return parts, inside


def _rejected(pool: Pool, comments: np.ndarray, changes: np.ndarray) -> np.ndarray:
    refused = np.zeros(np.broadcast_shapes(comments.shape, changes.shape), dtype=bool)
    first, last = comments[0, 0], comments[-1, 0]
    for comment, change in pool.rejected[(pool.rejected[:, 0] >= first) & (pool.rejected[:, 0] <= last)]:
        row = comment - first
        refused[row] |= np.broadcast_to(changes, refused.shape)[row] == change
    return refused


def _remembered(pool: Pool, comments: np.ndarray, changes: np.ndarray, nothing: np.ndarray) -> np.ndarray:
    likeness = nothing
    for slot in range(pool.memory.changes.shape[1]):
        brought, how = pool.memory.changes[comments[:, 0], slot], pool.memory.likeness[comments[:, 0], slot]
        if (brought >= 0).any():
            likeness = np.where((changes == brought[:, None]) & (brought >= 0)[:, None], how[:, None], likeness)
    return likeness


def _against(pool: Pool, comments: np.ndarray, changes: np.ndarray, nothing: np.ndarray) -> np.ndarray:
    wishes = pool.wishes[comments]
    if pool.register.opposed is None or (wishes == NO_WISH).all():
        return nothing
    return np.where(wishes == NO_WISH, 0.0, pool.register.opposed[changes, wishes])


def _best(scores: np.ndarray, changes: np.ndarray) -> np.ndarray:
    """Columns of the best KEPT of each row, best first; among equals the earlier change."""
    ordered = changes * _TIE - scores
    kept = min(KEPT, scores.shape[1])
    best = np.argpartition(ordered, kept - 1, axis=1)[:, :kept]
    return np.take_along_axis(best, np.argsort(np.take_along_axis(ordered, best, axis=1), axis=1), axis=1)
