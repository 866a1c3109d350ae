"""One number for a comment and a change, as a sum of parts that can each be read.

    score = likeness of the words + wait + service

The weights are set by hand, on the labelled development sets; `heardback match evaluate` measures what they reach.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from heardback.matching.blocking import Relation

if TYPE_CHECKING:
    from collections.abc import Mapping

WAIT_PER_YEAR = -0.05  # soon after is likelier; weak, because services change slowly
DAYS_PER_YEAR = 365.0
SERVICE: Mapping[Relation, float] = {
    Relation.UNKNOWN: 0.0,
    Relation.SAME: 0.0,
    Relation.EVERY: -0.03,
    Relation.RELATIVE: -0.03,
    Relation.OTHER: -0.16,  # not a wall: about one comment in sixteen comes in through another service's box
}


def wait_parts(days: np.ndarray) -> np.ndarray:
    """The part of the days between comment and change, of any shape; never above 0."""
    return np.asarray(WAIT_PER_YEAR * np.abs(days) / DAYS_PER_YEAR)


def service_parts(relations: np.ndarray) -> np.ndarray:
    """The part of the services' relation, of any shape; never above 0."""
    return np.asarray(np.array([SERVICE[relation] for relation in Relation])[relations])
