"""Which words are names, may be names, or are nobody's name."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self
from unicodedata import combining, normalize

from config.privacy import PrivacyLists, shipped_lists

DRAWN_OUT = re.compile(r"(.)\1{2,}")
ENDINGS = ("'s", "s", "es", "d", "ed", "in", "ing", "er", "ers", "ly", "y", "r", "n't", "nt")
OF_A_FAMILY = ("d'", "d’", "o'", "o’")
NOTHING = re.compile(r"(?!)")


@dataclass(frozen=True)
class Lexicon:
    """A council's names and Heardback's own, in lower case; places and shown phrases as one pattern each."""

    given: frozenset[str]
    words: frozenset[str]
    surnames: frozenset[str]
    ordinary: frozenset[str]
    not_people: frozenset[str]
    schools: re.Pattern[str] = NOTHING
    places: re.Pattern[str] = NOTHING
    shown: re.Pattern[str] = NOTHING

    @classmethod
    def of(cls, lists: PrivacyLists | None = None, staff: Iterable[str] = ()) -> Self:
        """Of a council's lists and its staff ("Dana Okoro"): first names count in any case, the others as surnames."""
        lists, shipped = lists or PrivacyLists(), shipped_lists()
        people = [person.lower().split() for person in staff if person.split()]
        never = {word.lower() for word in lists.never_names}
        own = {name.lower() for name in lists.given_names} | {person[0] for person in people}
        last = {part for person in people for part in person[1:]} - own
        words = (shipped.word_names | (last & shipped.ordinary_words)) - never
        return cls(
            given=(shipped.given_names | own) - words - never,
            words=frozenset(words),
            surnames=(shipped.surnames | last) - never,
            ordinary=shipped.ordinary_words | never,
            not_people=shipped.not_people | never,
            schools=_any_of(lists.schools),
            places=_any_of(lists.places),
            shown=_any_of(lists.shown),
        )

    def is_given(self, word: str) -> bool:
        """Whether a word (lower case) is a name and nothing else; of "evie-mae" one half is enough."""
        if word in self.given or ("-" in word and any(part in self.given for part in word.split("-"))):
            return True
        if word[:2] in OF_A_FAMILY and len(word) > 4 and not self.is_ordinary(word[2:]):
            return True  # "d'andre", "o'shea", but no "o'clock"
        return not word.isascii() and word not in self.not_people and _without_accents(word) in self.given

    def is_ordinary(self, word: str) -> bool:
        """Whether a word (lower case) is one of the language, in any of its usual forms and however drawn out."""
        if word in self.ordinary or word in self.not_people:
            return True
        plain = DRAWN_OUT.sub(r"\1", word.replace("’", "'"))
        return plain in self.ordinary or any(
            plain.endswith(ending) and self._is_stem(plain[: -len(ending)]) for ending in ENDINGS
        )

    def _is_stem(self, stem: str) -> bool:
        """Stopp(ing), us(ing) and babi(es) stand for stop, use and baby."""
        undoubled = stem[:-1] if stem[-1:] == stem[-2:-1] else stem
        forms = (stem, f"{stem}e", undoubled, f"{stem[:-1]}y" if stem[-1:] == "i" else stem)
        return len(stem) > 1 and any(form in self.ordinary for form in forms)


def _without_accents(word: str) -> str:
    return "".join(letter for letter in normalize("NFD", word) if not combining(letter))


def _any_of(phrases: Iterable[str]) -> re.Pattern[str]:
    listed = "|".join(re.escape(phrase.strip()) for phrase in sorted(phrases, key=len, reverse=True) if phrase.strip())
    return re.compile(rf"(?<!\w)(?:{listed})(?!\w)", re.IGNORECASE) if listed else NOTHING
