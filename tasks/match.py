"""Match what is new on either side: new comments meet every change, new changes meet every open loop."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pandas as pd
from sqlalchemy import Engine

from heardback.domain import languages
from heardback.domain.events import MatchProposed
from heardback.matching.pool import Knowledge
from heardback.matching.suggesting import Suggestion, match
from heardback.store import outbox
from heardback.store.matches import propose
from heardback.store.session import reading, transaction
from heardback.store.waiting import (
    changes_to_match,
    comments_to_match,
    mark_matched,
    mark_met,
    rejected_pairs,
    still_open,
)
from tasks.knowledge import knowledge_of, learn_anew
from tasks.step import step
from tasks.workplace import Workplace, open_workplace


@dataclass(frozen=True)
class MatchReport:
    """What one run of matching met and offered."""

    comments: int
    changes: int
    loops_with_a_suggestion: int
    loops_without: int
    proposed: int


@step(retries=2, wait_seconds=30)
def match_new(at: datetime) -> MatchReport:
    """Match what arrived since the last run. Run twice, the second has nothing to do."""
    languages.let_go()  # everything that came in is landed, and the encoder needs the room
    with open_workplace() as work:
        with reading(work.store) as session:
            new_comments = comments_to_match(session)
            waiting = comments_to_match(session, unmatched_only=False)
            changes = changes_to_match(session)
            new_changes = changes_to_match(session, unmet_only=True)
            rejected = rejected_pairs(session)
        learn_anew(work, at)
        old_comments = waiting[~waiting["comment_uid"].isin(new_comments["comment_uid"])]
        meeting = len(new_comments) or len(new_changes)
        knows = knowledge_of(work, waiting if len(new_changes) else new_comments, changes) if meeting else None
        found = _match(work, new_comments, changes, rejected, knows)
        found += _match(work, old_comments, new_changes, rejected, knows)
        met = pd.concat([new_comments, old_comments if len(new_changes) else old_comments.head(0)])
        proposed = _keep(work.store, found, met, set(new_changes["pull_uid"]), at)
    offered = met["loop_uid"][met["comment_uid"].isin({s.comment_uid for s in found if s.change_uid})].nunique()
    loops = met["loop_uid"].nunique()
    return MatchReport(len(new_comments), len(new_changes), offered, loops - offered, proposed)


def _match(
    work: Workplace,
    comments: pd.DataFrame,
    changes: pd.DataFrame,
    rejected: set[tuple[str, str]],
    knowledge: Knowledge | None,
) -> list[Suggestion]:
    if comments.empty or changes.empty:
        return []
    relatives = {service.code: service.relatives for service in work.council.directory.services}
    return match(comments, changes, relatives, work.council.policy.matching, rejected, knowledge)


def _keep(
    store: Engine, found: Sequence[Suggestion], met: pd.DataFrame, pulls_met: Collection[str], at: datetime
) -> int:
    """The best suggestion of each loop and change is kept; the event says how many there were."""
    loop_of = dict(zip(met["comment_uid"], met["loop_uid"], strict=True))
    best: dict[tuple[str, str], dict[str, Any]] = {}
    for suggestion in sorted(found, key=lambda one: (one.probability, one.comment_uid)):
        if suggestion.change_uid is not None:
            loop_uid = str(loop_of[suggestion.comment_uid])
            best[loop_uid, suggestion.change_uid] = _row(suggestion, loop_uid)
    with transaction(store) as session:
        # what was held back or answered while we matched is offered nothing (G8)
        waiting = still_open(session, {loop_uid for loop_uid, _ in best})
        proposed = propose(session, [best[pair] for pair in sorted(best) if pair[0] in waiting], at)
        mark_matched(session, set(met["loop_uid"]), at)
        mark_met(session, pulls_met, at)
        if proposed:
            outbox.record(session, [MatchProposed("heardback.matching", proposed)], at)
    return proposed


def _row(suggestion: Suggestion, loop_uid: str) -> dict[str, Any]:
    return {
        "loop_uid": loop_uid,
        "change_uid": suggestion.change_uid,
        "comment_uid": suggestion.comment_uid,
        "probability": suggestion.probability,
        "score": suggestion.score,
        "band": str(suggestion.band),
        "reasons": suggestion.reasons,
        "matcher": suggestion.matcher,
        "features": list(suggestion.features),
    }
