"""Words, raw files and quarantined cells go on time and everywhere; a clock gone wrong deletes nothing (G14)."""

from datetime import UTC, date, datetime, timedelta

import pytest

from heardback.errors import SanityStop
from heardback.store import HistoryEntry, QuarantinedRow, RawFile
from heardback.store.session import reading
from tasks.forget import forget
from tasks.safeguarding import settle_reading
from tests.council import EXIT, box_row, exit_row
from tests.desk import Desk, problems_of
from tests.factories import LEAD, NOW

pytestmark = pytest.mark.usefixtures("quick_gate")
CANARY = "zebra-canary is freezing here"
ALL = {"retention": {"max_share": 1}, "gate": {"max_bad_share": 1}}
BOX_LIKE_EXIT = [one for one in EXIT["questions"] if one["role"] != "service"]
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


# ---- what a source keeps for itself, and what the clock does not reach


BY_SOURCE = {"retention": {"max_share": 1, "sources": {"exit": {"comment_text_months": 1, "validation_months": 1}}}}


def test_a_source_with_a_time_of_its_own_goes_by_it_and_the_others_by_the_common_one(sqlite_desk: Desk) -> None:
    sqlite_desk.configure(policy=BY_SOURCE)
    sqlite_desk.pull(exit_row(1, CANARY, date="2026-10-01"))
    sqlite_desk.pull(box_row("More pizza please", date="2026-10-01"), feed="box")
    due = forget(datetime(2026, 11, 2, tzinfo=UTC), dry_run=True)
    assert [(rule.kind, rule.source, rule.rule, len(rule.ids), rule.of) for rule in due.why] == [
        ("comments", "exit", "comment_text_months: 1", 1, 1)
    ]
    assert due.why[0].before == date(2026, 10, 2)
    assert forget(datetime(2026, 11, 1, tzinfo=UTC), dry_run=True).why == []
    forget(datetime(2026, 11, 2, tzinfo=UTC))
    assert sqlite_desk.texts() == ["", "More pizza please"]


def test_a_raw_file_goes_by_its_sources_time_and_one_of_two_sources_by_the_longer(sqlite_desk: Desk) -> None:
    own = {"sources": {"exit": {"raw_files_months": 1}}}
    sqlite_desk.configure(policy={"retention": {"max_share": 1, **own}}, sources={"box": {"questions": BOX_LIKE_EXIT}})
    shared = exit_row(1, CANARY)
    sqlite_desk.pull(shared)
    sqlite_desk.pull(shared, feed="box")
    sqlite_desk.pull(exit_row(2, "More"), name="export-2.csv", at=NOW + timedelta(minutes=1))
    assert len(forget(NOW + timedelta(days=40)).raw_files) == 1
    assert len(forget(NOW + timedelta(days=400)).raw_files) == 1


def test_verdicts_go_too(sqlite_desk: Desk) -> None:
    sqlite_desk.configure(policy=BY_SOURCE)
    sqlite_desk.pull(exit_row(1, CANARY))
    folder = sqlite_desk.folder / "home" / "validation"
    assert len(list(folder.iterdir())) == 1
    assert len(forget(NOW + timedelta(days=32)).verdicts) == 1
    assert list(folder.iterdir()) == []


def test_what_was_read_and_referred_has_its_time_like_the_rest(sqlite_desk: Desk) -> None:
    sqlite_desk.configure(policy=ALL)
    sqlite_desk.pull(exit_row(1, "zebra-canary hits me"))
    for outcome, due in (("needs_more", 0), ("referred", 1)):
        settle_reading("L-0001", "ruth", outcome, NOW, reference="MASH-1")
        found = forget(LATE, dry_run=True)
        assert (len(found.comments), len(found.kept.unread)) == (due, 1 - due)
    forget(LATE)
    assert on_disk(sqlite_desk) == []


def test_it_says_until_when_words_are_in_backups(sqlite_desk: Desk) -> None:
    sqlite_desk.configure(policy={"retention": {"backups_months": 6}})
    assert forget(NOW, dry_run=True).backups_until == date(2027, 5, 10)


def test_a_slip_in_one_sources_time_stops_though_it_is_little_of_the_whole(sqlite_desk: Desk) -> None:
    sqlite_desk.configure(policy={"retention": {"sources": {"exit": {"comment_text_months": 1}}}})
    sqlite_desk.pull(*(exit_row(number, f"Card number {number}") for number in range(20)))
    sqlite_desk.pull(*(box_row(f"Card number {number}") for number in range(100)), feed="box")
    with pytest.raises(SanityStop, match="20 of 20 comments of exit"):
        forget(NOW + timedelta(days=30))
    assert "" not in sqlite_desk.texts()


def test_a_clock_a_year_ahead_stops_where_words_of_every_age_are_kept(sqlite_desk: Desk) -> None:
    """Fault 29: three years of words, a month each; a year too many at once is a third of them."""
    sqlite_desk.pull(*(exit_row(n, f"Card number {n}", date=f"{2024 + n // 12}-{n % 12 + 1:02}-01") for n in range(34)))
    assert len(forget(datetime(2027, 2, 2, tzinfo=UTC)).comments) == 2
    with pytest.raises(SanityStop, match="of 32 comments"):
        forget(datetime(2028, 2, 2, tzinfo=UTC))


def test_forgetting_works_on_postgresql_too(desk: Desk) -> None:
    desk.configure(policy=ALL)
    desk.pull(exit_row(1, CANARY), exit_row(2, "More pizza please", date=""))
    assert forget(LATE).done
    assert desk.texts() == [""]
