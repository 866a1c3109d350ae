"""Loops that say the same are offered for merging: those of one service, alike in words or meaning, each once."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.thesaurus import Thesaurus, WordGroup
from heardback.matching.bridges import Bridges
from heardback.matching.lexicon import read_register
from heardback.matching.merging import MEANING_FROM, Offer, merging_offers
from heardback.matching.pool import Knowledge
from tests.matching.register import changes

LEXICON = read_register(changes().fillna(""))
COLD = "the waiting room is freezing cold in winter"


def offers(*rows: tuple[str, str, str], knows: Knowledge | None = None, **voices: int) -> list[Offer]:
    """Rows are (loop, desk, text)."""
    comments = pd.DataFrame(rows, columns=["loop_uid", "desk", "text"])
    comments = comments.assign(comment_uid=[f"m-{number}" for number in range(len(rows))])
    sizes = {loop: voices.get(loop, 1) for loop in comments["loop_uid"]}
    return merging_offers(comments, LEXICON, knows or Knowledge(), sizes)


def turned(**degrees: float) -> Knowledge:
    """An encoder for which each text lies at an angle of its own, so that likeness is the cosine of the difference."""
    angles = {text.replace("_", " "): np.radians(angle) for text, angle in degrees.items()}
    return Knowledge(encode=lambda texts: np.array([(np.cos(angles[text]), np.sin(angles[text])) for text in texts]))


def test_nearly_the_same_words_are_offered_with_the_reason() -> None:
    (offer,) = offers(("L-1", "youth", COLD), ("L-2", "youth", "Freezing cold waiting room in the winter!"))
    assert (offer.into, offer.loop_uid, offer.in_words) == ("L-1", "L-2", True)
    # two stems that no change holds, three that one does; and as if one more, that none holds, stood in one of them
    rare, held = math.log(1 + 1000 / 0.5), math.log(1 + 1000 / 1.5)
    alike = math.log(2) ** 2 * (2 * rare**2 + 3 * held**2)
    assert offer.likeness == pytest.approx(alike / (alike + rare**2))
    assert offer.reason == "nearly the same words (0.67)"


def test_loops_of_two_desks_are_never_offered_together() -> None:
    assert offers(("L-1", "youth", COLD), ("L-2", "family", COLD)) == []


def test_what_shares_some_words_alone_is_not_offered() -> None:
    assert offers(("L-1", "youth", COLD), ("L-2", "youth", "cold chips in the waiting room again")) == []


def test_one_word_is_too_little_to_be_the_same() -> None:
    assert offers(("L-1", "youth", "parking"), ("L-2", "youth", "parking!")) == []


def test_comments_of_one_loop_are_no_offer() -> None:
    assert offers(("L-1", "youth", COLD), ("L-1", "youth", COLD)) == []


def test_the_same_in_other_words_is_offered_from_the_likeness_that_was_measured() -> None:
    assert MEANING_FROM == 0.65  # the cosine of 49.46 degrees
    rows = ("L-1", "youth", "grim desk"), ("L-2", "youth", "cold hall"), ("L-3", "youth", "more zebras")
    (offer,) = offers(*rows, knows=turned(grim_desk=0, cold_hall=49, more_zebras=-50))
    assert (offer.loop_uid, offer.reason) == ("L-2", "alike in other words (0.66)")


def test_the_largest_loop_takes_the_others_and_nobody_is_taken_along_a_chain() -> None:
    """L-1 is like L-2, L-2 like L-3, and L-1 not like L-3."""
    rows = [(f"L-{number}", "youth", f"text {name}") for number, name in enumerate("abc", start=1)]
    knows = turned(text_a=0, text_b=40, text_c=80)
    assert [(o.into, o.loop_uid) for o in offers(*rows, knows=knows)] == [("L-1", "L-2")]
    assert [(o.into, o.loop_uid) for o in offers(*rows, knows=knows, **{"L-2": 14})] == [("L-2", "L-1"), ("L-2", "L-3")]


def test_of_equals_the_loop_that_was_opened_first_stays() -> None:
    assert [offer.into for offer in offers(("L-10000", "y", COLD), ("L-9999", "y", COLD))] == ["L-9999"]


def test_contrary_wishes_are_not_the_same_however_alike() -> None:
    wishes = (
        WordGroup(name="open later", words=("stay open longer",)),
        WordGroup(name="close", words=("close earlier",)),
    )
    knows = Knowledge(bridges=Bridges.of(Thesaurus(wishes=wishes, opposites=(("open later", "close"),))))
    rows = ("L-1", "y", "open later on boxing fridays please"), ("L-2", "y", "close earlier on boxing fridays please")
    alike = turned(**{text.replace(" ", "_"): 0.0 for _, _, text in rows})
    assert len(offers(*rows, knows=alike)) == 1
    assert offers(*rows, knows=Knowledge(knows.bridges, alike.encode)) == []


@pytest.mark.parametrize("texts", [("", ""), (None, None), ("🙂", "🙂")])
def test_what_says_nothing_is_like_nothing(texts: tuple[str, str]) -> None:
    assert offers(("L-1", "y", texts[0]), ("L-2", "y", texts[1])) == []


def test_without_comments_there_is_no_offer() -> None:
    assert offers() == []


said = st.sampled_from(
    [COLD, "freezing waiting room, cold in winter", "grim front desk", "the front desk is grim", "hm"]
)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(["L-1", "L-2", "L-3", "L-4"]), said), max_size=8), st.randoms())
def test_each_loop_is_offered_once_whatever_the_order(rows: list[tuple[str, str]], dice) -> None:  # type: ignore[no-untyped-def]
    drawn = [(loop, "y", text) for loop, text in rows]
    first = offers(*drawn)
    dice.shuffle(drawn)
    assert offers(*drawn) == first
    assert len({offer.loop_uid for offer in first}) == len(first)
    assert not {offer.loop_uid for offer in first} & {offer.into for offer in first}
