"""Whether a comment can hold a name at all, told from each word and its neighbours, without reading it whole.

It mirrors `people` and its rules and asks for less than they do: that a word may be a name, and that beside it stands
a word of those that the rules ask for. What a word can be is worked out once.
"""

from collections.abc import Iterator, Sequence

from heardback.domain.identifying import cues
from heardback.domain.identifying.lexicon import Lexicon
from heardback.domain.identifying.tokens import POSSESSIVE

# What a word can be: a name for certain, or by its neighbours, small or with a capital, or first in the text.
SURE, SMALL, CAPITAL, FIRST = (1 << place for place in range(4))
# What it makes of the word before or behind it.
LEADS_SMALL, LEADS_CAPITAL, AFTER_NAMED, SELF, JOINS, FOLLOWS, BELONGS, SURNAME, ACTS, UPPER = (
    1 << place for place in range(4, 14)
)
POSSIBLE = SURE | SMALL | CAPITAL | FIRST
MOST_KNOWN = 200_000
TITLES = cues.TITLES | cues.SURE_TITLES | cues.KIN_TITLES
NAMED_BY = frozenset({"is", "are", "was", "by", "as"})
SMALL_LEADS = TITLES | cues.RELATED | cues.CALLED | cues.SIGNS_OFF
CAPITAL_LEADS = cues.TITLES | cues.SURE_TITLES | cues.CALLED | cues.CALLED_WHOM
ACTING = (
    cues.DEEDS | cues.CRAFTS | cues.BEING | cues.DONE_BY_ONE | cues.JOINS | cues.OWNED | cues.BELONGING
    | {"from", "at", "on", "in"}
)  # fmt: skip


class NameSigns:
    """Looks at the words of comments, with a council's names. Made once for many comments."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._known: dict[str, int] = {}

    def stand_in(self, words: Sequence[str]) -> bool:
        """Whether any of a text's words, in order and as `tokens.WORD` finds them, can be a name where it stands."""
        return next(self.places_in(words), None) is not None

    def places_in(self, words: Sequence[str]) -> Iterator[int]:
        """The places of the words that can be a name, or the beginning of one."""
        known = self._known
        signs = [known[word] if word in known else self._remember(word) for word in words]
        return (place for place, sign in enumerate(signs) if sign & POSSIBLE and _stands(signs, place))

    def _remember(self, written: str) -> int:
        if len(self._known) > MOST_KNOWN:
            self._known.clear()
        word = POSSESSIVE.sub("", written)
        self._known[written] = signs = self._can_be(word) | self._makes(word.lower()) | (UPPER * word[:1].isupper())
        return signs

    def _can_be(self, word: str) -> int:
        """As `people` sorts words, before it looks at their neighbours."""
        lower, lexicon = word.lower(), self._lexicon
        if lexicon.is_given(lower):
            return SURE
        capital = word[0].isupper() and (len(word) == 1 or not word.isupper())
        if len(word) == 1 and not capital:
            return SMALL
        if lower in cues.NEVER:
            return 0
        doubtful = lower in lexicon.words
        ordinary = lexicon.is_ordinary(lower)
        if capital:
            return _capital_can_be(word, doubtful=doubtful, ordinary=ordinary)
        if lower.endswith("s") and lexicon.is_given(lower[:-1]) and not ordinary:
            return SURE
        return SMALL if doubtful or not ordinary else 0

    def _makes(self, lower: str) -> int:
        """What the rules of names know it for, whatever stands beside it."""
        signs = LEADS_SMALL if lower in SMALL_LEADS else 0
        signs |= LEADS_CAPITAL if lower in CAPITAL_LEADS else 0
        signs |= AFTER_NAMED if lower in NAMED_BY else 0
        signs |= SELF if lower in cues.SELF else 0
        signs |= JOINS if lower in cues.JOINS else 0
        signs |= FOLLOWS if lower in cues.HARMS else 0
        signs |= BELONGS if lower in cues.BELONGING else 0
        signs |= ACTS if lower in ACTING else 0
        return signs | (SURNAME if lower in self._lexicon.surnames else 0)


def _capital_can_be(word: str, *, doubtful: bool, ordinary: bool) -> int:
    """An ordinary word with a capital names only behind a title or "called"; a month or a lone letter always may."""
    lower = word.lower()
    if lower in cues.TIMES or lower == "will" or len(word) == 1 or not (doubtful or ordinary):
        return SURE
    return CAPITAL | FIRST if doubtful else CAPITAL


def _stands(signs: Sequence[int], place: int) -> bool:
    """Whether the words beside one that may be a name are such that it can be."""
    sign = signs[place]
    before = signs[place - 1] if place else 0
    behind = signs[place + 1] if place + 1 < len(signs) else 0
    if sign & SURE or (sign & FIRST and (place or behind & (ACTS | UPPER | SURNAME))):
        return True
    if sign & CAPITAL:
        return bool(before & (LEADS_CAPITAL | AFTER_NAMED))
    if before & (LEADS_SMALL | AFTER_NAMED) or behind & (FOLLOWS | BELONGS | SURNAME):
        return True
    joined_before = before & JOINS and place > 1 and signs[place - 2] & SELF
    joined_behind = behind & JOINS and place + 2 < len(signs) and signs[place + 2] & SELF
    return bool(joined_before or joined_behind)
