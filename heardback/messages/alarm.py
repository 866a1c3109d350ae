"""The safeguarding alert: that something waits, since when and until when; nothing of what it is."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from config.directory import Person
from config.policy import SafeguardingPolicy
from heardback.domain.alerts import KIND, Alert, HeldLoop, open_by, waiting_minutes
from heardback.messages import parts
from heardback.messages.limits import check_limits
from heardback.messages.message import Block, Message, nudge_metadata
from heardback.messages.wording import FIGURE_LIMIT, count, day, escaped

HEADING = "Safeguarding review needed"
DANGER = "No details are shown here. If a child may be in danger now, call 999."
MOST = 10
NOTHING_WAITS = "Safeguarding review: nothing waits here any more"


def alert_message(
    alert: Alert,
    person: Person,
    policy: SafeguardingPolicy,
    at: datetime,
    link_base: str,
    timezone: str = "Europe/London",
) -> Message:
    """One alert of everything that waits for one person. Raises DeliveryError over Slack's limits."""
    return updated_alert(alert, {}, {}, person, policy, at, link_base, timezone)


def updated_alert(
    alert: Alert,
    taken: Mapping[str, str],
    opened: Mapping[str, str],
    person: Person,
    policy: SafeguardingPolicy,
    at: datetime,
    link_base: str,
    timezone: str = "Europe/London",
) -> Message:
    """An alert as it is to stand now: `alert` has the loops that nobody has opened yet.

    `taken` says of some of those who will review them or passed them on, `opened` of the others who opened them.
    """
    shown, more = alert.loops[:MOST], len(alert.loops) - MOST
    zone = ZoneInfo(timezone)
    lines = [_line(loop, policy, at, zone) + _aside(taken.get(loop.loop_uid, "")) for loop in shown]
    beyond = [f"and {more} more, in the reading queue"] if more > 0 else []
    settled = [f"{loop_uid}: {said}" for loop_uid, said in list(opened.items())[:MOST]]
    buttons = _buttons([loop for loop in alert.loops if not loop.taken_by or loop.passed_on])
    heading = _heading(len(alert.loops))
    blocks = [
        parts.header(heading),
        *(block for loop, line in zip(shown, lines, strict=True) for block in _row(loop, line, link_base)),
        *(parts.section(line) for line in beyond),
        *(parts.section(escaped(line, FIGURE_LIMIT)) for line in settled),
        *([parts.actions(buttons)] if buttons else []),
        parts.section(f"*{DANGER}*"),
        parts.footer("Told again until somebody acknowledges it. Reading it is on record, as is who did not."),
    ]
    to = f"{person.name}, {person.role}" if person.role else person.name
    text = "\n".join([heading, *lines, *beyond, *(escaped(line, FIGURE_LIMIT) for line in settled), DANGER])
    message = Message(KIND, to, text, blocks, nudge_metadata(alert.nudge_uid))
    check_limits(message)
    return message


def _heading(waiting: int) -> str:
    if not waiting:
        return NOTHING_WAITS
    return f"{HEADING}: {count(waiting, 'loop')}" if waiting > 1 else HEADING


def _aside(said: str) -> str:
    return f". {escaped(said, FIGURE_LIMIT)}" if said else ""


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
    if not loops:
        return []
    numbers = " ".join(loop.loop_uid for loop in loops[:150])
    return [
        parts.plain_button("heardback.acknowledge", "I will review", numbers),
        parts.plain_button("heardback.pass_on", "Pass to deputy", numbers),
    ]
