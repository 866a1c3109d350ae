"""docs/data-flow.svg, where words go and where they never go: `python -m tasks.flow_picture > docs/data-flow.svg`."""

from collections.abc import Iterator
from dataclasses import dataclass
from html import escape

from config.policy import RetentionPolicy

WIDTH, HEIGHT = 1120, 680
BOX, LINE = 200, 17
INK, QUIET, WORDS, PLAIN = "#1d2733", "#5b6673", "#fdeee7", "#eaf2f6"
EDGES = {WORDS: "#b4531f", PLAIN: "#2b6080"}


@dataclass(frozen=True)
class Place:
    """A box: where its upper left corner is, its title, and up to four lines of what it holds, how long, for whom."""

    x: int
    y: int
    title: str
    lines: tuple[str, ...]
    fill: str = WORDS

    @property
    def height(self) -> int:
        """Room for the title and the lines."""
        return 38 + LINE * len(self.lines)


KEPT = RetentionPolicy()
PLACES = {
    "tools": Place(30, 70, "Where it is said", (
        "surveys, questionnaires,", "feedback boxes, mailboxes;", "Heardback only reads there",
    )),
    "raw": Place(314, 70, "Files as they came", (
        "var/raw, named by hash;", f"{KEPT.raw_files_months} months; shown to nobody,", "needed to pull again",
    )),
    "quarantine": Place(314, 214, "Quarantine", (
        "cells of rows that broke", f"their contract; {KEPT.quarantine_months} months;", "granted people, on record",
    )),
    "text": Place(598, 140, "comment.text", (
        "the one column with words;", f"{KEPT.comment_text_months} months; can be sealed;", "identity is never kept",
    )),
    "withheld": Place(882, 56, "Safeguarding desk", ("everything is read in the end;", "trained readers, on record")),
    "complaints": Place(882, 168, "Complaints desk", ("the complaints manager,", "on record")),
    "service": Place(882, 280, "One service's view", ("its own loops only, details", "hidden; not what is withheld")),
    "checks": Place(314, 424, "Results of the checks", (
        "row numbers, columns,", f"counts; {KEPT.validation_months} months",
    ), PLAIN),
    "ledger": Place(598, 424, "Loops and history", (
        "numbers, days, decisions,", "what staff wrote; for ever,", "chained, without a word",
    ), PLAIN),
    "board": Place(314, 564, "Public board", ("staff's words, after", "two people's approvals"), PLAIN),
    "pack": Place(598, 564, "Board pack", ("figures; small numbers", "are not shown"), PLAIN),
    "nudges": Place(882, 424, "Slack, e-mail", ("numbers, titles that staff", "wrote, links"), PLAIN),
    "prefect": Place(882, 564, "Prefect, logs", ("ids and counts",), PLAIN),
}  # fmt: skip
# From one side of a box to a side of another: r(ight), l(eft), t(op), b(ottom).
ARROWS = (
    ("tools", "r", "raw", "l"), ("raw", "r", "text", "l"), ("raw", "b", "quarantine", "t"),
    ("quarantine", "r", "text", "l"), ("text", "r", "withheld", "l"), ("text", "r", "complaints", "l"),
    ("text", "r", "service", "l"), ("quarantine", "b", "checks", "t"), ("text", "b", "ledger", "t"),
    ("ledger", "l", "board", "r"), ("ledger", "b", "pack", "t"), ("ledger", "r", "nudges", "l"),
    ("ledger", "r", "prefect", "l"),
)  # fmt: skip


def picture() -> str:
    """The picture as SVG, with a title and a description for those who hear it read."""
    boxes = [line for place in PLACES.values() for line in _box(place)]
    return "\n".join([*_head(), *map(_arrow, ARROWS), *boxes, "</svg>"]) + "\n"


def _head() -> Iterator[str]:
    font = "font-family='Segoe UI, Helvetica, Arial, sans-serif'"
    yield f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {WIDTH} {HEIGHT}' role='img' {font} fill='{INK}'>"
    yield "<title>Where words go in Heardback, and where they never go</title>"
    yield (
        "<desc>Above a line: files as they came, quarantine, the one column with words, and the three desks that read "
        "them. Below it, where no word goes: history, board pack, public board, messages, Prefect, logs, checks.</desc>"
    )
    yield "<defs><marker id='tip' viewBox='0 0 8 8' refX='7' refY='4' markerWidth='8' markerHeight='8' orient='auto'>"
    yield f"<path d='M0 0 8 4 0 8z' fill='{QUIET}'/></marker></defs>"
    yield f"<rect width='{WIDTH}' height='{HEIGHT}' fill='#ffffff'/>"
    yield f"<text x='30' y='36' font-size='15' font-weight='600' fill='{EDGES[WORDS]}'>Here there are words</text>"
    yield f"<path d='M30 386H{WIDTH - 30}' stroke='{EDGES[PLAIN]}' stroke-width='2' stroke-dasharray='7 5'/>"
    yield (
        f"<text x='30' y='408' font-size='15' font-weight='600' fill='{EDGES[PLAIN]}'>No word that a child wrote "
        "passes this line</text>"
    )


def _box(place: Place) -> Iterator[str]:
    edge = EDGES[place.fill]
    yield (
        f"<rect x='{place.x}' y='{place.y}' width='{BOX}' height='{place.height}' rx='8' fill='{place.fill}' "
        f"stroke='{edge}' stroke-width='1.5'/>"
    )
    yield f"<text x='{place.x + 12}' y='{place.y + 23}' font-size='15' font-weight='600'>{escape(place.title)}</text>"
    for number, line in enumerate(place.lines, start=1):
        y = place.y + 25 + LINE * number
        yield f"<text x='{place.x + 12}' y='{y}' font-size='13' fill='{INK}'>{escape(line)}</text>"


def _arrow(arrow: tuple[str, str, str, str]) -> str:
    (x, y), (to_x, to_y) = _side(PLACES[arrow[0]], arrow[1]), _side(PLACES[arrow[2]], arrow[3])
    half = (x + to_x) // 2
    bent = f"M{x} {y}H{half}V{to_y}H{to_x}" if arrow[1] in "rl" else f"M{x} {y}V{to_y}"
    return f"<path d='{bent}' fill='none' stroke='{QUIET}' stroke-width='1.5' marker-end='url(#tip)'/>"


def _side(place: Place, side: str) -> tuple[int, int]:
    middle_x, middle_y = place.x + BOX // 2, place.y + place.height // 2
    return {
        "r": (place.x + BOX, middle_y), "l": (place.x, middle_y), "t": (middle_x, place.y),
        "b": (middle_x, place.y + place.height),
    }[side]  # fmt: skip


if __name__ == "__main__":
    print(picture(), end="")  # noqa: T201  this is what it is for
