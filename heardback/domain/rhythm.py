"""How often a source is heard, learned from its own past: after how many days of silence something is wrong."""

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import pairwise
from math import ceil

import numpy as np

from config.policy import VolumePolicy

KEPT_DAYS = 61  # sixty gaps: a year of a weekly box, a quarter of a daily survey


def newest_days(known: Iterable[date], more: Iterable[date]) -> list[date]:
    """The newest of two lots of days, each once, ascending; old ones are left behind so that a new rhythm counts."""
    return sorted({*known, *more})[-KEPT_DAYS:]


def gaps_between(days: Sequence[date]) -> list[int]:
    """Days from each day to the next, for days in ascending order."""
    return [(later - earlier).days for earlier, later in pairwise(days)]


def learned_limit(heard: Sequence[date], arrived: Sequence[date], policy: VolumePolicy) -> int | None:
    """After how many days of silence a source is not itself: so many times a high quantile of its own gaps.

    `arrived` are the days on which anything came: of a box whose cards are typed up once a quarter nothing is known
    for longer than it is silent, so the longer of the two rhythms counts. None while too few gaps are known.
    """
    if len(heard) <= policy.min_gaps:
        return None
    usual = max(_quantile(heard, policy), _quantile(arrived, policy))
    return max(ceil(policy.times * usual), policy.at_least_days)


def _quantile(days: Sequence[date], policy: VolumePolicy) -> float:
    gaps = gaps_between(days)
    return float(np.quantile(gaps, policy.quantile)) if gaps else 0.0
