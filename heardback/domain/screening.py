"""Which comments hold a disclosure or a complaint, and which ask for nothing. It orders the queue; it never clears."""

import re
from collections.abc import Iterable, Sequence

import pandas as pd

from config.screening import Phrase, ScreeningPhrases
from heardback.domain.phrasing import Finder, Phrasebook
from heardback.domain.spelling import Speller, Spelling

FLAGGED, COMPLAINT, CLEAR = "flagged", "complaint", "clear"
READ_LAST = 4  # after every phrase's priority: a clear comment is read too, when nothing else waits
SET_ASIDE = " ."  # what a harmless expression leaves behind: no phrase reaches over it


def screen(texts: pd.Series, phrases: ScreeningPhrases) -> pd.DataFrame:
    """What the phrases say of each comment: `verdict` (flagged, complaint, clear), `priority` and `reasons`.

    One row for each text, under the same index. `priority` is 1 to 3, and 4 where clear; `reasons` are the labels that
    staff wrote, most urgent first, never words of the comment. A flag goes before a complaint.
    """
    book = Phrasebook(phrases.word_groups, phrases.spellings)
    signs = _in_order(FLAGGED, phrases.disclosures) + _in_order(COMPLAINT, phrases.complaints)
    finder, harmless = Finder(book, [sign.phrase for _, sign in signs]), book.pattern(phrases.harmless)
    read = _speller(book, phrases).read_all(_plain(texts))
    found = [_verdict([signs[place] for place in finder.found(harmless.sub(SET_ASIDE, text))]) for text in read]
    return pd.DataFrame(found, columns=["verdict", "priority", "reasons"], index=texts.index)


def is_non_answer(texts: pd.Series, phrases: ScreeningPhrases) -> pd.Series:
    """True where a comment is empty, or made up of non-answers alone ("nothing really, all good")."""
    book = Phrasebook(phrases.word_groups, phrases.spellings)
    # Possessive: without it, n repeated words would be tried in 2^n ways.
    whole = re.compile(rf" (?:(?:{_longest_first(book, phrases.non_answers)}|\.)(?= ) )*+")
    read = _speller(book, phrases).read_all(_plain(texts))
    empty = [whole.fullmatch(text) is not None or not text.strip() for text in read]
    return pd.Series(empty, index=texts.index, dtype=bool)


def is_praise_only(texts: pd.Series, phrases: ScreeningPhrases) -> pd.Series:
    """True where every sentence praises and none of them wishes for something or finds fault."""
    book = Phrasebook(phrases.word_groups, phrases.spellings)
    praise, wish = book.pattern(phrases.praise), book.pattern(phrases.wishes)
    read = _speller(book, phrases).read_all(_plain(texts))
    return pd.Series([_only_praises(text, praise, wish) for text in read], index=texts.index, dtype=bool)


def _plain(texts: pd.Series) -> list[str]:
    return [text if isinstance(text, str) else "" for text in texts]


def _speller(book: Phrasebook, phrases: ScreeningPhrases) -> Speller:
    spelling = Spelling(phrases.spellings, phrases.misspelt, phrases.not_slips)
    return Speller(spelling, book.words, book.stems)


def _in_order(verdict: str, phrases: Iterable[Phrase]) -> list[tuple[str, Phrase]]:
    return [(verdict, phrase) for phrase in sorted(phrases, key=lambda phrase: phrase.priority)]


def _verdict(signs: Sequence[tuple[str, Phrase]]) -> tuple[str, int, list[str]]:
    """Signs stand flags first, most urgent first, so the first of them decides."""
    if not signs:
        return CLEAR, READ_LAST, []
    verdict, first = signs[0]
    return verdict, first.priority, list(dict.fromkeys(sign.reason for kind, sign in signs if kind == verdict))


def _longest_first(book: Phrasebook, phrases: Iterable[str]) -> str:
    return book.sources(sorted(phrases, key=lambda phrase: (-len(phrase), phrase)))


def _only_praises(text: str, praise: re.Pattern[str], wish: re.Pattern[str]) -> bool:
    sentences = [f" {sentence.strip()} " for sentence in text.split(" . ") if sentence.strip(" .")]
    return bool(sentences) and not wish.search(text) and all(praise.search(sentence) for sentence in sentences)
