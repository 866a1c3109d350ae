"""A loop that still waits for somebody, as much of it as a message may carry."""

from dataclasses import MISSING, dataclass, fields
from datetime import date

import pandas as pd

from heardback.domain.deadlines import Step
from heardback.domain.lifecycle import ASIDE, CLOSED
from heardback.domain.words import LoopState

WHERE_KNOWN = frozenset({"snoozed_until", "paused_until", "chased_until", "moved_on", "decided_on"})
MAY_BE_MISSING = WHERE_KNOWN | {"possible"}
DAYS = WHERE_KNOWN | {"heard_from", "heard_to", "due_on"}


@dataclass(frozen=True)
class PossibleAnswer:
    """A change that may answer a loop, as its register calls it, and why it is offered, in words of ours."""

    change_uid: str
    title: str
    why: str


@dataclass(frozen=True)
class OpenLoop:
    """What a message may say of a loop. `title` is staff-written or empty: no field holds a child's words.

    `overdue_days` counts working days since `due_on`; it is negative while there is still time.
    `snoozed_until` is the first day on which the loop is told of again, `paused_until` the first on which its clock
    goes on, `chased_until` the first on which it may climb again. `rungs_told`: (rung, newest window in which it was
    told); None where that is not known, so that days alone decide. `possible` is a change that may answer it.
    `written` says in what it is written where that is not English alone: "in Polish".
    """

    loop_uid: str
    service_code: str
    channel: str
    state: LoopState | str
    title: str
    voices: int
    heard_from: date
    heard_to: date
    owner: str
    due_on: date
    next_step: Step | str
    overdue_days: int
    snoozed_until: date | None
    reminders_sent: int
    version: int
    kept_from_service: bool = False
    paused_until: date | None = None
    chased_until: date | None = None
    moved_on: date | None = None
    decided_on: date | None = None
    rungs_told: tuple[tuple[str, str], ...] | None = None
    possible: PossibleAnswer | None = None
    written: str = ""


def is_nudged(loop: OpenLoop) -> bool:
    """Whether a loop's state allows it in a message: never aside, closed only where a promise is still to be kept."""
    return loop.state not in ASIDE and (loop.state not in CLOSED or loop.next_step == Step.KEEP)


def open_loops_from(frame: pd.DataFrame) -> list[OpenLoop]:
    """A frame's rows as OpenLoops: dates of any kind, a missing title or owner as ''. Raises KeyError for a column."""
    names = [field.name for field in fields(OpenLoop) if field.default is MISSING or field.name in frame]
    tidy = frame[names].astype(object)
    for name in DAYS & set(names):
        tidy[name] = pd.to_datetime(frame[name]).dt.date.astype(object)
    for name in ("title", "owner"):
        tidy[name] = tidy[name].where(frame[name].notna(), "")
    for name in MAY_BE_MISSING & set(names):
        tidy[name] = tidy[name].where(frame[name].notna(), None)
    return [OpenLoop(**{str(name): value for name, value in row.items()}) for row in tidy.to_dict("records")]
