"""How things stand: counts by state, what is overdue, a line for each feed; and what is due when."""

from datetime import UTC, date, datetime, timedelta

import pytest

from heardback.store.session import reading
from tasks.due import loops_owed
from tasks.loops import By, merge_loops
from tasks.safeguarding import settle_reading
from tasks.status import status
from tasks.workplace import open_workplace
from tests.council import change_row, exit_row
from tests.desk import Desk
from tests.factories import NOW
from tests.ready_made import ReadyMade

pytestmark = pytest.mark.usefixtures("quick_gate")


def answers_and_a_change(desk: Desk) -> None:
    desk.configure(policy={"gate": {"max_bad_share": 1}})
    rows = [exit_row(1, "The room is freezing"), exit_row(2, "The room is freezing"), exit_row(3, "More pizza please")]
    desk.pull(*rows, exit_row(4, "my dad hits me"), exit_row(5, "No day", date=""))
    desk.pull(change_row(1), feed="log")


@pytest.fixture
def landed(desk: Desk, ready_made: ReadyMade) -> Desk:
    return ready_made.fill(desk, answers_and_a_change)


def test_loops_voices_and_what_waits_are_counted(landed: Desk) -> None:
    found = status(NOW)
    assert (found.council, found.loops, found.voices) == (
        "Borough of Northmere", {"heard": 2, "withheld": 1}, {"heard": 3, "withheld": 1},
    )  # fmt: skip
    assert (found.withheld_to_read, found.quarantined, found.overdue) == (1, 1, 2)
    assert (found.totals["comments"], found.totals["changes"], found.totals["suggestions"]) == (4, 1, 0)
    assert found.totals["events_to_relay"] == len(landed.events())


def test_a_merged_loops_voices_are_counted_once(landed: Desk) -> None:
    merge_loops("L-0001", ["L-0002"], By("Amira Sayed"), NOW, "the same evening")
    found = status(NOW)
    assert found.loops == {"heard": 1, "merged": 1, "withheld": 1}
    assert found.voices == {"heard": 3, "withheld": 1}
    assert landed.loop("L-0001").voices == 3


def test_every_feed_has_a_line_whether_it_ran_or_not(landed: Desk) -> None:
    lines = {line["source"]: line for line in status(NOW).sources}
    assert sorted(lines) == ["box", "exit", "log"]
    assert (lines["box"]["last_status"], lines["box"]["last_run"]) == ("never pulled", None)
    assert (lines["exit"]["last_status"], lines["exit"]["last_heard_on"], lines["exit"]["quarantined"]) == (
        "landed", date(2026, 9, 1), 1,
    )  # fmt: skip
    assert (lines["log"]["last_status"], lines["log"]["last_run"]) == ("landed", NOW)
    landed.drop("exit", exit_row(9), name="z.csv").write_bytes(b"%PDF-1.7")
    landed.pull(at=NOW + timedelta(days=1))
    line = next(line for line in status(NOW + timedelta(days=1)).sources if line["source"] == "exit")
    assert (line["last_status"], "PDF" in line["error"]) == ("failed", True)


def test_a_council_that_has_heard_nothing_has_a_status(sqlite_desk: Desk) -> None:
    found = status(NOW)
    assert (found.loops, found.overdue, found.quarantined) == ({}, 0, 0)
    assert sqlite_desk.states() == []


@pytest.mark.parametrize(
    ("at", "overdue"),
    [
        (datetime(2026, 9, 8, 12, 0, tzinfo=UTC), 0),  # five working days after Tuesday 1 September
        (datetime(2026, 9, 8, 23, 30, tzinfo=UTC), 1),  # half past midnight in London
        (datetime(2026, 9, 12, 12, 0, tzinfo=UTC), 3),  # a Saturday counts for nothing
        (datetime(2026, 9, 1, 12, 0, tzinfo=UTC), -5),
    ],
)
def test_what_is_due_counts_working_days_by_the_councils_clock(sqlite_desk: Desk, at: datetime, overdue: int) -> None:
    sqlite_desk.pull(exit_row(1, "The room is freezing"))
    with open_workplace() as work, reading(work.store) as session:
        (owed,) = loops_owed(session, work.council, at).to_dict("records")
    assert (owed["due_on"], owed["next_step"], owed["overdue_days"]) == (date(2026, 9, 8), "own", overdue)


def test_a_services_own_deadline_goes_before_the_councils(sqlite_desk: Desk) -> None:
    sqlite_desk.configure(policy={"deadlines": {"services": {"yjs": {"own_within": 10}}}})
    sqlite_desk.pull(exit_row(1, "The room is freezing"))
    with open_workplace() as work, reading(work.store) as session:
        (owed,) = loops_owed(session, work.council, NOW).to_dict("records")
    assert owed["due_on"] == date(2026, 9, 15)


def test_what_nobody_trained_has_read_is_counted_with_its_oldest_day(landed: Desk) -> None:
    assert status(NOW).unread == {"flagged": 1, "all": 4, "oldest": date(2026, 9, 1)}
    settle_reading("L-0003", "ruth", "not_a_concern", NOW, reference="a game")
    assert status(NOW).unread["flagged"] == 0
    for loop_uid in ("L-0001", "L-0002"):
        settle_reading(loop_uid, "ruth", "not_a_concern", NOW, reference="wishes")
    assert status(NOW).unread == {"flagged": 0, "all": 0, "oldest": None}


def test_what_is_held_back_counts_as_late_after_the_policys_hours(landed: Desk) -> None:
    limit = timedelta(hours=24)
    assert status(NOW + limit).withheld_too_long == 0
    assert status(NOW + limit + timedelta(seconds=1)).withheld_too_long == 1
    landed.configure(policy={"gate": {"max_bad_share": 1}, "safeguarding": {"read_within_hours": 48}})
    assert status(NOW + limit + timedelta(seconds=1)).withheld_too_long == 0


@pytest.mark.parametrize(("outcome", "late"), [("not_a_concern", 0), ("referred", 0), ("needs_more", 1)])
def test_what_a_reader_settled_is_not_late_and_what_needs_more_still_is(landed: Desk, outcome: str, late: int) -> None:
    settle_reading("L-0003", "ruth", outcome, NOW, reference="MASH 1")
    assert status(NOW + timedelta(days=3)).withheld_too_long == late


def test_what_is_held_back_a_second_time_is_late_from_then_on(landed: Desk) -> None:
    settle_reading("L-0003", "ruth", "not_a_concern", NOW, reference="a game")
    later = NOW + timedelta(days=5)
    settle_reading("L-0003", "ruth", "needs_more", later, reference="her mum rang")
    assert landed.loop("L-0003").state == "withheld"
    assert status(later + timedelta(hours=23)).withheld_too_long == 0
    assert status(later + timedelta(hours=25)).withheld_too_long == 1
