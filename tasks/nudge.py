"""Press the owners who have not moved: plan, claim, send, mark; nobody is told twice in one window (G4, G16)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from heardback.domain.deadlines import england
from heardback.domain.nudging import Digest, Escalation, NudgePlan, plan_nudges
from heardback.errors import SendFailed
from heardback.messages.blocks import digest_message, escalation_message
from heardback.messages.message import Message, Sender
from heardback.messages.outbox import FolderSender
from heardback.messages.preview import preview_page
from heardback.store.nudges import Claim, claim, mark
from heardback.store.session import reading, transaction
from tasks.due import loops_owed
from tasks.step import step
from tasks.workplace import Workplace, open_workplace


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


@step(retries=3, wait_seconds=60)
def nudge(at: datetime, *, dry_run: bool = False) -> NudgeReport:
    """Send the digests and escalations that are due at an instant; with `dry_run` only say what would be sent."""
    with open_workplace() as work:
        if dry_run:
            with reading(work.store) as session:
                plan = _plan(session, work, at)
            return _report(plan, {}, "")
        with transaction(work.store) as session:
            # planned and claimed in one transaction: a loop that has moved on cannot be claimed (G16)
            plan = _plan(session, work, at)
            claims = {told.nudge_uid: claim(session, _claim(told), at) for told in _told(plan)}
        outcomes = {told.nudge_uid: _deliver(work, told, claims[told.nudge_uid], at) for told in _told(plan)}
        return _report(plan, outcomes, _write_preview(work, plan, at))


def _plan(session: Session, work: Workplace, at: datetime) -> NudgePlan:
    calendar = england()
    council = work.council
    loops = loops_owed(session, council, at, calendar)
    return plan_nudges(loops, council.directory, council.policy.nudge, calendar, at, council.policy.timezone)


def _told(plan: NudgePlan) -> list[Digest | Escalation]:
    return [*plan.digests, *plan.escalations]


def _recipient(told: Digest | Escalation) -> str:
    return told.owner if isinstance(told, Digest) else told.recipient


def _claim(told: Digest | Escalation) -> Claim:
    loops = told.loops if isinstance(told, Digest) else [item.loop for item in told.loops]
    kind = "digest" if isinstance(told, Digest) else "escalation"
    return Claim(told.nudge_uid, kind, _recipient(told), told.window, [loop.loop_uid for loop in loops])


def _deliver(work: Workplace, told: Digest | Escalation, standing: str, at: datetime) -> str:
    """Send one message whose claim is ours; one of unknown fate is looked for first and never blindly repeated."""
    if standing not in ("claimed", "unknown"):
        return standing
    message = _message(work, told)
    sender, address = _sender(work, _recipient(told))
    try:
        receipt = sender.find(address, told.nudge_uid) if standing == "unknown" else None
        receipt = receipt or sender.send(message, address)
        outcome, channel, ts, error = "sent", receipt.channel, receipt.ts, ""
    except SendFailed as failure:
        outcome = "unknown" if failure.fate_unknown else "failed"
        channel, ts, error = "", "", str(failure)
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
        for outcome in ("sent", "already_sent", "failed", "unknown")
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
    )
