"""The public “You Said, We Did” board: one accessible page that young people and families read."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from pathlib import Path

from config.wordings import Wordings
from heardback.domain.words import Outcome
from heardback.reports.answers import difference_of, is_late, kind_of
from heardback.reports.entries import BoardEntry, Refusal, refusal_of, sort_out
from heardback.reports.rendering import render, write_text
from heardback.reports.versions import sections_of

__all__ = ["BoardAbout", "BoardEntry", "Refusal", "Total", "refusal_of", "rounded", "sort_out", "write_board"]

STEP = 5
FEWEST_NAMED = 10  # 1 to 7 would round to 0 or 5, which says too much of a number so small


@dataclass(frozen=True)
class BoardAbout:
    """Whose board it is, and the totals of its method section: loops, exact; they are rounded on the page.

    `closed` and `refused` count loops decided and told, and of these the ones refused; `open` all the others.
    `contact` says how to tell the council more, in one plain sentence.
    """

    council: str
    as_of: date
    heard: int
    open: int
    closed: int
    refused: int
    contact: str = ""


@dataclass(frozen=True)
class Total:
    """One number of the method section as it is printed."""

    label: str
    shown: str


def write_board(
    folder: Path, entries: Sequence[BoardEntry], about: BoardAbout, wordings: Wordings | None = None
) -> list[Path]:
    """Write index.html, cannot.html and method.html; return their paths. Entries with a `refusal_of` are left out.

    index.html ends with the totals, open and refused loops among them, as method.html begins. `wordings` are what
    people wrote of these answers for an age band or in another language: each gets a section.
    """
    published, refusals = sort_out(entries)
    versions = sections_of(published, wordings or Wordings(), about.as_of)
    values = {
        "about": about,
        "services": by_service(published),
        "totals": _totals(about, len(refusals)),
        "voices": voices_in_words,
        "is_late": lambda entry: is_late(entry, about.as_of),
        "kind_of": lambda entry: kind_of(entry, about.as_of),
        "difference_of": difference_of,
        "Outcome": Outcome,
        "versions": versions,
    }
    refused = [entry for entry in published if entry.outcome == Outcome.CANNOT or entry.because]
    cannot = render(
        "cannot.html", {"about": about, "entries": [each for _, group in by_service(refused) for each in group]}
    )
    return [
        write_text(folder / "index.html", render("board.html", values)),
        write_text(folder / "cannot.html", cannot),
        write_text(folder / "method.html", render("method.html", {"about": about, "totals": values["totals"]})),
    ]


def rounded(count: int) -> str:
    """A count as the public sees it: to the nearest 5, and never a small one."""
    if count == 0:
        return "none"
    nearest = STEP * round(count / STEP)
    return f"about {nearest}" if nearest >= FEWEST_NAMED else f"fewer than {FEWEST_NAMED}"


def voices_in_words(count: int) -> str:
    """How many said it, without saying exactly; empty where it is not known."""
    shown = rounded(count)
    return f"{shown[:1].upper()}{shown[1:]} people said this" if count > 0 else ""


def _totals(about: BoardAbout, waiting: int) -> list[Total]:
    return [
        Total("Things people asked for or told us", rounded(about.heard)),
        Total("Answered, and people were told", rounded(about.closed)),
        Total("Of these, “we can’t”, with the reason", rounded(about.refused)),
        Total("Still waiting for an answer, or to be told", rounded(about.open)),
        Total("Answers being checked before they go on this board", rounded(waiting)),
    ]


def by_service(entries: Iterable[BoardEntry]) -> list[tuple[str, list[BoardEntry]]]:
    """Services by name, in each the newest decision first; ties in the order of their numbers."""
    newest = sorted(entries, key=lambda entry: entry.loop_uid)
    newest.sort(key=lambda entry: entry.decided_on or date.min, reverse=True)
    newest.sort(key=lambda entry: entry.service)
    return [(service, list(group)) for service, group in groupby(newest, key=lambda entry: entry.service)]
