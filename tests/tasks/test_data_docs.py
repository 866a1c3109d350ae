"""Data docs built from what was kept of real pulls: linked from `status`, offline, and without a cell of any file."""

import logging
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from tasks.data_docs import build_data_docs
from tasks.status import status
from tests.council import box_row, change_row, exit_row
from tests.desk import Desk
from tests.factories import NOW
from tests.ready_made import ReadyMade
from tests.reports.pages import read

CANARY = "zebra-canary"
RULES = [
    {"expect": "expect_column_values_to_be_in_set", "column": "share", "reason": "neither Yes nor No",
     "kwargs": {"value_set": ["Yes", "No"]}},
    {"expect": "expect_compound_columns_to_be_unique", "reason": "said twice",
     "kwargs": {"column_list": ["improve", "like"]}},
    {"expect": "expect_column_most_common_value_to_be_in_set", "column": "helped", "reason": "another most common",
     "kwargs": {"value_set": [f"{CANARY}-helped"], "ties_okay": "true"}},
]  # fmt: skip


def fill(desk: Desk) -> None:
    """Two landed pulls with bad rows of several kinds, one that was refused, and a register."""
    desk.configure(
        policy={"gate": {"max_bad_share": 1}}, sources={"exit": {"expectations": RULES}, "box": {"max_bad_share": 0.1}}
    )
    bad = {"share": f"{CANARY}-share", "rate": f"{CANARY}-rate"}
    desk.pull(
        exit_row(1, f"{CANARY} is cold", helped=f"{CANARY}-helped"),
        exit_row(2, f"{CANARY} is damp", name=f"{CANARY} name", **bad),
        exit_row(3, f"{CANARY} twice"),
        exit_row(4, f"{CANARY} twice"),
        exit_row(f"{CANARY}-id", "No day", date=f"{CANARY} day"),
        exit_row(6, f"{CANARY} unread", date=""),
    )
    desk.pull(box_row(f"{CANARY} card"), box_row(f"{CANARY} ditto", date='"'), feed="box", at=NOW)
    desk.pull(change_row(1), change_row(2, "", Title=f"{CANARY} title"), feed="log")


@pytest.fixture
def full(sqlite_desk: Desk, ready_made: ReadyMade) -> Desk:
    return ready_made.fill(sqlite_desk, fill)


def everything_written(desk: Desk) -> Iterator[tuple[Path, bytes]]:
    """Every file outside the inbox, the raw bytes and the database."""
    for path in (desk.folder / "home").rglob("*"):
        if path.is_file() and "raw" not in path.parts and not path.name.startswith("heardback.db"):
            yield path, path.read_bytes()


def test_no_cell_stands_in_results_docs_or_logs(full: Desk, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    index = build_data_docs(NOW)
    written = dict(everything_written(full))
    assert index in written
    assert any("validation" in path.parts for path in written)
    # the one canary that may stand there is the council's own: it is in the map, as a value that is allowed
    told = {path: content.replace(f"{CANARY}-helped".encode(), b"") for path, content in written.items()}
    assert [path for path, content in told.items() if CANARY.encode() in content] == []
    assert CANARY not in caplog.text
    assert CANARY not in str(status(NOW))


def test_each_pull_has_a_page_with_its_checks_and_why_rows_wait(full: Desk) -> None:
    index = build_data_docs(NOW)
    pages = {path.stem: read(path.read_text(encoding="utf-8")).text for path in (index.parent / "pulls").iterdir()}
    assert sorted(name.split("-")[0] for name in pages) == ["box", "exit", "log"]
    exit_page = next(text for name, text in pages.items() if name.startswith("exit"))
    assert "“share” values must belong to this set: Yes No." in exit_page
    assert "1 row: neither Yes nor No3" in exit_page  # the second answer stands in row 3
    assert "2 rows: said twice4, 5" in exit_page
    box_page = next(text for name, text in pages.items() if name.startswith("box"))
    assert "1 of 2 rows are bad and the limit is 10%" in box_page


def test_status_leads_to_them_and_says_when_a_newer_pull_is_missing(full: Desk) -> None:
    assert (status(NOW).data_docs, status(NOW).data_docs_show_the_newest_pull) == ("", False)
    index = build_data_docs(NOW)
    assert (status(NOW).data_docs, status(NOW).data_docs_show_the_newest_pull) == (str(index), True)
    full.pull(exit_row(9, "Warm at last"), exit_row(10), name="z.csv", at=NOW + timedelta(days=1))
    assert status(NOW).data_docs_show_the_newest_pull is False
    build_data_docs(NOW + timedelta(days=1))
    assert status(NOW).data_docs_show_the_newest_pull is True


def test_a_pull_builds_no_page(full: Desk) -> None:
    assert not list((full.folder / "home").rglob("*.html"))


def test_a_council_that_has_pulled_nothing_has_an_index(sqlite_desk: Desk) -> None:
    assert "Nothing has come in yet." in read(build_data_docs(NOW).read_text(encoding="utf-8")).text


def test_a_source_that_is_configured_no_longer_keeps_its_pages(full: Desk) -> None:
    full.configure(services={"groups": []})  # the groups of this council name it
    (full.folder / "config" / "sources" / "exit.yaml").unlink()
    index = build_data_docs(NOW)
    assert len(list((index.parent / "pulls").iterdir())) == 3
