"""Moves by people: one transaction each, through the ledger, against the version that was seen."""

from datetime import date

import pytest

from heardback.domain.lifecycle import Role
from heardback.errors import MoveRefused, NotAllowed, NotFound, StaleVersion
from tasks.loops import By, merge_loops, move_loop, mover, reject_match, split_loop
from tasks.shown_loops import list_loops, show_loop
from tests.council import change_row, exit_row
from tests.desk import Desk, problems_of
from tests.factories import NOW
from tests.ready_made import ReadyMade

pytestmark = pytest.mark.usefixtures("quick_gate")
AMIRA = By("Amira Sayed")
DONE = {"outcome": "done", "wording": "We put a heater in."}


def five_answers(desk: Desk) -> None:
    """L-0001 of two voices, L-0002 about pizza, L-0003 withheld, L-0004 another service's."""
    desk.pull(
        exit_row(1, "The room is freezing, says Amira Sayed"),
        exit_row(2, "The room is freezing, says Amira Sayed"),
        exit_row(3, "More pizza please"),
        exit_row(4, "my dad hits me"),
        exit_row(5, "Fix the door", service="youth"),
    )
    desk.pull(change_row(1), feed="log")


@pytest.fixture
def said(sqlite_desk: Desk, ready_made: ReadyMade) -> Desk:
    return ready_made.fill(sqlite_desk, five_answers)


def test_who_decides_has_taken_it_on(said: Desk) -> None:
    loop = move_loop("L-0001", "decide", AMIRA, NOW, **DONE)
    assert (loop["state"], loop["owner"], loop["version"]) == ("decided", "amira", 4)
    assert said.moves("L-0001") == ["open", "join", "own", "decide"]


def test_a_decision_on_the_version_that_was_seen_is_made_and_on_an_older_one_refused(said: Desk) -> None:
    seen = show_loop("L-0001").loop["version"]
    assert move_loop("L-0001", "decide", AMIRA, NOW, version=seen, **DONE)["state"] == "decided"
    with pytest.raises(StaleVersion, match="L-0001 has moved since: it is decided"):
        move_loop("L-0001", "revise", AMIRA, NOW, version=seen, reason="wrong", **DONE)
    assert said.moves("L-0001")[-1] == "decide"


def test_one_press_delivered_twice_is_one_move(said: Desk) -> None:
    for _ in range(2):
        try:
            move_loop("L-0002", "own", AMIRA, NOW, version=1, owner="amira")
        except StaleVersion:
            continue
    assert said.moves("L-0002") == ["open", "own"]


def test_a_move_that_is_refused_leaves_no_trace_of_the_taking_on(said: Desk) -> None:
    with pytest.raises(MoveRefused, match="needs: reason"):
        move_loop("L-0002", "decide", AMIRA, NOW, outcome="cannot", wording="No.")
    assert said.moves("L-0002") == ["open"]


@pytest.mark.parametrize(("name", "details"), [("match", {}), ("decide", DONE)])
def test_a_change_that_does_not_exist_is_refused(said: Desk, name: str, details: dict[str, str]) -> None:
    with pytest.raises(NotFound, match="there is no change log:77"):
        move_loop("L-0002", name, AMIRA, NOW, change="log:77", **details)
    assert said.moves("L-0002") == ["open"]


def test_a_confirmed_change_stands_with_the_loop(said: Desk) -> None:
    move_loop("L-0002", "match", AMIRA, NOW, change="log:1")
    (match,) = show_loop("L-0002").matches
    assert (match["change_uid"], match["standing"], match["title"]) == ("log:1", "confirmed", "A warm waiting room")
    assert said.loop("L-0002").state == "matched"


def test_a_pair_that_nobody_suggested_cannot_be_rejected(said: Desk) -> None:
    with pytest.raises(NotFound, match="log:1 was not suggested for L-0002"):
        reject_match("L-0002", "log:1", AMIRA, NOW)
    assert show_loop("L-0002").matches == []


def test_a_backdated_move_takes_effect_on_its_day(said: Desk) -> None:
    loop = move_loop("L-0002", "decide", By("Amira Sayed", on=date(2026, 9, 21)), NOW, **DONE)
    assert (loop["owned_on"], loop["decided_on"]) == (date(2026, 9, 21), date(2026, 9, 21))
    with pytest.raises(MoveRefused, match="lies in the future"):
        move_loop("L-0001", "own", By("Amira Sayed", on=date(2027, 1, 1)), NOW, owner="amira")
    assert said.states()[1] == "decided"


def test_loops_are_merged_and_split(said: Desk) -> None:
    assert merge_loops("L-0001", ["L-0002"], AMIRA, NOW, "the same evening")["voices"] == 3
    with said.store.connect() as connection:
        comment = connection.exec_driver_sql(
            "SELECT comment_uid FROM comment WHERE text LIKE 'More pizza%'"
        ).scalar_one()
    new = split_loop("L-0001", [comment], AMIRA, NOW, "another wish")
    assert (said.loop("L-0001").voices, said.loop(new).voices) == (2, 1)
    assert problems_of(said.store) == []
    with pytest.raises(MoveRefused, match="belongs to youth"):
        merge_loops("L-0001", ["L-0004"], AMIRA, NOW, "the same")


def test_a_loop_is_shown_without_words_unless_they_are_asked_for_and_then_without_names(said: Desk) -> None:
    assert show_loop("L-0001").words == []
    words = show_loop("L-0001", words_to="amira", at=NOW).words
    assert len(words) == 2
    assert all("freezing" in text and "Sayed" not in text for text in words)
    assert [entry["move"] for entry in show_loop("L-0001").history] == ["open", "join"]


def test_words_behind_a_flag_are_not_shown_whoever_asks(said: Desk) -> None:
    assert show_loop("L-0003", words_to="priya", at=NOW).words == []
    with pytest.raises(NotAllowed):
        show_loop("L-0003", words_to="amira", at=NOW)
    assert said.loop("L-0003").state == "withheld"
    with pytest.raises(NotFound, match="no loop L-0099"):
        show_loop("L-0099")


def test_loops_are_listed_by_state_and_service(said: Desk) -> None:
    assert [loop["loop_uid"] for loop in list_loops()] == ["L-0001", "L-0002", "L-0003", "L-0004"]
    assert [loop["loop_uid"] for loop in list_loops("heard", "youth")] == ["L-0004"]
    assert [loop["loop_uid"] for loop in list_loops("withheld")] == ["L-0003"]
    assert len(list_loops(limit=2)) == 2


def test_a_role_is_one_of_those_that_there_are() -> None:
    assert mover("Ruth", "safeguarding_lead") == By("Ruth", Role.SAFEGUARDING_LEAD)
    with pytest.raises(MoveRefused, match="there is no role 'boss'"):
        mover("Ruth", "boss")
