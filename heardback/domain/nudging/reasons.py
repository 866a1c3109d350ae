"""What became of each loop in one plan, and why, in words."""

from dataclasses import dataclass
from enum import StrEnum

from config.policy import NudgePolicy
from heardback.domain.nudging.ladder import Placed, Rung, days_in_words
from heardback.domain.nudging.open_loops import OpenLoop, is_nudged
from heardback.domain.nudging.window import Window


class Verdict(StrEnum):
    """What became of one loop in one plan."""

    TOLD = "told"
    COUNTED = "counted"
    SNOOZED = "snoozed"
    PAUSED = "paused"
    AWAY = "away"
    NOT_NOW = "not_now"
    LISTED = "listed"
    NOT_OPEN = "not_open"


@dataclass(frozen=True)
class Explanation:
    """What became of one loop: the ids of the people who would be told, and why, in words."""

    loop_uid: str
    verdict: Verdict
    to: tuple[str, ...]
    why: str


def is_snoozed(loop: OpenLoop, window: Window) -> bool:
    """Whether its owner has asked not to hear of it yet."""
    return loop.snoozed_until is not None and window.today < loop.snoozed_until


def is_paused(loop: OpenLoop, window: Window) -> bool:
    """Whether its clock stands, for a reason that is on record."""
    return loop.paused_until is not None and window.today < loop.paused_until


def explain(place: Placed, window: Window, readers: tuple[str, ...], policy: NudgePolicy) -> Explanation:
    """Why a loop is told to these readers, or to nobody."""
    loop = place.loop
    if not is_nudged(loop):
        return Explanation(loop.loop_uid, Verdict.NOT_OPEN, (), f"nothing is owed: the loop is {loop.state}")
    listed = "; on the board's exception list" if place.rung == Rung.BOARD else ""
    verdict, why = _why_not(place, window)
    if verdict:
        return Explanation(loop.loop_uid, verdict, (), why + listed)
    verdict, to = (Verdict.TOLD, readers) if readers else (Verdict.COUNTED, (place.owner,))
    return Explanation(loop.loop_uid, verdict, to, _why_told(place, readers, policy.digest_cap) + listed)


def _why_not(place: Placed, window: Window) -> tuple[Verdict | None, str]:
    loop = place.loop
    if not place.owner:
        return Verdict.LISTED, "nobody answers for it any more"
    if loop.snoozed_until is not None and is_snoozed(loop, window):
        return Verdict.SNOOZED, f"snoozed until {days_in_words(loop.snoozed_until)}"
    if loop.paused_until is not None and is_paused(loop, window):
        return Verdict.PAUSED, f"waits for others, its clock stands until {days_in_words(loop.paused_until)}"
    if not window.is_open:
        return Verdict.NOT_NOW, window.closed_because
    if place.back_on:
        return Verdict.AWAY, f"{place.owner} is away until {days_in_words(place.back_on)}, and told then"
    return None, ""


def _why_told(place: Placed, readers: tuple[str, ...], cap: int) -> str:
    beyond = f'beyond the cap of {cap}, counted in "and n more" to'
    why = f"in the digest to {place.owner}" if place.owner in readers else f"{beyond} {place.owner}"
    why += f", who stands in for {place.stands_in_for}" if place.stands_in_for else ""
    if not place.escalated_to:
        return why
    days = f"{place.loop.overdue_days} working days overdue"
    if place.escalated_to in readers:
        return f"{why}; {days}, so the {place.rung} {place.escalated_to} is told too"
    return f"{why}; {days}, {beyond} the {place.rung} {place.escalated_to}"
