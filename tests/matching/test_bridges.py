"""What the matcher does with a thesaurus: bridges between words, and wishes that contradict each other."""

import numpy as np
import pytest

from config.policy import MatchingPolicy
from config.thesaurus import SHIPPED, Thesaurus, WordGroup, read_thesaurus
from heardback.matching.bridges import Bridges
from heardback.matching.counting import Words
from heardback.matching.pool import Knowledge
from heardback.matching.suggesting import match
from tests.matching.register import changes, comment

THESAURUS = Thesaurus(
    groups=(
        WordGroup(name="reception", words=("front desk", "where you sign in", "waiting")),
        WordGroup(name="waiting list", words=("long wait",)),
        WordGroup(name="toilets", words=("bogs", "loo")),
    ),
    wishes=(
        WordGroup(name="open later", words=("closes too early",)),
        WordGroup(name="close earlier", words=("shut earlier",)),
    ),
    opposites=(("open later", "close earlier"),),
)  # fmt: skip
BRIDGES = Bridges.of(THESAURUS)
LOOSE = MatchingPolicy(ask_at=0.01)


@pytest.fixture(scope="module")
def shipped() -> Bridges:
    thesaurus, _ = read_thesaurus(SHIPPED.parent)
    assert thesaurus is not None
    return Bridges.of(thesaurus)


def contrary(bridges: Bridges, said: str, done: str) -> bool:
    return bool((bridges.one_wish(Words.of([said])) @ bridges.opposite_of_one_wish(Words.of([done])).T).nnz)


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
    ],
)
def test_contrary_wishes_are_recognised_both_ways(said: str, done: str, shipped: Bridges) -> None:
    assert contrary(shipped, said, done)
    assert contrary(shipped, done, said)


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
def test_a_wish_and_its_answer_are_not_contrary(said: str, done: str, shipped: Bridges) -> None:
    assert not contrary(shipped, said, done)


def test_who_names_two_wishes_contradicts_nothing_and_is_contradicted_by_nothing() -> None:
    both = "closes too early, shut earlier"
    assert BRIDGES.one_wish(Words.of([both, "closes too early", ""])).toarray().tolist() == [[0, 0], [1, 0], [0, 0]]
    assert not contrary(BRIDGES, both, "shut earlier")
    assert not contrary(BRIDGES, "closes too early", both)


def test_without_wishes_nothing_is_contrary() -> None:
    assert not contrary(Bridges.of(Thesaurus()), "more", "less")


def test_the_bridge_that_adds_most_is_shown_first() -> None:
    done = changes([("C-1", "youth", "2026-03-10", "", "", "Toilets and the reception"),
                    ("C-2", "youth", "2026-03-11", "", "", "Toilets again")])  # fmt: skip
    found = match(comment("bogs, front desk"), done, {}, LOOSE, knowledge=Knowledge(BRIDGES))
    (line,) = [line for line in found[0].reasons if line.startswith("both speak of: ")]
    assert [each.split(" +")[0] for each in line.removeprefix("both speak of: ").split(", ")] == [
        "reception",
        "toilets",
    ]


def test_a_bridge_is_shown_by_its_name_and_never_by_the_comments_word() -> None:
    found = match(
        comment("front desk looks rank"), changes(), {}, MatchingPolicy(ask_at=0.05), knowledge=Knowledge(BRIDGES)
    )
    assert found[0].change_uid == "C-1"
    assert any(line.startswith("both speak of: reception +") for line in found[0].reasons)
    assert "desk" not in " ".join(found[0].reasons)
    assert np.isclose(sum(part.value for part in found[0].contributions), found[0].score)


def test_an_opposite_wish_counts_against_a_change() -> None:
    done = changes([("C-1", "youth", "2026-03-10", "", "", "The club will shut earlier on Thursdays")])
    said = comment("club closes too early on thursdays")
    against, neutral = (match(said, done, {}, LOOSE, knowledge=Knowledge(each))[0] for each in (BRIDGES, None))
    assert neutral.score - against.score > 0.1
    assert any("wish the opposite -0.150" in line for line in against.reasons)
