"""Answers on paper in other words: posters and a group's list for an age band, or in another language and script."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from config.wordings import Wordings
from heardback.errors import NotFound
from heardback.reports.board import by_service
from heardback.reports.entries import BoardEntry, sort_out
from heardback.reports.pdf import write_pdf
from heardback.reports.posters import METHOD, MORE, MOST, TITLE, file_name, part
from heardback.reports.rendering import in_words
from heardback.reports.versions import VersionEntry, VersionSection, sections_of

REGION = 2  # letters of a region in a language's tag: en-GB
NO_GLYPH = "could not be displayed with font"  # as Typst says it


@dataclass(frozen=True)
class OtherWords:
    """In which version, from what people wrote, and how things stood when. `fonts` is a folder of the council's own."""

    version: str
    wordings: Wordings
    council: str
    as_of: date
    fonts: Path

    def section_of(self, entries: Sequence[BoardEntry]) -> VersionSection | None:
        """The entries that are written in it; None where none is. Entries with a `refusal_of` are left out."""
        published, _ = sort_out(entries)
        named = tuple(each for each in self.wordings.versions if each.code == self.version)
        chosen = self.wordings.model_copy(update={"versions": named})
        return next(iter(sections_of(published, chosen, self.as_of)), None)


def write_posters_in(folder: Path, entries: Sequence[BoardEntry], words: OtherWords) -> list[Path]:
    """One `poster-<service>-<version>.pdf` for each service of which an answer is written in a version.

    Headings are the version's own labels; what it has no words for is left out, and nothing is translated. Raises
    NotFound where no font has one of its letters.
    """
    published, _ = sort_out(entries)
    found = [(service, words.section_of(shown)) for service, shown in by_service(published)]
    return [
        _sheet(folder / f"poster-{file_name(service)}-{words.version}.pdf", service, section, words, MOST, "a3")
        for service, section in found
        if section
    ]


def write_list_in(folder: Path, code: str, group: str, entries: Sequence[BoardEntry], words: OtherWords) -> list[Path]:
    """`told-back-<group>-<version>.pdf`: a group's answers that are written in a version; [] where none is.

    What still waits has no wording: it stands in the list itself. Raises NotFound as `write_posters_in` does.
    """
    section = words.section_of(entries)
    path = folder / f"told-back-{code}-{words.version}.pdf"
    return [_sheet(path, group, section, words, len(entries), "a4")] if section else []


def _sheet(path: Path, heading: str, section: VersionSection, words: OtherWords, most: int, paper: str) -> Path:
    is_english = section.lang.startswith("en")
    lang, _, rest = section.lang.partition("-")
    values = {
        "lang": lang,
        "region": rest if len(rest) == REGION else None,
        "rtl": section.direction == "rtl",
        "paper": paper,
        "large": paper == "a3",
        "title": TITLE if is_english else f"{section.said} · {section.done}",
        "council": words.council,
        "where": section.intro or section.name,
        "service": heading,
        "entries": [_entry(entry, section) for entry in section.entries[:most]],
        "more": MORE if is_english and section.entries[most:] else "",
        "method": METHOD if is_english else "",
        "footer": f"{words.council}. {in_words(words.as_of) if is_english else words.as_of.isoformat()}",
    }
    try:
        return write_pdf(path, "poster.typ", values, words.as_of, words.fonts)
    except RuntimeError as error:
        if NO_GLYPH not in str(error):
            raise
    raise NotFound(
        f"no font here has every letter of {section.name} ({section.lang}): it would be printed as boxes",
        where=str(words.fonts), do="put a font of that script into this folder, such as one of the Noto family",
    )  # fmt: skip


def _entry(entry: VersionEntry, section: VersionSection) -> dict[str, object]:
    rest = [f"{section.rest}: {entry.because}"] if entry.because else []
    return {
        "kind": entry.kind,
        "said": part("said", section.said, [entry.said], large=True),
        "did": part(entry.kind, entry.label, [entry.answer, *rest]),
        "difference": None,
        "about": entry.loop_uid,
    }
