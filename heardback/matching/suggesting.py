"""The door to matching: comments and changes in, suggestions with their reasons out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from heardback.matching.blocking import NEVER_HEARD, Window
from heardback.matching.decision import Band, band_of, features
from heardback.matching.explanation import Contribution, explain, language_reason, reasons
from heardback.matching.pool import Knowledge, Pool, prepare
from heardback.matching.ranking import RECORDS, Ranking, rank

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    import pandas as pd

    from config.policy import MatchingPolicy
    from heardback.matching.register import Register


AS_WELL = 0.8  # of the best score: a second change this near leaves the choice open


@dataclass(frozen=True)
class Suggestion:
    """A change offered for a comment or, with `change_uid` None and the band NOTHING, an abstention.

    An abstention keeps the figures of `nearest`, the best change that was not good enough (None where there was none).
    `contributions` add up to `score`; `reasons` are the same in lines that a person reads.
    """

    comment_uid: str
    change_uid: str | None
    probability: float
    score: float
    band: Band
    reasons: list[str]
    contributions: tuple[Contribution, ...] = ()
    nearest: str | None = None
    matcher: str = ""
    features: tuple[float, ...] = ()


def match(
    comments: pd.DataFrame,
    changes: pd.DataFrame | Register,
    relatives: Mapping[str, Collection[str]],
    policy: MatchingPolicy,
    rejected: Collection[tuple[str, str]] = (),
    knowledge: Knowledge | None = None,
) -> list[Suggestion]:
    """Offer each comment up to `policy.candidates` changes that reach `policy.ask_at`, or nothing.

    `comments` has the columns comment_uid, service_code, heard_on, text and, where it is known, written_in (the tag of
    another language than English); `changes` has change_uid, service_code, changed_on, title, you_said, we_did; uids
    are unique. `relatives` are the related services of a service; `rejected` are pairs (comment_uid, change_uid) that a
    person has refused; `knowledge` is what else the matcher may use. Sorted by comment_uid, then likeliest first,
    whatever the order of the rows that came in. Whoever matches often against the same changes makes a `Register` of
    them once.
    """
    pool = prepare(comments, changes, relatives, Window.of(policy), rejected, knowledge)
    return suggest(pool, rank(pool), policy)


def suggest(pool: Pool, ranking: Ranking, policy: MatchingPolicy) -> list[Suggestion]:
    """What `match` returns, from a ranking that is already there."""
    shown = ranking.probabilities[:, : policy.candidates] >= policy.ask_at
    shown[:, 0] = (ranking.changes[:, 0] >= 0) & _something_shared(ranking)
    places, ranks = np.nonzero(shown)
    seen = features(ranking.scores, ranking.parts).round(6)
    parts = explain(pool, ranking, places, ranks)
    suggestions = [
        _with_candidate(pool, ranking, at, contributions, policy, seen)
        for at, contributions in zip(zip(places.tolist(), ranks.tolist(), strict=True), parts, strict=True)
    ]
    suggestions += [_without_candidate(pool, ranking, int(place)) for place in np.flatnonzero(~shown[:, 0])]
    return sorted(suggestions, key=lambda suggestion: (suggestion.comment_uid, -suggestion.probability))


def _something_shared(ranking: Ranking) -> np.ndarray:
    """Whether the best candidate of each comment has more for it than its day and its service."""
    return np.asarray(sum(ranking.parts[name][:, 0] > 0 for name in ("whole", "words", "memory")) > 0)


def _with_candidate(
    pool: Pool,
    ranking: Ranking,
    at: tuple[int, int],
    parts: tuple[Contribution, ...],
    policy: MatchingPolicy,
    features_seen: np.ndarray,
) -> Suggestion:
    comment, change = pool.comment_uids[at[0]], pool.change_uids[ranking.changes[at]]
    probability, score = float(ranking.probabilities[at]), float(ranking.scores[at])
    language = language_reason(pool.languages[at[0]])
    band = band_of(probability, policy)
    if band is not Band.NOTHING:
        lines = [*reasons(parts), *_fared(ranking, at), *language]
        seen = tuple(features_seen[at].tolist())  # so that it can be learned from when a person has judged it
        return Suggestion(comment, change, probability, score, band, lines, parts, None, pool.judgement.version, seen)
    lines = [
        f"nothing reaches a probability of {policy.ask_at:.2f}: the nearest is {change} with {probability:.2f}",
        _why_not(pool, ranking, at[0]),
        *reasons(parts),
        *language,
    ]
    return Suggestion(comment, None, probability, score, band, lines, parts, nearest=change)


def _fared(ranking: Ranking, at: tuple[int, int]) -> list[str]:
    """How the change has fared before, which moves the probability and is no part of the score."""
    upheld, refused = (round(float(np.expm1(ranking.parts[name][at]))) for name in RECORDS)
    return [f"people linked this change {upheld} times and refused it {refused} times before"] if refused else []


def _why_not(pool: Pool, ranking: Ranking, place: int) -> str:
    first, second = ranking.scores[place, :2]
    if second >= AS_WELL * first > 0:
        return f"{pool.change_uids[ranking.changes[place, 1]]} fits the comment about as well"
    return "it shares too little with the comment"


def _without_candidate(pool: Pool, ranking: Ranking, place: int) -> Suggestion:
    within = int(ranking.within[place])
    if pool.heard[place] == NEVER_HEARD:
        reason = "the comment has no date, so no change can be said to come after it"
    elif within:
        reason = f"none of the {within} changes in the window shares anything with the comment, or all were refused"
    else:
        reason = f"no change lies in the window of {pool.window.after} days after the comment"
    lines = [reason, *language_reason(pool.languages[place])]
    return Suggestion(pool.comment_uids[place], None, 0.0, 0.0, Band.NOTHING, lines)
