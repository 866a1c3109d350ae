"""A comment as words in their order, each with what its neighbours and its letters say about it."""

import re
from typing import NamedTuple

from heardback.domain.identifying.lexicon import Lexicon

WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")
POSSESSIVE = re.compile(r"['’]s?$")
OPENING = re.compile(r"[.!?:;\n\"“•]\s*$")
NO_GAP = frozenset({" ", "  ", ""})


class Token(NamedTuple):
    """One word without its possessive: `gap` is what stands before it, `owns` whether an 's follows it."""

    word: str
    lower: str
    start: int
    end: int
    gap: str
    capital: bool
    opens: bool
    owns: bool

    @property
    def joins(self) -> bool:
        """Whether nothing but a space parts it from the word before."""
        return self.gap in NO_GAP


class Tokens:
    """The words of a text, each looked at when it is asked for: of most comments only a few are.

    Where all letters are capitals (YP, PE, a shouted text), none counts as one.
    """

    def __init__(self, text: str) -> None:
        self._text, self._shouted = text, text.isupper()
        self._ends = [(0, 0), *(match.span() for match in WORD.finditer(text))]  # nothing stands before the first
        self._known: dict[int, Token] = {}

    def __len__(self) -> int:
        return len(self._ends) - 1

    def __getitem__(self, place: int) -> Token:
        if place not in self._known:
            self._known[place] = self._look_at(place)
        return self._known[place]

    def _look_at(self, place: int) -> Token:
        last, (start, end) = self._ends[place][1], self._ends[place + 1]
        gap, written = self._text[last:start], self._text[start:end]
        word = POSSESSIVE.sub("", written) if "'" in written or "’" in written else written
        return Token(
            word=word,
            lower=word.lower(),
            start=start,
            end=start + len(word),
            gap=gap,
            capital=word[0].isupper() and not self._shouted and (len(word) == 1 or not word.isupper()),
            opens=place == 0 or (gap != " " and bool(OPENING.search(gap))),
            owns=word != written,
        )


def is_strange(token: Token, lexicon: Lexicon) -> bool:
    """Whether a word is none of the language's, so that the words around may make it a name."""
    return len(token.word) > 2 and not lexicon.is_ordinary(token.lower) and token.lower not in lexicon.words


def may_name(token: Token, lexicon: Lexicon) -> bool:
    """Whether a word can be somebody's name where the words around say so."""
    return lexicon.is_given(token.lower) or token.lower in lexicon.words or is_strange(token, lexicon)
