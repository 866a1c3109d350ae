"""A dry run of a window: for every open loop who would be told what at an instant, or why not. It claims nothing."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from html import unescape
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from heardback.domain.nudging.open_loops import OpenLoop
from heardback.domain.nudging.plan import NudgePlan
from heardback.domain.nudging.reasons import Explanation, Verdict
from heardback.domain.words import LoopState
from heardback.messages.blocks import loop_line
from heardback.store import Loop
from heardback.store.nudges import out_in

IN_OTHER_HANDS = {
    LoopState.WITHHELD: "held back for a trained reader; safeguarding alerts have a clock of their own",
    LoopState.DIVERTED: "a complaint, in its own procedure",
}


@dataclass(frozen=True)
class Place:
    """A loop in a message that is planned: the message's key, its reader, and whether it is shown or only counted."""

    nudge_uid: str
    reader: str
    shown: bool
    loop: OpenLoop


def foretold(session: Session, plan: NudgePlan) -> list[dict[str, Any]]:
    """One line for each open loop: `loop`, `verdict`, `to`, `why`, and in `what` the line that its readers would see.

    Whoever has had their message of this window gets no other in it, whatever has come since.
    """
    out, places = out_in(session, plan.window.name), _places(plan)
    said = [_line(item, places.get(item.loop_uid, []), out) for item in plan.explanations]
    aside = select(Loop.loop_uid, Loop.state).where(Loop.state.in_(IN_OTHER_HANDS)).order_by(Loop.loop_uid)
    others = [
        Explanation(loop_uid, Verdict.NOT_OPEN, (), IN_OTHER_HANDS[LoopState(state)])
        for loop_uid, state in session.execute(aside)
    ]
    return said + [as_line(item) for item in others]


def as_line(item: Explanation, what: str = "") -> dict[str, Any]:
    """An explanation as JSON has it."""
    return {"loop": item.loop_uid, "verdict": str(item.verdict), "to": list(item.to), "why": item.why, "what": what}


def _line(item: Explanation, places: list[Place], out: Mapping[str, frozenset[str]]) -> dict[str, Any]:
    due = [place for place in places if place.nudge_uid not in out]
    if places and not due:
        return as_line(_told_before(item, any(item.loop_uid in out[place.nudge_uid] for place in places)))
    shown = [place for place in due if place.shown]
    if not shown:
        return as_line(item)
    to = tuple(place.reader for place in shown)
    return as_line(replace(item, to=to), unescape(loop_line(shown[0].loop)))


def _told_before(item: Explanation, named: bool) -> Explanation:
    why = "told in this window before" if named else "came after this window's message; in the next one"
    return Explanation(item.loop_uid, Verdict.NOT_NOW, (), why)


def _places(plan: NudgePlan) -> dict[str, list[Place]]:
    found: dict[str, list[Place]] = {}
    for place in _each(plan):
        found.setdefault(place.loop.loop_uid, []).append(place)
    return found


def _each(plan: NudgePlan) -> Iterator[Place]:
    for digest in plan.digests:
        for position, loop in enumerate((*digest.loops, *digest.beyond)):
            yield Place(digest.nudge_uid, digest.owner, position < len(digest.loops), loop)
    for climbed in plan.escalations:
        for position, item in enumerate((*climbed.loops, *climbed.beyond)):
            yield Place(climbed.nudge_uid, climbed.recipient, position < len(climbed.loops), item.loop)
