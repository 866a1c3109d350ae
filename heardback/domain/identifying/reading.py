"""A comment read word by word: what stands before and behind each word, and whether it can be a name."""

from heardback.domain.identifying import cues
from heardback.domain.identifying.lexicon import Lexicon
from heardback.domain.identifying.tokens import Token, Tokens, is_strange, may_name

NOBODY = Token("", "", 0, 0, "", False, False, False)
PUNCTUATED = frozenset(".!?,;:)\n")


class Reading:
    """One comment's words with the council's names: what stands before and behind each, and which are names."""

    def __init__(self, text: str, lexicon: Lexicon) -> None:
        self.tokens, self.lexicon, self.text = Tokens(text), lexicon, text

    def at(self, place: int) -> Token:
        """The word at a place; an empty one beyond either end."""
        return self.tokens[place] if 0 <= place < len(self.tokens) else NOBODY

    def before(self, place: int, back: int = 1) -> str:
        """The word so many places before, in lower case; empty where a sentence begins in between."""
        if any(self.at(place - step).opens for step in range(back)):
            return ""
        return self.at(place - back).lower

    def behind(self, place: int, on: int = 1) -> str:
        """The word so many places behind, in lower case; empty where the sentence has ended by then."""
        if any(self.at(place + step).opens for step in range(1, on + 1)):
            return ""
        return self.at(place + on).lower

    def ends(self, place: int) -> bool:
        """Whether a word is the last of its part of the sentence."""
        token, following = self.at(place), self.at(place + 1)
        return following is NOBODY or self.text[token.end : token.end + 1] in PUNCTUATED or following.opens

    def is_word(self, token: Token) -> bool:
        """Whether it is a name and a word as well."""
        return token.lower in self.lexicon.words

    def may_name(self, token: Token) -> bool:
        """Whether it is on a list of names, or none of the language's words."""
        return may_name(token, self.lexicon)

    def is_unlisted(self, token: Token) -> bool:
        """Whether it is none of the language's words and on no list either."""
        return is_strange(token, self.lexicon)

    def is_in_a_list(self, place: int) -> bool:
        """Whether "and" or a comma leads on from a word to the next."""
        return self.behind(place) in cues.JOINS or self.at(place + 1).gap.strip() == ","
