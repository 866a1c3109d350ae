"""The safeguarding alert: that something waits, since when and until when; nothing of what it is."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from config.directory import Person
from config.policy import SafeguardingPolicy
from heardback.domain.alerts import KIND, Alert, HeldLoop, open_by, waiting_minutes
from heardback.messages import parts
from heardback.messages.limits import check_limits
from heardback.messages.message import Block, Message, nudge_metadata
from heardback.messages.wording import count, day

HEADING = "Safeguarding review needed"
DANGER = "No details are shown here. If a child may be in danger now, call 999."
MOST = 10


def alert_message(
    alert: Alert,
    person: Person,
    policy: SafeguardingPolicy,
    at: datetime,
    link_base: str,
    timezone: str = "Europe/London",
) -> Message:
    """One alert of everything that waits for one person. Raises DeliveryError over Slack's limits."""
    shown, more = alert.loops[:MOST], len(alert.loops) - MOST
    zone = ZoneInfo(timezone)
    lines = [_line(loop, policy, at, zone) for loop in shown]
    heading = f"{HEADING}: {count(len(alert.loops), 'loop')}" if len(alert.loops) > 1 else HEADING
    beyond = [f"and {more} more, in the reading queue"] if more > 0 else []
    blocks = [
        parts.header(heading),
        *(block for loop, line in zip(shown, lines, strict=True) for block in _row(loop, line, link_base)),
        *(parts.section(line) for line in beyond),
        parts.actions(_buttons(alert.loops)),
        parts.section(f"*{DANGER}*"),
        parts.footer("Told again until somebody acknowledges it. Reading it is on record, as is who did not."),
    ]
    to = f"{person.name}, {person.role}" if person.role else person.name
    text = "\n".join([heading, *lines, *beyond, DANGER])
    message = Message(KIND, to, text, blocks, nudge_metadata(alert.nudge_uid))
    check_limits(message)
    return message


def _line(loop: HeldLoop, policy: SafeguardingPolicy, at: datetime, zone: ZoneInfo) -> str:
    limit = open_by(loop, policy).astimezone(zone)
    today = at.astimezone(zone).date() == limit.date()
    when = f"{limit:%H:%M}" if today else f"{limit:%H:%M} on {day(limit.date())}"
    is_late = at > limit
    due = f"should have been opened by {when}" if is_late else f"to be opened by {when}"
    return f"{loop.loop_uid}: waiting {_span(waiting_minutes(loop, at))}, {due}"


def _span(minutes: int) -> str:
    if minutes < 120:
        return count(minutes, "minute")
    return count(minutes // 60, "hour") if minutes < 2_880 else count(minutes // 1_440, "day")


def _row(loop: HeldLoop, line: str, link_base: str) -> list[Block]:
    url = parts.link(link_base, f"safeguarding/{loop.loop_uid}")
    review = parts.plain_button("heardback.review", "Sign in and review", loop.loop_uid, url=url, style="primary")
    return [parts.section(line, f"held-{loop.loop_uid}"), parts.actions([review], f"review-{loop.loop_uid}")]


def _buttons(loops: Sequence[HeldLoop]) -> list[parts.AnyButton]:
    """About all of them at once; a value holds 2,000 characters, and more loops than that are none."""
    numbers = " ".join(loop.loop_uid for loop in loops[:150])
    return [
        parts.plain_button("heardback.acknowledge", "I will review", numbers),
        parts.plain_button("heardback.pass_on", "Pass to deputy", numbers),
    ]
