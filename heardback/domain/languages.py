"""Whether a comment is written in English and, where it is not, in which language; flagged, never held against it.

Two witnesses must agree. Few of its words are English (a list, in any of their usual forms), and py3langid, asked among
the languages that children in England speak most, is sure of another. Alone it takes "i wnt 2 dye" for Welsh; the list
alone knows no name for what is not on it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

from config.languages import IN_LATIN_LETTERS, LANGUAGES, NAMES, SMALL_WORDS, SOME_OTHER
from heardback.domain.identifying.lexicon import Lexicon

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from py3langid.langid import LanguageIdentifier

ENGLISH = ""
FEWEST_WORDS = 3
FEWEST_LETTERS = 4  # of a script that is not Latin: some write without spaces
ENGLISH_SHARE = 0.6  # with so many English words a text is English, whatever else is in it
SURE = 0.8
STRANGE_SHARE, STRANGE_WORDS, HARDLY = 0.2, 4, 0.1  # so few English words of so many, and hardly English: some other
SMALL_ENOUGH = 2  # small words of a language in Latin letters, of which py3langid knows nothing
READ = 600  # characters: who writes on has been understood by then
LAST_LATIN = "\u024f"
_AROUND = ".,;:!?…\"'“”‘’()[]{}<>*_~-–—/\\|&+=#،؟۔।。，！？"


def written_in(texts: Iterable[str], languages: Sequence[str]) -> list[str]:
    """The tag of the language of each text where it is not English, `und` where nobody can say which; otherwise "".

    Those of `languages` (tags of `config.languages.LANGUAGES`) are named. Texts under three words are not judged.
    """
    tags = map(_reader().tag_of, texts)
    named = {ENGLISH, *languages, *IN_LATIN_LETTERS}
    return [tag if tag in named else SOME_OTHER for tag in tags]


def let_go() -> None:
    """Free the 56 MB that telling languages apart takes; the next text that needs them takes 0.6 s to load them."""
    _reader.cache_clear()


def language_name(tag: str) -> str:
    """How staff call it: "Polish". What a later release no longer knows is called by its tag."""
    return NAMES.get(tag, tag)


def in_words(comments: Mapping[str, int], voices: int) -> str:
    """How a loop is written, from how many of its comments are in which language: "in Polish", "partly in Polish".

    "" where all are in English.
    """
    names = " and ".join(map(language_name, comments))
    return f"{'' if sum(comments.values()) >= voices else 'partly '}in {names}" if names else ""


@dataclass(frozen=True)
class _Reader:
    """The list of English words, and py3langid once a text needs it: 0.6 s to load, 56 MB."""

    english: Lexicon

    def tag_of(self, text: str) -> str:
        start = text[:READ]
        words = start.lower().split()
        if 2 * sum(map(self.english.ordinary.__contains__, words)) > len(words):
            return ENGLISH  # nine texts of ten: two microseconds
        return self._look_closer(start, [word for word in map(_bare, words) if word])

    def _look_closer(self, text: str, words: Sequence[str]) -> str:
        small = [tag for tag, known in SMALL_WORDS.items() if self._is_in_latin_letters(words, known)]
        if small:
            return small[0]
        is_foreign = _is_in_another_script(text)
        if len(words) < FEWEST_WORDS and not is_foreign:
            return ENGLISH
        share = sum(map(self._is_english, words)) / max(1, len(words))
        if share >= ENGLISH_SHARE:
            return ENGLISH
        is_strange = is_foreign or (share <= STRANGE_SHARE and len(words) >= STRANGE_WORDS)
        return self._named(text, is_strange=is_strange)

    def _is_in_latin_letters(self, words: Sequence[str], known: frozenset[str]) -> bool:
        small = sum(map(known.__contains__, words))
        others = sum(self._is_english(word) for word in words if word not in known)
        return small >= SMALL_ENOUGH and small >= others

    def _is_english(self, word: str) -> bool:
        return self.english.is_ordinary(word) or self.english.is_given(word)

    def _named(self, text: str, *, is_strange: bool) -> str:
        likely: dict[str, float] = dict(self._identifier.rank(text))
        best = max(likely, key=lambda tag: (likely[tag], tag))
        if best != "en" and likely[best] >= SURE:
            return best
        return SOME_OTHER if is_strange and likely["en"] < HARDLY else ENGLISH

    @cached_property
    def _identifier(self) -> LanguageIdentifier:
        from py3langid.langid import MODEL_FILE, LanguageIdentifier

        every = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
        every.set_languages(["en", *LANGUAGES])
        few = every.nb_ptc, every.nb_pc, every.nb_classes
        # It would keep what it knows of the 100 others: 28 MB.
        return LanguageIdentifier(*few, every.tk_nextmove, every.tk_output, norm_probs=True, tk_row=every.tk_row)


@lru_cache(maxsize=1)  # a pull asks with every file
def _reader() -> _Reader:
    return _Reader(Lexicon.of())


def _bare(word: str) -> str:
    """Without what stands around it; "" where it is no word: a number, a link, an address."""
    bare = word.strip(_AROUND).replace("’", "'")
    return "" if any(sign.isdigit() or sign in "@./\\" for sign in bare) else bare


def _is_in_another_script(text: str) -> bool:
    letters = [letter for letter in text if letter.isalpha()]
    others = sum(letter > LAST_LATIN for letter in letters)
    return others >= FEWEST_LETTERS and 2 * others > len(letters)
