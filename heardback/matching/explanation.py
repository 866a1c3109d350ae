"""Why a change is offered, or why none is: parts that add up to the score, named in the change's own words.

Reasons stand beside a loop and are read by its owner, so they never hold a word that only the comment has.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from heardback.matching.blocking import Relation
from heardback.matching.scoring import service_parts, wait_parts
from heardback.matching.text import stems_of, words_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from heardback.matching.ranking import Pool

NAMED = 5
SERVICES: Mapping[Relation, str] = {
    Relation.UNKNOWN: "the service is not known",
    Relation.SAME: "the same service",
    Relation.EVERY: "a change for every service",
    Relation.RELATIVE: "a related service",
    Relation.OTHER: "another service",
}


@dataclass(frozen=True)
class Contribution:
    """One part of a score: a word that both share ("word"), or what else counts for or against."""

    kind: str
    label: str
    value: float


def explain(pool: Pool, comments: np.ndarray, changes: np.ndarray) -> list[tuple[Contribution, ...]]:
    """For each pair of positions the parts of its score, largest words first; their values add up to it."""
    shared = pool.encoded[comments].multiply(pool.lexicon.matrix[changes]).tocsr()
    days = pool.changed[changes] - pool.heard[comments]
    relations = pool.services.between(comments, changes)
    waits, services = wait_parts(days), service_parts(relations)
    written = {int(change): _written(pool, int(change)) for change in np.unique(changes)}
    stems = pool.lexicon.stems.terms.to_numpy(dtype=object)
    explained = []
    for pair, change in enumerate(changes):
        held = slice(shared.indptr[pair], shared.indptr[pair + 1])
        explained.append(
            (
                *_texts(written[int(change)], stems, shared.indices[held], shared.data[held]),
                Contribution("wait", _wait(int(days[pair])), float(waits[pair])),
                Contribution("service", SERVICES[Relation(relations[pair])], float(services[pair])),
            )
        )
    return explained


def _written(pool: Pool, change: int) -> dict[str, str]:
    """Each stem of a change and the first word that it stands for there."""
    words = words_of(pool.written[change])
    return dict(zip(reversed(stems_of(words)), reversed(words), strict=True))


def _texts(
    written: Mapping[str, str], stems: np.ndarray, columns: np.ndarray, values: np.ndarray
) -> list[Contribution]:
    """The shared words one by one, the rest of them together, and the letters beneath them."""
    is_stem = columns < len(stems)
    words = sorted(
        (-float(value), written[stems[column]]) for column, value in zip(columns[is_stem], values[is_stem], strict=True)
    )
    parts = [Contribution("word", word, -value) for value, word in words[:NAMED]]
    if words[NAMED:]:
        rest = -sum(value for value, _ in words[NAMED:])
        parts.append(Contribution("words", f"{len(words) - NAMED} more shared words", rest))
    return [*parts, Contribution("letters", "spelling alike", float(values[~is_stem].sum()))]


def _wait(days: int) -> str:
    if days == 0:
        return "on the day of the comment"
    side = "after" if days > 0 else "before"
    return f"{abs(days)} day{'s' if abs(days) != 1 else ''} {side} the comment"


def reasons(contributions: tuple[Contribution, ...]) -> list[str]:
    """The parts as short lines, each with what it adds or takes."""
    words = [f"{part.label} {part.value:+.3f}" for part in contributions if part.kind in {"word", "words"}]
    others = [f"{part.label} {part.value:+.3f}" for part in contributions if part.kind not in {"word", "words"}]
    return [f"shared words: {', '.join(words)}" if words else "no shared words", *others]
