"""Tell the safeguarding lead, the deputy, the duty line: at once, and again until a named person takes it (G5)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.orm import Session

from heardback.domain.access import Right
from heardback.domain.alerts import KIND, Alert, HeldLoop, plan_alerts
from heardback.domain.deadlines import england
from heardback.errors import NotFound
from heardback.messages.alarm import alert_message
from heardback.store.alerts import PASSED_ON, TOOK, last_told, unopened
from heardback.store.nudges import Claim, Line, claim
from heardback.store.rewrites import happened_to
from heardback.store.session import reading, transaction
from tasks.deliver import Delivery
from tasks.door import admit, matter_of
from tasks.due import absences_of
from tasks.step import step
from tasks.workplace import Workplace, open_workplace


@dataclass(frozen=True)
class AlertReport:
    """Who was told, whom nothing reached, and the loops that nobody has opened yet."""

    sent: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    waiting: list[str] = field(default_factory=list)


@step(retries=3, wait_seconds=20)
def alert(at: datetime) -> AlertReport:
    """Send every safeguarding alert that is due at an instant; at any hour of any day."""
    with open_workplace() as work:
        with reading(work.store) as session:
            happened = happened_to(session, [row["loop_uid"] for row in unopened(session)])
            held = held_loops(session, work)
            due = plan(session, work, held, at)
        outcomes, delivery = {}, Delivery(work)
        for one in due:
            outcomes[one.recipient] = _press(delivery, one, happened, at)
        return AlertReport(
            sent=sorted(person for person, outcome in outcomes.items() if outcome == "sent"),
            failed=sorted(person for person, outcome in outcomes.items() if outcome in ("failed", "unknown")),
            waiting=[loop.loop_uid for loop in held],
        )


def held_loops(session: Session, work: Workplace) -> list[HeldLoop]:
    """What is held back and nobody has opened, and who took it, by the short names of the directory."""
    codes = {person.name: code for code, person in work.council.directory.people.items()}
    rows = unopened(session)
    return [HeldLoop(**{**row, "taken_by": codes.get(row.get("taken_by", ""), "")}) for row in rows]


def plan(session: Session, work: Workplace, held: list[HeldLoop], at: datetime) -> list[Alert]:
    """The alerts that are due."""
    if not held:
        return []
    council = work.council
    told = last_told(session, KIND, [loop.loop_uid for loop in held], at)
    absences = absences_of(council, england(at.year - 1, at.year + 1))
    policy = council.policy.safeguarding
    return plan_alerts(held, told, council.directory, policy, absences, at, council.policy.timezone)


@step(retries=2)
def take(loop_uids: list[str], by: str, at: datetime, *, pass_on: bool = False) -> list[str]:
    """Note that somebody will review these loops, or passes them to the deputy. Raises NotAllowed, NotFound.

    Whoever takes one is let in for it like whoever reads it: a service's people never take what accuses their staff.
    """
    with open_workplace() as work:
        taken = []
        for loop_uid in loop_uids:
            with reading(work.store) as session:
                over = matter_of(session, loop_uid)
            admit(work, by, Right.WITHHELD, at, loop_uid, over, wanted=PASSED_ON if pass_on else TOOK)
            taken.append(loop_uid)
        if not taken:
            raise NotFound("no loop was named", do="heardback safeguarding queue --by NAME")
        return taken


def _press(delivery: Delivery, one: Alert, happened: Mapping[str, int], at: datetime) -> str:
    work = delivery.work
    lines = [Line(loop.loop_uid, happened.get(loop.loop_uid, 0)) for loop in one.loops]
    with transaction(work.store) as session:
        standing = claim(session, Claim(one.nudge_uid, KIND, one.recipient, one.window, lines), at)
    if standing.word not in ("claimed", "unknown"):
        return standing.word
    policy, person = work.council.policy, work.council.directory.people[one.recipient]
    message = alert_message(one, person, policy.safeguarding, at, policy.link_base, policy.timezone)
    return delivery.deliver(one.recipient, message, standing, at, urgent=True)
