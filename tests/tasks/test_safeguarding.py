"""The safeguarding desk and the door before it: who may read, on record, and no list clears anything."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select, text

from heardback.errors import MoveRefused, NotAllowed, NotFound, StaleVersion, StoreError
from heardback.store import AccessEntry, HistoryEntry, Loop, ReadingEntry
from heardback.store.access import REFERRED
from heardback.store.session import reading, transaction
from tasks.loops import By, move_loop
from tasks.quarantine import show_row
from tasks.safeguarding import held_loop, read_loop, reading_queue, settle_reading
from tasks.shown_loops import show_loop
from tests.council import SERVICES, exit_row
from tests.desk import Desk, problems_of
from tests.factories import LEAD, NOW
from tests.ready_made import ReadyMade

pytestmark = pytest.mark.usefixtures("quick_gate")
HARM, COLD, DOOR = "he hits me when mum is out", "the room is freezing", "the door of the club sticks"


def three_answers(desk: Desk) -> None:
    """L-0001 a harmless wish, L-0002 withheld, L-0003 of another service."""
    desk.pull(exit_row(1, COLD), exit_row(2, HARM), exit_row(3, DOOR, service="youth"))


@pytest.fixture
def heard(desk: Desk, ready_made: ReadyMade) -> Desk:
    return ready_made.fill(desk, three_answers)


def asked(desk: Desk) -> list[tuple[str, str, str, bool]]:
    with reading(desk.store) as session:
        entries = session.scalars(select(AccessEntry).order_by(AccessEntry.entry_id))
        return [(entry.actor, entry.wanted, entry.about, entry.allowed) for entry in entries]


def state_of(desk: Desk, loop_uid: str) -> str:
    with reading(desk.store) as session:
        return session.get_one(Loop, loop_uid).state


def test_every_comment_waits_to_be_read_and_what_the_list_found_comes_first(heard: Desk) -> None:
    found = reading_queue("ruth", NOW)
    assert found["waiting"] == {"flagged": 1, "all": 3}
    first, *rest = [comment["loop_uid"] for comment in found["queue"]]
    assert (first, sorted(rest)) == ("L-0002", ["L-0001", "L-0003"])
    assert HARM not in str(found)


def test_the_lead_reads_the_words_as_they_were_written_and_it_is_on_record(heard: Desk) -> None:
    assert list(read_loop("L-0002", "Ruth Abara", NOW).values()) == [HARM]
    assert asked(heard) == [("Ruth Abara", "withheld", "L-0002", True)]


@pytest.mark.parametrize("who", ["amira", "priya", "dee", "Nobody At All"])
def test_nobody_else_reads_what_is_held_back_and_that_they_asked_is_on_record(heard: Desk, who: str) -> None:
    with pytest.raises(NotAllowed) as refusal:
        read_loop("L-0002", who, NOW)
    assert HARM not in str(refusal.value)
    assert [(wanted, about, allowed) for _, wanted, about, allowed in asked(heard)] == [("withheld", "L-0002", False)]


def test_a_comment_read_as_no_concern_goes_on_and_leaves_the_queue(heard: Desk) -> None:
    settle_reading("L-0002", "ruth", "not_a_concern", NOW, reference="about a game")
    assert state_of(heard, "L-0002") == "heard"
    assert reading_queue("ruth", NOW)["waiting"] == {"flagged": 0, "all": 2}
    assert problems_of(heard.store) == []


def test_a_referral_stays_held_back_and_names_its_reference(heard: Desk) -> None:
    settle_reading("L-0002", "ruth", "referred", NOW, reference="MASH 4411")
    assert state_of(heard, "L-0002") == "withheld"
    assert reading_queue("ruth", NOW)["waiting"] == {"flagged": 0, "all": 2}
    with reading(heard.store) as session:
        last = session.scalars(select(HistoryEntry).where(HistoryEntry.loop_uid == "L-0002")).all()[-1]
        assert (last.move, last.actor, last.details) == ("refer", "Ruth Abara", {"reference": "MASH 4411"})


def test_what_needs_more_stays_held_back_and_in_the_queue(heard: Desk) -> None:
    settle_reading("L-0002", "ruth", "needs_more", NOW, reference="asked her worker")
    assert state_of(heard, "L-0002") == "withheld"
    assert [comment["outcome"] for comment in reading_queue("ruth", NOW)["queue"]] == ["needs_more", "", ""]


def test_a_reader_holds_back_what_the_list_let_pass(heard: Desk) -> None:
    settle_reading("L-0001", "ruth", "needs_more", NOW, reference="freezing at home?")
    assert state_of(heard, "L-0001") == "withheld"
    assert show_loop("L-0001", words_to="priya", at=NOW).words == []
    with pytest.raises(NotAllowed):  # its service does not see that it is held back, nor that it is there
        show_loop("L-0001", to="amira", at=NOW)


def test_what_was_edited_since_it_was_read_waits_to_be_read_again(heard: Desk) -> None:
    settle_reading("L-0001", "ruth", "not_a_concern", NOW, reference="a cold room")
    assert reading_queue("ruth", NOW)["waiting"]["all"] == 2
    rows = [exit_row(1, "the room at mum's is freezing"), exit_row(2, HARM), exit_row(3, DOOR, service="youth")]
    heard.pull(*rows, name="export-2.csv")
    found = reading_queue("ruth", NOW)
    assert found["waiting"]["all"] == 3
    assert {comment["loop_uid"]: comment["outcome"] for comment in found["queue"]}["L-0001"] == "edited"
    settle_reading("L-0001", "ruth", "not_a_concern", NOW, reference="asked, and it is fine")
    assert reading_queue("ruth", NOW)["waiting"]["all"] == 2


def test_what_is_held_back_again_after_it_was_read_waits_again(heard: Desk) -> None:
    settle_reading("L-0001", "ruth", "not_a_concern", NOW, reference="a cold room")
    heard.move("L-0001", "withhold", actor=LEAD, reason="her mum rang")
    assert "L-0001" in [comment["loop_uid"] for comment in reading_queue("ruth", NOW)["queue"]]
    settle_reading("L-0001", "ruth", "referred", NOW, reference="MASH 1")
    assert "L-0001" not in [comment["loop_uid"] for comment in reading_queue("ruth", NOW)["queue"]]


def test_reading_needs_an_outcome_and_a_reason(heard: Desk) -> None:
    with pytest.raises(MoveRefused, match="not_a_concern, referred, needs_more, complaint"):
        settle_reading("L-0002", "ruth", "fine", NOW, reference="x")
    with pytest.raises(MoveRefused, match="say why"):
        settle_reading("L-0002", "ruth", "referred", NOW, reference=" ")
    assert heard.count(ReadingEntry) == 0


def test_only_a_trained_reader_settles(heard: Desk) -> None:
    with pytest.raises(NotAllowed):
        settle_reading("L-0002", "amira", "not_a_concern", NOW, reference="looks fine")
    assert state_of(heard, "L-0002") == "withheld"


def test_words_go_to_the_loops_own_service_only(heard: Desk) -> None:
    assert show_loop("L-0001", words_to="amira", at=NOW).words == [COLD]
    for stranger in ("dee", "Zed"):
        with pytest.raises(NotAllowed):
            show_loop("L-0001", words_to=stranger, at=NOW)


def test_a_manager_of_one_service_sees_no_word_of_another_and_moves_none_of_its_loops(desk: Desk) -> None:
    people = SERVICES["people"] | {"yan": {"name": "Yan Li", "role": "Manager", "email": "yan@northmere.example"}}
    youth = SERVICES["services"][1] | {"owner": "yan", "deputy": "yan", "head": "yan"}
    desk.configure(services={"people": people, "services": [SERVICES["services"][0], youth]})
    desk.pull(exit_row(1, COLD), exit_row(2, DOOR, service="youth"))
    assert show_loop("L-0002", words_to="yan", at=NOW).words == [DOOR]
    with pytest.raises(NotAllowed):
        show_loop("L-0001", words_to="yan", at=NOW)
    with pytest.raises(NotAllowed, match="does not have the role service_manager for this loop"):
        move_loop("L-0001", "own", By("Yan Li"), NOW, owner="yan")
    assert state_of(desk, "L-0001") == "heard"


def test_a_role_that_is_not_theirs_cannot_be_claimed(heard: Desk) -> None:
    from heardback.domain.lifecycle import Role

    with pytest.raises(NotAllowed, match="Amira Sayed does not have the role safeguarding_lead"):
        move_loop("L-0002", "release", By("Amira Sayed", Role.SAFEGUARDING_LEAD), NOW, reason="fine")
    with pytest.raises(NotAllowed, match="'Zed' is nobody"):
        move_loop("L-0001", "own", By("Zed"), NOW, owner="amira")


def test_cells_go_to_those_of_the_data_team_who_were_granted_them(desk: Desk) -> None:
    desk.pull(exit_row(1, COLD, date=""), exit_row(2, DOOR))
    with pytest.raises(NotAllowed):
        show_row(1, text_to="amira", at=NOW)
    assert show_row(1, text_to="Dee Okoro", at=NOW)["cells"]["improve"] == COLD
    assert asked(desk) == [("Amira Sayed", "cells", "Q-1", False), ("Dee Okoro", "cells", "Q-1", True)]


def test_a_loop_that_is_not_there_is_not_found(heard: Desk) -> None:
    with pytest.raises(NotFound, match="L-9999"):
        read_loop("L-9999", "ruth", NOW)


@pytest.mark.parametrize("table", ["access", "reading"])
@pytest.mark.parametrize("change", ["UPDATE {} SET actor = 'nobody'", "DELETE FROM {}"])
def test_the_database_refuses_to_change_who_read_what(heard: Desk, table: str, change: str) -> None:
    settle_reading("L-0002", "ruth", "needs_more", NOW, reference="asked her worker")
    with pytest.raises(StoreError, match="refused a statement"), transaction(heard.store) as session:
        session.execute(text(change.format(table)))


def test_of_two_who_settle_what_they_both_read_at_once_one_is_told_that_it_has_moved(heard: Desk) -> None:
    """Fault 16, at the reading desk: one referral, one line on record."""
    held = held_loop("L-0002", "ruth", NOW)
    assert held.words == (HARM,)
    barrier = threading.Barrier(2)

    def settle(reference: str) -> str:
        barrier.wait()
        try:
            settle_reading("L-0002", "ruth", REFERRED, NOW, reference=reference, version=held.version)
        except StaleVersion:
            return "has moved"
        return "recorded"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(settle, ["MASH 1", "MASH 2"])) == ["has moved", "recorded"]
    assert heard.moves("L-0002") == ["open_withheld", "refer"]
    assert heard.count(ReadingEntry) == 1
