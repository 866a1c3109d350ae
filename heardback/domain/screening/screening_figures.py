"""How well screening does on labelled comments: recall, false alarms, and which comments it got wrong."""

from collections.abc import Iterator
from typing import Any

import pandas as pd

from heardback.domain.measures.rates import wilson
from heardback.domain.screening.judging import FLAGGED

DISCLOSURE, NOT = "disclosure", "not"
LABELS = (DISCLOSURE, NOT)


def screening_figures(judged: pd.DataFrame) -> dict[str, Any]:
    """Figures of comments with id, label, verdict, priority and reasons. Misses and false alarms are named by id alone.

    A share is null where there is no comment of its kind. Intervals are Wilson's, at 95 %.
    """
    is_disclosure, held = judged["label"] == DISCLOSURE, judged["verdict"] == FLAGGED
    return {
        "comments": len(judged),
        "recall": _share(held[is_disclosure]),
        "false_alarms": _share(held[~is_disclosure]),
        "by_priority": _by_priority(judged[held]),
        "by_reason": list(_by_reason(judged[held])),
        "missed": judged.loc[is_disclosure & ~held, "id"].tolist(),
        "held_in_vain": judged.loc[~is_disclosure & held, "id"].tolist(),
    }


def _share(held: pd.Series) -> dict[str, Any]:
    count, base = int(held.sum()), len(held)
    low, high = wilson(count, base)
    return {
        "held": count,
        "n": base,
        "share": count / base if base else None,
        "low": float(low) if base else None,
        "high": float(high) if base else None,
    }


def _by_priority(held: pd.DataFrame) -> dict[str, int]:
    return {str(priority): int(count) for priority, count in held["priority"].value_counts().sort_index().items()}


def _by_reason(held: pd.DataFrame) -> Iterator[dict[str, Any]]:
    """For each reason how many comments it held back, rightly and in vain; a comment may have several."""
    each = held[["label", "reasons"]].explode("reasons")
    counts = pd.crosstab(each["reasons"], each["label"]).reindex(columns=list(LABELS), fill_value=0)
    for reason, row in counts.sort_values(list(LABELS), ascending=False, kind="stable").iterrows():
        yield {"reason": str(reason), "disclosures": int(row[DISCLOSURE]), "others": int(row[NOT])}
