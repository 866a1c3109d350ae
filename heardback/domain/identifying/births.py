"""Dates of birth: after words that say so, or a day whose year is too long ago for anything else in a comment."""

import re
from collections.abc import Iterator

from heardback.domain.identifying.numbers import FIGURES, told

MONTHS = (
    "jan(?:uary)?|feb(?:ruary|uary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    "|nov(?:ember)?|dec(?:ember)?"
)
NTH_IN_WORDS = (
    "(?:(?:twenty|thirty)[ -])?(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth)|tenth"
    "|eleventh|twelfth|(?:thir|four|fif|six|seven|eigh|nine)teenth|twentieth|thirtieth"
)
NTH = rf"(?:\d{{1,2}} ?(?:st|nd|rd|th)?|(?:{NTH_IN_WORDS}))"
YEAR_IN_WORDS = (
    r"(?:two thousand|nineteen|twenty)(?:(?: and|-)? ?(?:oh|one|two|three|four|five|six|seven|eight|nine|ten|eleven"
    r"|twelve|\w{3,6}teen|twenty|\w{3,6}ty)){1,2}"
)
YEAR = rf"(?:['’]?(?:(?:19|20)\d\d|\d\d)\b|{YEAR_IN_WORDS}\b)"
DAY_MONTH = rf"(?:{NTH} {{0,2}}(?:of )?(?:{MONTHS})|(?:{MONTHS})\.? {{0,2}}(?:the )?{NTH})\b\.?"
DATE = (
    rf"(?:\d{{1,2}} ?[/.\- ] ?\d{{1,2}} ?[/.\- ] ?{YEAR}|(?:19|20)\d\d[/.-]\d{{1,2}}[/.-]\d{{1,2}}"
    rf"|{DAY_MONTH}(?:,? {{0,2}}{YEAR})?|(?:{MONTHS})\.? (?:19|20)\d\d)"
)
CUE = (
    r"\b(?:d\.? ?o\.? ?b\.?|date of birth|birth ?da(?:y|te)s?|birth date|born|b-?days?"
    r"|turn(?:s|ed|ing)? (?:\d{1,2}|[a-z]{3,9})|(?:will be|i['’]?ll be|i['’]?m|he['’]?s|she['’]?s|is) \d{1,2}(?= on))"
)
BETWEEN = r"(?:[ :,;(=-]|['’]s|\b(?:is|was|on|in|it)\b){0,8}"
CUED = re.compile(r"\b(?:born|birth|b-?days?\b|dob\b|turn)", re.IGNORECASE)
PAST_YEAR = re.compile(r"19[3-9]\d|20[01]\d")  # found in a fiftieth of the time that a whole date takes
SAID = re.compile(rf"{CUE}{BETWEEN}(?P<it>(?:the )?(?:{DATE}|\d{{6}}\b|\d{{8}}\b)(?!\d))", re.IGNORECASE)
LONG_AGO = re.compile(
    r"(?<![\d/.-])\d{1,2}[/.-]\d{1,2}[/.-](?:19[3-9]\d|20(?:0\d|1[0-7]))(?!\d)"
    rf"|(?<!since )(?<!until )(?<!\d){NTH} (?:of )?(?:{MONTHS}),? (?:19[3-9]\d|20(?:0\d|1[0-7]))\b",
    re.IGNORECASE,
)


def find_birth_dates(text: str) -> Iterator[tuple[int, int]]:
    """A day, with or without its year. An age, or a year alone, is none."""
    if FIGURES.search(text) or CUED.search(text):
        yield from (told(match) for match in SAID.finditer(text))
    if PAST_YEAR.search(text):
        yield from (match.span() for match in LONG_AGO.finditer(text))
