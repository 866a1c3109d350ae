"""The thesaurus joins different words for one meaning, the longest entry first, and knows wishes that contradict."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from config.policy import MatchingPolicy
from config.thesaurus import Thesaurus, WordGroup
from heardback.matching.bridges import Bridges, Trie
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
POLICY = MatchingPolicy()


def found_in(*texts: str) -> list[list[str]]:
    table = BRIDGES.groups.found_in(list(texts)).toarray()
    return [[name for name, seen in zip(BRIDGES.names, row, strict=True) if seen] for row in table]


def test_several_words_in_a_row_and_endings_are_found() -> None:
    assert found_in("the FRONT-desk is grim", "where u sign in", "Where you sign in!", "the bogs", "") == [
        ["reception"], [], ["reception"], ["toilets"], [],
    ]  # fmt: skip


def test_the_longest_entry_wins_where_entries_overlap() -> None:
    assert found_in("on the waiting list", "waiting for a list", "waiting lists, waiting") == [
        ["waiting list"], ["reception"], ["reception", "waiting list"],
    ]  # fmt: skip


def test_entries_never_reach_across_two_texts() -> None:
    assert found_in("at the front", "desk") == [[], []]


def test_a_thesaurus_without_groups_finds_nothing() -> None:
    assert Trie.of(()).found_in(["anything at all"]).shape == (1, 0)


WORDS = ["front", "desk", "waiting", "list", "sign", "in", "where", "you", "loo", "zebra"]


@given(st.lists(st.lists(st.sampled_from(WORDS), max_size=8), max_size=6))
def test_a_batch_says_what_each_text_alone_says(texts: list[list[str]]) -> None:
    joined = [" ".join(words) for words in texts]
    assert found_in(*joined) == [found_in(text)[0] for text in joined]


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
    loose = MatchingPolicy(ask_at=0.01)
    against, neutral = (match(said, done, {}, loose, knowledge=Knowledge(each))[0] for each in (BRIDGES, None))
    assert neutral.score - against.score > 0.1
    assert any("wish the opposite -0.150" in line for line in against.reasons)
