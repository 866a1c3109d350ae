"""Press the owners who have not moved: plan, claim, send, mark; nobody is told twice in one window (G4, G16)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from time import monotonic
from typing import Any

from sqlalchemy.orm import Session

from heardback.domain.deadlines import Calendar, england
from heardback.domain.nudging.ladder import Rung
from heardback.domain.nudging.open_loops import OpenLoop
from heardback.domain.nudging.plan import Digest, Escalation, NudgePlan, plan_nudges
from heardback.messages.blocks import digest_message, escalation_message
from heardback.messages.message import Message
from heardback.store.deadlines import marked, set_mark
from heardback.store.nudges import Claim, Line, Standing, claim, out_in, unreachable
from heardback.store.session import reading, transaction
from heardback.store.waiting import unmoved
from tasks.clock import check_clock, was_away
from tasks.deliver import Delivery
from tasks.dry_run import as_line, foretold
from tasks.due import loops_owed
from tasks.possible import with_possible_answers
from tasks.previews import write_preview
from tasks.step import step
from tasks.workplace import Workplace, open_workplace

RAN = "nudge"  # the mark that says when this last ran


@dataclass(frozen=True)
class NudgeReport:
    """Who was told, who would have been, and for every open loop why or why not.

    `exceptions` is the board's list, with the loops of people whom no way reaches (`unreachable`).
    """

    window: str
    sent: list[str]
    already_sent: list[str]
    failed: list[str]
    explanations: list[dict[str, Any]]
    exceptions: list[str]
    recipients: dict[str, int]
    preview: str = ""
    being_sent: list[str] = field(default_factory=list)
    unreachable: list[str] = field(default_factory=list)


@step(retries=3, wait_seconds=60)
def nudge(at: datetime, *, dry_run: bool = False, clock_is_right: bool = False) -> NudgeReport:
    """Send the digests and escalations that are due at an instant; with `dry_run` only say what would be sent.

    Raises SanityStop where the instant is too far from anything on record, unless `clock_is_right`.
    """
    with open_workplace() as work:
        calendar, begun = england(), monotonic()
        with reading(work.store) as session:
            last = marked(session, RAN)
            if not (dry_run or clock_is_right):
                check_clock(session, last, at)
            plan = _plan(session, work, at, calendar)
        if dry_run:
            return _foretell(work, plan)
        outcomes, delivery = {}, Delivery(work)
        for told in _told(plan):
            # claimed one by one and at its own time: a claim made long before it is sent would look abandoned
            now = at + timedelta(seconds=monotonic() - begun)
            outcomes[told.nudge_uid] = _press(delivery, told, calendar, now, in_doubt=was_away(last, at))
        with transaction(work.store) as session:
            set_mark(session, RAN, at)
        return _report(plan, outcomes, _write_preview(work, plan, at), _unreachable(work, plan))


def _press(delivery: Delivery, told: Digest | Escalation, calendar: Calendar, at: datetime, *, in_doubt: bool) -> str:
    """Claim one message and deliver it. A loop that has moved on is not in it: looked at again in the claim (G16)."""
    work = delivery.work
    with transaction(work.store) as session:
        current: Digest | Escalation | None = told
        if not unmoved(session, {loop.loop_uid: loop.version for loop in _loops(told)}):
            again = {other.nudge_uid: other for other in _told(_plan(session, work, at, calendar))}
            current = again.get(told.nudge_uid)
        if current is None:
            return "moved_on"
        standing = claim(session, _claim(current), at)
        current = with_possible_answers(session, work.council, current)
    if standing.word not in ("claimed", "unknown"):
        return standing.word
    if in_doubt and standing == Standing("claimed"):
        standing = Standing("unknown")  # a backup may have been restored: it may stand there already (fault 47)
    return delivery.deliver(_recipient(current), _message(work, current), standing, at)


def _plan(session: Session, work: Workplace, at: datetime, calendar: Calendar) -> NudgePlan:
    council = work.council
    loops = loops_owed(session, council, at, calendar)
    return plan_nudges(loops, council.directory, council.policy.nudge, calendar, at, council.policy.timezone)


def _told(plan: NudgePlan) -> list[Digest | Escalation]:
    return [*plan.digests, *plan.escalations]


def _recipient(told: Digest | Escalation) -> str:
    return told.owner if isinstance(told, Digest) else told.recipient


def _loops(told: Digest | Escalation) -> Sequence[OpenLoop]:
    """All of them, those too that are only counted."""
    if isinstance(told, Digest):
        return [*told.loops, *told.beyond]
    return [item.loop for item in (*told.loops, *told.beyond)]


def _claim(told: Digest | Escalation) -> Claim:
    kind = "digest" if isinstance(told, Digest) else "escalation"
    rungs = [Rung.OWNER] * len(_loops(told))
    if isinstance(told, Escalation):
        rungs = [item.rung for item in (*told.loops, *told.beyond)]
    lines = [
        Line(loop.loop_uid, loop.version, str(rung), shown=position < len(told.loops))
        for position, (loop, rung) in enumerate(zip(_loops(told), rungs, strict=True))
    ]
    return Claim(told.nudge_uid, kind, _recipient(told), told.window, lines)


def _message(work: Workplace, told: Digest | Escalation) -> Message:
    directory = work.council.directory
    person = directory.people[_recipient(told)]
    if isinstance(told, Digest):
        return digest_message(told, person, directory.council, work.council.policy.link_base)
    return escalation_message(told, person, directory.people, directory.council, work.council.policy.link_base)


def _unreachable(work: Workplace, plan: NudgePlan) -> dict[str, list[str]]:
    with reading(work.store) as session:
        return unreachable(session, plan.window.name)


def _write_preview(work: Workplace, plan: NudgePlan, at: datetime) -> str:
    with reading(work.store) as session:
        told = [with_possible_answers(session, work.council, one) for one in _told(plan)]
    return write_preview(work, [_message(work, one) for one in told], plan.digests, at)


def _foretell(work: Workplace, plan: NudgePlan) -> NudgeReport:
    """What a run would report: who has had their message of this window is told of nothing more in it."""
    with reading(work.store) as session:
        out, explanations = out_in(session, plan.window.name), foretold(session, plan)
    outcomes = {told.nudge_uid: "already_sent" for told in _told(plan) if told.nudge_uid in out}
    due = replace(plan, digests=tuple(digest for digest in plan.digests if digest.nudge_uid not in out))
    report = _report(plan, outcomes, "", _unreachable(work, plan))
    return replace(report, explanations=explanations, recipients=_loops_each(due))


def _loops_each(plan: NudgePlan) -> dict[str, int]:
    return {digest.owner: len(digest.loops) + digest.more for digest in plan.digests}


def _report(plan: NudgePlan, outcomes: Mapping[str, str], preview: str, missed: Mapping[str, list[str]]) -> NudgeReport:
    named = {told.nudge_uid: _recipient(told) for told in _told(plan)}
    by_outcome = {
        outcome: sorted(named[uid] for uid, found in outcomes.items() if found == outcome)
        for outcome in ("sent", "already_sent", "failed", "unknown", "being_sent")
    }
    return NudgeReport(
        window=plan.window.name,
        sent=by_outcome["sent"],
        already_sent=by_outcome["already_sent"],
        failed=by_outcome["failed"] + by_outcome["unknown"],
        explanations=[as_line(item) for item in plan.explanations],
        exceptions=_exceptions(plan, missed),
        recipients=_loops_each(plan),
        preview=preview,
        being_sent=by_outcome["being_sent"],
        unreachable=sorted(missed),
    )


def _exceptions(plan: NudgePlan, missed: Mapping[str, list[str]]) -> list[str]:
    """The board's list, and those of people whom no way reaches (G17) while they are still open."""
    listed = [loop.loop_uid for loop in plan.exceptions]
    waiting = {loop.loop_uid for told in _told(plan) for loop in _loops(told)} - set(listed)
    return listed + sorted({loop_uid for loops in missed.values() for loop_uid in loops} & waiting)
