"""Predictions beside what is right: the figures of the ranking and of the decision, whole, by kind and by service."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from heardback.matching.decision import Band
from heardback.matching.figures import (
    area_under_curve,
    average_precision,
    brier,
    calibration_error,
    mean_reciprocal_rank,
    recall_at,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from heardback.matching.labelled import Labelled

Figures = dict[str, Any]

DEPTHS = (1, 3, 5)
SHOWN = max(DEPTHS)


def figures_of(predictions: Sequence[Figures], labelled: Labelled) -> Figures:
    """Recall over the comments that have a right change; the decision over every comment that was judged."""
    judged = [line for line in predictions if line["comment"] in labelled.gold]
    return {**ranking_figures(judged, labelled), "decision": _decision_figures(judged, labelled)}


def ranking_figures(predictions: Sequence[Figures], labelled: Labelled) -> Figures:
    """How many have a right change, and where among the candidates the first right one stands."""
    answered = [line for line in predictions if labelled.gold.get(line["comment"])]
    ranks = np.array([_rank_of_gold(line, labelled) for line in answered])
    recalls = {f"recall_at_{depth}": recall_at(ranks, depth) for depth in DEPTHS}
    return {"with_gold": len(answered), **recalls, "mrr": mean_reciprocal_rank(ranks)}


def by_column(predictions: Sequence[Figures], labelled: Labelled, column: str) -> dict[str, Figures]:
    """The same figures for each value of a column of the comments; empty values have none."""
    of = dict(zip(labelled.comments["comment_uid"], labelled.comments[column], strict=True))
    return {
        value: figures_of([line for line in predictions if of[line["comment"]] == value], labelled)
        for value in sorted(set(of.values()))
        if value
    }


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
        "average_precision": average_precision(stated, right),
        "brier": brier(stated, right),
        "ece": calibration_error(stated, right),
        "bands": {
            band.value: {"n": int((bands == band).sum()), "right": int(right[bands == band].sum())} for band in Band
        },
    }
