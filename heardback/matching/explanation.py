"""Why a change is offered, or why none is: parts that add up to the score, named in the change's own words.

Reasons stand beside a loop and are read by its owner, so they never hold a word that only the comment has: a bridge of
the thesaurus is named by its group, a comment's sentence by its number, a change's part by its own words.
"""

from __future__ import annotations

from dataclasses import dataclass
from textwrap import shorten
from typing import TYPE_CHECKING

import numpy as np

from heardback.domain.languages import language_name
from heardback.matching.blocking import Relation
from heardback.matching.scoring import words_weight
from heardback.matching.text import stems_of, words_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from heardback.matching.ranking import Pool, Ranking
    from heardback.matching.register import Register

NAMED = 5
QUOTED = 90  # characters of a change's nearest part
SERVICES: Mapping[Relation, str] = {
    Relation.UNKNOWN: "the service is not known",
    Relation.SAME: "the same service",
    Relation.EVERY: "a change for every service",
    Relation.RELATIVE: "a related service",
    Relation.OTHER: "another service",
}


@dataclass(frozen=True)
class Contribution:
    """One part of a score: a word that both share ("word"), a meaning of the thesaurus ("bridge"), or what else counts
    for or against.
    """

    kind: str
    label: str
    value: float


def explain(pool: Pool, ranking: Ranking, places: np.ndarray, ranks: np.ndarray) -> list[tuple[Contribution, ...]]:
    """For each candidate of a ranking (comment's place, rank) the parts of its score, words first; their sum is it."""
    changes = ranking.changes[places, ranks]
    shared = pool.encoded[places].multiply(pool.lexicon.matrix[changes]).tocsr()
    alike = np.asarray(shared.sum(axis=1)).ravel()
    weights = words_weight(alike, with_meaning=pool.meanings is not None)
    days = pool.changed[changes] - pool.heard[places]
    relations = pool.services.between(places, changes)
    written = {int(change): _written(pool.register, int(change)) for change in np.unique(changes)}
    explained = []
    for pair, (place, rank, change) in enumerate(zip(places.tolist(), ranks.tolist(), changes.tolist(), strict=True)):
        held = slice(shared.indptr[pair], shared.indptr[pair + 1])
        of = {name: float(part[place, rank]) for name, part in ranking.parts.items()}
        lines = [
            *_texts(pool, written[change], shared.indices[held], shared.data[held] * weights[pair]),
            *_meanings(pool, place, change, of),
            *_circumstances(int(days[pair]), Relation(relations[pair]), of),
        ]
        explained.append(_summing(lines, float(ranking.scores[place, rank])))
    return explained


def _circumstances(days: int, relation: Relation, of: Mapping[str, float]) -> list[Contribution]:
    lines = [
        Contribution("wait", _wait(days), of["wait"]),
        Contribution("service", SERVICES[relation], of["service"]),
    ]
    if of["against"]:
        lines.append(Contribution("against", "the comment seems to wish the opposite", of["against"]))
    return lines


def _summing(lines: list[Contribution], score: float) -> tuple[Contribution, ...]:
    """What rounding the score took goes to the part of the wait, so that the sum is exact."""
    left = score - sum(line.value for line in lines)
    return tuple(
        Contribution(line.kind, line.label, line.value + left) if line.kind == "wait" else line for line in lines
    )


def _meanings(pool: Pool, comment: int, change: int, of: Mapping[str, float]) -> list[Contribution]:
    lines = []
    if pool.meanings:
        label = f"alike in meaning, nearest: {_nearest(pool, comment, change)}"
        lines.append(Contribution("meaning", label, of["whole"] + of["sentence"]))
    if of["examples"]:
        lines.append(Contribution("examples", "the kind of change that answers comments like it", of["examples"]))
    if of["memory"]:
        slot = int(np.flatnonzero(pool.memory.changes[comment] == change)[0])
        earlier = int(pool.memory.earlier[comment, slot])
        ones = "1 earlier comment like this one was" if earlier == 1 else f"{earlier} earlier comments like this were"
        lines.append(Contribution("memory", f"{ones} linked here", of["memory"]))
    return lines


def _nearest(pool: Pool, comment: int, change: int) -> str:
    """Which piece of the comment is most like which of the change; only the change is quoted."""
    both = zip(pool.meanings or (), (comment, change), strict=True)
    said, done = (each.part(slice(at, at + 1)) for each, at in both)
    sentence, part = divmod(int(np.argmax(said.vectors @ done.vectors.T)), len(done.vectors))
    spoken = f"sentence {sentence} of the comment" if sentence else "the whole comment"
    return f"{spoken} to “{shorten(done.pieces[part], QUOTED, placeholder='…')}”"


def _written(register: Register, change: int) -> dict[str, str]:
    """Each stem of a change and the first word that it stands for there."""
    words = words_of(register.written[change])
    return dict(zip(reversed(stems_of(words)), reversed(words), strict=True))


def _texts(pool: Pool, written: Mapping[str, str], columns: np.ndarray, values: np.ndarray) -> list[Contribution]:
    """The shared words one by one, the rest of them together, the thesaurus's bridges, and the letters beneath them."""
    stems = pool.lexicon.stems.terms
    last = len(stems) + len(pool.lexicon.letters.terms)
    is_stem, is_bridge = columns < len(stems), columns >= last
    named = [written[stem] for stem in stems[columns[is_stem]].tolist()]
    words = sorted(zip((-values[is_stem]).tolist(), named, strict=True))
    parts = [Contribution("word", word, -value) for value, word in words[:NAMED]]
    if words[NAMED:]:
        rest = -sum(value for value, _ in words[NAMED:])
        parts.append(Contribution("words", f"{len(words) - NAMED} more shared words", rest))
    names = pool.lexicon.bridges.groups.names if pool.lexicon.bridges else ()
    both = [names[column - last] for column in columns[is_bridge].tolist()]
    bridges = sorted(zip((-values[is_bridge]).tolist(), both, strict=True))
    parts += [Contribution("bridge", name, -value) for value, name in bridges]
    return [*parts, Contribution("letters", "spelling alike", float(values[~is_stem & ~is_bridge].sum()))]


def language_reason(tag: str) -> list[str]:
    """A line that says so where a comment is not in English, by the tag of its language ("" for English)."""
    return [f"written in {language_name(tag)}, of which little can be compared: ask for a translation"] if tag else []


def _wait(days: int) -> str:
    if days == 0:
        return "on the day of the comment"
    side = "after" if days > 0 else "before"
    return f"{abs(days)} day{'s' if abs(days) != 1 else ''} {side} the comment"


def reasons(contributions: tuple[Contribution, ...]) -> list[str]:
    """The parts as short lines, each with what it adds or takes."""
    of: dict[str, list[str]] = {}
    for part in contributions:
        kind = "word" if part.kind == "words" else part.kind
        of.setdefault(kind if kind in {"word", "bridge"} else "", []).append(f"{part.label} {part.value:+.3f}")
    lines = [f"shared words: {', '.join(of['word'])}" if "word" in of else "no shared words"]
    if "bridge" in of:
        lines.append(f"both speak of: {', '.join(of['bridge'])}")
    return [*lines, *of.get("", [])]
