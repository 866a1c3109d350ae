"""The board in other words: entries for an age band or in another language, in sections of their own."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from config.wordings import ENGLISH, Version, Wording, Wordings
from heardback.domain.words import Outcome
from heardback.reports.answers import kind_of
from heardback.reports.entries import BoardEntry
from heardback.reports.labels import LABELS
from heardback.reports.rendering import in_words

SAID, REST = "You said", "We can’t do the rest, because"


@dataclass(frozen=True)
class VersionEntry:
    """One answer as a section prints it; `kind` is the outcome whose colour and sign it has."""

    loop_uid: str
    kind: str
    label: str
    said: str
    answer: str
    because: str


@dataclass(frozen=True)
class VersionSection:
    """The answers that were written in one version; `said`, `done` and `rest` are its words for them."""

    code: str
    name: str
    lang: str
    direction: str
    intro: str
    said: str
    done: str
    rest: str
    entries: tuple[VersionEntry, ...]

    @property
    def is_english(self) -> bool:
        """Whether the page around it is in the same language."""
        return self.lang == ENGLISH


def sections_of(published: Sequence[BoardEntry], wordings: Wordings, as_of: date) -> list[VersionSection]:
    """A section for each version in which any published answer is written, in the order of the configuration.

    Pass entries that may be shown. A wording of an earlier decision, or of a later day, is left out.
    """
    sections = []
    for version in wordings.versions:
        standing = written_in(version.code, published, wordings, as_of)
        if standing:
            sections.append(_section(version, sorted(standing, key=lambda entry: entry.loop_uid)))
    return sections


def written_in(version: str, published: Sequence[BoardEntry], wordings: Wordings, as_of: date) -> list[VersionEntry]:
    """The published answers that are written in one version, by the code of one that there is; see `sections_of`."""
    by_number = {entry.loop_uid: entry for entry in published}
    (named,) = (each for each in wordings.versions if each.code == version)
    own = [each for each in wordings.entries if each.version == version and each.since <= as_of]
    newest = {each.loop: each for each in sorted(own, key=lambda each: each.since)}
    return [
        _entry(by_number[loop], wording, named, as_of)
        for loop, wording in newest.items()
        if loop in by_number and by_number[loop].decided_on == wording.decided_on
    ]


def _section(version: Version, entries: Sequence[VersionEntry]) -> VersionSection:
    defaults = {"said": SAID, "done": LABELS[Outcome.DONE], "because": REST}
    said, done, rest = (version.labels.get(label, default) for label, default in defaults.items())  # type: ignore[call-overload]
    about = (version.code, version.name, version.lang, version.direction, version.intro)
    return VersionSection(*about, said, done, rest, tuple(entries))


def _entry(entry: BoardEntry, wording: Wording, version: Version, as_of: date) -> VersionEntry:
    kind = kind_of(entry, as_of)
    label = version.labels.get(kind.value, LABELS[kind])
    by = _by(entry.by_date, version) if kind == Outcome.WILL and entry.by_date else ""
    return VersionEntry(entry.loop_uid, kind.value, label + by, wording.said, wording.answer, wording.because)


def _by(day: date, version: Version) -> str:
    """In figures where the names of months would have to be translated."""
    return f", by {in_words(day)}" if version.lang.startswith("en") else f" {day.isoformat()}"
