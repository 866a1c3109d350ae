"""The safeguarding alert: that something waits, since when and until when; nothing of what it is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
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


@dataclass(frozen=True)
class Seen:
    """What others did since: who will review a loop or passed it on (`taken`), and who opened one (`opened`)."""

    taken: Mapping[str, str] = field(default_factory=dict)
    opened: Mapping[str, str] = field(default_factory=dict)


def alert_message(
    alert: Alert,
    person: Person,
    policy: SafeguardingPolicy,
    at: datetime,
    link_base: str,
    timezone: str = "Europe/London",
    seen: Seen | None = None,
) -> Message:
    """One alert of everything that waits for one person, as it is to stand now. Raises DeliveryError over limits.

    `alert` has the loops that nobody has opened yet, `seen` what has happened since it was first sent.
    """
    seen, zone = seen or Seen(), ZoneInfo(timezone)
    shown, more = alert.loops[:MOST], len(alert.loops) - MOST
    lines = [_line(loop, policy, at, zone) + _aside(seen.taken.get(loop.loop_uid, "")) for loop in shown]
    rows = [block for loop, line in zip(shown, lines, strict=True) for block in _row(loop, line, link_base)]
    others = _others(more, seen.opened)
    heading, buttons = _heading(len(alert.loops)), _buttons(alert.loops)
    blocks = [
        parts.header(heading),
        *rows,
        *map(parts.section, others),
        *([parts.actions(buttons)] if buttons else []),
        parts.section(f"*{DANGER}*"),
        parts.footer("Told again until somebody acknowledges it. Reading it is on record, as is who did not."),
    ]
    to = f"{person.name}, {person.role}" if person.role else person.name
    message = Message(KIND, to, "\n".join([heading, *lines, *others, DANGER]), blocks, nudge_metadata(alert.nudge_uid))
    check_limits(message)
    return message


def _others(more: int, opened: Mapping[str, str]) -> list[str]:
    """How many more wait than are shown, and who opened which since."""
    waiting = [f"and {more} more, in the reading queue"] if more > 0 else []
    return waiting + [escaped(f"{uid}: {said}", FIGURE_LIMIT) for uid, said in list(opened.items())[:MOST]]


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
    """About all at once that nobody has taken; a value holds 2,000 characters, and more loops than that are none."""
    numbers = [loop.loop_uid for loop in loops if not loop.taken_by or loop.passed_on][:150]
    if not numbers:
        return []
    them = f" all {len(numbers)}" if len(numbers) > 1 else ""
    return [
        parts.plain_button("heardback.acknowledge", f"I will review{them}", " ".join(numbers)),
        parts.plain_button("heardback.pass_on", f"Pass{them} to deputy", " ".join(numbers)),
    ]
