"""Words that point to a person, found and hidden wherever a comment is shown. A help to the reader, not a guarantee."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

import pandas as pd

from config.screening import ScreeningPhrases
from heardback.domain import identifiers
from heardback.domain.names import KnownNames, name_spans


class Kind(StrEnum):
    """What a span shows of a person; the value stands in the place of the hidden words."""

    EMAIL = "e-mail address"
    PHONE = "phone number"
    POSTCODE = "postcode"
    HANDLE = "social media name"
    NHS_NUMBER = "NHS number"
    NI_NUMBER = "National Insurance number"
    BIRTH_DATE = "date of birth"
    ADDRESS = "address"
    NAME = "name"
    SCHOOL = "school"


@dataclass(frozen=True, order=True)
class Span:
    """Where something identifying stands in a text: characters `start` up to `end`."""

    start: int
    end: int
    kind: Kind


FOUND_BY_PATTERN = {
    Kind.EMAIL: identifiers.EMAIL,
    Kind.NHS_NUMBER: identifiers.NHS_NUMBER,
    Kind.PHONE: identifiers.PHONE,
    Kind.POSTCODE: identifiers.POSTCODE,
    Kind.HANDLE: identifiers.HANDLE,
    Kind.NI_NUMBER: identifiers.NI_NUMBER,
    Kind.BIRTH_DATE: identifiers.BIRTH_DATE,
    Kind.ADDRESS: identifiers.ADDRESS,
    Kind.SCHOOL: identifiers.SCHOOL,
}


def known_names(phrases: ScreeningPhrases, staff: Iterable[str] = ()) -> KnownNames:
    """The names to look for: the council's lists and its staff ("Dana Okoro": both names count)."""
    return KnownNames.of(phrases.given_names, phrases.word_names, phrases.schools, staff)


def find_spans(text: str, known: KnownNames | None = None) -> list[Span]:
    """Everything identifying in a text, in order and without overlaps. Without `known`, by pattern alone."""
    found = [Span(start, end, kind) for kind, start, end in _by_pattern(text)]
    if known:
        found += [Span(start, end, Kind.NAME) for start, end in name_spans(text, known)]
        found += [Span(*match.span(), Kind.SCHOOL) for match in known.places.finditer(text)]
    return _without_overlaps(sorted(found, key=lambda span: (span.start, -span.end)))


def hide(text: str, known: KnownNames | None = None) -> str:
    """The text with "[name hidden]" and the like in the place of whatever is identifying."""
    shown, last = [], 0
    for span in find_spans(text, known):
        shown += [text[last : span.start], f"[{span.kind} hidden]"]
        last = span.end
    return "".join([*shown, text[last:]])


def identifying_kinds(texts: pd.Series, known: KnownNames | None = None) -> pd.Series:
    """For each text the kinds of what it shows, each once, in alphabetical order; an empty list where it shows none."""
    kinds = [_kinds(text, known) if isinstance(text, str) else [] for text in texts]
    return pd.Series(kinds, index=texts.index, dtype=object)


def _kinds(text: str, known: KnownNames | None) -> list[str]:
    return sorted({str(span.kind) for span in find_spans(text, known)})


def _by_pattern(text: str) -> Iterator[tuple[Kind, int, int]]:
    for kind, pattern in FOUND_BY_PATTERN.items():
        for match in pattern.finditer(text):
            if kind is not Kind.NHS_NUMBER or identifiers.is_nhs_number(match):
                yield kind, *_told(match)


def _told(match: re.Match[str]) -> tuple[int, int]:
    """Where a pattern needs words before what it finds ("my insta is …"), its named group is the find."""
    return match.span(match.lastgroup) if match.lastgroup else match.span()


def _without_overlaps(spans: Iterable[Span]) -> list[Span]:
    """Spans that overlap become one, of the first one's kind, so that nothing of either is left to see."""
    kept: list[Span] = []
    for span in spans:
        if kept and span.start < kept[-1].end:
            kept[-1] = Span(kept[-1].start, max(kept[-1].end, span.end), kept[-1].kind)
        else:
            kept.append(span)
    return kept
