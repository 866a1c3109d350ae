"""A group's own list for its next meeting: what you told us, what came of it, what we can't, and what still waits."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from heardback.domain.words import Outcome
from heardback.reports.answers import difference_of, kind_of, label_of, lines_of
from heardback.reports.board import rounded
from heardback.reports.entries import BoardEntry, sort_out
from heardback.reports.pdf import write_pdf
from heardback.reports.rendering import in_words, render, write_text

LEDE = """What you told us, and what came of it. Everything that still waits is here too, and everything that we can’t \
do, with the reason."""
METHOD = """Your own words and your names are never shown: staff write every line. Two different people check an \
answer before it is shown. If something here is wrong, or has not really changed, say so and give us its number."""


@dataclass(frozen=True)
class Waiting:
    """One loop that has no answer yet; `title` and `standing` are written by staff and by rule."""

    loop_uid: str
    service: str
    title: str
    heard_from: date
    standing: str


@dataclass(frozen=True)
class ToldBack:
    """A group's list. `entries` are all its answers, `waiting` its open loops that have a title, `untitled` the rest.

    `since` is the day of its last meeting, None where none is on record; `new` are loops of which something was said
    since.
    """

    council: str
    group: str
    as_of: date
    since: date | None
    entries: tuple[BoardEntry, ...] = ()
    waiting: tuple[Waiting, ...] = ()
    untitled: int = 0
    new: frozenset[str] = frozenset()


def write_told_back(folder: Path, code: str, told: ToldBack) -> list[Path]:
    """Write told-back-<group>.html and .pdf; return their paths. The same list gives the same bytes.

    Answers with a `refusal_of` are not shown: how many wait to be checked is said, rounded.
    """
    values = _values(told)
    return [
        write_text(folder / f"told-back-{code}.html", render("told_back.html", values)),
        write_pdf(folder / f"told-back-{code}.pdf", "told_back.typ", values, told.as_of),
    ]


def _values(told: ToldBack) -> dict[str, object]:
    shown, kept_off = sort_out(told.entries)
    came = [entry for entry in shown if entry.outcome != Outcome.CANNOT]
    refused = [entry for entry in shown if entry.outcome == Outcome.CANNOT]
    return {
        "title": f"What you told us: {told.group}",
        "council": told.council,
        "group": told.group,
        "lede": LEDE,
        "since": f"Since we last met on {in_words(told.since)}." if told.since else "The first list for this group.",
        "came": [_answer(entry, told) for entry in came],
        "refused": [_answer(entry, told) for entry in refused],
        "waiting": [_waiting(loop, told) for loop in told.waiting],
        "left": _left(len(kept_off), told.untitled),
        "method": METHOD,
        "footer": f"{told.council}. How things stood on {in_words(told.as_of)}.",
    }


def _answer(entry: BoardEntry, told: ToldBack) -> dict[str, object]:
    return {
        "number": entry.loop_uid,
        "new": entry.loop_uid in told.new,
        "said": entry.title,
        "kind": str(kind_of(entry, told.as_of)),
        "label": label_of(entry, told.as_of),
        "lines": lines_of(entry, told.as_of),
        "difference": difference_of(entry),
        "about": f"{entry.service}. Decided on {in_words(entry.decided_on)}. Who answers for this: {entry.owner_role}.",
    }


def _waiting(loop: Waiting, told: ToldBack) -> dict[str, object]:
    return {
        "number": loop.loop_uid,
        "new": loop.loop_uid in told.new,
        "said": loop.title,
        "service": loop.service,
        "standing": loop.standing,
        "heard": f"{loop.heard_from:%B %Y}",
    }


def _left(unchecked: int, untitled: int) -> list[str]:
    """What is not named here is counted, and never exactly: a small number could point to somebody."""
    lines = (
        (unchecked, "Answers that are still being checked before we show them"),
        (untitled, "Other things you told us that wait, and that nobody has put into a few words yet"),
    )
    return [f"{words}: {rounded(count)}." for count, words in lines if count]
