"""Words that point to a person, found and hidden wherever a comment is shown. A help to the reader, not a guarantee."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Self

import pandas as pd

from config.council import Council
from config.privacy import PrivacyLists
from heardback.domain.identifying import glance
from heardback.domain.identifying.births import find_birth_dates
from heardback.domain.identifying.glance import Glance
from heardback.domain.identifying.lexicon import NOTHING, Lexicon
from heardback.domain.identifying.numbers import (
    find_cars,
    find_nhs_numbers,
    find_ni_numbers,
    find_phones,
    find_references,
)
from heardback.domain.identifying.online import find_emails, find_handles, find_urls
from heardback.domain.identifying.people import find_people
from heardback.domain.identifying.places import find_addresses, find_postcodes
from heardback.domain.identifying.schools import find_schools


class Kind(StrEnum):
    """What a span shows of a person; the value stands in the place of the hidden words."""

    EMAIL = "e-mail address"
    URL = "web address"
    NHS_NUMBER = "NHS number"
    PHONE = "phone number"
    POSTCODE = "postcode"
    HANDLE = "social media name"
    NI_NUMBER = "National Insurance number"
    BIRTH_DATE = "date of birth"
    ADDRESS = "address"
    SCHOOL = "school"
    PLACE = "place"
    CAR = "number plate"
    REFERENCE = "reference number"
    NAME = "name"


@dataclass(frozen=True, order=True)
class Span:
    """Where something identifying stands in a text: characters `start` up to `end`."""

    start: int
    end: int
    kind: Kind


# Each with the sign that a text must show for it to be worth reading by that finder.
BY_PATTERN = (
    (Kind.EMAIL, glance.EMAIL, find_emails),
    (Kind.URL, glance.URL, find_urls),
    (Kind.NHS_NUMBER, glance.NHS_NUMBER, find_nhs_numbers),
    (Kind.PHONE, glance.PHONE, find_phones),
    (Kind.POSTCODE, glance.FIGURES, find_postcodes),
    (Kind.NI_NUMBER, glance.NI_NUMBER, find_ni_numbers),
    (Kind.BIRTH_DATE, glance.FIGURES | glance.BORN, find_birth_dates),
    (Kind.CAR, glance.FIGURES, find_cars),
    (Kind.REFERENCE, glance.REFERENCE, find_references),
)
BY_LEXICON = (
    (Kind.HANDLE, glance.HANDLE, find_handles),
    (Kind.ADDRESS, glance.ADDRESS, find_addresses),
    (Kind.SCHOOL, glance.SCHOOL, find_schools),
)


@dataclass(frozen=True)
class Redactor:
    """What finds and hides identifying details for one council. Every display of a comment's words passes `hide`."""

    lexicon: Lexicon

    @classmethod
    def of(cls, lists: PrivacyLists | None = None, staff: Iterable[str] = ()) -> Self:
        """With a council's own lists and the names of its staff."""
        return cls(Lexicon.of(lists, staff))

    def find(self, text: str) -> list[Span]:
        """Everything identifying in a text, in order and without overlaps; what the council lets be shown, left out."""
        found = [Span(start, end, kind) for kind, start, end in self._all(text, self._glance.at(text))]
        if not found:
            return []
        let = [match.span() for match in self.lexicon.shown.finditer(text)]
        kept = [span for span in found if not any(first <= span.start and span.end <= last for first, last in let)]
        return _without_overlaps(sorted(kept, key=lambda span: (span.start, -span.end)))

    def hide(self, text: str) -> str:
        """The text with "[name hidden]" and the like in the place of whatever is identifying."""
        shown, last = [], 0
        for span in self.find(text):
            shown += [text[last : span.start], f"[{span.kind} hidden]"]
            last = span.end
        return "".join([*shown, text[last:]])

    def kinds_in(self, texts: pd.Series) -> pd.Series:
        """For each text the kinds of what it shows, each once, in alphabetical order; an empty list where none."""
        kinds = [self._kinds(text) if isinstance(text, str) else [] for text in texts]
        return pd.Series(kinds, index=texts.index, dtype=object)

    def _kinds(self, text: str) -> list[str]:
        return sorted({str(span.kind) for span in self.find(text)})

    @cached_property
    def _glance(self) -> Glance:
        return Glance(self.lexicon)

    def _all(self, text: str, shown: int) -> Iterator[tuple[Kind, int, int]]:
        for kind, sign, find in BY_PATTERN:
            if shown & sign:
                yield from ((kind, start, end) for start, end in find(text))
        for kind, sign, find_by_words in BY_LEXICON:
            if shown & sign:
                yield from ((kind, start, end) for start, end in find_by_words(text, self.lexicon))
        if shown & glance.NAME:
            places = self._glance.names_in(text)
            yield from ((Kind.NAME, start, end) for start, end in find_people(text, self.lexicon, places))
        for kind, listed in ((Kind.SCHOOL, self.lexicon.schools), (Kind.PLACE, self.lexicon.places)):
            if listed is not NOTHING:
                yield from ((kind, *match.span()) for match in listed.finditer(text))


def redactor_of(council: Council) -> Redactor:
    """What hides identifying details for a council: its own lists, and the names in its directory."""
    return Redactor.of(council.privacy, [person.name for person in council.directory.people.values()])


def _without_overlaps(spans: Iterable[Span]) -> list[Span]:
    """Spans that overlap become one, of the first one's kind, so that nothing of either is left to see."""
    kept: list[Span] = []
    for span in spans:
        if kept and span.start < kept[-1].end:
            kept[-1] = Span(kept[-1].start, max(kept[-1].end, span.end), kept[-1].kind)
        else:
            kept.append(span)
    return kept
