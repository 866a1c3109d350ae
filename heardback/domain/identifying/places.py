"""Where somebody lives: postcodes and addresses."""

import re
from collections.abc import Iterator

from heardback.domain.identifying.lexicon import Lexicon
from heardback.domain.identifying.numbers import FIGURES, told

Found = Iterator[tuple[int, int]]
# The areas that there are: in small letters "e2 4th" and "b4 5pm" are no postcodes, and a stranger needs capitals.
AREAS = (
    "A[BL]|B[ABDHLNRST]?|C[ABFHMORTVW]|D[ADEGHLNTY]|E[CHNX]?|F[KY]|G[LUY]?|H[ADGPRSUX]|I[GMPV]|JE|K[ATWY]|L[ADELNSU]?|M[EKL]?"
    "|N[EGNPRW]?|O[LX]|P[AEHLOR]|R[GHM]|S[AEGKLMNOPRSTWY]?|T[ADFNQRSW]|UB|W[ACDFNRSV]?|YO|ZE|ZZ"
)
UNITS = "(?!st|nd|rd|th|am|pm|km|cm|mm|kg|hr|gb|mb|tb|of|to|in|on|at|by|we|is|or|so|do|me|my|no|up|us|if|as|an|it|he)"
POSTCODE = re.compile(
    r"\b(?:GIR ?0AA|[A-Z]{1,2}\d[A-Z\d]?[ -]{0,2}[\dO](?!TH\b|ST\b|ND\b|RD\b|AM\b|PM\b)[A-Z]{2})\b"
    rf"|\b(?i:(?:{AREAS})[1-9][a-z\d]?(?: {{1,2}}[\do]{UNITS}[abd-hjlnp-uw-z]{{2}}"
    r"|[\do](?!am|pm|th|st|nd|rd)[a-z]{2}))\b"
)
SAID_TO_BE_A_POSTCODE = re.compile(
    r"\bpost ?code\b(?:[ :-]|is\b|was\b|['’]s\b){0,4}"
    r"(?P<it>[a-z] ?(?:[a-z] ?)?\d ?(?:[a-z\d][ -]{0,2})?-?\d ?[a-z] ?[a-z])\b",
    re.IGNORECASE,
)
OUTWARD = re.compile(
    rf"\b(?:live|lives|lived|living|stay|stays|staying|from|moved|move|based|area|postcode|home|house|flat|people|kids"
    r"|families|those|us)"
    rf"(?: is| are|:)?(?: (?:in|at|to|near|around|round|of|the|over|out))?(?: the)?(?-i: [A-Z][a-z]{{2,15}})? "
    rf"(?P<it>(?:{AREAS})\d{{1,2}}[A-Z]?)\b"
    r"(?! ?(?:class|bus|room|form|paper|level|stop|team|set|group|english|paper|motorway|road)|[:.]?\d)",
    re.IGNORECASE,
)
A_POSTCODE = re.compile(r"[^\W\d_]\d|GIR 0")  # a letter before a figure, without which there is none
STREETS = "road|rd|street|avenue|ave|crescent|cres|terrace|terr|grove|gardens|gdns|mews|lane|ln|boulevard"
# Ordinary words too ("10 minutes walk"), so these need capitals, or words that lead to a home.
WORDLIKE = (
    "close|drive|way|court|ct|place|hill|park|row|walk|square|sq|green|rise|view|parade|croft|wharf|quay|gate|bank|fold|st"
    "|circus|dale|meadows?|mead|villas|approach|path|passage|yard|broadway|embankment|end|common|field|fields|chase|cottages?"
)
BLOCKS = (
    "house|court|tower|towers|point|heights|lodge|mansions|buildings?|quayside|block|apartments|place|view|wharf|estate"
)
CAPITAL_KINDS = f"{WORDLIKE}|{BLOCKS}".title()
NO_NAME = (
    "the|a|an|of|to|at|in|on|by|my|our|your|his|her|their|its|this|that|these|those|same|whole|"
    "every|each|any|no|some|all|one|both|and|or|but|for|from|with|as|is|was|are|new|old|big|"
    "busy|main|next|last|other|another|different|local|nearest|after|before|during|off|down|up|"
    "between|since|into|outside|near|across|over|min|mins|minutes?|miles?|metres?|yards?|hours?|days?|"
    "weeks?|months?|years?|yr|times?|people|kids|children|more|hate|like|love|left|start|started|"
    "finish|missed|miss|leave|skip|back|go|goes|went|get|so|when|if|because|cos|about|not|at|day|"
    "i|we|you|he|she|they|it|please|open|make|keep"
)
NAMING = rf"(?!(?:{NO_NAME})\b)[^\W\d_][\w'’-]{{1,24}}\.?"
CAPITAL = rf"(?=[A-Z])(?!(?i:{NO_NAME})\b)[A-Z][\w'’-]{{0,24}}\.?"
UNIT = r"(?:(?i:flat|room|apartment|apt|unit|block|tower) ?(?:\d{1,3}[a-zA-Z]?|[A-Z])\b,? {0,2})"
DOOR = rf"\b{UNIT}{{0,2}}(?:(?i:number|no\.?|num) ?)?\d{{1,4}}[a-zA-Z]?,? "
POSTCODE_NEXT = r"(?=,? [A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}\b)"
HOUSE_NAME = r"(?:\b(?:The )?[A-Z][\w'’-]{1,24}(?: [A-Z][\w'’-]{1,24}){0,2}, )?"
HOME = (
    r"\b(?i:(?:live|lives|lived|living|stay|stays|staying|house is|home is|address is|address:|flat is)"
    r"(?: (?:on|at|in|to|near|over|up|down|with my \w{2,8}|with \w{2,8})){0,3}"
    r"|(?:moved|rehoused|moved (?:us|me|him|her)|move|i['’]?m|im|am|we['’]re|are)"
    r"(?: (?:on|at|in|to|near|over|still|now)){1,3}) "
)
ONES = "one|two|three|four|five|six|seven|eight|nine"
TENS = "twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety"
DOORS = f"{ONES}|{TENS}|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen"
DOOR_IN_WORDS = rf"(?:{TENS})[ -](?:{ONES})|{DOORS}"
# Each with what every one of its patterns needs: to look for that takes a fraction of the time.
BY_NEED = (
    # a door and its street, or a street that has no other name
    (re.compile(r"\d[a-zA-Z]?,? [^\W\d_]"), (
        re.compile(rf"{HOUSE_NAME}{DOOR}(?:(?i:{NAMING}) ){{1,3}}(?i:{STREETS})\b"),
        re.compile(rf"{HOUSE_NAME}{DOOR}(?:{CAPITAL} ){{1,3}}(?:{CAPITAL_KINDS})\b"),
        re.compile(rf"{DOOR}(?:[A-Z][\w'’-]{{0,24}} ){{1,2}}[A-Z][\w'’-]{{0,24}}{POSTCODE_NEXT}"),
        re.compile(rf"{DOOR}(?i:the (?:crescent|avenue|grove|terrace|mews|boulevard))\b"),
    )),
    # a door, a house or a street where somebody lives
    (re.compile(HOME), (
        re.compile(rf"{HOME}(?P<it>{DOOR}(?:(?i:{NAMING}) ){{1,3}}(?i:{STREETS}|{WORDLIKE}|{BLOCKS}))\b"),
        re.compile(rf"{HOME}(?P<it>(?:(?i:{NAMING}) ){{1,3}}(?i:{STREETS}))\b"),
        re.compile(rf"{HOME}(?P<it>(?:{CAPITAL} ){{1,3}}(?i:{WORDLIKE}|{BLOCKS})(?:,? {UNIT})?)\b"),
    )),
    # a flat, alone or with its house
    (re.compile(r"\b(?:flat|room|apartment|apt|unit|block|tower)", re.IGNORECASE), (
        re.compile(r"\b(?i:flat|apartment|apt) \d{1,3}[a-zA-Z]?\b"),
        re.compile(rf"\b{UNIT}{{1,3}}(?:(?i:{NAMING}) ){{1,3}}(?i:{BLOCKS})\b"),
    )),
    (re.compile(" Estate"), (re.compile(rf"\b(?:{CAPITAL} ){{1,3}}Estate\b"),)),
    # a door in words
    (re.compile(rf" (?:{STREETS.title()})"), (
        re.compile(rf"\b(?i:(?:number )?(?:{DOOR_IN_WORDS})) (?:{CAPITAL} ){{1,2}}(?:{STREETS.title()})\b"),
    )),
    # a street with somebody's home behind it
    (re.compile(" where (?:i|we|he|she|they|my) "), (
        re.compile(
            rf"\b(?P<it>(?:{CAPITAL} ){{1,2}}(?i:{STREETS}))"
            r"(?=,? where (?:i|we|he|she|they|my \w{2,9}) (?:live|stay))"
        ),
    )),
)  # fmt: skip
ESTATE = re.compile(r"\bthe (?P<it>(?P<name>[a-z][\w'’-]{2,24}) estate)\b", re.IGNORECASE)


def find_postcodes(text: str) -> Found:
    """Whole ones in any case; the first half ("N7") where the words say that somebody lives there."""
    if FIGURES.search(text):
        patterns = (POSTCODE, OUTWARD, SAID_TO_BE_A_POSTCODE) if A_POSTCODE.search(text) else (SAID_TO_BE_A_POSTCODE,)
        yield from (told(match) for pattern in patterns for match in pattern.finditer(text))


def find_addresses(text: str, lexicon: Lexicon) -> Found:
    """A door and a street, a flat and its house, an estate; a street or house alone where somebody lives there."""
    patterns = (pattern for need, patterns in BY_NEED if need.search(text) for pattern in patterns)
    yield from (told(match) for pattern in patterns for match in pattern.finditer(text))
    for match in ESTATE.finditer(text):
        if not lexicon.is_ordinary(match["name"].lower()):
            yield match.span("it")
