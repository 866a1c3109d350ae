"""A loop as it stood at the end of a past day, and which of them a report speaks of by name."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import islice

from heardback.domain.lifecycle import ANSWERED, ASIDE, CLOSED, OPEN
from heardback.domain.period import Period
from heardback.domain.words import LoopState, Outcome, Telling


@dataclass(frozen=True)
class Told:
    """One record that people were told: how (words.Telling), where, whom and when. Staff wrote every word."""

    how: Telling | str
    where: str
    whom: str
    on: date


@dataclass(frozen=True)
class PastLoop:
    """One loop at the end of a day. `title`, `wording` and `reason` are staff-written; nothing holds a child's words.

    `reason` is that of the decision. `told` holds the tellings of the present answer alone, oldest first. `approvals`
    are (what, who) for the title and wording as they stand: either of them rewritten has to be approved again.
    """

    loop_uid: str
    service_code: str
    state: LoopState | str
    heard_from: date
    voices: int
    title: str = ""
    owner: str = ""
    change_uid: str = ""
    outcome: Outcome | str = ""
    wording: str = ""
    reason: str = ""
    decided_on: date | None = None
    promise_by: date | None = None
    promise_kept_on: date | None = None
    told_on: date | None = None
    agreed_on: date | None = None
    told: tuple[Told, ...] = ()
    approvals: tuple[tuple[str, str], ...] = ()

    @property
    def closed_on(self) -> date | None:
        """The day on which it was both decided and told; None while it is not."""
        if self.state not in CLOSED or self.decided_on is None or self.told_on is None:
            return None
        return max(self.decided_on, self.told_on)


def counted(loops: Iterable[PastLoop]) -> list[PastLoop]:
    """Loops that are owed an answer or have one: nothing set aside."""
    return [loop for loop in loops if loop.state not in ASIDE]


def answered(loops: Iterable[PastLoop]) -> list[PastLoop]:
    """Loops with a decision that stands."""
    return [loop for loop in loops if loop.state in ANSWERED]


def closed(loops: Iterable[PastLoop], period: Period | None = None) -> list[PastLoop]:
    """Loops decided and told; with a period, those that became so within it."""
    days = [(loop, loop.closed_on) for loop in loops]
    return [loop for loop, day in days if day and (period is None or period.first <= day <= period.last)]


def longest_open(loops: Iterable[PastLoop], limit: int) -> list[PastLoop]:
    """The loops that have waited longest for a decision, the oldest first."""
    waiting = (loop for loop in loops if loop.state in OPEN)
    return sorted(waiting, key=lambda loop: (loop.heard_from, loop.loop_uid))[:limit]


def promises_broken(loops: Iterable[PastLoop], as_of: date) -> list[PastLoop]:
    """Loops whose promise was not kept although its day is over, the longest overdue first."""
    late = (
        (loop.promise_by, loop)
        for loop in answered(loops)
        if loop.outcome == Outcome.WILL and loop.promise_by and loop.promise_by < as_of and not loop.promise_kept_on
    )
    return [loop for _, loop in sorted(late, key=lambda pair: (pair[0], pair[1].loop_uid))]


def refusals(loops: Iterable[PastLoop], period: Period) -> list[PastLoop]:
    """Loops that were decided in the period with “cannot, because”, the newest first."""
    refused = (
        (loop.decided_on, loop)
        for loop in answered(loops)
        if loop.outcome == Outcome.CANNOT and loop.decided_on and period.first <= loop.decided_on <= period.last
    )
    return [loop for _, loop in sorted(refused, key=lambda pair: (-pair[0].toordinal(), pair[1].loop_uid))]


def stories(loops: Iterable[PastLoop], period: Period, limit: int) -> list[PastLoop]:
    """Up to `limit` closed loops of each service that rest on a change, in the order of their services.

    Those closed in the period go first, then those that people agreed with, then those that most asked for.
    """
    told = [loop for loop in closed(loops) if loop.change_uid]
    this_month = {loop.loop_uid for loop in closed(told, period)}
    ranked = sorted(told, key=lambda loop: _rank(loop, this_month))
    by_service: dict[str, list[PastLoop]] = {}
    for loop in ranked:
        by_service.setdefault(loop.service_code, []).append(loop)
    return [loop for _, best in sorted(by_service.items()) for loop in islice(best, limit)]


def _rank(loop: PastLoop, preferred: set[str]) -> tuple[bool, bool, int, int, str]:
    newest = -(loop.closed_on or date.min).toordinal()
    return loop.loop_uid not in preferred, loop.state != LoopState.AGREED, -loop.voices, newest, loop.loop_uid
