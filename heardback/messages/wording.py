"""How loops are put into words, and how words are made harmless before they go into a message."""

import unicodedata
from datetime import date

from heardback.domain.deadlines import Step
from heardback.domain.nudging.open_loops import OpenLoop

A_YEAR_AGO = 200  # working days overdue: with those until it was due, most of a year
TITLE_LIMIT, NAME_LIMIT, FIGURE_LIMIT = 100, 60, 300  # twenty loops of them still fit into one message
NEXT_STEPS = {
    Step.OWN: "say who will answer it",
    Step.DECIDE: "decide what will happen, and record it",
    Step.TELL: "tell people what was decided",
    Step.KEEP: "do what was promised, or say why not",
}


def plain(text: str, limit: int) -> str:
    """One line of visible characters, cut to `limit` with an ellipsis; for a `plain_text` object.

    Invisible and direction-turning characters go: they make a line read as something that it is not.
    """
    visible = "".join(_visible(character) for character in unicodedata.normalize("NFC", text))
    line = " ".join(visible.split())
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"


def escaped(text: str, limit: int) -> str:
    """The same for `mrkdwn` and for top-level text; `limit` holds after escaping, so no text can grow past it."""
    room = limit
    while len(said := _escape(plain(text, room))) > limit:
        room -= 1 + (len(said) - limit) // 5  # each character taken away takes five with it at most
    return said


def _visible(character: str) -> str:
    category = unicodedata.category(character)
    if category in ("Cc", "Zl", "Zp"):
        return " "
    return "" if category in ("Cf", "Cs", "Co", "Cn") else character


def _escape(line: str) -> str:
    return line.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def count(number: int, one: str, many: str = "") -> str:
    """'1 loop', '3 loops'."""
    return f"{number} {one if number == 1 else many or one + 's'}"


def is_titled(loop: OpenLoop) -> bool:
    """Whether anything of the title can be seen."""
    return bool(plain(loop.title, TITLE_LIMIT))


def loop_title(loop: OpenLoop) -> str:
    """What staff called the loop; while nobody has, its number, how many comments and when they were heard."""
    if is_titled(loop):
        return loop.title
    return f"{loop.loop_uid}, {count(loop.voices, 'comment')} heard {heard(loop)}"


def loop_name(loop: OpenLoop) -> str:
    """Number and title in one: 'L-0142, Later opening on Fridays'."""
    return f"{loop.loop_uid}, {loop.title}" if is_titled(loop) else loop_title(loop)


def voices(loop: OpenLoop) -> str:
    """How many people said it."""
    return count(loop.voices, "person said this", "people said this")


def due(loop: OpenLoop) -> str:
    """How overdue a loop is, or how much time is left, in working days."""
    if loop.overdue_days > 0:
        return f"overdue by {count(loop.overdue_days, 'working day')}"
    if loop.overdue_days < 0:
        return f"due in {count(-loop.overdue_days, 'working day')}, by {day(loop.due_on)}"
    return f"due by {day(loop.due_on)}"


def decided(loop: OpenLoop) -> list[str]:
    """When it was decided, where people have not been told of it yet; [] for every other loop."""
    waits = loop.next_step == Step.TELL and loop.decided_on is not None
    return [f"decided on {day(loop.decided_on)}, not told yet"] if waits else []  # type: ignore[arg-type]


def change_name(change_uid: str) -> str:
    """A change as its register calls it: `C-77` of `log:C-77`."""
    return change_uid.rpartition(":")[2]


def next_step(loop: OpenLoop) -> str:
    """What has to happen now, and what it takes where anything is written in a language that is not English."""
    step = Step(loop.next_step)
    if not loop.written:
        return NEXT_STEPS[step]
    translate = "tell them in it too" if step == Step.TELL else "ask for a translation before you decide"
    return NEXT_STEPS[step] + (f". Written {loop.written}: {translate}" if step != Step.KEEP else "")


def day(when: date) -> str:
    """'9 Nov'."""
    return f"{when.day} {when:%b}"


def heard(loop: OpenLoop) -> str:
    """When it was heard, with the year once its day has come round again, or nearly."""
    when = heard_span(loop.heard_from, loop.heard_to)
    is_old = loop.overdue_days > A_YEAR_AGO and loop.heard_from.year == loop.heard_to.year
    return f"{when} {loop.heard_to.year}" if is_old else when


def heard_span(first: date, last: date) -> str:
    """'9 Nov', '3–9 Nov', '28 Oct – 3 Nov'; with years where the two differ in year."""
    if first == last:
        return day(first)
    if first.year != last.year:
        return f"{day(first)} {first.year} – {day(last)} {last.year}"
    if first.month == last.month:
        return f"{first.day}–{day(last)}"
    return f"{day(first)} – {day(last)}"
