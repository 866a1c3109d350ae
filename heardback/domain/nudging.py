"""Who is told about which open loop this week, and for every loop that is not told, why not."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from typing import TypeVar

import pandas as pd

from config.directory import Directory
from config.policy import NudgePolicy
from heardback.domain.deadlines import Calendar
from heardback.domain.nudge_window import Window, window_at
from heardback.domain.open_loops import OpenLoop, is_nudged, open_loops_from

ItemT = TypeVar("ItemT")


class Rung(StrEnum):
    """How far up a loop has climbed; it stands on one at a time, and its owner goes on hearing of it."""

    OWNER = "owner"
    DEPUTY = "deputy"
    HEAD = "head"
    BOARD = "board"


class Verdict(StrEnum):
    """What became of one loop in one plan."""

    TOLD = "told"
    COUNTED = "counted"
    SNOOZED = "snoozed"
    NOT_NOW = "not_now"
    LISTED = "listed"
    NOT_OPEN = "not_open"


@dataclass(frozen=True)
class Digest:
    """One owner's loops in one window: the first few, how many `more` wait, how many of all are `overdue`."""

    owner: str
    window: str
    loops: tuple[OpenLoop, ...]
    more: int
    overdue: int

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

    @property
    def nudge_uid(self) -> str:
        """The key under which this escalation is claimed, sent and found again."""
        return nudge_uid("escalation", self.recipient, self.window)


@dataclass(frozen=True)
class Explanation:
    """What became of one loop: the ids of the people who would be told, and why, in words."""

    loop_uid: str
    verdict: Verdict
    to: tuple[str, ...]
    why: str


@dataclass(frozen=True)
class NudgePlan:
    """One window's messages; `exceptions` is the board's list whatever the hour; every loop has one explanation."""

    window: Window
    digests: tuple[Digest, ...]
    escalations: tuple[Escalation, ...]
    exceptions: tuple[OpenLoop, ...]
    explanations: tuple[Explanation, ...]


@dataclass(frozen=True)
class _Placed:
    """A loop, who answers for it ('' where nobody is left), its rung, and who else hears of it ('' where nobody)."""

    loop: OpenLoop
    owner: str
    rung: Rung
    escalated_to: str


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
    placed = [_place(loop, directory, policy) for loop in sorted(loops, key=_urgency)]
    live = [place for place in placed if is_nudged(place.loop)]
    told = [place for place in live if place.owner and not _snoozed(place.loop, window)] if window.is_open else []
    digests = _digests(told, policy.digest_cap, window.name)
    escalations = _escalations(told, policy.digest_cap, window.name)
    exceptions = tuple(place.loop for place in live if place.rung == Rung.BOARD)
    readers = _readers(digests, escalations)
    explanations = tuple(_explain(place, window, readers.get(place.loop.loop_uid, ()), policy) for place in placed)
    return NudgePlan(window, digests, escalations, exceptions, explanations)


def rung_of(overdue_days: int, policy: NudgePolicy) -> Rung:
    """The rung that a loop has reached by working days overdue."""
    if overdue_days >= policy.board_after:
        return Rung.BOARD
    if overdue_days >= policy.head_after:
        return Rung.HEAD
    return Rung.DEPUTY if overdue_days >= policy.deputy_after else Rung.OWNER


def _urgency(loop: OpenLoop) -> tuple[int, int, str]:
    return -loop.overdue_days, -loop.voices, loop.loop_uid


def _snoozed(loop: OpenLoop, window: Window) -> bool:
    return loop.snoozed_until is not None and window.today < loop.snoozed_until


def _place(loop: OpenLoop, directory: Directory, policy: NudgePolicy) -> _Placed:
    """An owner who left is replaced by whoever stands behind; where nobody does, the board's list is the last rung.

    What accuses a service's staff goes past all of its people, on every rung.
    """
    if loop.kept_from_service:
        theirs = directory.people_of(loop.service_code)
        outsider = directory.owner_of(loop.service_code, kept_from_service=True)
        owner = loop.owner if loop.owner in directory.people and loop.owner not in theirs else outsider
        return _Placed(loop, owner, Rung.OWNER, "")
    service = directory.service(loop.service_code)
    behind = (service.owner, service.deputy, service.head) if service else ()
    heirs = (loop.owner, *behind, directory.fallback_owner)
    owner = next((person for person in heirs if person in directory.people), "")
    reached = rung_of(loop.overdue_days, policy) if owner else Rung.BOARD
    if reached in (Rung.OWNER, Rung.BOARD):
        return _Placed(loop, owner, reached, "")
    ladder = ((Rung.DEPUTY, service.deputy), (Rung.HEAD, service.head)) if service else ()
    for rung, person in ladder[reached == Rung.HEAD :]:
        if person in directory.people and person != owner:
            return _Placed(loop, owner, rung, person)
    return _Placed(loop, owner, Rung.BOARD, "")


def _digests(told: Sequence[_Placed], cap: int, window: str) -> tuple[Digest, ...]:
    waiting = _by_person([(place.owner, place.loop) for place in told])
    return tuple(
        Digest(owner, window, tuple(loops[:cap]), len(loops[cap:]), sum(loop.overdue_days > 0 for loop in loops))
        for owner, loops in waiting.items()
    )


def _escalations(told: Sequence[_Placed], cap: int, window: str) -> tuple[Escalation, ...]:
    risen = [place for place in told if place.escalated_to]
    climbed = _by_person([(place.escalated_to, Escalated(place.loop, place.rung, place.owner)) for place in risen])
    return tuple(
        Escalation(recipient, window, tuple(loops[:cap]), len(loops[cap:])) for recipient, loops in climbed.items()
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


def _explain(place: _Placed, window: Window, readers: tuple[str, ...], policy: NudgePolicy) -> Explanation:
    loop = place.loop
    if not is_nudged(loop):
        return Explanation(loop.loop_uid, Verdict.NOT_OPEN, (), f"nothing is owed: the loop is {loop.state}")
    listed = "; on the board's exception list" if place.rung == Rung.BOARD else ""
    if not place.owner:
        return Explanation(loop.loop_uid, Verdict.LISTED, (), f"nobody answers for it any more{listed}")
    if loop.snoozed_until is not None and _snoozed(loop, window):
        until = f"{loop.snoozed_until.day} {loop.snoozed_until:%B}"
        return Explanation(loop.loop_uid, Verdict.SNOOZED, (), f"snoozed until {until}{listed}")
    if not window.is_open:
        return Explanation(loop.loop_uid, Verdict.NOT_NOW, (), window.closed_because + listed)
    verdict, to = (Verdict.TOLD, readers) if readers else (Verdict.COUNTED, (place.owner,))
    return Explanation(loop.loop_uid, verdict, to, _why_told(place, readers, policy.digest_cap) + listed)


def _why_told(place: _Placed, readers: tuple[str, ...], cap: int) -> str:
    beyond = f'beyond the cap of {cap}, counted in "and n more" to'
    why = f"in the digest to {place.owner}" if place.owner in readers else f"{beyond} {place.owner}"
    if not place.escalated_to:
        return why
    days = f"{place.loop.overdue_days} working days overdue"
    if place.escalated_to in readers:
        return f"{why}; {days}, so the {place.rung} {place.escalated_to} is told too"
    return f"{why}; {days}, {beyond} the {place.rung} {place.escalated_to}"
