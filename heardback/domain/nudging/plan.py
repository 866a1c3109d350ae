"""Who is told about which open loop this week, and for every loop that is not told, why not."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import TypeVar

import pandas as pd

from config.directory import Directory
from config.policy import NudgePolicy
from heardback.domain.absence import Absences
from heardback.domain.deadlines import Calendar
from heardback.domain.nudging.ladder import Ladders, Placed, Rung, rung_of
from heardback.domain.nudging.open_loops import OpenLoop, is_nudged, open_loops_from
from heardback.domain.nudging.reasons import Explanation, Verdict, explain, is_paused, is_snoozed
from heardback.domain.nudging.window import Window, window_at

ItemT = TypeVar("ItemT")


@dataclass(frozen=True)
class Digest:
    """One owner's loops in one window: the first few, how many `more` wait, how many of all are `overdue`.

    `beyond` are those `more`, `paused` those whose clock stands.
    """

    owner: str
    window: str
    loops: tuple[OpenLoop, ...]
    more: int
    overdue: int
    beyond: tuple[OpenLoop, ...] = ()
    paused: tuple[OpenLoop, ...] = ()

    @property
    def nudge_uid(self) -> str:
        """The key under which this digest is claimed, sent and found again."""
        return nudge_uid("digest", self.owner, self.window)


@dataclass(frozen=True)
class Escalated:
    """A loop, the rung that it has reached, and the id of who answers for it."""

    loop: OpenLoop
    rung: Rung
    owner: str


@dataclass(frozen=True)
class Escalation:
    """What one deputy or head is told in one window about loops that others have not moved."""

    recipient: str
    window: str
    loops: tuple[Escalated, ...]
    more: int
    beyond: tuple[Escalated, ...] = ()

    @property
    def nudge_uid(self) -> str:
        """The key under which this escalation is claimed, sent and found again."""
        return nudge_uid("escalation", self.recipient, self.window)


@dataclass(frozen=True)
class NudgePlan:
    """One window's messages; `exceptions` is the board's list whatever the hour; every loop has one explanation."""

    window: Window
    digests: tuple[Digest, ...]
    escalations: tuple[Escalation, ...]
    exceptions: tuple[OpenLoop, ...]
    explanations: tuple[Explanation, ...]


def nudge_uid(kind: str, recipient: str, window: str) -> str:
    """One key for one kind of message to one person in one window; safe as a file name, names nobody."""
    digest = sha256(f"{kind}\n{recipient}\n{window}".encode()).hexdigest()
    return f"{kind}-{window}-{digest[:16]}"


def plan_nudges(
    open_loops: Sequence[OpenLoop] | pd.DataFrame,
    directory: Directory,
    policy: NudgePolicy,
    calendar: Calendar,
    at: datetime,
    timezone: str = "Europe/London",
) -> NudgePlan:
    """Plan one window's messages. Pure: that a window's message went out already is the store's to know.

    `open_loops` may be a frame with one column for each field of OpenLoop. Raises ValueError for a naive `at`.
    """
    loops = open_loops_from(open_loops) if isinstance(open_loops, pd.DataFrame) else open_loops
    window = window_at(at, policy, calendar, timezone)
    ladders = Ladders(directory, policy, Absences(directory, calendar, policy.short_leave), window)
    placed = [ladders.place(loop) for loop in sorted(loops, key=_urgency)]
    live = [place for place in placed if is_nudged(place.loop)]
    told = [place for place in live if _is_told(place, window)] if window.is_open else []
    paused = [place for place in live if is_paused(place.loop, window)]
    digests = _digests(told, paused, policy.digest_cap, window.name)
    escalations = _escalations(told, policy.digest_cap, window.name)
    exceptions = tuple(place.loop for place in live if place.rung == Rung.BOARD)
    readers = _readers(digests, escalations)
    explanations = tuple(explain(place, window, readers.get(place.loop.loop_uid, ()), policy) for place in placed)
    return NudgePlan(window, digests, escalations, exceptions, explanations)


def _urgency(loop: OpenLoop) -> tuple[int, int, str]:
    return -loop.overdue_days, -loop.voices, loop.loop_uid


def _is_told(place: Placed, window: Window) -> bool:
    waits = is_snoozed(place.loop, window) or is_paused(place.loop, window)
    return bool(place.owner) and not waits and place.back_on is None


def _digests(told: Sequence[Placed], paused: Sequence[Placed], cap: int, window: str) -> tuple[Digest, ...]:
    waiting = _by_person([(place.owner, place.loop) for place in told])
    standing = _by_person([(place.owner, place.loop) for place in paused])
    return tuple(
        Digest(
            owner,
            window,
            tuple(loops[:cap]),
            len(loops[cap:]),
            sum(loop.overdue_days > 0 for loop in loops),
            beyond=tuple(loops[cap:]),
            paused=tuple(standing.get(owner, ())),
        )
        for owner, loops in waiting.items()
    )


def _escalations(told: Sequence[Placed], cap: int, window: str) -> tuple[Escalation, ...]:
    risen = [place for place in told if place.escalated_to]
    climbed = _by_person([(place.escalated_to, Escalated(place.loop, place.rung, place.owner)) for place in risen])
    return tuple(
        Escalation(recipient, window, tuple(loops[:cap]), len(loops[cap:]), tuple(loops[cap:]))
        for recipient, loops in climbed.items()
    )


def _by_person(pairs: Sequence[tuple[str, ItemT]]) -> dict[str, list[ItemT]]:
    """The second of each pair under the first, people in alphabetical order, items in the order they came."""
    grouped: dict[str, list[ItemT]] = defaultdict(list)
    for person, item in pairs:
        grouped[person].append(item)
    return dict(sorted(grouped.items()))


def _readers(digests: Sequence[Digest], escalations: Sequence[Escalation]) -> dict[str, tuple[str, ...]]:
    """Whose messages show a loop, by its uid: the owner first."""
    readers: dict[str, tuple[str, ...]] = {}
    shown = [(digest.owner, loop) for digest in digests for loop in digest.loops]
    shown += [(escalation.recipient, item.loop) for escalation in escalations for item in escalation.loops]
    for person, loop in shown:
        readers[loop.loop_uid] = (*readers.get(loop.loop_uid, ()), person)
    return readers


__all__ = [
    "Digest",
    "Escalated",
    "Escalation",
    "Explanation",
    "NudgePlan",
    "Rung",
    "Verdict",
    "nudge_uid",
    "plan_nudges",
    "rung_of",
]
