"""Comments in the order of their dates, each judged by what people had judged before it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from heardback.matching.blocking import NEVER_HEARD
from heardback.matching.decision import features
from heardback.matching.learning import LEAST_JUDGED, Judged, learn
from heardback.matching.ranking import Ranking, judge
from heardback.matching.records import Record

if TYPE_CHECKING:
    from collections.abc import Sequence

    from heardback.matching.labelled import Labelled
    from heardback.matching.pool import Pool

BATCH = 60


def judged_in_order(pools: Sequence[Pool], rankings: Sequence[Ranking], labelled: Labelled) -> list[Ranking]:
    """The same rankings, each comment's candidates by the judgement that held when it came.

    After every BATCH of judged comments it is learned anew from all those heard before the next one's day.
    """
    uids = np.array([uid for pool in pools for uid in pool.comment_uids], dtype=object)
    heard = np.concatenate([pool.heard for pool in pools])
    every = _joined(rankings)
    table, known = _judged_rows(pools, every, labelled, uids)
    present = hand = pools[0].judgement
    order = np.lexsort((uids, heard))
    done = _joined(rankings)
    for start in range(0, len(order), BATCH):
        batch = order[start : start + BATCH]
        before = known < heard[batch[0]]
        if heard[batch[0]] != NEVER_HEARD and before.sum() >= LEAST_JUDGED:
            present, *_ = learn(table.where(before), present, hand, f"learned-{start}")
        _place(done, judge(_rows(every, batch), present), batch)
    ends = np.cumsum([len(pool.comment_uids) for pool in pools])[:-1]
    return [_rows(done, rows) for rows in np.split(np.arange(len(uids)), ends)]


def _judged_rows(
    pools: Sequence[Pool], every: Ranking, labelled: Labelled, uids: np.ndarray
) -> tuple[Judged, np.ndarray]:
    """One row for the best candidate of each judged comment, and the day it was known: when both sides were there."""
    groups = dict(zip(labelled.comments["comment_uid"], labelled.comments["group"], strict=True))
    changes = np.array(pools[0].change_uids, dtype=object)
    changed, heard = pools[0].changed, np.concatenate([pool.heard for pool in pools])
    judged = np.array([uid in labelled.gold for uid in uids], dtype=bool)
    places = np.flatnonzero((every.changes[:, 0] >= 0) & judged)
    named = every.changes[places, 0]
    right = np.array(
        [change in labelled.gold[uid] for change, uid in zip(changes[named], uids[places], strict=True)], dtype=bool
    )
    known = np.maximum(heard[places], changed[named])  # a pair is judged, either way, once both are there
    refused = Record.at(named[~right], known[~right])
    every.parts["refused"] = np.log1p(refused.before(every.changes, heard[:, None]))
    group = np.array([groups[uid] for uid in uids[places]], dtype=object)
    table = Judged(features(every.scores, every.parts)[places, 0], right, group.astype(str))
    order = np.lexsort((uids[places], known))
    return table.where(order), known[order]


def _joined(rankings: Sequence[Ranking]) -> Ranking:
    whole = {name: np.concatenate([getattr(each, name) for each in rankings]) for name in Ranking.ARRAYS}
    parts = {name: np.concatenate([each.parts[name] for each in rankings]) for name in rankings[0].parts}
    return Ranking(parts=parts, **whole)


def _rows(ranking: Ranking, rows: np.ndarray) -> Ranking:
    parts = {name: part[rows] for name, part in ranking.parts.items()}
    return Ranking(parts=parts, **{name: getattr(ranking, name)[rows] for name in Ranking.ARRAYS})


def _place(whole: Ranking, batch: Ranking, rows: np.ndarray) -> None:
    for name in Ranking.ARRAYS:
        getattr(whole, name)[rows] = getattr(batch, name)
    for name, part in whole.parts.items():
        part[rows] = batch.parts[name]
