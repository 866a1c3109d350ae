"""The board in other words: entries for an age band or in another language, in sections of their own."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from config.wordings import ENGLISH, Version, Wording, Wordings
from heardback.domain.words import Outcome
from heardback.reports.entries import BoardEntry
from heardback.reports.labels import LABELS

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
    """The answers that were written in one version; `said` and `rest` are its words for “You said” and “because”."""

    code: str
    name: str
    lang: str
    direction: str
    intro: str
    said: str
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
    by_number = {entry.loop_uid: entry for entry in published}
    sections = []
    for version in wordings.versions:
        own = [each for each in wordings.entries if each.version == version.code and each.since <= as_of]
        newest = {each.loop: each for each in sorted(own, key=lambda each: each.since)}
        standing = [
            _entry(by_number[loop], wording, version)
            for loop, wording in newest.items()
            if loop in by_number and by_number[loop].decided_on == wording.decided_on
        ]
        if standing:
            sections.append(_section(version, sorted(standing, key=lambda entry: entry.loop_uid)))
    return sections


def _section(version: Version, entries: Sequence[VersionEntry]) -> VersionSection:
    said, rest = version.labels.get("said", SAID), version.labels.get("because", REST)
    about = (version.code, version.name, version.lang, version.direction, version.intro)
    return VersionSection(*about, said, rest, tuple(entries))


def _entry(entry: BoardEntry, wording: Wording, version: Version) -> VersionEntry:
    kept = entry.outcome == Outcome.WILL and entry.kept_on is not None
    kind = Outcome.DONE if kept else Outcome(entry.outcome)
    label = version.labels.get(kind.value, LABELS[kind])
    day = f" {entry.by_date.isoformat()}" if kind == Outcome.WILL and entry.by_date else ""
    return VersionEntry(entry.loop_uid, kind.value, label + day, wording.said, wording.answer, wording.because)
