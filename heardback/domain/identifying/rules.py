"""The ways in which the words around a word say that it is somebody's name, one rule each."""

from collections.abc import Callable

from heardback.domain.identifying import cues
from heardback.domain.identifying.reading import Reading
from heardback.domain.identifying.tokens import Token

INFLECTED = (
    "ed",
    "es",
    "ss",
    "ts",
    "ks",
    "ls",
    "ms",
    "ps",
    "hs",
    "ws",
    "ds",
    "ing",
    "in",
    "hd",
    "kd",
    "pd",
    "nt",
    "ly",
    "ful",
    "ness",
)
THINGLIKE = (
    "ing",
    "ion",
    "ions",
    "ness",
    "ment",
    "ments",
    "ive",
    "ity",
    "ful",
    "ous",
    "able",
    "ies",
    "ics",
    "ism",
    "age",
    "ship",
    "ly",
)
Rule = Callable[[Reading, int], bool]


def titled(reading: Reading, place: int) -> bool:
    """Behind Mr, Miss, Dr; behind uncle and coach with a capital or by list."""
    token, title = reading.at(place), reading.at(place - 1)
    if token.gap not in (" ", ". ") or token.lower in cues.NEVER or title.owns:
        return False
    if len(token.word) == 1:
        return title.lower in cues.SURE_TITLES or (title.lower == "miss" and (title.capital or token.capital))
    if title.lower in cues.SURE_TITLES:
        return token.capital or reading.may_name(token) or token.lower in reading.lexicon.surnames
    if title.lower == "miss" and not token.capital:
        known = token.lower in reading.lexicon.surnames or reading.is_unlisted(token)
        return known and reading.before(place, 2) not in cues.MISSING
    if title.lower in cues.TITLES:
        return token.capital and (title.capital or reading.may_name(token)) and token.lower not in cues.TIMES
    return title.lower in cues.KIN_TITLES and reading.may_name(token) and (token.capital or fits_small(reading, place))


def fits_small(reading: Reading, place: int) -> bool:
    """Whether a word without a capital may still be a name here: "my brother will go" names nobody."""
    token = reading.at(place)
    if token.lower not in cues.HELPERS:
        return True
    return reading.ends(place) or reading.behind(place) in cues.DONE_BY_ONE | cues.JOINS


def _related(reading: Reading, place: int) -> bool:
    """My friend jayden; my support worker, Gwendolyn; the twins Ibrahim and Ismail."""
    token = reading.at(place)
    if reading.before(place) not in cues.RELATED or not reading.may_name(token):
        return False
    if token.capital:
        return token.gap in (" ", ", ", " (", " - ", ": ") and token.lower not in cues.TIMES
    if reading.before(place) in cues.PLURALS and not reading.is_in_a_list(place):
        return False
    return token.joins and fits_small(reading, place) and not is_inflected(reading, token)


def is_inflected(reading: Reading, token: Token) -> bool:
    """Whether an unlisted word looks like a verb, misspelt or not: "dad thrashd me" names nobody."""
    return reading.is_unlisted(token) and token.lower.endswith(INFLECTED)


def _called(reading: Reading, place: int) -> bool:
    """Called X, named X, my name is X, they call me X; a game that is called X is nobody."""
    token, before = reading.at(place), reading.before(place)
    if before in cues.CALLED_WHOM and reading.before(place, 2) in cues.CALLS:
        return token.capital
    named = before in cues.CALLED or (
        before in ("is", "are", "was", "by", "as") and reading.before(place, 2) in cues.NAMED
    )
    thing = any(reading.before(place, back) in cues.THINGS for back in range(2, 6))
    return named and not thing and (token.capital or reading.may_name(token))


def is_somebody_called(reading: Reading, place: int) -> bool:
    """A volunteer called Autumn."""
    return reading.before(place) in ("called", "named") and reading.before(place, 2) in cues.RELATED


def _introduced(reading: Reading, place: int) -> bool:
    """I am X, this is X, hi its X; without a capital by list alone, for "im knackered" is no name."""
    token, before = reading.at(place), reading.before(place)
    leads = before in ("i'm", "i’m", "im") or (
        before in ("am", "is", "it") and reading.before(place, 2) in ("i", "this", "hi", "its")
    )
    leads = leads or (before == "it" and reading.at(place - 1).owns) or (before == "its" and reading.is_word(token))
    return leads and token.capital and reading.may_name(token) and token.lower not in cues.TIMES


def _signed(reading: Reading, place: int) -> bool:
    """Love from X; X, age 7: at the very end."""
    token = reading.at(place)
    rest = len(reading.tokens) - place
    following = reading.behind(place)
    if reading.before(place) not in cues.SIGNS_OFF or not reading.may_name(token) or token.lower in cues.TIMES:
        return False
    aged = following in ("age", "aged", "xx", "xxx", "x") or rest == 1
    if token.capital:
        return aged or (rest <= 3 and reading.ends(place + rest - 1))
    return aged and (reading.before(place, 2) == "love" or following in ("age", "aged"))


def _led_to(reading: Reading, place: int) -> bool:
    """With a capital inside a sentence, behind words that lead to somebody: told X, with X, when X, spoke to X."""
    token = reading.at(place)
    if not token.capital or token.opens or not reading.may_name(token) or not token.joins:
        return False
    before = reading.before(place)
    if before in cues.PREPOSITIONS:
        return reading.before(place, 2) in cues.TO_WHOM and token.lower not in cues.TIMES
    if before == "you" and reading.before(place, 2) == "thank":
        return True
    doubtful = token.lower in cues.TIMES or token.lower in reading.lexicon.not_people
    return before in cues.LEADING and (not doubtful or _does_something(reading, place))


def _capital_inside(reading: Reading, place: int) -> bool:
    """A name that is a word too, or a surname, with a capital inside a sentence and no "the" before it."""
    token = reading.at(place)
    listed = reading.is_word(token) or (token.lower in reading.lexicon.surnames and reading.is_unlisted(token))
    if not (token.capital and listed) or token.opens or token.lower in reading.lexicon.not_people:
        return False
    previous = reading.at(place - 1)
    after_a_place = previous.capital and token.joins and not reading.may_name(previous) and not previous.opens
    somewhere = previous.lower in cues.PLACING and not reading.is_word(token)
    somewhere = somewhere or (previous.capital and reading.before(place, 2) in cues.PLACING and token.joins)
    doubtful = previous.lower in cues.DETERMINERS or after_a_place or somewhere
    return not doubtful and token.lower not in cues.TIMES and token.lower not in cues.PLACE_NOUNS


def _does_something(reading: Reading, place: int) -> bool:
    """X said, X hit me, X is kind; each sort of word by what it can do as a person alone."""
    token, after = reading.at(place), place + 1
    if token.capital and token.lower == "will" and reading.behind(place) in cues.DONE_BY_ONE:
        return True
    if token.capital and reading.at(after).capital and reading.may_name(reading.at(after)):
        after += 1  # "Cheng Li wants"
    if reading.at(place + 1).gap not in (" ", "  ") or reading.before(place) in cues.DETERMINERS:
        return False
    deed, then = reading.behind(place, after - place), reading.behind(place, after - place + 1)
    if not token.capital:
        return _harms(reading, place, deed, then)
    if token.lower in cues.TIMES:
        return _is_no_time(deed, then) or _is_akin(reading, place) or _is_at_work(reading, place)
    if not reading.may_name(token) or (token.opens and token.lower.endswith(THINGLIKE)):
        return False
    if then in ("the", "a") and deed in ("is", "was"):
        return reading.behind(place, after - place + 2) in cues.PRAISED
    traits = cues.CHARACTER if reading.is_word(token) or token.opens else cues.PERSONAL
    return (
        deed in cues.DEEDS | cues.CRAFTS
        or _is_akin(reading, place)
        or (deed in cues.BEING and then in traits)
        or _is_at_work(reading, place)
    )


def _harms(reading: Reading, place: int, deed: str, then: str) -> bool:
    """A word without a capital at the beginning of what it does to somebody: "and then tyvone hit me"."""
    token = reading.at(place)
    begins = token.opens or reading.before(place) in cues.BEGINNING
    helper = token.lower in cues.HELPERS and deed not in ("said", "says", "told")
    return begins and deed in cues.HARMS and then in cues.SUFFERING and not helper


def _is_no_time(deed: str, then: str) -> bool:
    """June runs the cafe, Summer told me: what no month and no season does."""
    if deed in cues.CRAFTS:
        return then in ("the", "a", "our", "us")
    if deed in cues.DONE_TO_SOMEBODY:
        return then in cues.SUFFERING
    return deed in ("said", "says", "told", "asked") or (deed == "is" and then in cues.KINDLY)


def _is_akin(reading: Reading, place: int) -> bool:
    """Summer is my sister."""
    return [reading.behind(place, on) for on in (1, 2)] == ["is", "my"] and reading.behind(place, 3) in cues.RELATED


def _is_at_work(reading: Reading, place: int) -> bool:
    """May from the front desk, Dawn at reception."""
    where = {reading.behind(place, on) for on in (2, 3, 4)}
    preposition = reading.behind(place)
    return bool(
        (preposition == "from" and where & cues.WORKPLACES)
        or (preposition in ("at", "on", "in") and where & cues.DESKS)
    )


def _stays(reading: Reading, place: int) -> bool:
    """Is X still there, has X left, can X come."""
    token = reading.at(place)
    asked = reading.before(place) in ("is", "has", "can", "will", "did", "does", "why", "where", "could", "was", "when")
    return token.capital and asked and reading.behind(place) in cues.STAYING and reading.may_name(token)


def _with_me(reading: Reading, place: int) -> bool:
    """Me and X, X and me."""
    token = reading.at(place)
    if not reading.may_name(token):
        return False
    after = reading.before(place) in cues.JOINS and reading.before(place, 2) in cues.SELF
    before = reading.behind(place) in cues.JOINS and reading.behind(place, 2) in cues.SELF
    if token.capital:
        return (after or before) and token.lower not in cues.TIMES
    begins = token.opens or reading.before(place) in cues.BEGINNING
    return (after and reading.before(place, 3) not in cues.MEANING and fits_small(reading, place)) or (
        before and begins and (reading.is_unlisted(token) or token.lower not in cues.HELPERS)
    )


def _owns(reading: Reading, place: int) -> bool:
    """X's mum, xs mum."""
    token, owned = reading.at(place), reading.behind(place)
    if token.owns and reading.may_name(token):
        return owned in (cues.OWNED if token.capital else cues.BELONGING) and token.lower not in cues.TIMES
    without_apostrophe = token.lower.endswith("s") and reading.lexicon.is_given(token.lower[:-1])
    return reading.is_unlisted(token) and (
        without_apostrophe or (token.lower.endswith("s") and owned in cues.BELONGING)
    )


def _told_apart(reading: Reading, place: int) -> bool:
    """The lady with the blue hair, X, is fun."""
    token = reading.at(place)
    if not token.capital or token.gap != ", " or not reading.ends(place) or not reading.may_name(token):
        return False
    return token.lower not in cues.TIMES and any(reading.before(place, back) in cues.RELATED for back in range(1, 9))


def _initialled(reading: Reading, place: int) -> bool:
    """D. Whitcombe; Xanthe Okonkwo, the surname being known."""
    token, following = reading.at(place), reading.at(place + 1)
    if len(token.word) == 1 and token.capital and following.capital and following.gap == ". ":
        return reading.may_name(following)
    surname = following.lower in reading.lexicon.surnames and reading.is_unlisted(following)
    if not token.capital and not following.capital:
        return reading.is_word(token) and following.joins and surname
    first = reading.is_unlisted(token) or (reading.is_word(token) and token.lower not in cues.HELPERS)
    return token.capital and following.capital and following.joins and surname and first


RULES: tuple[Rule, ...] = (
    titled, _related, _called, _introduced, _signed, _led_to, _capital_inside, _does_something, _stays, _with_me, _owns,
    _told_apart, _initialled,
)  # fmt: skip
