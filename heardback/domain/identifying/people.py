"""People's names: by list, by their capital, and by the words around them."""

from collections.abc import Iterable, Iterator

from heardback.domain.identifying import cues
from heardback.domain.identifying.lexicon import Lexicon
from heardback.domain.identifying.reading import NOBODY, Reading
from heardback.domain.identifying.rules import RULES, fits_small, is_inflected, is_somebody_called, titled
from heardback.domain.identifying.tokens import Token

LONGEST = 4


def find_people(text: str, lexicon: Lexicon, places: Iterable[int] | None = None) -> Iterator[tuple[int, int]]:
    """Where names stand, with title and surname ("Miss Patel", "Josh Taylor").

    `places` are the words with which one can begin, where `NameSigns` has told; otherwise each is tried.
    """
    reading = Reading(text, lexicon)
    tried = range(len(reading.tokens)) if places is None else places
    found = {place for place in tried if _is_name(reading, place, reading.at(place))}
    found |= _beside(reading, found)
    last = -1
    for place in sorted(found):
        if place > last:
            first, last = _whole(reading, place)
            yield reading.at(first).start, reading.at(last).end


def _is_name(reading: Reading, place: int, token: Token) -> bool:
    lexicon = reading.lexicon
    if lexicon.is_given(token.lower) and not _is_an_acronym(reading, token):
        return not _is_of_a_place(reading, place)
    if len(token.word) == 1 and not token.capital:
        return titled(reading, place)
    if token.lower in cues.NEVER or (
        not token.capital and token.lower in lexicon.ordinary and token.lower not in lexicon.words
    ):
        return False
    if token.lower in lexicon.not_people and token.lower not in lexicon.words:
        return token.capital and (titled(reading, place) or is_somebody_called(reading, place))
    if not token.capital and token.lower not in lexicon.words and lexicon.is_ordinary(token.lower):
        return False
    return not _is_of_a_place(reading, place) and any(rule(reading, place) for rule in RULES)


def _is_an_acronym(reading: Reading, token: Token) -> bool:
    """NINO, EHCP: a few capitals among small letters."""
    return 1 < len(token.word) < 5 and token.word.isupper() and not reading.text.isupper()


def _is_of_a_place(reading: Reading, place: int) -> bool:
    """Stanley Park, St George's, the Grace Centre."""
    following = reading.at(place + 1)
    if following.capital and following.joins and following.lower in cues.PLACE_NOUNS:
        return True
    return reading.at(place).capital and reading.at(place - 1).capital and reading.before(place) in cues.CROWNED


def _beside(reading: Reading, found: set[int]) -> set[int]:
    """What "and" or a comma joins to a name, and to that in turn: Tommo and Gaz; rico, nico and leo."""
    more: set[int] = set()
    waiting = sorted(found)
    while waiting:
        place = waiting.pop()
        for step in (1, -1):
            and_between = reading.at(place + step).lower in cues.JOINS
            other = place + 2 * step if and_between else place + step
            joined = _fits_beside(reading, other) if and_between else _is_joined(reading, other, step)
            if joined and other not in found and other not in more:
                more.add(other)
                waiting.append(other)
    return more


def _is_joined(reading: Reading, place: int, step: int) -> bool:
    """Whether a comma or "&" alone stands between a word and the name beside it."""
    gap = reading.at(place if step > 0 else place + 1).gap.strip()
    return (
        gap in ("&", "+", ",", "/")
        and _fits_beside(reading, place)
        and (gap != "," or reading.at(place).capital or reading.is_in_a_list(place))
    )


def _fits_beside(reading: Reading, place: int) -> bool:
    token = reading.at(place)
    if token.lower in cues.NEVER or not reading.may_name(token) or token.lower in cues.TIMES - cues.GIVEN_TIMES:
        return False
    if token.capital:
        return not _is_of_a_place(reading, place) and (
            reading.is_word(token) or token.lower not in reading.lexicon.not_people
        )
    return (
        token.lower not in cues.TIMES
        and fits_small(reading, place)
        and (reading.ends(place) or reading.behind(place) in cues.BEING | cues.JOINS | cues.DEEDS)
    )


def _whole(reading: Reading, place: int) -> tuple[int, int]:
    """The places of the first and the last word of a name: its title, its middle name, its surname."""
    first = last = place
    while last - place < LONGEST and _continues(reading, last):
        last += 1
    while last > place and reading.at(last).lower in cues.PARTICLES:
        last -= 1
    while place - first < LONGEST and _precedes(reading, first):
        first -= 1
    return first, last


def _continues(reading: Reading, place: int) -> bool:
    """Whether the next word belongs to the name that this one is of."""
    token, following = reading.at(place), reading.at(place + 1)
    initial = len(token.word) == 1 and following.gap == ". "
    if token.owns or not ((following.joins and following.gap) or initial):
        return False
    if following.word == "A" and (reading.ends(place + 1) or reading.behind(place + 1) in cues.JOINS | cues.BEING):
        return True
    if following.lower in cues.NEVER:
        return False
    if following.lower in cues.PARTICLES:
        return _leads_on(reading, place + 2) or (
            reading.at(place + 2).lower in cues.PARTICLES and _leads_on(reading, place + 3)
        )
    if not following.capital:
        return _is_small_surname(reading, place + 1)
    if following.lower in reading.lexicon.not_people or following.lower in cues.PLACE_NOUNS:
        return False
    return reading.may_name(following) or following.lower in reading.lexicon.surnames or len(following.word) == 1


def _leads_on(reading: Reading, place: int) -> bool:
    return reading.at(place).capital and reading.at(place).joins


def _is_small_surname(reading: Reading, place: int) -> bool:
    token = reading.at(place)
    if len(token.word) == 1:
        return token.lower not in "ianxury" and reading.behind(place) in cues.BEING | cues.DEEDS | {""}
    if not reading.is_unlisted(token):
        return False
    closes = reading.ends(place) or reading.behind(place) in cues.DONE_BY_ONE | cues.DEEDS | cues.JOINS
    return token.lower in reading.lexicon.surnames or (closes and not is_inflected(reading, token))


def _precedes(reading: Reading, place: int) -> bool:
    """Whether the word before belongs to the name: a title, or another name with a capital."""
    token, previous = reading.at(place), reading.at(place - 1)
    if token.gap == ". " and (len(previous.word) == 1 or previous.lower in cues.TITLES):
        return previous.capital or previous.lower in cues.SURE_TITLES
    if not (token.joins and token.gap) or previous is NOBODY or previous.owns:
        return False
    if (
        previous.lower in cues.TITLES
        or previous.lower in cues.OLDER_KIN
        or (previous.lower in cues.KIN_TITLES and previous.capital)
    ):
        return titled(reading, place)
    if not (previous.capital and token.capital) or previous.lower in cues.NEVER:
        return False
    if previous.lower in reading.lexicon.surnames and not reading.lexicon.is_ordinary(previous.lower):
        return True  # "Li Wei": in some languages the surname comes first
    return reading.is_unlisted(previous) and (not previous.opens or token.lower in reading.lexicon.surnames)
