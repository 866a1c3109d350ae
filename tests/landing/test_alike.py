"""Rows without ids that say the same: two people's in files that append, one person's in exports that repeat (41)."""

import pytest
from sqlalchemy import select

from heardback.store import Choice, Rating, Response
from heardback.store.session import reading
from tasks.quarantine import list_quarantine, release_row
from tests.council import BOX, Row, box_row
from tests.desk import Desk, problems_of
from tests.factories import NOW

PIZZA, WARM = "More pizza please", "A warmer hall"
MANY = [box_row(f"Card number {number}") for number in range(12)]


def uids(desk: Desk) -> set[str]:
    with reading(desk.store) as session:
        return {found.response_uid for found in session.query(Response)}


def pull(desk: Desk, name: str, *rows: Row) -> dict[str, int]:
    report = desk.pull(*rows, feed="box", name=name)
    assert report.rows_read == sum(report.fates.values()) == len(rows)
    assert problems_of(desk.store) == []
    return report.fates


def test_two_children_who_write_the_same_in_two_files_are_both_heard(desk: Desk) -> None:
    assert pull(desk, "1.csv", box_row(PIZZA), box_row(PIZZA), box_row(WARM)) == {"loop": 3}
    assert pull(desk, "2.csv", box_row(PIZZA)) == {"loop": 1}
    assert pull(desk, "3.csv", box_row(WARM), box_row(PIZZA), box_row(WARM)) == {"loop": 3}
    assert (desk.count(Response), desk.texts().count(PIZZA), desk.texts().count(WARM)) == (7, 4, 3)
    assert [file.status for file in desk.pull_all("box").files] == ["unchanged"] * 3


def test_each_of_two_who_answered_the_same_has_the_score_and_the_ticks_that_they_gave(sqlite_desk: Desk) -> None:
    asked = [
        *BOX["questions"],
        {"column": "rate", "role": "rating", "code": "rate", "scale": {"1": 1, "5": 5}},
        {"column": "helped", "role": "choice", "code": "helped"},
    ]
    sqlite_desk.configure(sources={"box": {"questions": asked, "mode": "append"}})
    first, second = ({**box_row(words), "rate": "4", "helped": "staff"} for words in (PIZZA, WARM))
    assert pull(sqlite_desk, "1.csv", first) == {"loop": 1}
    assert pull(sqlite_desk, "2.csv", first, second) == {"loop": 2}
    assert set(sqlite_desk.ask(select(Rating.response_uid))) == uids(sqlite_desk)
    assert set(sqlite_desk.ask(select(Choice.response_uid))) == uids(sqlite_desk)


@pytest.mark.parametrize("cut", [1, 4, 9])
def test_a_file_in_parts_gives_the_same_responses_as_the_whole(sqlite_desk: Desk, cut: int) -> None:
    rows = [box_row(words) for words in (PIZZA, WARM, PIZZA, PIZZA, "no", WARM, PIZZA, "Less noise", PIZZA, PIZZA)]
    sqlite_desk.configure(sources={"box": {"mode": "append"}})
    pull(sqlite_desk, "1.csv", *rows[:cut])
    pull(sqlite_desk, "2.csv", *rows[cut:])
    in_parts = uids(sqlite_desk)
    sqlite_desk.configure(sources={"box": {"mode": "snapshot"}})
    assert pull(sqlite_desk, "3.csv", *rows, box_row("One more")) == {"loop": 1, "duplicate": 10}
    assert in_parts < uids(sqlite_desk)


def test_more_alike_rows_than_one_look_finds_are_all_counted(sqlite_desk: Desk) -> None:
    sqlite_desk.configure(sources={"box": {"mode": "append"}})
    pull(sqlite_desk, "1.csv", *[box_row(PIZZA)] * 100)
    pull(sqlite_desk, "2.csv", *[box_row(PIZZA)] * 30, box_row(WARM))
    assert sqlite_desk.count(Response) == 131


def test_a_snapshot_without_ids_repeats_its_rows(sqlite_desk: Desk) -> None:
    sqlite_desk.configure(sources={"box": {"mode": "snapshot"}})
    pull(sqlite_desk, "1.csv", box_row(PIZZA), box_row(PIZZA), box_row(WARM))
    assert pull(sqlite_desk, "2.csv", box_row(PIZZA), box_row(PIZZA), box_row(WARM), box_row(PIZZA)) == {
        "loop": 1, "duplicate": 3,
    }  # fmt: skip


def test_a_file_that_repeats_the_one_before_is_taken_for_its_next_export_where_the_map_does_not_say(
    sqlite_desk: Desk,
) -> None:
    pull(sqlite_desk, "1.csv", *MANY)
    report = sqlite_desk.pull(*MANY[1:], box_row(PIZZA), feed="box", name="2.csv")  # one of them was deleted since
    assert report.fates == {"loop": 1, "duplicate": 11}
    assert "exported again; write mode: snapshot in the map" in report.notes[-1]


def test_a_map_that_says_its_files_append_is_believed(sqlite_desk: Desk) -> None:
    sqlite_desk.configure(sources={"box": {"mode": "append"}})
    pull(sqlite_desk, "1.csv", *MANY)
    assert pull(sqlite_desk, "2.csv", *MANY, box_row(PIZZA)) == {"loop": 13}


def test_a_few_rows_that_happen_to_repeat_are_no_export_of_the_same(sqlite_desk: Desk) -> None:
    pull(sqlite_desk, "1.csv", box_row(PIZZA), box_row(WARM))
    assert pull(sqlite_desk, "2.csv", box_row(PIZZA), box_row(WARM), box_row("Less noise")) == {"loop": 3}


def test_a_repaired_row_that_says_what_others_said_is_one_more(sqlite_desk: Desk) -> None:
    sqlite_desk.configure(policy={"gate": {"max_bad_share": 1}})
    pull(sqlite_desk, "1.csv", box_row(PIZZA, date=""), box_row(WARM))
    pull(sqlite_desk, "2.csv", box_row(PIZZA))
    (row,) = list_quarantine("box")
    release = release_row(row["quarantine_id"], "Dee Okoro", NOW, {"date": "2026-09-02"})
    assert (release.fate, sqlite_desk.count(Response)) == ("loop", 3)
    assert problems_of(sqlite_desk.store) == []
