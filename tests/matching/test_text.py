"""Words, stems and letters of what children write and of what officers write."""

import re
from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from heardback.matching.counting import letters_of_each
from heardback.matching.text import END, STOP_WORDS, every_word_of, normalise, stems_of, words_of, words_of_each


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Wi-Fi", "wifi"),
        ("e-mail", "email"),
        ("DIDN’T", "didnt"),
        ("ﬁne", "fine"),
        ("<b>reception</b>", " reception "),
    ],
)
def test_two_ways_of_writing_one_word_become_one(one: str, other: str) -> None:
    assert normalise(one) == normalise(other)


def test_a_hyphen_between_longer_words_parts_them() -> None:
    assert words_of("one-page half-term") == ["page", "half", "term"]


def test_the_words_that_carry_the_wish_are_kept() -> None:
    assert words_of("please do not stop the boxing, no less of it") == ["please", "not", "stop", "boxing", "no", "less"]


def test_emoji_and_punctuation_hold_no_words() -> None:
    assert words_of("🙂 !!! ... 👍🏽 __") == []


def test_endings_do_not_part_words() -> None:
    painted, painting, reception = stems_of(["painted", "painting", "reception"])
    assert painted == painting != reception


def letters_of(word: str) -> set[str]:
    return set(letters_of_each([word]).terms)


def test_letters_mark_the_ends_of_a_word() -> None:
    assert letters_of("cold") == {" col", "cold", "old "}
    assert letters_of("a") == {" a "}
    assert letters_of("𝒶𝒷") == {" 𝒶𝒷 "}


def test_a_misspelt_word_keeps_most_of_its_letters() -> None:
    right, wrong = letters_of("reception"), letters_of("recepton")
    assert len(right & wrong) / len(right | wrong) > 1 / 3


@given(st.text())
def test_any_text_gives_lower_case_words_without_stop_words(text: str) -> None:
    words = words_of(text)
    assert all(word and word not in STOP_WORDS and not any(sign in word for sign in " _'<>") for word in words)
    assert len(stems_of(words)) == len(words)


@given(st.lists(st.text(), max_size=6))
def test_texts_read_together_are_read_as_each_alone(texts: list[str]) -> None:
    together = words_of_each(texts)
    assert together == [word for text in texts for word in (*every_word_of(text), END)]


@pytest.mark.parametrize(
    "texts", [["a < b", "c > d"], ["the cafe", "\u0301 x"], ["no e-", "mail"], ["x\0y <i\0j>", ""], ["ΟΔΟΣ", "Σ"]]
)
def test_nothing_reaches_from_one_text_into_the_next(texts: list[str]) -> None:
    alone = [[word.lower() for word in re.findall(r"[^\W_]+", normalise(text.replace("\0", " ")))] for text in texts]
    assert [every_word_of(text) for text in texts] == alone
    assert words_of_each(texts) == [word for words in alone for word in (*words, END)]


@given(st.lists(st.text(st.characters(categories=["L", "N"]), min_size=1), unique=True, max_size=8))
def test_letters_of_many_words_are_those_of_each(words: list[str]) -> None:
    found = letters_of_each(words)
    assert list(found.terms) == sorted(set(found.terms))
    for word, row in zip(words, found.matrix.toarray(), strict=True):
        marked = f" {word} "
        runs = Counter(marked[start : start + 4] for start in range(max(1, len(marked) - 3)))
        assert {found.terms[place]: int(row[place]) for place in np.flatnonzero(row)} == runs
