"""Which comments hold a disclosure or a complaint, and which ask for nothing. It orders the queue; it never clears."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt
import pandas as pd

from config.screening import LikenessMarks, Phrase, ScreeningPhrases
from config.weights import Weights
from heardback.domain.screening.likeness import Likeness
from heardback.domain.screening.phrasing import Finder, Phrasebook
from heardback.domain.screening.spelling import SENTENCE_END, Speller, Spelling

FLAGGED, COMPLAINT, CLEAR = "flagged", "complaint", "clear"
VERDICT = ["verdict", "priority", "reasons"]
Verdict = tuple[str, int, list[str]]
Signs = Sequence[tuple[str, Phrase]]
SOON, POSSIBLY = 2, 3  # the priority of what only reads like a disclosure
READ_LAST = 4  # after every phrase's priority: a clear comment is read too, when nothing else waits
SET_ASIDE = " ."  # what a harmless expression leaves behind: no phrase reaches over it


@dataclass(frozen=True)
class _Reader:
    """The phrases made ready to be looked for, and the weights beside them."""

    signs: Signs
    likeness: Likeness | None
    marks: LikenessMarks
    finder: Finder
    speller: Speller
    harmless: re.Pattern[str]
    nothing: re.Pattern[str]
    praise: re.Pattern[str]
    wishes: re.Pattern[str]

    def signs_at(self, places: Iterable[int]) -> Signs:
        """The phrases at these places of the list, each with what it makes of a comment."""
        return [self.signs[place] for place in places]


def judge(texts: pd.Series, phrases: ScreeningPhrases) -> pd.DataFrame:
    """All that the phrases say of each comment, in one reading: `screen`'s columns, `says_nothing`, `only_praises`."""
    reader = _reader_of(phrases)
    read = _read(texts, reader)
    found = pd.DataFrame(_verdicts(read, reader), columns=VERDICT, index=texts.index)
    return found.assign(says_nothing=_say_nothing(read, reader), only_praises=_only_praise(read, reader))


def screen(texts: pd.Series, phrases: ScreeningPhrases) -> pd.DataFrame:
    """What screening says of each comment: `verdict` (flagged, complaint, clear), `priority` and `reasons`.

    One row for each text, under the same index. `priority` is 1 to 3, and 4 where clear; `reasons` are the labels that
    staff wrote, most urgent first, never words of the comment. A phrase that flags goes before one that diverts, and
    where none flags the weights are asked.
    """
    reader = _reader_of(phrases)
    return pd.DataFrame(_verdicts(_read(texts, reader), reader), columns=VERDICT, index=texts.index)


def read_aloud(texts: Sequence[str], phrases: ScreeningPhrases) -> tuple[list[str], list[list[str]], list[str]]:
    """Comments as they are weighed, the reasons of the phrases that flag each, and the verdict of phrases alone.

    They are spelt as the phrases are, with what is harmless set aside.
    """
    reader = _reader_of(phrases)
    read = [reader.harmless.sub(SET_ASIDE, text) for text in reader.speller.read_all(list(texts))]
    found = [reader.signs_at(reader.finder.found(text)) for text in read]
    return read, [_reasons(FLAGGED, signs) for signs in found], [_verdict(signs)[0] for signs in found]


def _read(texts: pd.Series, reader: _Reader) -> list[str]:
    return reader.speller.read_all([text if isinstance(text, str) else "" for text in texts])


def _verdicts(read: Sequence[str], reader: _Reader) -> list[Verdict]:
    heard = [reader.harmless.sub(SET_ASIDE, text) for text in read]
    found = [reader.finder.found(text) for text in heard]
    verdicts = [_verdict(reader.signs_at(places)) for places in found]
    if reader.likeness:  # without weights every phrase is enough
        asked = [place for place, text in enumerate(heard) if _is_asked(text, reader.signs_at(found[place]), reader)]
        heard, found = [heard[place] for place in asked], [found[place] for place in asked]
        weights = _weights(heard, found, reader.likeness, reader)
        for place, places, weight in zip(asked, found, weights, strict=True):
            verdicts[place] = _verdict_by_weight(reader.signs_at(places), weight, reader.marks)
    return verdicts


def _is_asked(text: str, signs: Signs, reader: _Reader) -> bool:
    """Whether the weights are asked: of what says something, and holds no phrase that is enough alone."""
    says_nothing = not text.strip(SET_ASIDE) or reader.nothing.fullmatch(text)
    return not says_nothing and not any(verdict == FLAGGED and phrase.alone for verdict, phrase in signs)


def _verdict_by_weight(signs: Signs, weight: float, marks: LikenessMarks) -> Verdict:
    """A phrase that is not enough alone adds to what the words weigh."""
    if weight < marks.hold_at:
        return _verdict([sign for sign in signs if sign[0] != FLAGGED])
    priorities = [phrase.priority for verdict, phrase in signs if verdict == FLAGGED]
    soonest = min([*priorities, SOON if weight >= marks.soon_at else POSSIBLY])
    return FLAGGED, soonest, [*_reasons(FLAGGED, signs), marks.reason]


def _weights(
    read: Sequence[str], found: Sequence[Sequence[int]], likeness: Likeness, reader: _Reader
) -> npt.NDArray[np.float64]:
    """What each comment weighs as a whole; or its heaviest sentence, which is told apart from many by `sentence_less`.

    `found` are the places of its phrases: a sentence holds none but those.
    """
    weights = likeness.of_all(read, [_reasons(FLAGGED, reader.signs_at(places)) for places in found])
    light = np.flatnonzero(weights < reader.marks.hold_at).tolist()
    parts = [(place, part) for place in light if len(each := _sentences(read[place])) > 1 for part in each]
    holding = [[at for at in found[place] if reader.finder.holds(part, at)] for place, part in parts]
    reasons = [_reasons(FLAGGED, reader.signs_at(places)) for places in holding]
    parted = likeness.of_all([part for _, part in parts], reasons) - reader.marks.sentence_less
    np.maximum.at(weights, np.array([place for place, _ in parts], dtype=np.int64), parted)
    return weights


def _sentences(text: str) -> list[str]:
    return [
        f" {sentence.strip()} " for sentence in text.split(f" {SENTENCE_END} ") if sentence.strip(f" {SENTENCE_END}")
    ]


def _reasons(verdict: str, signs: Signs) -> list[str]:
    return list(dict.fromkeys(phrase.reason for kind, phrase in signs if kind == verdict))


def _say_nothing(read: Sequence[str], reader: _Reader) -> list[bool]:
    return [reader.nothing.fullmatch(text) is not None or not text.strip() for text in read]


def _only_praise(read: Sequence[str], reader: _Reader) -> list[bool]:
    return [_only_praises(text, reader.praise, reader.wishes) for text in read]


def _reader_of(phrases: ScreeningPhrases) -> _Reader:
    return _compiled(phrases.model_dump_json(), phrases.weights)


@lru_cache(maxsize=2)  # half a second to compile, and a pull asks for it with every file
def _compiled(written: str, weights: Weights | None) -> _Reader:
    phrases = ScreeningPhrases.model_validate_json(written)
    book = Phrasebook(phrases.word_groups, phrases.spellings)
    signs = _in_order(FLAGGED, phrases.disclosures) + _in_order(COMPLAINT, phrases.complaints)
    return _Reader(
        signs,
        Likeness(weights.by_sign, weights.gist) if weights else None,
        phrases.likeness,
        Finder(book, [sign.phrase for _, sign in signs]),
        _speller(book, phrases),
        harmless=book.pattern(phrases.harmless),
        # Possessive: without it, n repeated words would be tried in 2^n ways.
        nothing=re.compile(rf" (?:(?:{_longest_first(book, phrases.non_answers)}|\.)(?= ) )*+"),
        praise=book.pattern(phrases.praise),
        wishes=book.pattern(phrases.wishes),
    )


def _speller(book: Phrasebook, phrases: ScreeningPhrases) -> Speller:
    spelling = Spelling(phrases.spellings, phrases.misspelt, phrases.not_slips)
    return Speller(spelling, book.words, book.stems)


def _in_order(verdict: str, phrases: Iterable[Phrase]) -> list[tuple[str, Phrase]]:
    return [(verdict, phrase) for phrase in sorted(phrases, key=lambda phrase: phrase.priority)]


def _verdict(signs: Signs) -> Verdict:
    """Signs stand flags first, most urgent first, so the first of them decides."""
    if not signs:
        return CLEAR, READ_LAST, []
    verdict, first = signs[0]
    return verdict, first.priority, _reasons(verdict, signs)


def _longest_first(book: Phrasebook, phrases: Iterable[str]) -> str:
    return book.sources(sorted(phrases, key=lambda phrase: (-len(phrase), phrase)))


def _only_praises(text: str, praise: re.Pattern[str], wish: re.Pattern[str]) -> bool:
    sentences = _sentences(text)
    return bool(sentences) and not wish.search(text) and all(praise.search(sentence) for sentence in sentences)
