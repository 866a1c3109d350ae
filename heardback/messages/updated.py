"""A message after somebody has acted: what was done stands where its buttons stood, and nothing is deleted."""

from collections.abc import Sequence
from dataclasses import dataclass

from config.directory import Person
from heardback.domain.open_loops import OpenLoop
from heardback.messages import parts
from heardback.messages.blocks import digest_row
from heardback.messages.limits import check_limits
from heardback.messages.message import Block, Message, nudge_metadata
from heardback.messages.wording import TITLE_LIMIT, count, escaped

HEADINGS = {"digest": "Your loops", "escalation": "Loops that had not moved", "safeguarding": "Safeguarding review"}


@dataclass(frozen=True)
class Settled:
    """A loop of a message that has moved since: how it is called, and what was done by whom."""

    loop_uid: str
    title: str
    done: str


def updated_message(
    kind: str, uid: str, person: Person, rows: Sequence[OpenLoop | Settled], council: str, link_base: str
) -> Message:
    """The message as it is to stand from now on. Raises DeliveryError over Slack's limits."""
    waiting = sum(isinstance(row, OpenLoop) for row in rows)
    heading = f"{HEADINGS[kind]}: {waiting} waiting, {len(rows) - waiting} done"
    blocks: list[Block] = [parts.header(heading)]
    lines = [heading]
    for row in rows:
        if isinstance(row, OpenLoop):
            blocks += digest_row(row, link_base)
            lines.append(f"{row.loop_uid}: waiting")
        else:
            line = f"{escaped(_name(row), TITLE_LIMIT)}\n{escaped(row.done, 200)}"
            blocks.append(parts.section(line, f"loop-{row.loop_uid}"))
            lines.append(line.replace("\n", ": "))
    blocks.append(parts.footer(f"Heardback for {council}. {count(len(rows), 'loop')} in this message."))
    to = f"{person.name}, {person.role}" if person.role else person.name
    message = Message(kind, to, "\n".join(lines), blocks, nudge_metadata(uid))
    check_limits(message)
    return message


def _name(row: Settled) -> str:
    return f"{row.loop_uid}, {row.title}" if row.title else row.loop_uid
