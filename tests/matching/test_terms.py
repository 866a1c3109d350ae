"""Terms: which groups of the thesaurus a text speaks of, found by the longest term."""

import tracemalloc

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.thesaurus import SHIPPED, WordGroup, read_thesaurus
from heardback.matching.counting import Words
from heardback.matching.terms import Terms

GROUPS = (
    WordGroup(name="reception", words=("front desk", "waiting room", "where you sign in")),
    WordGroup(name="waiting list", words=("wait", "queue", "bare long")),
    WordGroup(name="transport", words=("lift", "cab", "taxi")),
    WordGroup(name="step-free", words=("ramp", "lift", "lifts")),
    WordGroup(name="worker", words=("YOT officer", "my worker", "wi-fi")),
)
TERMS = Terms.of(GROUPS)


def found_in(*texts: str, terms: Terms = TERMS) -> list[list[str]]:
    return [[terms.names[group] for group in np.flatnonzero(row)] for row in terms.found_in(Words.of(texts)).toarray()]


@pytest.fixture(scope="module")
def shipped() -> Terms:
    thesaurus, _ = read_thesaurus(SHIPPED.parent)
    assert thesaurus is not None
    return Terms.of(thesaurus.groups)


def test_a_term_of_several_words_is_found_with_its_stop_words() -> None:
    assert found_in("I hate where you sign in, it stinks", "where you sign up") == [["reception"], []]


def test_a_term_is_found_in_every_form_of_its_words() -> None:
    assert found_in("FRONT-DESKS are grim", "we queued, they keep queueing") == [["reception"], ["waiting list"]]
    assert found_in("the yot officers are ok", "no Wi-Fi", "no wifi") == [["worker"]] * 3


def test_the_longest_term_counts_and_the_words_inside_it_for_nothing_else() -> None:
    assert found_in("the waiting room", "waiting in a room", "the waiting list") == [
        ["reception"], ["waiting list"], ["waiting list"],
    ]  # fmt: skip
    assert found_in("the waiting room, and waiting") == [["reception", "waiting list"]]


def test_a_longer_term_keeps_its_words_from_one_that_begins_before_it() -> None:
    terms = Terms.of([WordGroup(name="one", words=("red door",)), WordGroup(name="two", words=("door bell rings",))])
    assert found_in("a red door bell rings", "a red door bell", terms=terms) == [["two"], ["one"]]


def test_of_two_terms_of_one_length_that_overlap_both_count_and_shorter_ones_inside_do_not() -> None:
    groups = (("one", "red door"), ("two", "door bell"), ("three", "bell"))
    terms = Terms.of([WordGroup(name=name, words=(word,)) for name, word in groups])
    assert found_in("a red door bell", terms=terms) == [["one", "two"]]


def test_a_term_that_is_begun_and_not_ended_leaves_the_shorter_one() -> None:
    terms = Terms.of([WordGroup(name="far", words=("two buses there and back", "two buses"))])
    assert found_in("two buses there and no way home", terms=terms) == [["far"]]


def test_a_term_does_not_reach_from_one_text_into_the_next() -> None:
    assert found_in("at the front", "desk and waiting", "room") == [[], ["waiting list"], []]


def test_a_word_of_two_groups_speaks_of_both_and_counts_once_however_often_it_stands() -> None:
    assert TERMS.found_in(Words.of(["lift lifts", "", "nothing of these"])).toarray().tolist() == [
        [0, 0, 1, 1, 0],
        [0] * 5,
        [0] * 5,
    ]


@given(st.lists(st.text(alphabet="abc waitlistroomqueu ", max_size=40), max_size=5))
def test_each_text_is_read_as_if_it_were_alone(texts: list[str]) -> None:
    assert found_in(*texts) == [found_in(text)[0] for text in texts]


@given(st.permutations(["front desk", "my worker has a cab", "lift", "the queue is bare long", "x"]))
def test_the_order_of_the_texts_moves_their_rows_and_nothing_else(texts: list[str]) -> None:
    rows = dict(zip(texts, found_in(*texts), strict=True))
    assert found_in(*sorted(texts)) == [rows[text] for text in sorted(texts)]


def test_no_groups_and_no_texts_are_read_as_nothing() -> None:
    assert Terms.of([]).found_in(Words.of(["front desk"])).shape == (1, 0)
    assert TERMS.found_in(Words.of([])).shape == (0, len(GROUPS))


def test_hostile_text_costs_no_more_than_its_length(shipped: Terms) -> None:
    texts = ["waiting " * 4000, "🤷" * 30_000, "где ты " * 4000, "<b>" * 10_000, "where you sign " * 2000]
    tracemalloc.start()
    found = shipped.found_in(Words.of(texts))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert found.shape == (5, len(shipped.names))
    assert found[[1, 2]].nnz == 0
    assert peak < 30_000_000  # a few arrays of one number for each of the 20,000 words


@pytest.mark.parametrize(
    ("said", "done", "group"),
    [
        ("the front desk is grim", "We repainted the reception", "reception"),
        ("i had to keep my coat on", "New radiators were put in", "cold"),
        ("my yot officer", "Every key worker now texts", "worker"),
        ("skint, cant get there", "A hardship fund for young people", "short of money"),
        ("been waiting bare long", "We cut the backlog", "waiting list"),
        ("i had to explain everything again", "A handover sheet goes with each child", "telling my story again"),
        ("everyone can hear", "Interviews are held in private", "who can hear"),
        ("could do with a brew", "Tea and coffee on the side", "hot drinks"),
        ("theres never any grub", "Meals are served at six", "food"),
        ("they chucked my stuff in bin bags", "Every child gets a suitcase", "black bags"),
        ("nobody can do my braids", "Training for carers in afro hair", "hair and skin"),
        ("no one rings back", "Staff return calls the same day", "cannot reach workers"),
    ],
)
def test_the_shipped_thesaurus_joins_what_young_people_say_to_what_officers_write(
    said: str, done: str, group: str, shipped: Terms
) -> None:
    ours, theirs = found_in(said, done, terms=shipped)
    assert group in ours
    assert group in theirs


def test_every_term_of_the_shipped_thesaurus_is_found_in_itself(shipped: Terms) -> None:
    thesaurus, _ = read_thesaurus(SHIPPED.parent)
    assert thesaurus is not None
    terms = [(number, term) for number, group in enumerate(thesaurus.groups) for term in (group.name, *group.words)]
    found = shipped.found_in(Words.of(term for _, term in terms)).toarray()
    assert found[np.arange(len(terms)), [number for number, _ in terms]].all()
