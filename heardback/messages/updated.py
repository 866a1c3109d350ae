"""A message after somebody has acted: what was done stands where its buttons stood, and nothing is deleted."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from config.directory import Person
from heardback.domain.nudging.open_loops import OpenLoop
from heardback.domain.nudging.plan import Escalated
from heardback.messages import parts
from heardback.messages.blocks import beyond, digest_row, escalation_row, listed, more_line
from heardback.messages.limits import check_limits
from heardback.messages.message import Block, Message, nudge_metadata
from heardback.messages.wording import TITLE_LIMIT, count, escaped

HEADINGS = {"digest": "Your loops", "escalation": "Loops that had not moved"}


@dataclass(frozen=True)
class Settled:
    """A loop of a message that has moved since: how it is called, and what was done by whom."""

    loop_uid: str
    title: str
    done: str


Row: TypeAlias = OpenLoop | Escalated | Settled


def updated_message(
    kind: str,
    uid: str,
    person: Person,
    rows: Sequence[Row],
    council: str,
    link_base: str,
    people: Mapping[str, Person] | None = None,
    more: int = 0,
) -> Message:
    """The message as it is to stand from now on; `people` names the owners of an escalation's loops.

    `more` are loops that it only counted and that wait still. Raises DeliveryError over Slack's limits.
    """
    done = sum(isinstance(row, Settled) for row in rows)
    heading = f"{HEADINGS[kind]}: {len(rows) - done + more} waiting, {done} done"
    blocks: list[Block] = [
        parts.header(heading),
        *listed([_blocks(row, people or {}, link_base) for row in rows]),
        *beyond(more, len(rows) - done + more, link_base),
        parts.footer(f"Heardback for {council}. {count(len(rows), 'loop')} in this message."),
    ]
    to = f"{person.name}, {person.role}" if person.role else person.name
    message = Message(kind, to, "\n".join([heading, *map(_line, rows), *more_line(more)]), blocks, nudge_metadata(uid))
    check_limits(message)
    return message


def _blocks(row: Row, people: Mapping[str, Person], link_base: str) -> list[Block]:
    if isinstance(row, OpenLoop):
        return digest_row(row, link_base)
    if isinstance(row, Escalated):
        return escalation_row(row, people, link_base)
    said = f"{escaped(_name(row), TITLE_LIMIT)}\n{escaped(row.done, 200)}"
    return [parts.section(said, f"loop-{row.loop_uid}")]


def _line(row: Row) -> str:
    """The row for ears."""
    if isinstance(row, Settled):
        return f"{escaped(_name(row), TITLE_LIMIT)}: {escaped(row.done, 200)}"
    loop = row.loop if isinstance(row, Escalated) else row
    return f"{loop.loop_uid}: waiting"


def _name(row: Settled) -> str:
    return f"{row.loop_uid}, {row.title}" if row.title else row.loop_uid
