"""A complaint on its way through the children's representations procedure, and the clock of its first stage."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from config.policy import ComplaintsPolicy
from heardback.domain.deadlines import Calendar
from heardback.domain.words import LoopState
from heardback.errors import MoveRefused

STEPS = ("accept_complaint", "extend_complaint", "end_complaint")


@dataclass(frozen=True)
class Complaint:
    """A diverted loop: when it was heard, and how far the procedure has come with it. No word of it."""

    loop_uid: str
    service_code: str
    heard_on: date
    accepted_on: date | None = None
    reference: str = ""
    extended_on: date | None = None
    ended_on: date | None = None
    ended_as: str = ""

    def after(self, move: str, on: date, details: dict[str, Any]) -> "Complaint":
        """The complaint after one more move of its loop; other moves than the procedure's leave it as it is."""
        if move == "accept_complaint":
            return replace(self, accepted_on=on, reference=str(details["reference"]))
        if move == "extend_complaint":
            return replace(self, extended_on=on)
        if move == "end_complaint":
            return replace(self, ended_on=on, ended_as=str(details["ended_as"]), reference=str(details["reference"]))
        return self


def due_on(complaint: Complaint, policy: ComplaintsPolicy, calendar: Calendar) -> date:
    """The last day for the answer, from the day it was heard: finding out late that it complains wins no time."""
    days = policy.extended if complaint.extended_on else policy.answer_within
    return calendar.add_working_days(complaint.heard_on, days)


def days_left(complaint: Complaint, policy: ComplaintsPolicy, calendar: Calendar, today: date) -> int | None:
    """Working days until the answer is due, negative once it is late; None where the procedure has ended."""
    if complaint.ended_on:
        return None
    return calendar.working_days_between(today, due_on(complaint, policy, calendar))


def check_step(complaint: Complaint, move: str) -> None:
    """Raises MoveRefused for a step out of turn: accepted once, extended once and after that, ended last."""
    said = f"the complaint {complaint.loop_uid}"
    if complaint.ended_on:
        raise MoveRefused(
            f"{said} ended on {complaint.ended_on} ({complaint.ended_as})", do="nothing is left to do here"
        )
    if move == "accept_complaint" and complaint.accepted_on:
        raise MoveRefused(f"{said} was accepted on {complaint.accepted_on} as {complaint.reference}")
    if move != "accept_complaint" and not complaint.accepted_on:
        raise MoveRefused(f"{said} has not been accepted", do=f"heardback complaints accept {complaint.loop_uid}")
    if move == "extend_complaint" and complaint.extended_on:
        raise MoveRefused(f"{said} was extended on {complaint.extended_on}, and is extended once")


def diverted_anew(from_state: str, to_state: str) -> bool:
    """Whether a move brought a loop into the procedure, so that it begins again."""
    return to_state == LoopState.DIVERTED and from_state != LoopState.DIVERTED
