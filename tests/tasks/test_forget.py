"""Words, raw files and quarantined cells go on time and everywhere; a clock gone wrong deletes nothing (G14)."""

from datetime import UTC, datetime, timedelta

import pytest

from heardback.errors import SanityStop
from heardback.store import HistoryEntry, QuarantinedRow, RawFile
from heardback.store.session import reading
from tasks.forget import forget
from tests.council import exit_row
from tests.desk import Desk, problems_of
from tests.factories import LEAD, NOW

pytestmark = pytest.mark.usefixtures("quick_gate")
CANARY = "zebra-canary is freezing here"
ALL = {"retention": {"max_share": 1}, "gate": {"max_bad_share": 1}}
LATE = datetime(2029, 9, 2, tzinfo=UTC)  # 36 months and a day after it was said


def on_disk(desk: Desk) -> list[str]:
    """Files outside the inbox that still hold the words."""
    return sorted(
        path.name
        for path in desk.folder.rglob("*")
        if path.is_file() and "inbox" not in path.parts and b"zebra-canary" in path.read_bytes()
    )


@pytest.fixture
def full(sqlite_desk: Desk) -> Desk:
    sqlite_desk.configure(policy=ALL)
    sqlite_desk.pull(
        exit_row(1, CANARY), exit_row(2, CANARY, date=""), exit_row(3, "More pizza please", date="2026-10-01")
    )
    return sqlite_desk


def test_after_their_time_the_words_are_nowhere(full: Desk) -> None:
    assert len(on_disk(full)) >= 2  # the database or its log, and the raw file
    gone = forget(LATE)
    assert (len(gone.comments), len(gone.raw_files), len(gone.quarantined), gone.done) == (1, 1, 1, True)
    assert on_disk(full) == []
    assert full.texts() == ["", "More pizza please"]


def test_that_it_was_there_stays_on_record(full: Desk) -> None:
    before = full.count(HistoryEntry)
    forget(LATE)
    assert (full.count(RawFile), full.count(QuarantinedRow), full.count(HistoryEntry)) == (1, 1, before)
    assert problems_of(full.store) == []
    with reading(full.store) as session:
        assert session.get_one(QuarantinedRow, 1).reasons == ["a required cell is empty"]


def test_what_is_forgotten_does_not_come_back_with_the_next_pull(full: Desk) -> None:
    forget(LATE)
    assert full.pull(at=LATE).status == "unchanged"
    assert on_disk(full) == []


def test_a_dry_run_counts_and_forgets_nothing(full: Desk) -> None:
    counted = forget(LATE, dry_run=True)
    assert (len(counted.comments), counted.comments_with_words, counted.done) == (1, 2, False)
    assert CANARY in full.texts()


def test_a_day_earlier_nothing_is_due_but_what_has_a_shorter_time(full: Desk) -> None:
    gone = forget(LATE - timedelta(days=1))
    assert (gone.comments, len(gone.raw_files), len(gone.quarantined)) == ([], 1, 1)


def test_the_second_run_has_nothing_to_do(full: Desk) -> None:
    forget(LATE)
    again = forget(LATE)
    assert (again.comments, again.raw_files, again.quarantined) == ([], [], [])


def test_a_disclosure_that_nobody_has_read_stays_however_old_it_is(sqlite_desk: Desk) -> None:
    sqlite_desk.configure(policy=ALL)
    sqlite_desk.pull(exit_row(1, "zebra-canary hits me"))
    assert forget(LATE).comments == []
    assert sqlite_desk.texts() == ["zebra-canary hits me"]
    sqlite_desk.move("L-0001", "release", LEAD, reason="read", at=LATE)
    assert len(forget(LATE).comments) == 1
    assert on_disk(sqlite_desk) == []


@pytest.mark.parametrize(("years", "kinds"), [(1, "1 of 1 raw files, 1 of 1 quarantined rows"), (4, "2 of 2 comments")])
def test_a_clock_years_ahead_deletes_nothing(full: Desk, years: int, kinds: str) -> None:
    full.configure(policy={"gate": {"max_bad_share": 1}})
    before = on_disk(full)
    with pytest.raises(SanityStop, match=kinds) as stopped:
        forget(NOW + timedelta(days=366 * years))
    assert "clock" in stopped.value.do
    assert on_disk(full) == before
    assert CANARY in full.texts()


def test_words_that_were_taken_back_at_their_source_leave_the_files_too(sqlite_desk: Desk) -> None:
    sqlite_desk.configure(policy={"gate": {"max_vanished_share": 1}})
    sqlite_desk.pull(exit_row(1, CANARY), exit_row(2, "More pizza please"))
    sqlite_desk.pull(exit_row(2, "More pizza please"), at=NOW + timedelta(days=1))
    forget(NOW + timedelta(days=1))
    assert [name for name in on_disk(sqlite_desk) if "heardback.db" in name] == []


def test_forgetting_works_on_postgresql_too(desk: Desk) -> None:
    desk.configure(policy=ALL)
    desk.pull(exit_row(1, CANARY), exit_row(2, "More pizza please", date=""))
    assert forget(LATE).done
    assert desk.texts() == [""]
