"""Terms: which groups of the thesaurus a text speaks of, found by the longest term, and which two texts share."""

import tracemalloc

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.thesaurus import SHIPPED, WordGroup, read_thesaurus
from heardback.matching.terms import Bridge, Terms, bridges_between
from heardback.matching.text import every_word_of

GROUPS = (
    WordGroup(name="reception", words=("front desk", "waiting room", "where you sign in")),
    WordGroup(name="waiting list", words=("wait", "queue", "bare long")),
    WordGroup(name="transport", words=("lift", "cab", "taxi")),
    WordGroup(name="step-free", words=("ramp", "lift", "lifts")),
    WordGroup(name="worker", words=("YOT officer", "my worker", "wi-fi")),
)
TERMS = Terms.of(GROUPS)


def groups_of(text: str) -> dict[str, tuple[str, ...]]:
    return dict(TERMS.read([text]).words(0))


@pytest.fixture(scope="module")
def shipped() -> Terms:
    thesaurus, _ = read_thesaurus(SHIPPED.parent)
    assert thesaurus is not None
    return Terms.of(thesaurus.groups)


def test_a_term_of_several_words_is_found_with_its_stop_words() -> None:
    assert groups_of("I hate where you sign in, it stinks") == {"reception": ("where you sign in",)}
    assert groups_of("where you sign up") == {}


def test_a_term_is_found_in_every_form_of_its_words_and_named_as_the_thesaurus_writes_it() -> None:
    assert groups_of("FRONT DESKS are grim") == {"reception": ("front desk",)}
    assert groups_of("we queued and queued, they keep queueing") == {"waiting list": ("queue",)}
    assert groups_of("the yot officers are ok") == {"worker": ("YOT officer",)}
    assert groups_of("no Wi-Fi") == groups_of("no wifi") == {"worker": ("wi-fi",)}


def test_the_longest_term_counts_and_the_words_inside_it_for_nothing_else() -> None:
    assert groups_of("the waiting room") == {"reception": ("waiting room",)}
    assert groups_of("waiting in a room") == {"waiting list": ("wait",)}
    assert groups_of("the waiting list") == {"waiting list": ("waiting list",)}


def test_of_two_terms_that_overlap_the_first_keeps_the_words() -> None:
    terms = Terms.of([WordGroup(name="one", words=("red door",)), WordGroup(name="two", words=("door bell", "bell"))])
    assert dict(terms.read(["a red door bell"]).words(0)) == {"one": ("red door",), "two": ("bell",)}


def test_a_term_that_is_begun_and_not_ended_leaves_the_shorter_one() -> None:
    terms = Terms.of([WordGroup(name="far", words=("two buses there and back", "two buses"))])
    assert dict(terms.read(["two buses there and no way home"]).words(0)) == {"far": ("two buses",)}


def test_a_term_does_not_reach_from_one_text_into_the_next() -> None:
    reading = TERMS.read(["at the front", "desk and waiting", "room"])
    assert reading.matrix.toarray()[:, 0].tolist() == [0, 0, 0]
    assert reading.words(1) == {"waiting list": ("wait",)}


def test_a_word_of_two_groups_speaks_of_both_and_is_counted_each_time() -> None:
    reading = TERMS.read(["lift lifts", "", "nothing of these"])
    assert reading.words(0) == {"transport": ("lift",), "step-free": ("lift",)}
    assert reading.matrix.toarray().tolist() == [[0, 0, 2, 2, 0], [0] * 5, [0] * 5]
    assert reading.met.sum() == 2


def test_two_texts_are_bridged_by_a_group_that_they_share_in_different_words() -> None:
    said, done = TERMS.read(["the front desk made us queue"]), TERMS.read(["We painted the waiting room", "New queue"])
    assert bridges_between(said, 0, done, 0) == [Bridge("reception", ("front desk",), ("waiting room",))]


def test_a_word_that_both_texts_hold_is_no_bridge() -> None:
    said = TERMS.read(["my worker is late", "the queue was bare long"])
    done = TERMS.read(["A new worker", "The queue is shorter"])
    assert bridges_between(said, 0, done, 0) == []
    assert bridges_between(said, 1, done, 1) == [Bridge("waiting list", ("bare long",), ("queue",))]


@given(st.lists(st.text(alphabet="abc waitlistroomqueu ", max_size=40), max_size=5))
def test_each_text_is_read_as_if_it_were_alone(texts: list[str]) -> None:
    together = TERMS.read(texts).matrix.toarray()
    alone = [TERMS.read([text]).matrix.toarray()[0] for text in texts]
    assert together.tolist() == [row.tolist() for row in alone]


@given(st.permutations(["front desk", "my worker has a cab", "lift", "the queue is bare long", "x"]))
def test_the_order_of_the_texts_moves_their_rows_and_nothing_else(texts: list[str]) -> None:
    rows = dict(zip(texts, TERMS.read(texts).matrix.toarray().tolist(), strict=True))
    ordered = sorted(texts)
    assert TERMS.read(ordered).matrix.toarray().tolist() == [rows[text] for text in ordered]


def test_words_that_were_taken_apart_already_read_the_same() -> None:
    texts = ["front desk", "", "the queue is bare long"]
    read = TERMS.read_words([every_word_of(text) for text in texts])
    assert read.met.toarray().tolist() == TERMS.read(texts).met.toarray().tolist()


def test_no_groups_and_no_texts_are_read_as_nothing() -> None:
    assert Terms.of([]).read(["front desk"]).matrix.shape == (1, 0)
    assert TERMS.read([]).matrix.shape == (0, len(GROUPS))


def test_hostile_text_costs_no_more_than_its_length(shipped: Terms) -> None:
    texts = ["waiting " * 4000, "🤷" * 30_000, "где ты " * 4000, "<b>" * 10_000, "where you sign " * 2000]
    tracemalloc.start()
    reading = shipped.read(texts)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert reading.matrix.shape == (5, len(shipped.groups))
    assert not reading.words(1)
    assert not reading.words(2)
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
    found = bridges_between(shipped.read([said]), 0, shipped.read([done]), 0)
    assert group in {bridge.group for bridge in found}


def test_terms_of_the_shipped_thesaurus_are_found_in_themselves(shipped: Terms) -> None:
    reading = shipped.read(shipped.written)
    own = reading.met.toarray()[np.arange(len(shipped.written)), np.arange(len(shipped.written))]
    assert own.tolist() == [1.0] * len(shipped.written)
