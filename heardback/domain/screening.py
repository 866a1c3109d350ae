"""Which comments hold a disclosure or a complaint, and which ask for nothing. It orders the queue; it never clears."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import pandas as pd

from config.screening import LikenessMarks, Phrase, ScreeningPhrases
from config.weights import Weights
from heardback.domain.likeness import Likeness
from heardback.domain.phrasing import Finder, Phrasebook
from heardback.domain.spelling import SENTENCE_END, Speller, Spelling

FLAGGED, COMPLAINT, CLEAR = "flagged", "complaint", "clear"
VERDICT = ["verdict", "priority", "reasons"]
Verdict = tuple[str, int, list[str]]
SOON, POSSIBLY = 2, 3  # the priority of what only reads like a disclosure
READ_LAST = 4  # after every phrase's priority: a clear comment is read too, when nothing else waits
SET_ASIDE = " ."  # what a harmless expression leaves behind: no phrase reaches over it


@dataclass(frozen=True)
class _Reader:
    """The phrases made ready to be looked for, and the weights beside them."""

    signs: list[tuple[str, Phrase]]
    likeness: Likeness | None
    marks: LikenessMarks
    finder: Finder
    speller: Speller
    harmless: re.Pattern[str]
    nothing: re.Pattern[str]
    praise: re.Pattern[str]
    wishes: re.Pattern[str]


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


def read_aloud(texts: Sequence[str], phrases: ScreeningPhrases) -> tuple[list[str], list[list[str]]]:
    """Comments as they are weighed, and the reasons of the phrases that flag each.

    They are spelt as the phrases are, with what is harmless set aside.
    """
    reader = _reader_of(phrases)
    read = [reader.harmless.sub(SET_ASIDE, text) for text in reader.speller.read_all(list(texts))]
    return read, [_reasons(FLAGGED, _signs_in(text, reader)) for text in read]


def is_non_answer(texts: pd.Series, phrases: ScreeningPhrases) -> pd.Series:
    """True where a comment is empty, or made up of non-answers alone ("nothing really, all good")."""
    reader = _reader_of(phrases)
    return pd.Series(_say_nothing(_read(texts, reader), reader), index=texts.index, dtype=bool)


def is_praise_only(texts: pd.Series, phrases: ScreeningPhrases) -> pd.Series:
    """True where every sentence praises and none of them wishes for something or finds fault."""
    reader = _reader_of(phrases)
    return pd.Series(_only_praise(_read(texts, reader), reader), index=texts.index, dtype=bool)


def _read(texts: pd.Series, reader: _Reader) -> list[str]:
    return reader.speller.read_all([text if isinstance(text, str) else "" for text in texts])


def _verdicts(read: Sequence[str], reader: _Reader) -> list[Verdict]:
    return [_verdict_on(reader.harmless.sub(SET_ASIDE, text), reader) for text in read]


def _verdict_on(text: str, reader: _Reader) -> Verdict:
    """A phrase that is not enough alone adds to what the words weigh; without weights every phrase is enough."""
    signs = _signs_in(text, reader)
    says_nothing = not text.strip(SET_ASIDE) or reader.nothing.fullmatch(text)
    if not reader.likeness or says_nothing or any(_is_enough(*sign) for sign in signs):
        return _verdict(signs)
    reasons, marks = _reasons(FLAGGED, signs), reader.marks
    weight = _weight(text, reasons, reader.likeness, reader)
    if weight < marks.hold_at:
        return _verdict([sign for sign in signs if sign[0] != FLAGGED])
    priorities = [phrase.priority for verdict, phrase in signs if verdict == FLAGGED]
    return FLAGGED, min([*priorities, SOON if weight >= marks.soon_at else POSSIBLY]), [*reasons, marks.reason]


def _weight(text: str, reasons: Sequence[str], likeness: Likeness, reader: _Reader) -> float:
    """What a comment weighs as a whole; or its heaviest sentence, which is told apart from many by `sentence_less`."""
    whole = likeness.of(text, reasons)
    if whole >= reader.marks.hold_at:
        return whole
    sentences = _sentences(text)
    if len(sentences) < 2:
        return whole
    heaviest = max(likeness.of(each, _reasons(FLAGGED, _signs_in(each, reader))) for each in sentences)
    return max(whole, heaviest - reader.marks.sentence_less)


def _sentences(text: str) -> list[str]:
    return [
        f" {sentence.strip()} " for sentence in text.split(f" {SENTENCE_END} ") if sentence.strip(f" {SENTENCE_END}")
    ]


def _signs_in(text: str, reader: _Reader) -> list[tuple[str, Phrase]]:
    return [reader.signs[place] for place in reader.finder.found(text)]


def _reasons(verdict: str, signs: Sequence[tuple[str, Phrase]]) -> list[str]:
    return list(dict.fromkeys(phrase.reason for kind, phrase in signs if kind == verdict))


def _is_enough(verdict: str, phrase: Phrase) -> bool:
    return verdict == FLAGGED and phrase.alone


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
        Likeness(weights.by_sign) if weights else None,
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


def _verdict(signs: Sequence[tuple[str, Phrase]]) -> Verdict:
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
