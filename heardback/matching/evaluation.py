"""The matcher measured on labelled data: what it finds, and whether its probabilities mean what they say."""

from __future__ import annotations

import json
import sys
import time
from typing import TYPE_CHECKING, Any
from zlib import crc32

import numpy as np

from heardback.matching.blocking import Window, day_numbers
from heardback.matching.decision import Band, band_of
from heardback.matching.explanation import explain, reasons
from heardback.matching.figures import area_under_curve, brier, calibration_error, mean_reciprocal_rank, recall_at
from heardback.matching.labelled import Labelled, read_labelled
from heardback.matching.ranking import prepare, rank

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from pathlib import Path

    import pandas as pd

    from config.policy import MatchingPolicy

Figures = dict[str, Any]

DEPTHS = (1, 3, 5)
SHOWN = max(DEPTHS)
HELD_BY_POLICY = 0.95  # of the links: below this the labelled set has another direction of time than the policy
ENOUGH_LINKS = 20
NEVER = 2**40


def evaluate_files(
    comments_path: Path,
    changes_path: Path,
    links_path: Path | None,
    policy: MatchingPolicy,
    predictions_path: Path | None = None,
) -> Figures:
    """Match the comments of one file with the changes of another and say how well, as one JSON-ready dict.

    Where the policy's window holds too few of the labelled links (a petition's duplicate comes after it), the window is
    read from the links: for each half of the comments from the other half's. `window` says so, and `under_policy` keeps
    the ranking's figures in the policy's own. Without labels the figures are None. Raises Unreadable, with file and
    line, for what `read_labelled` does not take. Writes one JSON line for each comment to `predictions_path`.
    """
    labelled = read_labelled(comments_path, changes_path, links_path)
    own = Window.of(policy)
    held = _share_held(labelled, own)
    widened = held is not None and held < HELD_BY_POLICY
    parts = _halves(labelled, policy) if widened else [(own, labelled.comments)]
    started = time.perf_counter()
    predictions = [line for window, comments in parts for line in _predict(comments, labelled, window, policy)]
    seconds = time.perf_counter() - started
    strict = _predict(labelled.comments, labelled, own, policy) if widened else predictions
    if predictions_path is not None:
        predictions_path.write_text("".join(json.dumps(line) + "\n" for line in predictions), encoding="utf-8")
    return {
        "comments": len(labelled.comments),
        "changes": len(labelled.changes),
        **_figures(predictions, labelled),
        "by_kind": _by_kind(predictions, labelled),
        "window": {
            "from": "links" if widened else "policy",
            "links_held_by_policy": held,
            "days": [{"before": window.before, "after": window.after} for window, _ in parts],
        },
        "under_policy": _ranking_figures(strict, labelled),
        "seconds": round(seconds, 3),
        "peak_memory_mb": _peak_memory(),
    }


def _link_days(labelled: Labelled, comments: Collection[str]) -> np.ndarray:
    """Days from comment to change of every labelled link of these comments, both of whose dates are known."""
    heard = dict(zip(labelled.comments["comment_uid"], day_numbers(labelled.comments["heard_on"], NEVER), strict=True))
    changed = dict(zip(labelled.changes["change_uid"], day_numbers(labelled.changes["changed_on"], NEVER), strict=True))
    links = [(heard[comment], changed[change]) for comment in sorted(comments) for change in labelled.gold[comment]]
    return np.array([done - said for said, done in links if NEVER not in (said, done)], dtype=np.int64)


def _share_held(labelled: Labelled, window: Window) -> float | None:
    days = _link_days(labelled, labelled.gold)
    return float(window.holds(days).mean()) if len(days) else None


def _halves(labelled: Labelled, policy: MatchingPolicy) -> list[tuple[Window, pd.DataFrame]]:
    """Two halves of the comments, groups kept whole, each with the window that the other half's links would have."""
    second = np.array([crc32(group.encode()) % 2 == 1 for group in labelled.comments["group"]], dtype=bool)
    parts = [labelled.comments[~second], labelled.comments[second]]
    windows = [
        _window_of(_link_days(labelled, labelled.gold.keys() & set(part["comment_uid"])), policy) for part in parts
    ]
    return list(zip(reversed(windows), parts, strict=True))


def _window_of(days: np.ndarray, policy: MatchingPolicy) -> Window:
    """What a manager who knew these links would set: nearly all of them and a tenth to spare on either side."""
    if len(days) < ENOUGH_LINKS:
        return Window(before=policy.window_days, after=policy.window_days)
    first, last = np.quantile(days, [0.01, 0.99])
    spare = (last - first) / 10
    return Window(before=round(max(0.0, spare - first)), after=round(max(0.0, last + spare)))


def _predict(comments: pd.DataFrame, labelled: Labelled, window: Window, policy: MatchingPolicy) -> list[Figures]:
    """One line for each comment: its best SHOWN candidates with reasons, and what the matcher would do."""
    pool = prepare(comments, labelled.changes, {}, window)
    ranking = rank(pool)
    places, ranks = np.nonzero(ranking.changes[:, :SHOWN] >= 0)
    candidates: list[list[Figures]] = [[] for _ in pool.comment_uids]
    parts = explain(pool, places, ranking.changes[places, ranks])
    for place, standing, contributions in zip(places, ranks, parts, strict=True):
        candidates[place].append(
            {
                "change": pool.change_uids[ranking.changes[place, standing]],
                "score": float(ranking.scores[place, standing]),
                "probability": float(ranking.probabilities[place, standing]),
                "reasons": reasons(contributions),
            }
        )
    bands = [band_of(probability, policy).value for probability in ranking.probabilities[:, 0]]
    return [
        {"comment": comment, "candidates": found, "decision": band}
        for comment, found, band in zip(pool.comment_uids, candidates, bands, strict=True)
    ]


def _figures(predictions: Sequence[Figures], labelled: Labelled) -> Figures:
    """Recall over the comments that have a right change; the decision over every comment that was judged."""
    judged = [line for line in predictions if line["comment"] in labelled.gold]
    return {**_ranking_figures(judged, labelled), "decision": _decision_figures(judged, labelled)}


def _ranking_figures(predictions: Sequence[Figures], labelled: Labelled) -> Figures:
    answered = [line for line in predictions if labelled.gold.get(line["comment"])]
    ranks = np.array([_rank_of_gold(line, labelled) for line in answered])
    recalls = {f"recall_at_{depth}": recall_at(ranks, depth) for depth in DEPTHS}
    return {"with_gold": len(answered), **recalls, "mrr": mean_reciprocal_rank(ranks)}


def _rank_of_gold(line: Figures, labelled: Labelled) -> float:
    gold = labelled.gold[line["comment"]]
    found = (rank for rank, candidate in enumerate(line["candidates"], start=1) if candidate["change"] in gold)
    return next(found, np.inf)


def _decision_figures(predictions: Sequence[Figures], labelled: Labelled) -> Figures:
    """Of the best candidate of each judged comment: is its probability how often it is right? None counts as wrong."""
    right = np.array([_rank_of_gold(line, labelled) == 1 for line in predictions], dtype=bool)
    stated = np.array([line["candidates"][0]["probability"] if line["candidates"] else 0.0 for line in predictions])
    bands = np.array([line["decision"] for line in predictions], dtype=object)
    return {
        "n": len(right),
        "right": int(right.sum()),
        "auc": area_under_curve(stated, right),
        "brier": brier(stated, right),
        "ece": calibration_error(stated, right),
        "bands": {
            band.value: {"n": int((bands == band).sum()), "right": int(right[bands == band].sum())} for band in Band
        },
    }


def _by_kind(predictions: Sequence[Figures], labelled: Labelled) -> dict[str, Figures]:
    kinds = dict(zip(labelled.comments["comment_uid"], labelled.comments["kind"], strict=True))
    return {
        kind: _figures([line for line in predictions if kinds[line["comment"]] == kind], labelled)
        for kind in sorted(set(kinds.values()))
        if kind
    }


def _peak_memory() -> float:
    """The most that this process has held so far, in MB; what ran before in it counts too."""
    import resource

    unit = 1e6 if sys.platform == "darwin" else 1e3
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit, 1)
