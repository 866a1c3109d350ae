"""What accuses the staff of a service goes past that service's people: no message, no list, no word, in no role."""

import json
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from heardback.domain.lifecycle import Role
from heardback.errors import MoveRefused, NotAllowed
from heardback.ledger import Actor
from heardback.store.session import transaction
from tasks.board import write_public_board
from tasks.loops import By, merge_loops, move_loop, split_loop
from tasks.nudge import nudge
from tasks.safeguarding import read_loop, reading_queue, settle_reading
from tasks.shown_loops import list_loops, show_loop
from tests.council import exit_row
from tests.desk import Desk, problems_of
from tests.factories import LEAD, NOW
from tests.ready_made import ReadyMade

pytestmark = pytest.mark.usefixtures("quick_gate")
COLD, ROUGH, HARM = "the room is freezing", "my worker shoves me about", "he hits me when mum is out"
THEIRS = ("amira", "ben", "hana")
OFFICER = Actor("Priya Nair", Role.PARTICIPATION_OFFICER)
SCREENING: dict[str, Any] = {
    "disclosures": [
        {"phrase": "hits me", "reason": "hurt by someone", "priority": 1},
        {"phrase": "worker shoves me", "reason": "an allegation about staff", "priority": 1},
    ],
    "about_staff": ["an allegation about staff"],
}


def a_wish_and_two_disclosures(desk: Desk) -> None:
    """L-0001 a wish, L-0002 about staff, L-0003 harm by somebody else; Hana heads the service and is deputy lead."""
    desk.configure(screening=SCREENING)
    desk.pull(exit_row(1, COLD), exit_row(2, ROUGH), exit_row(3, HARM))


@pytest.fixture
def heard(sqlite_desk: Desk, ready_made: ReadyMade) -> Desk:
    return ready_made.fill(sqlite_desk, a_wish_and_two_disclosures)


def released(desk: Desk) -> Desk:
    settle_reading("L-0002", "ruth", "not_a_concern", NOW, reference="rough play, still about staff")
    return desk


def messages(desk: Desk, day: int) -> dict[str, str]:
    """What everybody has been sent by a Tuesday, by who it went to."""
    nudge(NOW + timedelta(days=day))
    found: dict[str, str] = {}
    for path in sorted((desk.folder / "home" / "outbox").rglob("*.json")):
        content = json.loads(path.read_text(encoding="utf-8"))
        found[content["channel"]] = found.get(content["channel"], "") + json.dumps(content)
    return found


def test_what_accuses_staff_is_kept_from_its_service_from_the_first_moment(heard: Desk) -> None:
    assert [heard.loop(f"L-000{number}").kept_from_service for number in (1, 2, 3)] == [False, True, False]


def test_a_trained_reader_who_is_one_of_the_service_does_not_read_it_and_another_does(heard: Desk) -> None:
    assert list(read_loop("L-0003", "hana", NOW).values()) == [HARM]
    with pytest.raises(NotAllowed):
        read_loop("L-0002", "hana", NOW)
    with pytest.raises(NotAllowed):
        settle_reading("L-0002", "hana", "not_a_concern", NOW, reference="I know him")
    assert "L-0002" not in [comment["loop_uid"] for comment in reading_queue("hana", NOW)["queue"]]
    assert "L-0002" in [comment["loop_uid"] for comment in reading_queue("ruth", NOW)["queue"]]
    assert list(read_loop("L-0002", "ruth", NOW).values()) == [ROUGH]


@pytest.mark.parametrize("outcome", ["not_a_concern", "referred", "needs_more"])
@pytest.mark.parametrize("who", THEIRS)
def test_however_it_was_read_nobody_of_the_service_sees_it_or_lists_it(heard: Desk, who: str, outcome: str) -> None:
    settle_reading("L-0002", "ruth", outcome, NOW, reference="MASH 4411")
    for asked in ({"to": who}, {"words_to": who}):
        with pytest.raises(NotAllowed) as refusal:
            show_loop("L-0002", **asked, at=NOW)
        with pytest.raises(NotAllowed) as of_another:  # the same words as for what is another service's
            show_loop("L-0003", to="amira", at=NOW)
        assert refusal.value.do is not None and "kept" not in str(refusal.value) + str(of_another.value)
    assert "L-0002" not in [loop["loop_uid"] for loop in list_loops(to=who, at=NOW)]
    assert "L-0001" in [loop["loop_uid"] for loop in list_loops(to=who, at=NOW)]


def test_whoever_names_nobody_neither_sees_nor_lists_it(heard: Desk) -> None:
    released(heard)
    with pytest.raises(NotAllowed, match="--by NAME"):
        show_loop("L-0002")
    assert [loop["loop_uid"] for loop in list_loops()] == ["L-0001", "L-0003"]


def test_its_nudge_goes_to_safeguarding_and_no_rung_of_the_service_hears_of_it(heard: Desk) -> None:
    released(heard)
    far_too_late = {person: said for week in (0, 7, 14, 42, 70) for person, said in messages(heard, week).items()}
    told = {person for person, said in far_too_late.items() if "L-0002" in said}
    assert told == {"ruth@northmere.example"}
    assert any("L-0001" in said for said in far_too_late.values())


def test_who_answers_it_takes_it_on_and_none_of_the_service_can_be_made_its_owner(heard: Desk) -> None:
    released(heard)
    with pytest.raises(NotAllowed):
        move_loop("L-0002", "own", By("Amira Sayed"), NOW, owner="amira")
    with pytest.raises(MoveRefused, match="kept from them"):
        move_loop("L-0002", "own", By("Ruth Abara"), NOW, owner="hana")
    decided = move_loop("L-0002", "decide", By("Ruth Abara"), NOW, outcome="done", wording="We spoke to them.")
    assert (decided["state"], decided["owner"]) == ("decided", "ruth")


def test_a_loop_that_the_service_had_taken_on_leaves_its_hands(heard: Desk) -> None:
    move_loop("L-0001", "own", By("Amira Sayed"), NOW, owner="amira")
    settle_reading("L-0001", "ruth", "needs_more", NOW, reference="who keeps it cold?", about_staff=True)
    settle_reading("L-0001", "ruth", "not_a_concern", NOW, reference="still about staff")
    assert heard.loop("L-0001").kept_from_service
    told = {person for person, said in messages(heard, 7).items() if "L-0001" in said}
    assert told == {"ruth@northmere.example"}
    decided = move_loop("L-0001", "decide", By("Ruth Abara"), NOW, outcome="done", wording="It is warm.")
    assert decided["owner"] == "ruth"


def test_a_reader_hands_over_what_the_list_took_for_an_accusation(heard: Desk) -> None:
    settle_reading("L-0002", "ruth", "not_a_concern", NOW, reference="a dance", about_staff=False)
    assert heard.moves("L-0002") == ["open_withheld", "give_to_service", "release"]
    assert show_loop("L-0002", words_to="amira", at=NOW).words == [ROUGH]
    assert problems_of(heard.store) == []


def test_only_safeguarding_hands_it_over(heard: Desk) -> None:
    released(heard)
    for who, role in (("Priya Nair", Role.PARTICIPATION_OFFICER), ("Ruth Abara", Role.SERVICE_MANAGER)):
        with pytest.raises(MoveRefused, match="may not be made by"):
            move_loop("L-0002", "give_to_service", By(who, role), NOW, reason="fine")
    with pytest.raises(NotAllowed):
        move_loop("L-0002", "give_to_service", By("Hana Weiss", Role.SAFEGUARDING_LEAD), NOW, reason="fine")
    assert heard.loop("L-0002").kept_from_service


def test_it_is_merged_with_nothing_that_its_service_may_see(heard: Desk) -> None:
    released(heard)
    for into, others in (("L-0001", ["L-0002"]), ("L-0002", ["L-0001"])):
        with pytest.raises(MoveRefused, match="not for the same people"):
            merge_loops(into, others, By("Amira Sayed" if into == "L-0001" else "Ruth Abara"), NOW, "the same")


def test_voices_split_off_from_it_are_kept_from_the_service_too(heard: Desk) -> None:
    rows = [exit_row(1, COLD), exit_row(2, ROUGH), exit_row(3, HARM), exit_row(4, "so cold in there")]
    heard.pull(*rows, name="export-2.csv")
    merge_loops("L-0001", ["L-0004"], By("Amira Sayed"), NOW, "the same room")
    settle_reading("L-0001", "ruth", "not_a_concern", NOW, reference="they let us freeze", about_staff=True)
    comments = list(read_loop("L-0001", "ruth", NOW))
    new = split_loop("L-0001", comments[:1], By("Ruth Abara"), NOW, "two things")
    assert heard.loop(new).kept_from_service


def test_an_edit_that_accuses_staff_keeps_the_loop_from_them_from_then_on(heard: Desk) -> None:
    heard.pull(exit_row(1, ROUGH), exit_row(2, ROUGH), exit_row(3, HARM), name="export-2.csv")
    assert (heard.loop("L-0001").state, heard.loop("L-0001").kept_from_service) == ("withheld", True)
    heard.pull(exit_row(1, ROUGH), exit_row(2, ROUGH), exit_row(3, ROUGH), name="export-3.csv")
    assert (heard.loop("L-0003").state, heard.loop("L-0003").kept_from_service) == ("withheld", True)
    assert problems_of(heard.store) == []


def test_no_page_names_it_whatever_two_people_approved(heard: Desk) -> None:
    released(heard)
    on = date(2026, 11, 10)
    heard.move("L-0002", "own", owner="ruth", on=on)
    heard.move("L-0002", "decide", outcome="done", wording="We spoke to the workers in September.", on=on)
    heard.move("L-0002", "describe", title="Workers who do not shove anybody about", on=on)
    heard.move("L-0002", "approve", approval="identifying_details_removed", on=on)
    heard.move("L-0002", "approve", actor=OFFICER, approval="cleared_for_disclosure", on=on)
    heard.move("L-0002", "tell", how="board", where="Reception", on=on)
    assert write_public_board(on, str(heard.folder / "board")).shown == 0
    for path in (heard.folder / "board").rglob("*.html"):
        assert "shove anybody" not in path.read_text(encoding="utf-8")
    heard.move("L-0002", "give_to_service", actor=LEAD, reason="a game", on=on)
    assert write_public_board(on, str(heard.folder / "board")).shown == 1


def test_the_mark_stands_in_the_history_and_not_in_what_a_service_could_read_elsewhere(heard: Desk) -> None:
    heard.move("L-0003", "keep_from_service", actor=LEAD, reason="a worker, it turns out")
    assert heard.moves("L-0003")[-1] == "keep_from_service"
    assert show_loop("L-0003", to="ruth", at=NOW).history[-1]["reason"] == "a worker, it turns out"


@pytest.mark.parametrize(("loop_uid", "kept"), [("L-0002", 0), ("L-0001", 1)])
def test_a_mark_set_or_taken_off_beside_the_ledger_is_named(heard: Desk, loop_uid: str, kept: int) -> None:
    assert problems_of(heard.store) == []
    with transaction(heard.store) as session:
        session.execute(text(f"UPDATE loop SET kept_from_service = {kept} WHERE loop_uid = '{loop_uid}'"))
    assert problems_of(heard.store) == [f"loop {loop_uid}: who may see it is not what its history says"]
