"""What an owner, a deputy or head, and the board are sent, in Block Kit."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from config.directory import Person
from heardback.domain.nudging.open_loops import OpenLoop, PossibleAnswer
from heardback.domain.nudging.plan import Digest, Escalated, Escalation, Rung, nudge_uid
from heardback.messages import parts
from heardback.messages.limits import check_limits
from heardback.messages.message import Block, Message, nudge_metadata
from heardback.messages.wording import (
    FIGURE_LIMIT,
    NAME_LIMIT,
    TITLE_LIMIT,
    change_name,
    count,
    day,
    decided,
    due,
    escaped,
    heard,
    is_titled,
    loop_name,
    loop_title,
    next_step,
    voices,
)

MOST_WITH_LINES = 8  # a line between loops costs a block each, and fifty is all there are
MENU = (("Snooze", "snooze"), ("Waiting for others", "pause"), ("Not mine", "not_mine"))
WHY_YOU = {Rung.DEPUTY: "you are the owner's deputy", Rung.HEAD: "you are head of the service"}
MOST_EXCEPTIONS, MOST_PAUSED = 5, 8
SENTENCE_LIMIT = 900  # the answer names three groups with their gaps
CHASE, REASSIGN, CLOSE = "I will chase this", "Reassign", "Close: cannot do"
CLOSE_ASKS = (CLOSE, "Tell young people why? It needs a reason in words for them.", "Write it", "Back")


@dataclass(frozen=True)
class BoardSummary:
    """What the board's channel is told: closure in one sentence, three figures as the report shows them, exceptions.

    `month` is in words ('October 2026'); `window` is what may be told of once ('2026-10'). Figures have been through
    disclosure control: what a channel has seen cannot be taken back. `exceptions` are None where they are not told of.
    """

    window: str
    month: str
    sentence: str
    figures: tuple[tuple[str, str], ...]
    exceptions: tuple[OpenLoop, ...] | None


def digest_message(digest: Digest, person: Person, council: str, link_base: str) -> Message:
    """An owner's loops, each with what it takes to act on it. Raises DeliveryError over Slack's limits.

    `link_base` is the web application's address; where it is empty, Heardback answers the press itself.
    """
    total = len(digest.loops) + digest.more
    heading = f"{count(total, 'loop')} waiting for you" + (f" ({digest.overdue} overdue)" if digest.overdue else "")
    rows = [digest_row(loop, link_base) for loop in digest.loops]
    paused = _paused(digest.paused)
    blocks = [
        parts.header(heading),
        *listed(rows),
        *beyond(digest.more, total, link_base),
        *(parts.footer(line) for line in paused),
        _digest_footer(council),
    ]
    lines = [heading, *(f"{loop_line(loop)}." for loop in digest.loops), *more_line(digest.more), *paused]
    return _message("digest", digest.nudge_uid, person, lines, blocks)


def escalation_message(
    escalation: Escalation, person: Person, people: Mapping[str, Person], council: str, link_base: str
) -> Message:
    """Loops that have not moved, for a deputy or head; `people` names their owners. Raises as `digest_message`."""
    total = len(escalation.loops) + escalation.more
    heading = f"{count(total, 'loop has', 'loops have')} not moved and may need you"
    rows = [escalation_row(item, people, link_base) for item in escalation.loops]
    blocks = [parts.header(heading), *listed(rows), *beyond(escalation.more, total, link_base), _footer(council)]
    told = [". ".join([loop_line(item.loop), *_circumstances(item, people)]) + "." for item in escalation.loops]
    return _message("escalation", escalation.nudge_uid, person, [heading, *told, *more_line(escalation.more)], blocks)


def board_summary_message(summary: BoardSummary, board: Person, council: str, link_base: str) -> Message:
    """The month for the board's channel, `board` naming who reads there. Raises as `digest_message`."""
    heading = f"What came of what was said: {summary.month}"
    title, listed, more = _exceptions(summary.exceptions or ())
    exceptions = "\n".join([f"*{title}*", *(f"• {line}" for line in listed), *more])
    told = [] if summary.exceptions is None else [parts.section(exceptions)]
    url = parts.link(link_base, f"reports/{summary.window}")
    report = parts.link_button("Open report", "heardback.report", url, summary.window)
    blocks = [
        parts.header(heading),
        parts.section(escaped(summary.sentence, SENTENCE_LIMIT)),
        parts.figures(summary.figures),
        *told,
        parts.actions([report]),
        _footer(council),
    ]
    said = [f"{escaped(label, FIGURE_LIMIT)}: {escaped(value, FIGURE_LIMIT)}." for label, value in summary.figures]
    lines = [escaped(heading, FIGURE_LIMIT), escaped(summary.sentence, SENTENCE_LIMIT), *said]
    lines += [f"{title}.", *listed, *more] if told else []
    return _message("board", nudge_uid("board", "board", summary.window), board, lines, blocks)


def _exceptions(loops: Sequence[OpenLoop]) -> tuple[str, list[str], list[str]]:
    """How many, the first of them, and how many more."""
    listed = [f"{escaped(loop_name(loop), TITLE_LIMIT)}, {due(loop)}" for loop in loops[:MOST_EXCEPTIONS]]
    title = f"{count(len(loops), 'loop')} on the exception list"
    return title, listed, more_line(len(loops[MOST_EXCEPTIONS:]))


def _message(kind: str, uid: str, person: Person, lines: Sequence[str], blocks: list[Block]) -> Message:
    to = f"{person.name}, {person.role}" if person.role else person.name
    message = Message(kind, to, "\n".join(lines), blocks, nudge_metadata(uid))
    check_limits(message)
    return message


def digest_row(loop: OpenLoop, link_base: str) -> list[Block]:
    """One loop and what can be pressed."""
    buttons = [parts.record_button(loop), parts.open_button(loop, link_base), parts.loop_menu(loop, MENU)]
    text = f"{_heading(loop)}\n{_facts(loop)}\nNext: {next_step(loop)}"
    row = [parts.section(text, f"loop-{loop.loop_uid}"), parts.actions(buttons, f"act-{loop.loop_uid}")]
    return row + (_possible(loop, loop.possible, link_base) if loop.possible else [])


def _possible(loop: OpenLoop, answer: PossibleAnswer, link_base: str) -> list[Block]:
    """The change that may answer it, three ways of saying whether it does, and the way to what was said."""
    title = escaped(f"{change_name(answer.change_uid)}, {answer.title}", TITLE_LIMIT)
    text = f"Possible answer: *{title}*\nSuggested by: {escaped(answer.why, TITLE_LIMIT)}"
    buttons = [
        parts.loop_button(loop, f"heardback.match.{does}", label, change=answer.change_uid)
        for label, does in (("Yes, it answers this", "yes"), ("Partly", "partly"), ("No", "no"))
    ]
    url = parts.link(link_base, f"loops/{loop.loop_uid}/words")
    read = parts.loop_button(loop, "heardback.words", "Read comments (sign in)", url=url)
    return [parts.section(text, f"match-{loop.loop_uid}"), parts.actions([*buttons, read], f"judge-{loop.loop_uid}")]


def _paused(loops: Sequence[OpenLoop]) -> list[str]:
    """Loops whose clock stands, by number: nobody is asked for them, and nobody forgets them."""
    named = [f"{loop.loop_uid} until {day(loop.paused_until)}" for loop in loops if loop.paused_until]
    if not named:
        return []
    shown, more = named[:MOST_PAUSED], named[MOST_PAUSED:]
    return [f"Waiting for others, the clock stands: {', '.join([*shown, *more_line(len(more))])}."]


def escalation_row(item: Escalated, people: Mapping[str, Person], link_base: str) -> list[Block]:
    """One loop of somebody else's, and what can be pressed by whoever stands above its owner."""
    loop = item.loop
    buttons = [
        parts.loop_button(loop, "heardback.chase", CHASE, style="primary"),
        parts.loop_button(loop, "heardback.reassign", REASSIGN),
        parts.loop_button(loop, "heardback.close", CLOSE, confirm=CLOSE_ASKS),
        parts.open_button(loop, link_base),
    ]
    text = "\n".join([_heading(loop), _facts(loop), *_circumstances(item, people)])
    return [parts.section(text, f"loop-{loop.loop_uid}"), parts.actions(buttons, f"act-{loop.loop_uid}")]


def _heading(loop: OpenLoop) -> str:
    return f"*{escaped(loop_title(loop), TITLE_LIMIT)}*"


def _facts(loop: OpenLoop) -> str:
    when = f"*{due(loop)}*" if loop.overdue_days > 0 else due(loop)
    number = f"{loop.loop_uid} · " if is_titled(loop) else ""  # an untitled loop is called by its number already
    return " · ".join([f"{number}{voices(loop)}", *decided(loop), when])


def loop_line(loop: OpenLoop) -> str:
    """The loop for ears: one sentence in the top-level text."""
    facts = ", ".join([voices(loop), *decided(loop), due(loop)])
    return f"{escaped(loop_name(loop), TITLE_LIMIT)}: {facts}. Next: {next_step(loop)}"


def _circumstances(item: Escalated, people: Mapping[str, Person]) -> list[str]:
    owner = people.get(item.owner)
    name = escaped(owner.name, NAME_LIMIT) if owner else "nobody in the directory"
    sent = f"{count(item.loop.reminders_sent, 'reminder')} sent"
    return [f"Owner: {name}, {sent}, heard {heard(item.loop)}", f"Why you: {WHY_YOU[item.rung]}"]


def listed(rows: Sequence[list[Block]]) -> list[Block]:
    """The rows of a message, a line before each where there is room for lines."""
    separate = len(rows) <= MOST_WITH_LINES
    return [block for row in rows for block in ([parts.divider(), *row] if separate else row)]


def beyond(more: int, total: int, link_base: str) -> list[Block]:
    """How many more of `total` loops there are, and the way to them all."""
    if not more:
        return []
    url = parts.link(link_base, "loops")
    accessory = parts.link_button(f"See all {total}", "heardback.queue", url)
    return [parts.divider(), parts.section(f"and {more} more", "more", accessory)]


def more_line(more: int) -> list[str]:
    """The same for ears."""
    return [f"and {more} more"] if more else []


def _footer(council: str) -> Block:
    return parts.footer(f"Heardback for {council}. Nothing here quotes what a child or a family wrote.")


def _digest_footer(council: str) -> Block:
    return parts.footer(
        f"Heardback for {council}. At most one digest a week, none when nothing waits. "
        "Nothing here quotes what a child or a family wrote."
    )
