"""Loops that were answered, approved and told, for the tests of reports."""

from datetime import date

from sqlalchemy.orm import Session

from heardback.domain.lifecycle import APPROVALS, Role
from heardback.ledger import Actor, Ledger
from tests.factories import DECIDE, MANAGER, NOW, OWN, TELL, a_loop

OFFICER = Actor("Priya Nair", Role.PARTICIPATION_OFFICER)
TITLE = "A warm waiting room"
WORDING = "We put a heater in the waiting room."


def approve(session: Session, loop_uid: str, *approvers: Actor) -> None:
    """One approval of each kind, in turn, from the people given."""
    for actor, approval in zip(approvers, APPROVALS, strict=False):
        Ledger(session, actor, NOW).move(loop_uid, "approve", approval=approval, on=date(2026, 9, 22))


def an_answered_loop(session: Session, *approvers: Actor, title: str = TITLE) -> str:
    """Heard on 1 September 2026, decided on the 21st, told on the 30th; approved by whoever is named."""
    loop_uid = a_loop(session, OWN, ("describe", {"title": title, "on": date(2026, 9, 5)}), DECIDE)
    approve(session, loop_uid, *approvers)
    name, details = TELL
    Ledger(session, MANAGER, NOW).move(loop_uid, name, **details)  # type: ignore[arg-type]
    return loop_uid


def move(session: Session, loop_uid: str, name: str, actor: Actor = MANAGER, **details: object) -> None:
    """One more move."""
    Ledger(session, actor, NOW).move(loop_uid, name, **details)  # type: ignore[arg-type]
