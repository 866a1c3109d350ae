"""One number for a comment and a change, as a sum of parts that can each be read.

    score = meaning + examples + words + memory + wait + service + contradiction

With meaning, words count the more the more they overlap: a fixed share of them would drown what other words mean. The
weights are set by hand on the labelled development sets; `heardback match evaluate` measures what they reach.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from heardback.matching.blocking import Relation

if TYPE_CHECKING:
    from collections.abc import Mapping

WHOLE_WEIGHT = SENTENCE_WEIGHT = 0.5
EXAMPLES_WEIGHT = 0.3
WORDS_MOST, WORDS_HALF = 1.5, 0.2  # beside meaning, words weigh WORDS_MOST · likeness / (likeness + WORDS_HALF)
MEMORY_WEIGHT = 0.6
MEMORY_FLOOR = {True: 0.4, False: 0.1}  # with meaning, without: comments less alike than this are no memory
WAIT_PER_YEAR = -0.1  # soon after is likelier; weak, because services change slowly
DAYS_PER_YEAR = 365.0
AGAINST = -0.15
SERVICE: Mapping[Relation, float] = {
    Relation.UNKNOWN: 0.0,
    Relation.SAME: 0.0,
    Relation.EVERY: -0.06,
    Relation.RELATIVE: -0.06,
    Relation.OTHER: -0.32,  # not a wall: about one comment in sixteen comes in through another service's box
}


def words_weight(likeness: np.ndarray, *, with_meaning: bool) -> np.ndarray:
    """What a likeness of words is multiplied by, of any shape."""
    if not with_meaning:
        return np.ones_like(likeness)
    return np.asarray(WORDS_MOST * likeness / (likeness + WORDS_HALF))


def wait_parts(days: np.ndarray) -> np.ndarray:
    """The part of the days between comment and change, of any shape; never above 0."""
    return np.asarray(WAIT_PER_YEAR * np.abs(days) / DAYS_PER_YEAR)


def service_parts(relations: np.ndarray) -> np.ndarray:
    """The part of the services' relation, of any shape; never above 0."""
    return np.asarray(np.array([SERVICE[relation] for relation in Relation])[relations])
