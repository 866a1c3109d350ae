"""Words for the thesaurus to grow by, from the answers that people have confirmed."""

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from config.thesaurus import WordGroup
from heardback.matching.growing import WordSuggestion, suggest_words
from heardback.matching.terms import Terms

TERMS = Terms.of(
    [
        WordGroup(name="reception", words=("front desk", "waiting room")),
        WordGroup(name="food", words=("snacks", "meal")),
    ]
)
RECEPTION, FOOD, TRIP = "We painted the reception", "Snacks every Monday", "The zoo, twice"


def pairs(*rows: tuple[str, str, str]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["voice", "said", "done"])


def others(number: int = 6) -> tuple[tuple[str, str, str], ...]:
    return tuple((f"o{place}", f"longer sessions {place}", "Sessions last an hour") for place in range(number))


def found(*rows: tuple[str, str, str]) -> list[WordSuggestion]:
    return suggest_words(pairs(*rows), TERMS)


def test_a_word_that_three_people_used_of_one_group_is_proposed_for_it() -> None:
    rows = [(f"v{place}", "the hatch is grim", RECEPTION) for place in range(3)]
    (hatch,) = [each for each in found(*rows, *others()) if each.word == "hatch"]
    # three of nine voices were answered by a change of this group, and so were all three who said it: 3 · 9 / (3 · 3)
    assert hatch == WordSuggestion("hatch", "group", "reception", 3, 3.0)


def test_a_word_of_two_people_is_never_shown() -> None:
    assert found(*[(f"v{place}", "the hatch is grim", RECEPTION) for place in range(2)], *others()) == []


def test_three_comments_of_one_voice_count_once() -> None:
    assert found(*[("v1", f"the hatch is grim {place}", RECEPTION) for place in range(3)], *others()) == []


def test_a_comment_that_three_changes_answer_counts_once() -> None:
    assert found(*[("v1", "the hatch", f"{RECEPTION} {place}") for place in range(3)], *others()) == []


def test_a_word_that_the_change_has_in_another_form_needs_no_bridge() -> None:
    rows = [(f"v{place}", "paint it", RECEPTION) for place in range(3)]
    assert [each.word for each in found(*rows, *others())] == []


def test_a_comment_that_speaks_of_the_group_already_proposes_nothing_for_it() -> None:
    rows = [(f"v{place}", "the front desk is by the hatch", RECEPTION) for place in range(3)]
    assert not any(each.target == "reception" for each in found(*rows, *others()))


def test_a_word_that_everybody_uses_is_not_proposed() -> None:
    rows = [(f"v{place}", "please sort it", done) for place, done in enumerate([RECEPTION, FOOD, TRIP] * 3)]
    assert found(*rows) == []


def test_where_no_group_fits_the_changes_own_word_is_named() -> None:
    rows = [(f"v{place}", "lions", "An outing") for place in range(4)]
    assert found(*rows, *others()) == [WordSuggestion("lions", "word", "outing", 4, 2.5)]


def test_numbers_and_scraps_are_not_words() -> None:
    rows = [(f"v{place}", "ok 2nite 17", RECEPTION) for place in range(4)]
    assert found(*rows, *others()) == []


def test_each_word_is_proposed_for_its_best_targets_and_the_strongest_stands_first() -> None:
    rows = [(f"v{place}", "grub at the hatch", FOOD if place else RECEPTION) for place in range(5)]
    rows += [(f"w{place}", "hatch", RECEPTION) for place in range(4)]
    assert found(*rows, *others(12)) == [
        WordSuggestion("grub", "group", "food", 4, 4.2),  # 4 · 21 / (5 · 4)
        WordSuggestion("hatch", "group", "reception", 5, 2.3),  # 5 · 21 / (9 · 5)
        WordSuggestion("hatch", "group", "food", 4, 2.3),  # 4 · 21 / (9 · 4)
    ]


def test_a_comment_that_two_changes_answer_counts_for_both() -> None:
    rows = [(f"v{place}", "the hatch", done) for place in range(3) for done in (FOOD, RECEPTION)]
    assert {each.word for each in found(*rows, *others())} == {"hatch"}
    later = [(f"w{place}", "the hatch", RECEPTION) for place in range(2)]
    assert found(*rows, *later, *others())[0].target == "reception"


def test_nothing_confirmed_proposes_nothing() -> None:
    assert found() == []


@settings(max_examples=20)
@given(
    st.permutations([("a", "the hatch", RECEPTION), ("b", "hatch", RECEPTION), ("c", "a hatch", RECEPTION), *others()])
)
def test_the_order_of_the_rows_does_not_matter(rows: list[tuple[str, str, str]]) -> None:
    assert found(*rows) == [WordSuggestion("hatch", "group", "reception", 3, 3.0)]
