"""Comments in nearly the same words get one fingerprint; those that say too little get none."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from heardback.matching.grouping import fingerprints


def fingerprint(text: str | None) -> str | None:
    (value,) = fingerprints(pd.Series([text], dtype="str"))
    return None if pd.isna(value) else value


@pytest.mark.parametrize(
    "other", ["the Wi-Fi is RUBBISH!!", "wifi rubbish", "wifi is rubbish rubbish", "<p>wifi is rubbish</p>"]
)
def test_nearly_the_same_words_have_one_fingerprint(other: str) -> None:
    assert fingerprint("wifi is rubbish") == fingerprint(other) is not None


@pytest.mark.parametrize("other", ["wifi is not rubbish", "rubbish wifi", "wifi is great", "rubbish bins"])
def test_another_wish_or_another_order_has_another(other: str) -> None:
    assert fingerprint("wifi is rubbish") != fingerprint(other)


@pytest.mark.parametrize("text", [None, "", "good", "it was good", "👍👍", "n/a", "wifi wifi wifi"])
def test_what_says_too_little_has_none(text: str | None) -> None:
    assert fingerprint(text) is None


def test_the_index_of_the_texts_is_kept() -> None:
    texts = pd.Series(["open on sundays", "good"], index=["b", "a"])
    found = fingerprints(texts)
    assert list(found.index) == ["b", "a"]
    assert found.isna().tolist() == [False, True]


@given(st.text(max_size=200))
def test_no_word_of_the_comment_can_be_read_in_it(text: str) -> None:
    value = fingerprint(text)
    assert value is None or (len(value) == 32 and set(value) <= set("0123456789abcdef"))
