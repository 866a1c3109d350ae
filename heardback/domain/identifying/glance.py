"""A glance at a comment: which finders have to read it at all. Most comments hold nothing that most of them look for.

What a finder cannot do without is asked word by word, and what a word can be part of is worked out once. A glance may
send a finder in vain. It never keeps one from what it would find: a test holds every finder to that.
"""

import re
from collections.abc import Iterable

from heardback.domain.identifying.lexicon import Lexicon
from heardback.domain.identifying.name_signs import NameSigns
from heardback.domain.identifying.places import BLOCKS, DOORS, STREETS, WORDLIKE
from heardback.domain.identifying.tokens import WORD

# Signs, a bit each: those of words first, then what they and the characters come to, one for each finder.
MAIL_WORD, SITE, STREET, FLAT, HOME, NOUGHT, WWW = (1 << place for place in range(7))
EMAIL, URL, HANDLE, ADDRESS, SCHOOL, NAME = (1 << place for place in range(7, 13))
FIGURES, PHONE, NI_NUMBER, NHS_NUMBER, REFERENCE, BORN = (1 << place for place in range(13, 19))
EVERYTHING = -1

DIGIT = re.compile(r"\d")
PARTS = re.compile(r"[-'’]")
LIKE_ASCII = re.compile("[ıſ\u212aİ]")  # a pattern without regard to case takes them for i, s and k
MOST_KNOWN = 200_000  # words whose signs are remembered; beyond it the memory begins anew
IN_A_REFERENCE, IN_A_PHONE, IN_AN_NHS_NUMBER = 4, 6, 10  # figures, at the least
RUN_ON = ("gmail", "hotmail", "outlook", "icloud", "yahoo")  # bobgmail.com
FLATS = ("flat", "room", "apartment", "apt", "unit", "block", "tower")  # roomB
DOORS_IN_WORDS = frozenset(DOORS.split("|"))
LISTED: tuple[tuple[int, frozenset[str]], ...] = (
    (MAIL_WORD, frozenset({"at"})),
    (SITE, frozenset({
        "insta", "instagram", "ig", "snap", "snapchat", "sc", "tok", "tiktok", "tt", "discord", "twitter", "facebook",
        "fb", "app", "whatsapp", "roblox", "xbox", "psn", "ps", "steam", "gamer", "gamertag", "tube", "youtube", "yt",
        "twitch", "kik", "telegram", "signal", "real", "bereal", "fortnite", "minecraft", "epic", "user", "username",
        "handle",
    })),
    (STREET, frozenset(
        word.removesuffix(ending)
        for word in f"{STREETS}|{WORDLIKE}|{BLOCKS}".split("|")
        for ending in ("?", "s?")
    ) | {"estate"}),
    (HOME, frozenset({
        "live", "lives", "lived", "living", "stay", "stays", "staying", "house", "home", "address", "flat", "moved",
        "move", "m", "im", "am", "re", "are", "estate", "rehoused",
    }) | DOORS_IN_WORDS),
    (SCHOOL, frozenset({
        "school", "academy", "college", "nursery", "preschool", "primary", "infant", "infants", "junior", "juniors",
        "secondary", "high", "grammar", "sixth", "comp", "comprehensive", "referral", "prep", "pru", "st", "pupil",
        "pupils",
    })),
    (NOUGHT, frozenset({"zero", "oh", "o", "nought"})),
    (WWW, frozenset({"www"})),
    (BORN, frozenset({
        "born", "birth", "birthday", "birthdays", "birthdate", "bday", "bdays", "b-day", "dob",
        "turn", "turns", "turned", "turning",
    })),
)  # fmt: skip


class Glance:
    """Looks at comments, with a council's names. Made once for many of them."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._names = NameSigns(lexicon)
        self._known: dict[str, int] = {}

    def at(self, text: str) -> int:
        """The signs that a text shows; all of them where its letters are such that words cannot be trusted."""
        if _is_odd(text):
            return EVERYTHING
        words = WORD.findall(text)
        shown, known = 0, self._known
        for word in words:
            shown |= known[word] if word in known else self._remember(word)
        shown |= _by_characters(text, shown)
        if shown & STREET and shown & (HOME | FLAT):
            shown |= ADDRESS
        return shown | NAME if self._names.stand_in(words) else shown

    def names_in(self, text: str) -> Iterable[int] | None:
        """The places of the words that can be somebody's name; None where words cannot be trusted."""
        return None if _is_odd(text) else self._names.places_in(WORD.findall(text))

    def _remember(self, word: str) -> int:
        if len(self._known) > MOST_KNOWN:
            self._known.clear()
        self._known[word] = signs = _signs_of(word.lower())
        return signs


def _is_odd(text: str) -> bool:
    return not text.isascii() and LIKE_ASCII.search(text) is not None


def _signs_of(word: str) -> int:
    """What one word (lower case) can be part of; of "ring-road" each half counts."""
    signs = 0
    for part in {word, *PARTS.split(word)}:
        for sign, listed in LISTED:
            signs |= sign if part in listed else 0
        signs |= MAIL_WORD if part.endswith(RUN_ON) else 0
        signs |= FLAT if part.startswith(FLATS) else 0
    return signs


def _by_characters(text: str, shown: int) -> int:
    """The finders that characters call for, alone or with the words."""
    signs = EMAIL if shown & MAIL_WORD or "@" in text else 0
    signs |= URL if shown & WWW or "/" in text else 0
    signs |= HANDLE if shown & SITE or "@" in text or "#" in text or "my at " in text.lower() else 0
    signs |= PHONE if shown & NOUGHT else 0
    figures = len(DIGIT.findall(text))
    return signs | _by_figures(figures, shown, text) if figures else signs


def _by_figures(figures: int, shown: int, text: str) -> int:
    signs = FIGURES
    signs |= PHONE if figures >= IN_A_PHONE or "0" in text else 0
    signs |= NI_NUMBER if figures >= IN_A_PHONE else 0
    signs |= NHS_NUMBER if figures >= IN_AN_NHS_NUMBER else 0
    signs |= REFERENCE if figures >= IN_A_REFERENCE else 0
    return signs | (ADDRESS if shown & (STREET | FLAT) or figures >= IN_A_REFERENCE - 1 else 0)
