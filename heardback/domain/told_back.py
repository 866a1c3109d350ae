"""Which loops a group is told of at its next meeting: its own, those still open and those refused among them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

import pandas as pd

from heardback.domain.lifecycle import ANSWERED, OPEN
from heardback.domain.words import LoopState


@dataclass(frozen=True)
class OwnLoops:
    """A group's loops by number: `answered` since its last meeting or not told yet; `waiting` for an answer, oldest
    first; `new` are those of which something was said since."""

    answered: tuple[str, ...]
    waiting: tuple[str, ...]
    new: frozenset[str]


def loops_of_group(
    loops: pd.DataFrame, voices: pd.DataFrame, sources: Collection[str], services: Collection[str], since: date | None
) -> OwnLoops:
    """What a group is told of. `loops` are past_loops.COLUMNS, `voices` voices.COLUMNS, both of one as-of day.

    `since` is the day of its last meeting, None where it never met: then everything is new. What was answered and told
    before, and of which nobody has said anything since, is left out; what waits stands there until it is answered.
    """
    said = voices[voices["source_id"].isin(list(sources))]
    said = said[said["service_code"].isin(list(services))] if services else said
    after = pd.Timestamp(since) if since else pd.Timestamp.min
    new = set(said.loc[pd.to_datetime(said["heard_on"]) > after, "loop_uid"])
    own = loops[loops["loop_uid"].isin(set(said["loop_uid"]))].sort_values(["heard_from", "loop_uid"])
    answered = own[own["state"].isin([state.value for state in ANSWERED])]
    untold = answered["state"] == LoopState.DECIDED.value
    moved = answered[["decided_on", "promise_kept_on", "told_on"]].apply(pd.to_datetime).gt(after).any(axis=1)
    wanted = answered[untold | moved | answered["loop_uid"].isin(new)]
    waiting = own[own["state"].isin([state.value for state in OPEN])]
    return OwnLoops(_numbers(wanted), _numbers(waiting), frozenset(map(str, new)))


def _numbers(loops: pd.DataFrame) -> tuple[str, ...]:
    return tuple(str(uid) for uid in loops["loop_uid"])
