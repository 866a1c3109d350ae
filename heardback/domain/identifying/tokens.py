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


def tokenise(text: str) -> list[Token]:
    """The words of a text. Where all letters are capitals (YP, PE, a shouted text), none counts as one."""
    shouted = text.isupper()
    tokens: list[Token] = []
    last = 0
    for match in WORD.finditer(text):
        tokens.append(_token(match, text[last : match.start()], first=not tokens, shouted=shouted))
        last = match.end()
    return tokens


def _token(match: re.Match[str], gap: str, *, first: bool, shouted: bool) -> Token:
    written = match.group()
    word = POSSESSIVE.sub("", written) if "'" in written or "’" in written else written
    return Token(
        word=word,
        lower=word.lower(),
        start=match.start(),
        end=match.start() + len(word),
        gap=gap,
        capital=word[0].isupper() and not shouted and (len(word) == 1 or not word.isupper()),
        opens=first or (gap != " " and bool(OPENING.search(gap))),
        owns=word != written,
    )


def is_strange(token: Token, lexicon: Lexicon) -> bool:
    """Whether a word is none of the language's, so that the words around may make it a name."""
    return len(token.word) > 2 and not lexicon.is_ordinary(token.lower) and token.lower not in lexicon.words


def may_name(token: Token, lexicon: Lexicon) -> bool:
    """Whether a word can be somebody's name where the words around say so."""
    return lexicon.is_given(token.lower) or token.lower in lexicon.words or is_strange(token, lexicon)
