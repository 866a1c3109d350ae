"""Children's spelling: a comment's words as a phrase would write them, whatever the capitals, spaces and slips."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

SENTENCE_END = "."
FEWEST_STEM = 3  # letters in the beginning of a word that a phrase may give: hit*
MOST_LETTERS = 24  # no phrase has longer words; a longer run of letters costs time and tells nothing
PICTURES = "\u2600-\u27bf\u2b50\U0001f300-\U0001faff"
TOKEN = re.compile(rf"[.!?;]+(?=\s|$)|[^\W_]+(?:[@$!*]+[^\W_]+)*|[{PICTURES}]")
APOSTROPHES = re.compile("['’‘`´]")
INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060\ufe0f\ufeff\U0001f3fb-\U0001f3ff]")
LETTERS_APART = re.compile(r"(?<= )[^\W\d](?: [^\W\d]){2,}(?= )")
SYMBOLS = [str.maketrans("013457@$!", letters) for letters in ("oieastasi", "oleastasi")]
DRAWN_OUT = re.compile(r"(.)\1{2,}")


def tokens(text: str) -> list[str]:
    """The words, pictures and sentence ends of a text: lower case, without accents or apostrophes."""
    spoken = APOSTROPHES.sub("", text)
    plain = spoken.lower() if spoken.isascii() else _unaccented(spoken)  # most texts are: ten times faster
    return [SENTENCE_END if token[0] in ".!?;" else token for token in TOKEN.findall(plain)]


def _unaccented(text: str) -> str:
    plain = unicodedata.normalize("NFKD", INVISIBLE.sub("", text))
    return "".join(mark for mark in plain if not unicodedata.combining(mark)).casefold()


@dataclass(frozen=True)
class Spelling:
    """What a council's file says of spelling: how words are read, which are known with a slip, which are no slip."""

    readings: Mapping[str, str] = field(default_factory=dict)
    misspelt: Sequence[str] = ()
    not_slips: Sequence[str] = ()


class Speller:
    """Reads comments into the spelling of phrases. Made once for a batch; each new word is worked out once."""

    def __init__(self, spelling: Spelling, words: Iterable[str], stems: Iterable[str]) -> None:
        self._words = {*words, *spelling.not_slips, *spelling.misspelt}
        self._stems = set(stems)
        self._slips = _near(spelling.misspelt)
        self._readings = {" ".join(tokens(word)): " ".join(tokens(read)) for word, read in spelling.readings.items()}

    def read(self, text: str) -> str:
        """One comment as words between single spaces, with a space at both ends so that a phrase finds its edges."""
        readings = self._readings
        heard = [readings.get(token) or self._keep(token) for token in tokens(text)]
        return LETTERS_APART.sub(lambda run: self._put_together(run.group()), f" {' '.join(heard)} ")

    def read_all(self, texts: Sequence[str]) -> list[str]:
        """Comments in their order."""
        return [self.read(text) for text in texts]

    def _keep(self, token: str) -> str:
        self._readings[token] = reading = self._reading(token)
        return reading

    def _reading(self, token: str) -> str:
        if len(token) > MOST_LETTERS or token.isdigit():
            return token
        variants = list(_variants(token))
        for word in variants:
            if word in self._readings or self._is_known(word):
                return self._readings.get(word, word)
        return next((near for word in variants if (near := self._nearest(word))), token)

    def _is_known(self, word: str) -> bool:
        return word in self._words or any(word[:end] in self._stems for end in range(FEWEST_STEM, len(word) + 1))

    def _nearest(self, word: str) -> str | None:
        """The word that a slip made into this one."""
        if "*" in word:
            pattern = re.compile(word.replace("*", "."))
            return min(filter(pattern.fullmatch, self._words), default=None)
        found = {each for shortened in _shortened(word) for each in self._slips.get(shortened, ())}
        return min((each for each in found if abs(len(each) - len(word)) < 2), default=None)

    def _put_together(self, run: str) -> str:
        """`i k i l l` may be a word and may be `i` and a word, so both stand."""
        word = run.replace(" ", "")
        rest = f" {word[0]} {word[1:]}" if word[0] in "ia" else ""
        return f"{word}{rest}"


def _variants(token: str) -> Iterator[str]:
    """The token; with letters for its figures and signs; with its drawn-out letters twice and once."""
    spelt = [token] if token.isalpha() else [token, *(token.translate(table) for table in SYMBOLS)]
    for word in spelt:
        yield word
        if DRAWN_OUT.search(word):
            yield DRAWN_OUT.sub(r"\1\1", word)
            yield DRAWN_OUT.sub(r"\1", word)


def _shortened(word: str) -> set[str]:
    return {word, *(word[:place] + word[place + 1 :] for place in range(1, len(word)))}


def _near(words: Iterable[str]) -> dict[str, list[str]]:
    """Every word under itself and under itself less a letter: a slip and its word agree once either loses a letter."""
    near = defaultdict(list)
    for word in sorted(words):
        for shortened in _shortened(word):
            near[shortened].append(word)
    return dict(near)
