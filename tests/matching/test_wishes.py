"""Wishes that contradict each other, recognised where words allow it."""

import numpy as np
import pytest

from config.thesaurus import SHIPPED, Thesaurus, WordGroup, read_thesaurus
from heardback.matching.wishes import Wishes


@pytest.fixture(scope="module")
def wishes() -> Wishes:
    thesaurus, _ = read_thesaurus(SHIPPED.parent)
    assert thesaurus is not None
    return Wishes.of(thesaurus)


def contrary(wishes: Wishes, said: str, done: str) -> bool:
    return bool(wishes.contrary(wishes.read([said]), wishes.read([done]))[0])


@pytest.mark.parametrize(
    ("said", "done"),
    [
        ("please open later on fridays", "The hub will close earlier"),
        ("stop mandating masks", "Make masks mandatory"),
        ("we want more trips", "There are fewer trips this year"),
        ("dont close the club", "The club was closed down"),
        ("let us have our phones", "Phones are banned in sessions"),
        ("the music is too loud", "We turn up the music now"),
        ("its too hot in there", "We turned the heating up"),
        ("dont make us go to groups", "Groups are now compulsory"),
        ("keep it online", "Meetings are face to face again"),
    ],
)
def test_contrary_wishes_are_recognised_both_ways(said: str, done: str, wishes: Wishes) -> None:
    assert contrary(wishes, said, done)
    assert contrary(wishes, done, said)


@pytest.mark.parametrize(
    ("said", "done"),
    [
        ("we want more trips", "We added two more trips"),
        ("its freezing, too cold", "We turned the heating up"),
        ("it shuts too early", "The hub stays open until nine"),
        ("let us have our phones", "Phones are allowed after six"),
        ("the lights are too bright", "We put softer lights in"),
        ("the front desk is grim", "We repainted the reception"),
        ("", ""),
    ],
)
def test_a_wish_and_its_answer_are_not_contrary(said: str, done: str, wishes: Wishes) -> None:
    assert not contrary(wishes, said, done)


def test_an_answer_that_names_both_sides_agrees(wishes: Wishes) -> None:
    assert not contrary(wishes, "stop the extra charge", "We stopped the charge and keep a fund")


def test_many_pairs_are_judged_row_by_row() -> None:
    own = Thesaurus(
        wishes=(WordGroup(name="more", words=("extra",)), WordGroup(name="less", words=("fewer",))),
        opposites=(("more", "less"),),
    )
    wishes = Wishes.of(own)
    said = wishes.read(["more staff", "extra staff", "staff", "fewer forms, more staff"])
    done = wishes.read(["fewer staff", "more staff", "less staff", "more staff"])
    assert wishes.contrary(said, done).tolist() == [True, False, False, False]
    assert wishes.named(said, done, 0) == [("more", "less")]
    assert wishes.named(said, done, 1) == []


def test_without_wishes_nothing_is_contrary() -> None:
    wishes = Wishes.of(Thesaurus())
    assert not np.any(wishes.contrary(wishes.read(["more"]), wishes.read(["less"])))
