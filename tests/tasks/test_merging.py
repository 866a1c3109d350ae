"""Loops that say the same are listed for whoever may see them, and stay apart until a person merges them."""

import pytest

from heardback.errors import NotAllowed
from tasks.loops import By, merge_loops
from tasks.merging import loops_that_say_the_same
from tests.council import exit_row
from tests.desk import Desk
from tests.factories import LEAD, NOW

pytestmark = pytest.mark.usefixtures("quick_gate")
COLD = "The waiting room at the hub is freezing cold in winter"
AGAIN = "It is freezing cold in winter in the waiting room at your hub"


@pytest.fixture
def cold(sqlite_desk: Desk) -> Desk:
    """Two loops that say the same in another order, and one that does not."""
    sqlite_desk.pull(exit_row(1, COLD), exit_row(2, AGAIN), exit_row(3, "Serve halal pizza at the Friday club"))
    return sqlite_desk


def listed(by: str = "amira", service: str = "") -> list[tuple[str, str]]:
    return [(row["into"], row["loop"]) for row in loops_that_say_the_same(by, NOW, service)]


def test_loops_that_say_the_same_are_offered_and_nothing_is_merged(cold: Desk) -> None:
    before = cold.states()
    (row,) = loops_that_say_the_same("amira", NOW)
    assert (row["into"], row["loop"], row["voices"]) == ("L-0001", "L-0002", 1)
    assert row["reason"].startswith("nearly the same words (")
    assert cold.states() == before
    assert not {"freezing", "winter", "hub"} & set(str(row).lower().split())


def test_what_was_merged_is_offered_no_more(cold: Desk) -> None:
    merge_loops("L-0001", ["L-0002"], By("Amira Sayed"), NOW, "the same room")
    assert listed() == []


def test_only_the_service_that_was_asked_for_is_looked_at(cold: Desk) -> None:
    service = cold.loop("L-0001").service_code
    assert listed(service=service) == [("L-0001", "L-0002")]
    assert listed(service="elsewhere") == []


def test_a_loop_that_is_held_back_is_in_no_offer(cold: Desk) -> None:
    cold.move("L-0002", "withhold", LEAD, reason="a concern was raised")
    assert listed() == []


def test_a_stranger_is_refused(cold: Desk) -> None:
    with pytest.raises(NotAllowed):
        listed(by="Nobody At All")


def test_what_is_kept_from_its_service_is_offered_to_those_alone_who_see_it(cold: Desk) -> None:
    for loop_uid in ("L-0001", "L-0002"):
        cold.move(loop_uid, "keep_from_service", LEAD, reason="it is about staff")
        assert listed("ruth") == ([] if loop_uid == "L-0001" else [("L-0001", "L-0002")])
        assert listed("amira") == []
