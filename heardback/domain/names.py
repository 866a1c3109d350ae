"""People's names in a comment: by list, by capital and place in the sentence, and by the words around them."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Self

WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")
POSSESSIVE = re.compile(r"['’]s?$")
SENTENCE_START = re.compile(r"(?:^|[.!?:;\n(\"“]\s*)$")
# Not names, though they follow a name or "called" with a capital.
NEVER = frozenset({
    "i", "i'm", "i’m", "im", "and", "the", "a", "an", "is", "was", "are", "he", "she", "it", "they", "we", "you",
    "who", "at", "in", "on", "of", "to", "for", "from", "with", "but", "so", "because", "please", "also", "mr",
    "mrs", "miss", "ms", "dr", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "my",
    "our", "no", "yes", "not", "me", "him", "her", "them", "us", "that", "this", "what", "when", "why", "how",
})  # fmt: skip
MONTHS = frozenset({
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december", "jan", "feb", "mar", "apr", "jun", "jul", "aug", "sept", "sep", "oct", "nov", "dec",
})  # fmt: skip
BEFORE_MONTHS = frozenset({
    "in", "on", "since", "until", "till", "from", "by", "this", "last", "next", "every", "of", "during", "mid",
    "early", "late", "end", "before", "after", "for", "and",
})  # fmt: skip
TITLED = re.compile(
    r"\b(?:(?:Mr|Mrs|Ms|Miss|Mx|Dr|Sir|Coach|Auntie|Aunty|Aunt|Uncle|Nurse|PC|DC|Sgt|Nanny|Prof|Professor)\.? "
    r"(?P<capital>[A-Z][\w'’-]{1,24})|(?i:mr|mrs|ms|mx|dr)\.? (?P<any>[^\W\d_][\w'’-]{1,24}))"
)
CALLED = re.compile(
    r"\b(?:(?i:called|named|name is|name['’]?s|names|i am|i['’]?m|this is)|From|Love|Signed),? "
    r"(?P<capital>[A-Z][a-z'’-]{1,24})\b"
    r"|\b(?i:named|(?:my|her|his) name is|my name['’]?s|my names) (?P<any>[^\W\d_][\w'’-]{1,24})"
)
RELATIVES = "worker|mate|friend|brother|sister|son|daughter|cousin|teacher|coach|carer|nephew|niece"
RELATED = re.compile(
    rf"\b(?i:{RELATIVES}|mum|dad|nan|nanny|boy|girl|little one|tell|ask|ring|phone|contact),? "
    r"(?P<capital>[A-Z][a-z]{1,24}(?:-[A-Z][a-z]{1,24})?)\b"
)
DOUBLE_BARRELLED = re.compile(r"\b(?P<capital>[A-Z][a-z'’]{1,24}) (?=[A-Z][a-z'’]{1,24}-[A-Z][a-z'’]{1,24}\b)")
WHO = re.compile(rf"\b(?:{RELATIVES}|called|named|miss|name is|my names?) $", re.IGNORECASE)
SURNAME = re.compile(r" ([A-Z][\w'’-]{0,24})(?!\w)")
PLACE_BEFORE = re.compile(r"[\w,] [A-Z][\w'’-]* $")  # "at Marsh Dale": Dale is no person


@dataclass(frozen=True)
class KnownNames:
    """The names that a council's lists hold, in lower case, and its places as one pattern."""

    given: frozenset[str]
    words: frozenset[str]
    places: re.Pattern[str]

    @classmethod
    def of(cls, given: Iterable[str], words: Iterable[str], places: Iterable[str], staff: Iterable[str] = ()) -> Self:
        """From the lists as they are written. Of staff the first name counts in any case, the others with a capital."""
        people = [person.lower().split() for person in staff if person.split()]
        ambiguous = {*(word.lower() for word in words), *(part for person in people for part in person[1:])}
        known = {*(name.lower() for name in given), *(person[0] for person in people)}
        listed = "|".join(re.escape(place) for place in sorted(places, key=len, reverse=True))
        return cls(
            frozenset(known - ambiguous),
            frozenset(ambiguous),
            re.compile(rf"\b(?:{listed})\b" if listed else r"(?!)", re.IGNORECASE),
        )


def name_spans(text: str, known: KnownNames) -> list[tuple[int, int]]:
    """Where names stand, surname included ("Josh Taylor"), as start and end. Spans may overlap."""
    found = [*_listed(text, known), *_introduced(text)]
    return [(start, end if text.isupper() else _with_surname(text, end)) for start, end in found]


def _listed(text: str, known: KnownNames) -> Iterator[tuple[int, int]]:
    for match in WORD.finditer(text):
        word = POSSESSIVE.sub("", match.group())
        lower = word.lower()
        parts = {lower, *lower.split("-")}
        is_name = bool(parts & known.given) or (bool(parts & known.words) and _is_meant_as_name(text, match, lower))
        if is_name:
            yield match.start(), match.start() + len(word)


def _is_meant_as_name(text: str, match: re.Match[str], word: str) -> bool:
    """Grace, Will, May: a capital inside a sentence, or words before it that a person follows."""
    before = text[max(0, match.start() - 40) : match.start()]
    last = (before.split() or [""])[-1]
    if word in MONTHS and last.lower() in BEFORE_MONTHS | MONTHS:
        return False
    if WHO.search(before):
        return True
    within = not SENTENCE_START.search(before) and not PLACE_BEFORE.search(before)
    return within and match.group()[0].isupper() and not match.group().isupper()


def _introduced(text: str) -> Iterator[tuple[int, int]]:
    """Names that no list holds, after a title or after "called" and the like."""
    for pattern in (TITLED, CALLED, RELATED, DOUBLE_BARRELLED):
        for match in pattern.finditer(text):
            group = "capital" if match["capital"] else "any"
            word = POSSESSIVE.sub("", match[group])
            if word.lower() not in NEVER | MONTHS:
                yield match.start(group), match.start(group) + len(word)


def _with_surname(text: str, end: int) -> int:
    """The end of the capital words that follow a name: its surname, or the initial of one."""
    for _ in range(2):
        following = SURNAME.match(text, end)
        if not following or POSSESSIVE.sub("", following[1]).lower() in NEVER | MONTHS:
            return end
        end = following.end() - (len(following[1]) - len(POSSESSIVE.sub("", following[1])))
    return end
