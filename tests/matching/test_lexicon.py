"""Likeness: a share of the comment's rare stems, plus a cosine of letters, term by term."""

import numpy as np
import pandas as pd
import pytest

from heardback.matching.counting import Words, count_words, letters_in, stems_in, strange_to
from heardback.matching.lexicon import LETTERS_WEIGHT, STEMS_WEIGHT, read_register
from tests.matching.register import changes


def likeness(texts: list[str], register: pd.DataFrame) -> np.ndarray:
    lexicon = read_register(register)
    return np.asarray((lexicon.encode(Words.of(texts)) @ lexicon.matrix.T).toarray())


def one_change(we_did: str, you_said: str = "", title: str = "") -> tuple[str, ...]:
    return ("C", "youth", "2026-03-10", title, you_said, we_did)


def test_terms_are_counted_in_each_text_and_sorted() -> None:
    words = count_words(Words.of(["sofas and a sofa", "", "wall"]))
    stems, letters = stems_in(words), letters_in(words)
    assert list(stems.terms) == ["sofa", "wall"]
    assert stems.matrix.toarray().tolist() == [[2, 0], [0, 0], [0, 1]]
    assert letters.matrix.toarray().sum(axis=1).tolist() == [4 + 3, 0, 3]
    strange = strange_to(stems.terms[:1], words)
    assert [words.words[place] for place in strange] == ["wall"]
    assert letters_in(words, only=strange).matrix.toarray().sum(axis=1).tolist() == [0, 0, 3]


def test_the_stem_part_is_the_one_worked_out_by_hand() -> None:
    """Two changes; "sofa" is in one, so its rarity is ln(1 + 1000 / 1.5), and what nobody knows weighs ln(1 + 2000).

    The change has one stem, so its own cosine is 1. The comment holds "sofa" and "purple", said once each, and counts
    as holding one more that nobody knows.
    """
    lexicon = read_register(changes([one_change("sofas"), one_change("letters")]))
    row = (lexicon.encode(Words.of(["purple sofa"])).multiply(lexicon.matrix[[0]])).toarray()[0]
    sofa, unknown = np.log(2) * np.log(1 + 1000 / 1.5), np.log(1 + 2000)
    expected = sofa / np.sqrt(sofa**2 + (np.log(2) * unknown) ** 2 + unknown**2)
    assert row[: len(lexicon.stems.terms)].sum() == pytest.approx(expected)


def test_what_was_said_counts_for_more_than_what_was_done() -> None:
    said, done = one_change("letters", you_said="sofas"), one_change("sofas", you_said="letters")
    first, second = likeness(["sofas please"], changes([said, done]))[0]
    assert first > second


def test_a_rare_word_counts_for_more_than_one_that_every_change_holds() -> None:
    register = changes([one_change("staff sofas"), one_change("staff letters"), one_change("staff wall")])
    rare, common = likeness(["sofas", "staff"], register)[:, 0]
    assert rare > 1.2 * common


def test_the_same_words_in_a_longer_change_count_for_less() -> None:
    long = "sofas " + " ".join(f"word{number}" for number in range(80))
    short_change, long_change = likeness(["sofas"], changes([one_change("sofas"), one_change(long)]))[0]
    assert short_change > long_change > 0


def test_a_misspelt_word_is_still_like() -> None:
    register = changes([one_change("reception repainted"), one_change("letters rewritten")])
    right, wrong = likeness(["recepton"], register)[0]
    assert right > 0
    assert wrong == 0


def test_one_shared_common_word_is_weak_even_when_the_comment_has_no_other() -> None:
    assert likeness(["letters"], changes())[0].max() < 0.4


def test_likeness_stays_between_nothing_and_one() -> None:
    texts = [*changes()["we_did"], "", "🙂", "sofas " * 5000]
    alike = likeness(texts, changes())
    assert (alike >= 0).all()
    assert (alike <= STEMS_WEIGHT + LETTERS_WEIGHT).all()
    assert (alike[-3:-1] == 0).all()


def test_what_else_is_in_the_batch_moves_no_score() -> None:
    alone = likeness(["the reception felt cold"], changes())
    together = likeness(["boxing", "the reception felt cold", "letters letters"], changes())
    np.testing.assert_allclose(together[1], alone[0], rtol=1e-12)


@pytest.mark.parametrize("texts", [[], ["", ""], ["🙂"]])
def test_a_register_without_a_single_word_matches_nothing(texts: list[str]) -> None:
    empty = changes([one_change(text) for text in texts])
    assert not likeness(["anything"], empty).any()
