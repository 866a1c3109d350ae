"""Words, stems and letters of what children write and of what officers write."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heardback.matching.text import STOP_WORDS, letters_of, normalise, stems_of, words_of


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


def test_letters_mark_the_ends_of_a_word() -> None:
    assert letters_of("cold") == [" col", "cold", "old "]
    assert letters_of("a") == [" a "]


def test_a_misspelt_word_keeps_most_of_its_letters() -> None:
    right, wrong = set(letters_of("reception")), set(letters_of("recepton"))
    assert len(right & wrong) / len(right | wrong) > 1 / 3


@given(st.text())
def test_any_text_gives_lower_case_words_without_stop_words(text: str) -> None:
    words = words_of(text)
    assert all(word and word not in STOP_WORDS and not any(sign in word for sign in " _'<>") for word in words)
    assert len(stems_of(words)) == len(words)
