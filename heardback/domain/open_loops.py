"""A loop that still waits for somebody, as much of it as a message may carry."""

from dataclasses import dataclass, fields
from datetime import date

import pandas as pd

from heardback.domain.deadlines import Step
from heardback.domain.lifecycle import ASIDE, CLOSED
from heardback.domain.words import LoopState


@dataclass(frozen=True)
class OpenLoop:
    """What a message may say of a loop. `title` is staff-written or empty: no field holds a child's words.

    `overdue_days` counts working days since `due_on`; it is negative while there is still time.
    `snoozed_until` is the first day on which the loop is told of again.
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


def is_nudged(loop: OpenLoop) -> bool:
    """Whether a loop's state allows it in a message: never aside, closed only where a promise is still to be kept."""
    return loop.state not in ASIDE and (loop.state not in CLOSED or loop.next_step == Step.KEEP)


def open_loops_from(frame: pd.DataFrame) -> list[OpenLoop]:
    """A frame's rows as OpenLoops: dates of any kind, a missing title or owner as ''. Raises KeyError for a column."""
    tidy = frame[[field.name for field in fields(OpenLoop)]].astype(object)
    for name in ("heard_from", "heard_to", "due_on", "snoozed_until"):
        tidy[name] = pd.to_datetime(frame[name]).dt.date.astype(object)
    for name in ("title", "owner"):
        tidy[name] = tidy[name].where(frame[name].notna(), "")
    tidy["snoozed_until"] = tidy["snoozed_until"].where(frame["snoozed_until"].notna(), None)
    return [OpenLoop(**{str(name): value for name, value in row.items()}) for row in tidy.to_dict("records")]
