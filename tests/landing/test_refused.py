"""A pull whose share of bad rows passes its source's limit lands nothing, keeps its bytes, and says why."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import text

from heardback.errors import StoreError
from heardback.store import Comment, Loop, QuarantinedRow, RawFile, Response, raw_files
from heardback.store.session import transaction
from tasks.status import status
from tests.council import exit_row
from tests.desk import Desk, problems_of
from tests.factories import NOW

ROWS = [exit_row(1, "canary cold"), exit_row(2, "canary damp", date=""), exit_row(3, date="")]


def of_map(share: float | None) -> dict[str, Any]:
    """A map with a limit of its own, or none."""
    return {} if share is None else {"sources": {"exit": {"max_bad_share": share}}}


@pytest.mark.parametrize(
    ("policys", "maps", "told"),
    [
        (0.5, None, "2 of 3 rows are bad and the limit is 50%"),
        (1, 0.1, "2 of 3 rows are bad and the limit is 10%"),
        (0, 0.66, "2 of 3 rows are bad and the limit is 66%"),
    ],
)
def test_too_many_bad_rows_land_nothing_and_the_reasons_are_counted(
    desk: Desk, policys: float, maps: float | None, told: str
) -> None:
    desk.configure(policy={"gate": {"max_bad_share": policys}}, **of_map(maps))
    report = desk.pull(*ROWS)
    assert (report.status, told in report.error) == ("failed", True), report.error
    assert "2 × a required cell is empty" in report.error
    assert "canary" not in report.error
    assert [desk.count(table) for table in (Response, Comment, Loop, QuarantinedRow)] == [0, 0, 0, 0]
    (pull,) = desk.pulls()
    assert (pull.status, pull.error, desk.events()) == ("failed", report.error, ["pull.failed"])
    assert raw_files.path_of(desk.folder / "home" / "raw", pull.file_sha256).exists()
    assert problems_of(desk.store) == []


@pytest.mark.parametrize(("policys", "maps"), [(1, None), (0, 1), (0, 0.67)])
def test_within_its_limit_the_good_rows_land_and_a_maps_own_limit_goes_first(
    sqlite_desk: Desk, policys: float, maps: float | None
) -> None:
    sqlite_desk.configure(policy={"gate": {"max_bad_share": policys}}, **of_map(maps))
    assert sqlite_desk.pull(*ROWS).fates == {"loop": 1, "quarantine": 2}


def test_why_it_did_not_land_stands_in_the_status_until_it_does(sqlite_desk: Desk) -> None:
    sqlite_desk.configure(sources={"exit": {"max_bad_share": 0.1}})
    sqlite_desk.pull(*ROWS)
    (line,) = [line for line in status(NOW).sources if line["source"] == "exit"]
    assert (line["last_status"], "the limit is 10%" in line["error"]) == ("failed", True)
    sqlite_desk.configure(sources={"exit": {"max_bad_share": 1}})
    assert sqlite_desk.pull().fates == {"loop": 1, "quarantine": 2}
    (line,) = [line for line in status(NOW).sources if line["source"] == "exit"]
    assert (line["last_status"], line["error"]) == ("landed", "")


def test_a_refusal_is_over_once_its_file_is_gone_and_nothing_else_fails(sqlite_desk: Desk) -> None:
    sqlite_desk.pull(exit_row(1, "canary cold"), name="1.csv")
    refused = sqlite_desk.drop("exit", exit_row(2, date=""), name="2.csv")
    assert sqlite_desk.pull().status == "failed"
    refused.unlink()
    assert sqlite_desk.pull(at=NOW + timedelta(days=1)).status == "unchanged"
    (line,) = [line for line in status(NOW).sources if line["source"] == "exit"]
    assert (line["last_status"], line["error"]) == ("landed", "")


def test_three_who_pull_one_file_at_once_land_it_once_and_none_fails(desk: Desk) -> None:
    desk.drop("exit", *(exit_row(number, f"Wish number {number}") for number in range(1, 30)))
    start = Barrier(3)

    def pull(_: int) -> str:
        start.wait()
        return desk.pull().status

    with ThreadPoolExecutor(3) as pool:
        assert sorted(pool.map(pull, range(3))) == ["landed", "unchanged", "unchanged"]
    assert (desk.count(Response), problems_of(desk.store)) == (29, [])


def test_what_two_write_at_once_is_tried_again_and_no_fault_of_the_database(desk: Desk) -> None:
    desk.pull(exit_row(1, "canary cold"))
    (pull,) = desk.pulls()
    with pytest.raises(StoreError, match="another run wrote the same rows") as told, transaction(desk.store) as session:
        session.add(RawFile(sha256=pull.file_sha256, size=1, kept_at=NOW))
    assert (told.value.passing, "canary" in str(told.value)) == (True, False)


def test_a_key_that_stands_twice_where_no_two_runs_meet_is_a_fault_and_not_tried_again(desk: Desk) -> None:
    desk.pull(exit_row(1, "canary cold"))
    with pytest.raises(StoreError, match="refused a statement") as told, transaction(desk.store) as session:
        session.execute(text("INSERT INTO comment SELECT * FROM comment"))
    assert (told.value.passing, "canary" in str(told.value)) == (False, False)


def test_a_rule_on_the_whole_table_refuses_the_pull_with_the_maps_own_words(sqlite_desk: Desk) -> None:
    rule = {"expect": "expect_table_row_count_to_be_between", "kwargs": {"min_value": "4"}, "reason": "a week has four"}
    sqlite_desk.configure(sources={"exit": {"expectations": [rule], "max_bad_share": 1}})
    report = sqlite_desk.pull(*ROWS)
    assert (report.status, sqlite_desk.count(Response)) == ("failed", 0)
    assert "a week has four" in report.error


def test_a_row_that_breaks_a_rule_of_its_maps_own_stays_behind_and_the_others_land(sqlite_desk: Desk) -> None:
    rule = {
        "expect": "expect_column_value_lengths_to_be_between", "column": "improve", "kwargs": {"max_value": "10"},
        "reason": "too long",
    }  # fmt: skip
    sqlite_desk.configure(sources={"exit": {"expectations": [rule], "max_bad_share": 1}})
    report = sqlite_desk.pull(exit_row(1, "It is cold"), exit_row(2, "It is very damp"))
    assert (report.status, report.fates) == ("landed", {"loop": 1, "quarantine": 1}), report.error
    assert sqlite_desk.texts() == ["It is cold"]
