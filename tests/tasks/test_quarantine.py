"""Bad rows: looked at, repaired and released, or discarded with a reason; their pull balances all the time."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from heardback.errors import MoveRefused, NotFound, PullRefused
from heardback.store import QuarantinedRow, Response
from heardback.store.session import reading
from tasks.quarantine import discard_row, list_quarantine, release_row, show_row
from tests.council import box_row, change_row, exit_row
from tests.desk import Desk, problems_of
from tests.factories import NOW

pytestmark = pytest.mark.usefixtures("quick_gate")
FREEZING, LATER = "The room is freezing", NOW + timedelta(days=30)
DAY = {"date": "2026-09-03"}


@pytest.fixture
def bad(desk: Desk) -> Desk:
    """Row 3 of an export has no day: Q-1."""
    desk.pull(exit_row(1, "More pizza please"), exit_row(2, FREEZING, date="", name="Zebra Name"))
    return desk


@pytest.fixture
def sqlite_bad(sqlite_desk: Desk) -> Desk:
    sqlite_desk.pull(exit_row(1, "More pizza please"), exit_row(2, FREEZING, date="", name="Zebra Name"))
    return sqlite_desk


def states(desk: Desk) -> list[str]:
    with reading(desk.store) as session:
        return list(session.scalars(select(QuarantinedRow.state).order_by(QuarantinedRow.quarantine_id)))


def test_the_list_gives_reasons_and_no_cell(sqlite_bad: Desk) -> None:
    (row,) = list_quarantine()
    assert (row["source_id"], row["row_number"], row["reasons"]) == ("exit", 3, ["a required cell is empty"])
    assert "cells" not in row
    assert list_quarantine("box") == []
    assert states(sqlite_bad) == ["open"]


def test_one_row_is_shown_with_its_cells_to_whoever_asks_and_without_identity(sqlite_bad: Desk) -> None:
    row = show_row(1, with_text=True)
    assert row["cells"]["improve"] == FREEZING
    assert "name" not in row["cells"]
    with pytest.raises(NotFound, match="no quarantined row Q-9"):
        show_row(9)


def test_a_repaired_row_lands_where_it_belongs_and_its_pull_still_balances(bad: Desk) -> None:
    release = release_row(1, "Priya Nair", LATER, DAY)
    assert (release.fate, release.reasons, states(bad)) == ("loop", [], ["released"])
    assert bad.loop_of(FREEZING).heard_from == date(2026, 9, 3)
    assert problems_of(bad.store) == []
    (row,) = list_quarantine(state="released")
    assert (row["decided_by"], row["note"]) == ("Priya Nair", "date repaired")


def test_a_row_that_is_still_bad_stays_and_says_why(sqlite_bad: Desk) -> None:
    release = release_row(1, "Priya Nair", LATER, {"improve": "Something else"})
    assert (release.fate, release.reasons, states(sqlite_bad)) == ("quarantine", ["a required cell is empty"], ["open"])
    assert problems_of(sqlite_bad.store) == []


def test_a_released_disclosure_is_withheld(sqlite_desk: Desk) -> None:
    sqlite_desk.pull(exit_row(1, "More pizza please"), exit_row(2, "my dad hits me", date=""))
    assert release_row(1, "Priya Nair", LATER, DAY).fate == "withheld"
    assert sqlite_desk.states() == ["heard", "withheld"]


def test_a_discarded_row_stays_in_its_pulls_account_with_the_reason(sqlite_bad: Desk) -> None:
    assert discard_row(1, "Priya Nair", LATER, "scribbles").fate == "quarantine"
    assert (states(sqlite_bad), problems_of(sqlite_bad.store)) == (["discarded"], [])
    (row,) = list_quarantine(state="discarded")
    assert (row["decided_by"], row["note"]) == ("Priya Nair", "scribbles")


@pytest.mark.parametrize("repairs", [DAY, {}])
def test_a_row_is_settled_once(sqlite_bad: Desk, repairs: dict[str, str]) -> None:
    discard_row(1, "Priya Nair", LATER, "scribbles")
    with pytest.raises(MoveRefused, match="Q-1 was discarded by Priya Nair already"):
        release_row(1, "Somebody", LATER, repairs)
    with pytest.raises(MoveRefused, match="already"):
        discard_row(1, "Somebody", LATER, "again")
    assert states(sqlite_bad) == ["discarded"]


def test_a_repair_of_a_column_that_is_not_there_is_refused(sqlite_bad: Desk) -> None:
    with pytest.raises(NotFound, match="no column 'day'") as refused:
        release_row(1, "Priya Nair", LATER, {"day": "2026-09-03"})
    assert "date" in refused.value.do
    assert FREEZING not in str(refused.value)


def test_a_row_whose_cells_cannot_be_told_apart_is_corrected_in_its_file(sqlite_desk: Desk) -> None:
    path = sqlite_desk.drop("exit", exit_row(1, FREEZING))
    path.write_text(path.read_text(encoding="utf-8") + "2,2026-09-01,yjs\n", encoding="utf-8")
    sqlite_desk.pull()
    with pytest.raises(PullRefused, match="could not be told apart"):
        release_row(1, "Priya Nair", LATER, {})


def test_a_row_of_a_register_is_corrected_in_the_register(sqlite_desk: Desk) -> None:
    sqlite_desk.pull(change_row(1), change_row(2, ""), feed="log")
    with pytest.raises(PullRefused, match="put right in the register"):
        release_row(1, "Priya Nair", LATER, {"We did": "Something"})


def test_an_old_row_does_not_write_over_what_came_since(bad: Desk) -> None:
    bad.pull(exit_row(1, "More pizza please"), exit_row(2, "It is warm now"), at=NOW + timedelta(days=1))
    assert release_row(1, "Priya Nair", LATER, DAY).fate == "duplicate"
    assert "It is warm now" in bad.texts()
    assert problems_of(bad.store) == []


def test_an_old_row_does_not_bring_back_what_was_taken_back_since(sqlite_desk: Desk) -> None:
    others = [exit_row(number, f"Wish {number}, please") for number in range(10, 16)]
    sqlite_desk.pull(exit_row(2, FREEZING), *others)
    sqlite_desk.pull(exit_row(2, FREEZING, date=""), *others, at=NOW + timedelta(days=1))
    sqlite_desk.pull(*others, at=NOW + timedelta(days=2))
    assert release_row(1, "Priya Nair", LATER, DAY).fate == "duplicate"
    assert FREEZING not in sqlite_desk.texts()
    assert problems_of(sqlite_desk.store) == []


def test_a_released_card_without_a_day_was_heard_when_its_file_came(sqlite_desk: Desk) -> None:
    undated = [{"column": "date", "role": "submitted_on"}, {"column": "said", "role": "comment", "code": "said"}]
    sqlite_desk.configure(sources={"box": {"questions": undated}})
    sqlite_desk.pull(box_row("Fix the door"), box_row("More pizza please", date='"'), feed="box")
    assert release_row(1, "Priya Nair", LATER, {"date": ""}).fate == "loop"
    assert sqlite_desk.loop_of("More pizza").heard_from == date(2026, 11, 10)


def test_a_row_repaired_here_and_at_the_source_is_one_row(bad: Desk) -> None:
    """Identity does not count, so dropping it changes no hash."""
    release_row(1, "Priya Nair", LATER, DAY)
    report = bad.pull(exit_row(1, "More pizza please"), exit_row(2, FREEZING, **DAY), exit_row(3), at=LATER)
    assert report.fates == {"duplicate": 2, "not_counted": 1}
    assert bad.count(Response) == 3


def test_a_day_after_the_file_came_is_no_day_however_late_it_is_released(sqlite_desk: Desk) -> None:
    sqlite_desk.pull(exit_row(1, "More pizza please"), exit_row(2, FREEZING, date="2026-11-20"))
    release = release_row(1, "Priya Nair", LATER, {})
    assert (release.fate, release.reasons) == ("quarantine", ["the date lies in the future"])
