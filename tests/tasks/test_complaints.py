"""Complaints beside the statutory procedure: each in the list, each with its clock, none in its own service's hands."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select, text

from heardback.domain.lifecycle import Role
from heardback.errors import MoveRefused, NotAllowed
from heardback.ledger import SYSTEM
from heardback.store import AccessEntry, HistoryEntry
from heardback.store.session import reading, transaction
from tasks.assurance import reconcile
from tasks.complaints import accept_complaint, end_complaint, extend_complaint, list_complaints, read_complaint
from tasks.loops import By, move_loop
from tasks.safeguarding import settle_reading
from tasks.shown_loops import show_loop
from tasks.status import status
from tests.council import SERVICES, exit_row
from tests.desk import Desk, problems_of
from tests.ready_made import ReadyMade

pytestmark = pytest.mark.usefixtures("quick_gate")
ANGRY = "this is a formal complaint about my worker"
# Heard on Tuesday 1 September 2026: ten working days end on Tuesday the 15th, twenty on Tuesday the 29th.
SECOND = datetime(2026, 9, 2, 9, 0, tzinfo=UTC)
LAST_DAY = datetime(2026, 9, 15, 15, 0, tzinfo=UTC)
DAY_AFTER = datetime(2026, 9, 16, 8, 0, tzinfo=UTC)


def a_wish_and_a_complaint(desk: Desk) -> None:
    """L-0001 a wish, L-0002 a complaint about Youth Justice."""
    desk.pull(exit_row(1, "more pizza"), exit_row(2, ANGRY), at=SECOND)


@pytest.fixture
def angry(sqlite_desk: Desk, ready_made: ReadyMade) -> Desk:
    return ready_made.fill(sqlite_desk, a_wish_and_a_complaint)


def test_every_diverted_row_is_in_the_list_with_its_clock_and_without_its_words(desk: Desk) -> None:
    desk.pull(exit_row(1, "more pizza"), exit_row(2, ANGRY), exit_row(3, ANGRY, service="youth"), at=SECOND)
    rows = list_complaints(SECOND)
    assert [(row["loop_uid"], row["heard_on"], row["due"], row["days_left"]) for row in rows] == [
        ("L-0002", date(2026, 9, 1), date(2026, 9, 15), 9), ("L-0003", date(2026, 9, 1), date(2026, 9, 15), 9),
    ]  # fmt: skip
    assert [fate for fate, _ in desk.fates()].count("diverted") == len(rows)
    assert "formal complaint" not in str(rows)
    assert problems_of(desk.store) == []


def test_a_bank_holiday_is_no_working_day_of_the_clock(sqlite_desk: Desk) -> None:
    sqlite_desk.pull(exit_row(1, ANGRY, date="2026-12-21"), at=datetime(2026, 12, 22, 9, 0, tzinfo=UTC))
    (row,) = list_complaints(datetime(2026, 12, 22, 9, 0, tzinfo=UTC))
    # Christmas Day, the 28th for Boxing Day, and New Year's Day fall between
    assert row["due"] == date(2027, 1, 7)


def test_a_complaint_is_accepted_extended_and_ended_and_stays_out_of_every_other_queue(angry: Desk) -> None:
    accepted = accept_complaint("L-0002", "priya", SECOND, reference="CR-118")
    assert (accepted["accepted_on"], accepted["reference"], accepted["due"]) == (
        date(2026, 9, 2), "CR-118", date(2026, 9, 15),
    )  # fmt: skip
    assert extend_complaint("L-0002", "priya", LAST_DAY, reason="an advocate is sought")["due"] == date(2026, 9, 29)
    ended = end_complaint("L-0002", "priya", DAY_AFTER, ended_as="partly_upheld", reference="CR-118/1")
    assert (ended["ended_on"], ended["ended_as"], ended["days_left"]) == (date(2026, 9, 16), "partly_upheld", None)
    assert angry.states() == ["heard", "diverted"]
    assert angry.moves("L-0002") == ["open_diverted", "accept_complaint", "extend_complaint", "end_complaint"]
    assert problems_of(angry.store) == []


def test_the_last_day_is_in_time_and_the_day_after_is_late(angry: Desk) -> None:
    assert list_complaints(LAST_DAY)[0]["days_left"] == 0
    assert status(LAST_DAY).complaints == {"open": 1, "overdue": 0}
    assert list_complaints(DAY_AFTER)[0]["days_left"] == -1
    assert status(DAY_AFTER).complaints == {"open": 1, "overdue": 1}
    accept_complaint("L-0002", "priya", DAY_AFTER, reference="CR-118")
    end_complaint("L-0002", "priya", DAY_AFTER, ended_as="upheld", reference="CR-118")
    assert status(DAY_AFTER).complaints == {"open": 0, "overdue": 0}


def test_a_councils_own_days_go_before_those_of_the_procedure(angry: Desk) -> None:
    angry.configure(policy={"complaints": {"answer_within": 5, "extended": 7}})
    assert list_complaints(SECOND)[0]["due"] == date(2026, 9, 8)
    accept_complaint("L-0002", "priya", SECOND, reference="CR-118")
    assert extend_complaint("L-0002", "priya", SECOND, reason="holidays")["due"] == date(2026, 9, 10)


def test_a_step_out_of_turn_is_refused_and_leaves_no_trace(angry: Desk) -> None:
    with pytest.raises(MoveRefused, match="has not been accepted"):
        extend_complaint("L-0002", "priya", SECOND, reason="x")
    with pytest.raises(MoveRefused, match="has not been accepted"):
        end_complaint("L-0002", "priya", SECOND, ended_as="upheld", reference="x")
    accept_complaint("L-0002", "priya", SECOND, reference="CR-118")
    with pytest.raises(MoveRefused, match="was accepted on 2026-09-02 as CR-118"):
        accept_complaint("L-0002", "priya", SECOND, reference="CR-119")
    extend_complaint("L-0002", "priya", SECOND, reason="an advocate is sought")
    with pytest.raises(MoveRefused, match="is extended once"):
        extend_complaint("L-0002", "priya", SECOND, reason="again")
    with pytest.raises(MoveRefused, match="upheld, partly_upheld"):
        end_complaint("L-0002", "priya", SECOND, ended_as="fine", reference="x")
    end_complaint("L-0002", "priya", SECOND, ended_as="withdrawn", reference="CR-118")
    with pytest.raises(MoveRefused, match="ended on 2026-09-02"):
        extend_complaint("L-0002", "priya", SECOND, reason="once more")
    assert angry.moves("L-0002") == ["open_diverted", "accept_complaint", "extend_complaint", "end_complaint"]


@pytest.mark.parametrize("blank", ["", None])
def test_accepting_needs_a_reference(angry: Desk, blank: str) -> None:
    with pytest.raises(MoveRefused, match="reference"):
        accept_complaint("L-0002", "priya", SECOND, reference=blank)


@pytest.mark.parametrize("who", ["amira", "ben", "hana", "ruth", "dee", "Nobody At All"])
def test_only_who_follows_complaints_reads_one_and_every_asking_is_on_record(angry: Desk, who: str) -> None:
    with pytest.raises(NotAllowed) as refusal:
        read_complaint("L-0002", who, SECOND)
    assert ANGRY not in str(refusal.value)
    with pytest.raises(NotAllowed):
        end_complaint("L-0002", who, SECOND, ended_as="not_upheld", reference="x")
    with reading(angry.store) as session:
        entries = session.scalars(select(AccessEntry)).all()
        assert [(entry.wanted, entry.about, entry.allowed) for entry in entries] == [
            ("complaints", "L-0002", False)
        ] * 2
    assert angry.moves("L-0002") == ["open_diverted"]


def test_the_complaints_manager_reads_it_as_it_was_written(angry: Desk) -> None:
    assert read_complaint("L-0002", "Priya Nair", SECOND) == [ANGRY]
    with reading(angry.store) as session:
        (entry,) = session.scalars(select(AccessEntry))
        assert (entry.actor, entry.role, entry.allowed) == ("Priya Nair", "complaints_manager", True)
    with pytest.raises(MoveRefused, match="it is no complaint now"):
        read_complaint("L-0001", "priya", SECOND)


def test_nobody_follows_a_complaint_about_a_service_of_their_own(angry: Desk) -> None:
    angry.configure(services={"roles": {**SERVICES["roles"], "complaints_manager": ["ben", "dee"]}})
    with pytest.raises(NotAllowed):
        read_complaint("L-0002", "ben", SECOND)
    assert read_complaint("L-0002", "dee", SECOND) == [ANGRY]
    with pytest.raises(NotAllowed):  # somebody is named for it, so it no longer falls to who answers for the rest
        read_complaint("L-0002", "priya", SECOND)


def test_where_the_only_complaints_manager_is_of_that_service_somebody_else_follows_it(angry: Desk) -> None:
    angry.configure(services={"roles": {"complaints_manager": ["hana"]}})
    with pytest.raises(NotAllowed):
        read_complaint("L-0002", "hana", SECOND)
    assert read_complaint("L-0002", "priya", SECOND) == [ANGRY]


@pytest.mark.parametrize("move", ["return", "withdraw"])
def test_a_service_makes_no_complaint_about_itself_go_away(angry: Desk, move: str) -> None:
    with pytest.raises(NotAllowed):
        move_loop("L-0002", move, By("Amira Sayed"), SECOND, reason="only a moan")
    with pytest.raises(MoveRefused):
        move_loop("L-0002", move, By("Hana Weiss", Role.SAFEGUARDING_LEAD), SECOND, reason="only a moan")
    assert angry.loop("L-0002").state == "diverted"


def test_what_is_no_complaint_goes_back_and_begins_anew_if_it_is_one_after_all(angry: Desk) -> None:
    accept_complaint("L-0002", "priya", SECOND, reference="CR-118")
    move_loop("L-0002", "return", By("Priya Nair", Role.COMPLAINTS_MANAGER), SECOND, reason="a wish")
    assert list_complaints(SECOND) == []
    move_loop("L-0002", "divert", By("Amira Sayed"), LAST_DAY, reason="she says it is one")
    (row,) = list_complaints(DAY_AFTER)
    assert (row["accepted_on"], row["reference"], row["due"]) == (None, "", date(2026, 9, 15))


def test_what_was_held_back_and_is_a_complaint_goes_to_its_procedure_and_never_to_its_service(angry: Desk) -> None:
    both = exit_row(3, "he hits me, and this is a formal complaint")
    angry.pull(exit_row(1, "more pizza"), exit_row(2, ANGRY), both, name="export-2.csv", at=SECOND)
    settle_reading("L-0003", "ruth", "complaint", SECOND, reference="a game; but she does complain")
    assert angry.moves("L-0003") == ["open_withheld", "release", "divert"]
    assert [row["loop_uid"] for row in list_complaints(SECOND)] == ["L-0002", "L-0003"]
    with pytest.raises(NotAllowed):
        show_loop("L-0003", to="amira", at=SECOND)


def test_a_complaint_that_never_reached_the_procedure_fails_the_account(angry: Desk) -> None:
    assert reconcile().problems == []
    with reading(angry.store) as session:
        assert session.scalar(select(HistoryEntry.to_state).where(HistoryEntry.loop_uid == "L-0002")) == "diverted"
    with transaction(angry.store) as session:
        session.execute(text("UPDATE revision SET fate = 'diverted' WHERE fate = 'loop'"))
    (problem,) = reconcile().problems
    assert "1 complaints never came into their procedure" in problem


def test_a_complaint_taken_back_where_it_was_made_is_still_accounted_for(angry: Desk) -> None:
    angry.move("L-0002", "withdraw", actor=SYSTEM, reason="deleted where it came from", at=SECOND)
    assert list_complaints(SECOND) == []
    assert problems_of(angry.store) == []
