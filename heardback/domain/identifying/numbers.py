"""Numbers that belong to one person: phone, NHS, National Insurance, pupil, case, car."""

import re
from collections.abc import Iterator

from phonenumbers import NumberParseException, is_possible_number, parse

Found = Iterator[tuple[int, int]]
NHS_WEIGHTS = range(10, 1, -1)
FIGURES = re.compile(r"\d")  # most comments hold none, and need not be read by what looks for them
GAP = r"[ \t\u00a0().–_-]{0,3}"
FIGURE = (
    "(?:zero|oh|o|nought|one|two|three|four|five|six|seven|eight|nine|hundred|double|treble|triple"
    "|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|\\d{1,5})"
)
DATED = r"(?!\d{1,2}[./-]\d{1,2}[./-](?:19|20)\d\d)"
PHONE = re.compile(
    rf"(?:(?<![\d/#£$€])(?<!\d\.)(?:{DATED}(?:(?:\+|00){GAP}44{GAP}(?:\(?0\)?)?(?:{GAP}[\doO]){{9,10}}"
    rf"|07\d{{3}} ?/ ?\d{{3}} ?/? ?\d{{3}}|\(?0(?:{GAP}[\doO]){{9,10}}|7\d{{3}}[ .-]?\d{{3}}[ .-]?\d{{3}}))"
    rf"|(?<!\w)[oO](?:{GAP}[\doO]){{9,10}})(?![\d/])"
)
ABROAD = re.compile(r"(?<![\w.])(?:\+|00)[1-9](?:[ ().-]{0,2}\d){6,14}(?!\d)")
SPOKEN = re.compile(
    rf"\b(?:zero|oh|o|nought|0\d{{0,4}})(?:[ ,-]{{1,2}}{FIGURE}){{5,13}}\b|\b0\d{{3,4}}(?:[ ,-]{{1,2}}{FIGURE}){{4}}\b",
    re.IGNORECASE,
)
DOUBLED = re.compile(r"double|treble|triple", re.IGNORECASE)
SHORT = re.compile(
    r"\b(?:ring|call|text|txt|tel|telephone|phone|mobile|mob|number|landline|whats ?app)\b[ :.#]{0,3}"
    r"(?:(?:me|us|him|her|them|my mum|my dad|is|on|at|no)\b[ :.]{0,2}){0,3}"
    r"(?P<it>\d{3,4}[ -]?\d{3,4}(?:[ -]?\d{1,3})?)(?![\d:/%]|\w)",
    re.IGNORECASE,
)
NHS_NUMBER = re.compile(r"(?<![\d+])\d{3}(?P<gap>[ .-]{0,2})\d{3}[ .-]{0,2}\d{4}(?!\d)")
SAID_TO_BE_NHS = re.compile(
    r"\bnhs\b(?:[ :.#-]|no\b|num\b|number\b|is\b|was\b){0,6}(?P<it>\d(?:[ .-]{0,2}\d){9})(?!\d)", re.IGNORECASE
)
NI_NUMBER = re.compile(
    r"\b[A-Z][ .-]?[A-Z](?:[ .-]{0,2}\d\d){3}[ .-]{0,2}[A-D]\b"
    # Without its last letter it looks like any other code, so the prefix must be one that is given out.
    r"|\b(?!BG|GB|NK|KN|TN|NT|ZZ)[ABCEGHJ-PRSTW-Z][ABCEGHJ-NPRSTW-Z](?:[ .-]?\d\d){3}\b"
    r"|\b(?:n\.?i\.?|nino|national insurance)\b(?:[ :.#-]|no\b|number\b|is\b){0,6}"
    r"(?P<it>[A-Z]{2}(?:[ .-]?\d\d){3}[ .-]?[A-Z]?)\b",
    re.IGNORECASE,
)
PUPIL_NUMBER = re.compile(r"\b[A-HJ-NP-RT-Z]\d{11}[\dA-Z]\b", re.IGNORECASE)
FILES = "case|complaint|claim|file|application|client|pupil|student|patient|hospital|child|ehcp?"
CASE_NUMBER = re.compile(
    rf"\b(?:(?:(?:{FILES})[ .]{{1,2}})?(?:ref|reference|number|num|no|nr|id|upn|urn|crn)"
    rf"|(?:{FILES})(?= [A-Z]{{1,5}}\d{{3}}))\b"
    r"\.?(?: (?:no|num|number)\b)?(?: is| was|['’]s|:|#| -|-){0,2} {0,2}"
    r"(?P<it>(?=[A-Z/-]{0,12}\d)[A-Z\d]{1,12}(?:[/-][A-Z\d]{1,12}){0,4})\b(?![:.]\d)"
    r"|\b[A-Z]{1,5}[/-]\d{2,4}[/-]\d{3,8}\b"
    r"|\b(?-i:[A-Z]{2,5})[/-](?!(?:19|20)\d\d\b)\d{4,8}\b(?:/[A-Z\d]{1,4}\b)?",
    re.IGNORECASE,
)
YEARS = re.compile(r"(?:19|20)\d\d(?:[/-]\d{2,4})?")
CAR = re.compile(
    r"\b(?!YR|KS)[A-Z]{2}\d\d ?[A-Z]{3}\b"
    r"|\b(?i:reg|registration|number ?plate|plate|car|van|taxi|minibus|driver)\b[^.\n\d]{0,24}?"
    r"(?P<it>\b(?i:[a-z]{2}\d\d ?[a-z]{3}|[a-z]\d{1,3} ?[a-z]{3}|[a-z]{3} ?\d{1,3}[a-z])\b)"
)


def find_phones(text: str) -> Found:
    """By shape: spaced, dotted, bracketed, with the letter O for nought, in words; from abroad by `phonenumbers`."""
    yield from (match.span() for match in SPOKEN.finditer(text) if _is_spoken(match.group()))
    if FIGURES.search(text):
        yield from (match.span() for match in PHONE.finditer(text) if _figures(match.group()) > 5)
        yield from (match.span("it") for match in SHORT.finditer(text))
        yield from (match.span() for match in ABROAD.finditer(text) if _is_possible(match.group()))


def _is_spoken(number: str) -> bool:
    """Enough of it in words; or in figures of which some are told as "double nine"."""
    figures = _figures(number)
    return len(number) - figures > 20 or (figures > 6 and bool(DOUBLED.search(number)))


def _figures(text: str) -> int:
    return sum(letter.isdigit() for letter in text)


def _is_possible(number: str) -> bool:
    try:
        return is_possible_number(parse(re.sub("^00", "+", number), None))
    except NumberParseException:
        return False


def find_nhs_numbers(text: str) -> Found:
    """Ten figures are one if set 3-3-4, if the letters NHS stand just before, or if the check digit is right.

    However it is set, it is one behind "NHS number".
    """
    for match in NHS_NUMBER.finditer(text) if FIGURES.search(text) else ():
        figures = [int(figure) for figure in match.group() if figure.isdigit()]
        before = text[max(0, match.start() - 30) : match.start()].lower()
        if match["gap"] or "nhs" in before or check_digit(figures[:9]) == figures[9]:
            yield match.span()
    said = (match for match in SAID_TO_BE_NHS.finditer(text) if not NHS_NUMBER.fullmatch(match["it"]))
    yield from (match.span("it") for match in said)


def check_digit(figures: list[int]) -> int:
    """Modulo 11, as the NHS Data Dictionary gives it; 10 never occurs."""
    weighted = sum(figure * weight for figure, weight in zip(figures, NHS_WEIGHTS, strict=True))
    return (11 - weighted % 11) % 11


def find_ni_numbers(text: str) -> Found:
    """Two letters, six figures, A to D; or, under a prefix that is given out, without the last letter."""
    if FIGURES.search(text):
        yield from (told(match) for match in NI_NUMBER.finditer(text))


def find_references(text: str) -> Found:
    """Pupil numbers by shape; case numbers by shape or by the words before them, never a year or a short count."""
    if not FIGURES.search(text):
        return
    yield from (match.span() for match in PUPIL_NUMBER.finditer(text))
    for match in CASE_NUMBER.finditer(text):
        start, end = told(match)
        if _figures(text[start:end]) > 3 and not YEARS.fullmatch(text, start, end):
            yield start, end


def find_cars(text: str) -> Found:
    """Number plates: today's shape in capitals, any shape where the words speak of a car."""
    if FIGURES.search(text):
        yield from (told(match) for match in CAR.finditer(text))


def told(match: re.Match[str]) -> tuple[int, int]:
    """Where a pattern needs words before what it finds ("my insta is …"), its last named group is the find."""
    return match.span(match.lastgroup) if match.lastgroup else match.span()
