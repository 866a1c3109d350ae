"""The board on paper: an A3 poster for each service, tagged, with a sign beside each word."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from heardback.reports.answers import difference_of, kind_of, label_of, lines_of
from heardback.reports.board import BoardAbout, by_service
from heardback.reports.entries import BoardEntry, sort_out
from heardback.reports.pdf import write_pdf
from heardback.reports.rendering import in_words, render

MOST = 8  # about two sheets: more is not read on a wall
TITLE, MORE = "You said, we did", "There are more answers on our board."
ENGLISH_PAGE = {"lang": "en", "region": "GB", "rtl": False, "paper": "a3", "large": True}
METHOD = """Your own words and your name are never shown: staff write every line, and two different people check it. \
If something here is wrong, tell us its number."""


def write_posters(folder: Path, entries: Sequence[BoardEntry], about: BoardAbout) -> list[Path]:
    """One `poster-<service>.pdf` for each service that has an entry; entries with a `refusal_of` are left out."""
    published, _ = sort_out(entries)
    return [_poster(folder, service, shown, about) for service, shown in by_service(published)]


def _poster(folder: Path, service: str, entries: Sequence[BoardEntry], about: BoardAbout) -> Path:
    values = {
        **ENGLISH_PAGE,
        "title": TITLE,
        "council": about.council,
        "where": "What children, young people and families told us, and what we did about it.",
        "service": service,
        "entries": [_entry(entry, about.as_of) for entry in entries[:MOST]],
        "more": MORE if entries[MOST:] else "",
        "method": METHOD,
        "footer": f"{about.council}. How things stood on {in_words(about.as_of)}.",
    }
    return write_pdf(folder / f"poster-{file_name(service)}.pdf", "poster.typ", values, about.as_of)


def file_name(service: str) -> str:
    """A service's name as a part of a file's."""
    return "".join(letter if letter.isalnum() else "-" for letter in service.lower())


def _entry(entry: BoardEntry, as_of: date) -> dict[str, object]:
    kind = str(kind_of(entry, as_of))
    about = f"Decided on {in_words(entry.decided_on)}. Who answers for this: {entry.owner_role}."
    return {
        "kind": kind,
        "said": part("said", "You said", [entry.title], large=True),
        "did": part(kind, label_of(entry, as_of), lines_of(entry, as_of)),
        "difference": part("difference", "The difference", [difference_of(entry)]),
        "about": f"{about} Number {entry.loop_uid}.",
    }


def part(icon: str, label: str, lines: Sequence[str], *, large: bool = False) -> dict[str, object]:
    """One field of an entry: a sign, its label, and what stands below."""
    return {"icon": render("icon.svg", {"name": icon}), "label": label, "lines": list(lines), "large": large}
