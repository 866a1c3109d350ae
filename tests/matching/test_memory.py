"""What was confirmed before helps later comments like it, never earlier ones, and never itself."""

import numpy as np
import pandas as pd

from config.policy import MatchingPolicy
from heardback.matching.memory import COLUMNS, Memory, remember
from heardback.matching.pool import Knowledge
from heardback.matching.suggesting import match
from tests.matching.register import changes, comment

POLICY = MatchingPolicy(ask_at=0.01)
CONFIRMED = pd.DataFrame(
    [("old-1", "bring beanbags back", "C-1", ""), ("old-2", "beanbags were the best", "C-1", "")], columns=COLUMNS
)


def memory_of(known_on: str, uid: str = "m-1", day: int = 20_000) -> Memory:
    said = pd.DataFrame({"comment_uid": [uid], "day": [day]})
    confirmed = CONFIRMED.assign(known_on=known_on)
    return remember(said, confirmed, ["C-1"], lambda _: np.array([[0.9, 0.6]]), with_meaning=True)


def test_the_nearest_earlier_comment_counts_and_all_that_are_near_are_told() -> None:
    found = memory_of("")
    assert found.changes[0].tolist() == [0, -1, -1]
    np.testing.assert_allclose(found.likeness[0], [0.5, 0, 0])
    assert found.earlier[0, 0] == 2


def test_what_was_confirmed_on_the_day_or_after_it_is_no_memory() -> None:
    """Day 20,000 is 4 October 2024."""
    assert memory_of("2024-10-03").changes[0, 0] == 0
    assert memory_of("2024-10-04").changes[0, 0] == -1


def test_a_comment_is_no_memory_of_itself() -> None:
    np.testing.assert_allclose(memory_of("", uid="old-1").likeness[0, 0], 0.2)


def test_a_comment_without_a_shared_word_finds_the_change_through_an_earlier_one() -> None:
    said = comment("beanbags please, bring them back")
    without = match(said, changes(), {}, POLICY)[0]
    found = match(said, changes(), {}, POLICY, knowledge=Knowledge(confirmed=CONFIRMED))[0]
    assert without.change_uid != "C-1" or without.score < found.score
    assert found.change_uid == "C-1"
    assert any("earlier comment" in line and "linked here +" in line for line in found.reasons)
    assert "beanbag" not in " ".join(found.reasons)
