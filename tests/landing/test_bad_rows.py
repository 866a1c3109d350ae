"""A bad row that every export brings is in quarantine once, and each pull's rows still add up (G1)."""

import pytest

from heardback.store import QuarantinedRow
from tasks.quarantine import discard_row, list_quarantine, release_row
from tests.council import Row, box_row, exit_row
from tests.desk import Desk, problems_of
from tests.factories import NOW

GOOD = [exit_row(number, f"Something is wrong here: {number}") for number in range(90, 96)]
BAD = exit_row(1, "The room is freezing", date="")


def pull(desk: Desk, name: str, *rows: Row, feed: str = "exit") -> dict[str, int]:
    report = desk.pull(*rows, feed=feed, name=name)
    assert report.rows_read == sum(report.fates.values()) == len(rows)
    assert problems_of(desk.store) == []
    return report.fates


def test_a_bad_row_of_each_snapshot_waits_once(desk: Desk) -> None:
    assert pull(desk, "1.csv", BAD, *GOOD) == {"loop": 6, "quarantine": 1}
    report = desk.pull(BAD, *GOOD, exit_row(2, "New"), name="2.csv")
    assert report.fates == {"loop": 1, "duplicate": 7}
    assert report.notes[-1].startswith("1 bad as in an earlier export, with the same cells")
    assert desk.count(QuarantinedRow) == 1
    assert problems_of(desk.store) == []


def test_a_bad_row_whose_cells_have_changed_is_quarantined_anew(sqlite_desk: Desk) -> None:
    pull(sqlite_desk, "1.csv", BAD, *GOOD)
    changed = exit_row(1, "The room is boiling", date="")
    assert pull(sqlite_desk, "2.csv", changed, *GOOD) == {"duplicate": 6, "quarantine": 1}
    assert sqlite_desk.count(QuarantinedRow) == 2


def test_a_row_with_a_cell_too_many_is_known_again_though_none_of_its_cells_is_kept(sqlite_desk: Desk) -> None:
    def ragged(name: str, words: str, *more: Row) -> dict[str, int]:
        path = sqlite_desk.drop("exit", *GOOD, *more, name=name)
        with path.open("a", encoding="utf-8") as file:
            file.write(f"7,2026-09-01,yjs,Somebody,done,,,{words},,Yes,extra\n")
        return sqlite_desk.pull().fates

    assert ragged("1.csv", "cold") == {"loop": 6, "quarantine": 1}
    assert ragged("2.csv", "cold", exit_row(2, "New")) == {"loop": 1, "duplicate": 7}
    assert ragged("3.csv", "warm", exit_row(2, "New")) == {"duplicate": 7, "quarantine": 1}
    assert problems_of(sqlite_desk.store) == []


def test_the_same_two_bad_rows_in_one_file_are_two(sqlite_desk: Desk) -> None:
    sqlite_desk.configure(sources={"box": {"mode": "snapshot"}}, policy={"gate": {"max_bad_share": 1}})
    cards = [box_row("Cold", date=""), box_row("Cold", date="")]
    assert pull(sqlite_desk, "1.csv", *cards, feed="box") == {"quarantine": 2}
    assert pull(sqlite_desk, "2.csv", *cards, box_row("Cold", date=""), feed="box") == {"duplicate": 2, "quarantine": 1}


def test_alike_bad_rows_of_two_files_that_append_without_ids_are_two_peoples(sqlite_desk: Desk) -> None:
    card = box_row("Cold", date="")
    assert pull(sqlite_desk, "1.csv", card, box_row("Warm"), feed="box") == {"loop": 1, "quarantine": 1}
    assert pull(sqlite_desk, "2.csv", card, box_row("Wet"), feed="box") == {"loop": 1, "quarantine": 1}
    assert sqlite_desk.count(QuarantinedRow) == 2


def test_alike_bad_rows_without_their_ids_are_two_peoples_where_files_append(sqlite_desk: Desk) -> None:
    sqlite_desk.configure(sources={"exit": {"mode": "append"}})
    nameless = exit_row("", "Cold")
    assert pull(sqlite_desk, "1.csv", nameless, *GOOD) == {"loop": 6, "quarantine": 1}
    assert pull(sqlite_desk, "2.csv", nameless, BAD, *GOOD) == {"duplicate": 6, "quarantine": 2}
    assert pull(sqlite_desk, "3.csv", BAD, *GOOD) == {"duplicate": 7}


@pytest.mark.parametrize("repaired", [True, False])
def test_what_was_decided_of_a_bad_row_holds_when_it_comes_again(sqlite_desk: Desk, repaired: bool) -> None:
    pull(sqlite_desk, "1.csv", BAD, *GOOD)
    (row,) = list_quarantine("exit")
    if repaired:
        release_row(row["quarantine_id"], "Dee Okoro", NOW, {"date": "2026-09-03"})
    else:
        discard_row(row["quarantine_id"], "Dee Okoro", NOW, "scribbles")
    assert pull(sqlite_desk, "2.csv", BAD, *GOOD, exit_row(2, "New")) == {"loop": 1, "duplicate": 7}
    assert list_quarantine("exit") == []
    assert ("The room is freezing" in sqlite_desk.texts()) is repaired
