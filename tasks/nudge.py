"""Press the owners who have not moved: plan, claim, send, mark; nobody is told twice in one window (G4, G16)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from time import monotonic, sleep
from typing import Any

from sqlalchemy.orm import Session

from heardback.domain.deadlines import Calendar, england
from heardback.domain.nudging import Digest, Escalation, NudgePlan, plan_nudges
from heardback.domain.open_loops import OpenLoop
from heardback.errors import SendFailed
from heardback.messages.blocks import digest_message, escalation_message
from heardback.messages.message import Message, Receipt, Sender
from heardback.messages.outbox import FolderSender
from heardback.messages.preview import preview_page
from heardback.store.nudges import Claim, claim, mark
from heardback.store.session import reading, transaction
from heardback.store.waiting import unmoved
from tasks.due import loops_owed
from tasks.step import step
from tasks.workplace import Workplace, open_workplace

LONGEST_WAIT = 60.0  # seconds; a longer one is left to the next run, before our claim looks abandoned


@dataclass(frozen=True)
class NudgeReport:
    """Who was told, who would have been, and for every open loop why or why not."""

    window: str
    sent: list[str]
    already_sent: list[str]
    failed: list[str]
    explanations: list[dict[str, Any]]
    exceptions: list[str]
    recipients: dict[str, int]
    preview: str = ""
    being_sent: list[str] = field(default_factory=list)


@step(retries=3, wait_seconds=60)
def nudge(at: datetime, *, dry_run: bool = False) -> NudgeReport:
    """Send the digests and escalations that are due at an instant; with `dry_run` only say what would be sent."""
    with open_workplace() as work:
        calendar, begun = england(), monotonic()
        with reading(work.store) as session:
            plan = _plan(session, work, at, calendar)
        if dry_run:
            return _report(plan, {}, "")
        outcomes = {}
        for told in _told(plan):
            # claimed one by one and at its own time: a claim made long before it is sent would look abandoned
            now = at + timedelta(seconds=monotonic() - begun)
            outcomes[told.nudge_uid] = _press(work, told, calendar, now)
        return _report(plan, outcomes, _write_preview(work, plan, at))


def _press(work: Workplace, told: Digest | Escalation, calendar: Calendar, at: datetime) -> str:
    """Claim one message and deliver it. A loop that has moved on is not in it: looked at again in the claim (G16)."""
    with transaction(work.store) as session:
        current: Digest | Escalation | None = told
        if not unmoved(session, {loop.loop_uid: loop.version for loop in _loops(told)}):
            again = {other.nudge_uid: other for other in _told(_plan(session, work, at, calendar))}
            current = again.get(told.nudge_uid)
        if current is None:
            return "moved_on"
        standing = claim(session, _claim(current), at)
    return _deliver(work, current, standing, at) if standing in ("claimed", "unknown") else standing


def _plan(session: Session, work: Workplace, at: datetime, calendar: Calendar) -> NudgePlan:
    council = work.council
    loops = loops_owed(session, council, at, calendar)
    return plan_nudges(loops, council.directory, council.policy.nudge, calendar, at, council.policy.timezone)


def _told(plan: NudgePlan) -> list[Digest | Escalation]:
    return [*plan.digests, *plan.escalations]


def _recipient(told: Digest | Escalation) -> str:
    return told.owner if isinstance(told, Digest) else told.recipient


def _loops(told: Digest | Escalation) -> Sequence[OpenLoop]:
    return told.loops if isinstance(told, Digest) else [item.loop for item in told.loops]


def _claim(told: Digest | Escalation) -> Claim:
    kind = "digest" if isinstance(told, Digest) else "escalation"
    return Claim(told.nudge_uid, kind, _recipient(told), told.window, [loop.loop_uid for loop in _loops(told)])


def _deliver(work: Workplace, told: Digest | Escalation, standing: str, at: datetime) -> str:
    """Send one message whose claim is ours; one of unknown fate is looked for first and never blindly repeated."""
    sender, address = _sender(work, _recipient(told))
    try:
        found = sender.find(address, told.nudge_uid) if standing == "unknown" else None
    except SendFailed as failure:
        return _mark(work, told, "unknown", at, error=str(failure))  # nobody can say: not sent again
    try:
        return _mark(work, told, "sent", at, receipt=found or _send(sender, _message(work, told), address))
    except SendFailed as failure:
        return _mark(work, told, "unknown" if failure.fate_unknown else "failed", at, error=str(failure))


def _send(sender: Sender, message: Message, address: str) -> Receipt:
    """Send, once more where Slack asks for a short wait: it has taken nothing then."""
    try:
        return sender.send(message, address)
    except SendFailed as failure:
        if failure.retry_after is None or failure.retry_after > LONGEST_WAIT:
            raise
        sleep(failure.retry_after)
    return sender.send(message, address)


def _mark(
    work: Workplace,
    told: Digest | Escalation,
    outcome: str,
    at: datetime,
    *,
    receipt: Receipt | None = None,
    error: str = "",
) -> str:
    channel, ts = (receipt.channel, receipt.ts) if receipt else ("", "")
    with transaction(work.store) as session:
        mark(session, told.nudge_uid, outcome, channel, ts, error, at)
    return outcome


def _message(work: Workplace, told: Digest | Escalation) -> Message:
    directory = work.council.directory
    person = directory.people[_recipient(told)]
    if isinstance(told, Digest):
        return digest_message(told, person, directory.council, work.council.policy.link_base)
    return escalation_message(told, person, directory.people, directory.council, work.council.policy.link_base)


def _sender(work: Workplace, recipient: str) -> tuple[Sender, str]:
    """Slack where a token is set and the person has an id there; a folder otherwise."""
    person, settings = work.council.directory.people[recipient], work.settings
    if settings.slack_token and person.slack:
        from heardback.messages.slack import SlackSender  # half a second to import, and only needed with a token

        return SlackSender(settings.slack_token, settings.slack_url), person.slack
    return FolderSender(settings.outbox), person.slack or person.email


def _write_preview(work: Workplace, plan: NudgePlan, at: datetime) -> str:
    messages = [_message(work, told) for told in _told(plan)]
    if not messages:
        return ""
    page = preview_page(messages, work.council.directory.council, f"{at:%-d %B %Y}")
    path = work.settings.outbox / "preview.html"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(page, encoding="utf-8")
    return str(path)


def _report(plan: NudgePlan, outcomes: Mapping[str, str], preview: str) -> NudgeReport:
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
        explanations=[
            {"loop": item.loop_uid, "verdict": str(item.verdict), "to": list(item.to), "why": item.why}
            for item in plan.explanations
        ],
        exceptions=[loop.loop_uid for loop in plan.exceptions],
        recipients={digest.owner: len(digest.loops) + digest.more for digest in plan.digests},
        preview=preview,
        being_sent=by_outcome["being_sent"],
    )
