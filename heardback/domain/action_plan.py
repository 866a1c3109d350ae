"""How far a plan of actions has come: each recommendation by its state on a day, and the counts of them."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from heardback.domain.words import ChangeStatus


class Progress(StrEnum):
    """Where one action stands, as Scrutiny reads it."""

    DONE = "Done"
    UNDER_WAY = "Under way"
    LATE = "Late"
    NOT_ACCEPTED = "Not accepted"


@dataclass(frozen=True)
class Action:
    """One recommendation and what is done about it, as its register had it on a day. Officers wrote every word."""

    change_uid: str
    register_id: str
    record_id: str
    service_code: str
    status: str
    recommendation: str
    action: str = ""
    owner: str = ""
    progress: str = ""
    evidence: str = ""
    due_on: date | None = None
    changed_on: date | None = None


def progress_of(action: Action, as_of: date) -> Progress:
    """Its state: what is not done when its day is over is late, whatever its register calls it."""
    if action.status == ChangeStatus.DONE:
        return Progress.DONE
    if action.status == ChangeStatus.REFUSED:
        return Progress.NOT_ACCEPTED
    return Progress.LATE if action.due_on and action.due_on < as_of else Progress.UNDER_WAY


def counted(actions: Sequence[Action], as_of: date) -> dict[Progress, int]:
    """How many stand where, in the order of `Progress`."""
    found = Counter(progress_of(action, as_of) for action in actions)
    return {progress: found[progress] for progress in Progress}
