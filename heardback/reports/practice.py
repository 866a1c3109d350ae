"""The practice digest: what practitioners should know of six weeks, to pass on to those they work with."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from pathlib import Path

from heardback.domain.measures.period import Period
from heardback.domain.plurals import some
from heardback.domain.words import Outcome
from heardback.reports.answers import difference_of, label_of
from heardback.reports.board import rounded, voices_in_words
from heardback.reports.entries import BoardEntry
from heardback.reports.rendering import in_words, render, write_text

MOST = 12  # of a service: a digest that nobody reads to its end tells nothing
ASKS = (
    "Tell the children and families you work with what came of it, and write down that you did: that closes a loop.",
    "Do not promise more than stands here. “We can’t, because …” is an answer, if it is told.",
    "If somebody says that an answer does not hold, give the loop’s number: it is opened again.",
)


@dataclass(frozen=True)
class PracticeContent:
    """What a digest says: entries that may be shown, of which nobody has been told, whose promise falls due; the rest
    counted. `unchecked` are answers of the weeks that lack two approvals or say too little."""

    council: str
    weeks: Period
    answered: tuple[BoardEntry, ...]
    untold: tuple[BoardEntry, ...]
    promised: tuple[BoardEntry, ...]
    unchecked: int


def write_practice(folder: Path, content: PracticeContent) -> Path:
    """Write practice-<first day>.html; the same content gives the same bytes."""
    return write_text(folder / f"practice-{content.weeks.label}.html", render("practice.html", _values(content)))


def _values(content: PracticeContent) -> dict[str, object]:
    came = [entry for entry in content.answered if entry.outcome != Outcome.CANNOT]
    return {
        "council": content.council,
        "weeks": content.weeks.words,
        "changed": _by_service(came, content.weeks.last),
        "refused": _by_service(
            [entry for entry in content.answered if entry.outcome == Outcome.CANNOT], content.weeks.last
        ),
        "untold": [_line(entry, f"decided on {in_words(entry.decided_on)}") for entry in content.untold[:MOST]],
        "untold_more": _more(len(content.untold) - MOST),
        "promised": [_line(entry, _promise(entry, content.weeks.last)) for entry in content.promised],
        "unchecked": rounded(content.unchecked) if content.unchecked else "",
        "asks": ASKS,
    }


def _by_service(entries: Sequence[BoardEntry], as_of: date) -> list[tuple[str, list[dict[str, str]], str]]:
    """A service, its first answers by how many asked, and what is said of the others."""
    ordered = sorted(entries, key=lambda entry: entry.service)
    found = [(service, list(group)) for service, group in groupby(ordered, key=lambda entry: entry.service)]
    more = "There is more on the public board."
    return [
        (service, [_answer(entry, as_of) for entry in group[:MOST]], more if group[MOST:] else "")
        for service, group in found
    ]


def _answer(entry: BoardEntry, as_of: date) -> dict[str, str]:
    return {
        "number": entry.loop_uid,
        "said": entry.title,
        "voices": voices_in_words(entry.voices),
        "label": label_of(entry, as_of),
        "wording": entry.wording,
        "because": entry.because,
        "difference": difference_of(entry),
        "told": f"Where people were told: {entry.told}." if entry.told else "Nobody has been told yet.",
    }


def _more(left: int) -> str:
    """The oldest are named; the others are told of by whoever answers for them."""
    return (
        f"And {some(left, 'more answer has', 'more answers have')} waited for less long to be told." if left > 0 else ""
    )


def _line(entry: BoardEntry, when: str) -> dict[str, str]:
    return {"number": entry.loop_uid, "title": entry.title, "service": entry.service, "when": when}


def _promise(entry: BoardEntry, as_of: date) -> str:
    late = entry.by_date is not None and entry.by_date <= as_of
    return f"promised for {in_words(entry.by_date)}" + (", and not done" if late else "")
