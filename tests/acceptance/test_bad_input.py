"""The 70 cases of bad input, each through a whole pull: its fate, what is told of it, and every row accounted for."""

import os
import re
from datetime import datetime, timedelta
from hashlib import sha256

import pytest
from sqlalchemy import select

from config.council import read_council
from heardback.landing.account import FileReport
from heardback.store import Pull, QuarantinedRow
from heardback.store.raw_files import path_of
from heardback.store.session import reading
from tests.acceptance import test_bad_tools
from tests.acceptance.bad_cells import CELLS
from tests.acceptance.bad_files import FILES
from tests.acceptance.bad_input import CANARY, QUARANTINED, REJECTED, SURVEY, Case, line, table
from tests.desk import Desk, problems_of
from tests.factories import NOW

CASES = [*FILES, *CELLS]
ALL = range(1, 71)


def named(case: Case) -> str:
    return f"{case.number:02}-{case.title.replace(' ', '-')}"


def play(desk: Desk, case: Case) -> FileReport:
    """Drop and pull as the case says; returns what became of the newest file of the last pull."""
    desk.configure(sources={"survey": case.source}, policy={"gate": {"max_bad_share": 1}, **case.policy})
    folder = desk.folder / "inbox" / "survey"
    folder.mkdir(parents=True)
    for hours, drops in enumerate(case.pulls):
        for name, content in drops.items():
            (folder / name).write_bytes(content)
        report = desk.pull_all("survey", NOW + timedelta(hours=hours))
    (name,) = case.pulls[-1]
    return next(file for file in report.files if file.file == name)


@pytest.mark.parametrize("case", CASES, ids=named)
def test_bad_input_ends_as_it_should_and_says_so(case: Case, sqlite_desk: Desk) -> None:
    report = play(sqlite_desk, case)
    assert report.status == ("failed" if case.fate == REJECTED else case.status), report.error
    assert (report.rows_read, report.fates) == (sum(case.fates.values()), case.fates)
    assert case.told in told_of(sqlite_desk, case, report)
    assert CANARY not in str(report)
    assert problems_of(sqlite_desk.store) == []
    if case.then:
        case.then(sqlite_desk)


@pytest.mark.parametrize("case", [case for case in CASES if case.fate == REJECTED], ids=named)
def test_a_rejected_file_is_kept_and_nothing_of_it_lands(case: Case, sqlite_desk: Desk) -> None:
    play(sqlite_desk, case)
    (content,) = case.pulls[-1].values()
    digest = sha256(content).hexdigest()
    with reading(sqlite_desk.store) as session:
        found = session.scalars(select(Pull).where(Pull.file_sha256 == digest)).all()
    if case.title == "oversize":
        assert found == []  # it is not even fetched
        return
    assert [(pull.status, pull.rows_read) for pull in found] == [("failed", 0)]
    assert path_of(sqlite_desk.folder / "home" / "raw", digest).read_bytes() == content


def told_of(desk: Desk, case: Case, report: FileReport) -> str:
    if case.fate == REJECTED:
        return report.error
    if case.fate == QUARANTINED:
        with reading(desk.store) as session:
            return "\n".join(why for whys in session.scalars(select(QuarantinedRow.reasons)) for why in whys)
    with reading(desk.store) as session:
        noted = session.scalars(select(Pull).where(Pull.file_name == report.file)).all()
        stored = [note["what"] for pull in noted for note in pull.notes]
    assert report.notes == stored or report.status == "unchanged"
    return "\n".join(report.notes)


def test_03_a_file_that_is_still_being_written_waits_for_the_next_pull(sqlite_desk: Desk) -> None:
    sqlite_desk.configure(sources={"survey": {**SURVEY, "file": {**SURVEY["file"], "settle_seconds": 60}}})
    put(sqlite_desk, "1.csv", line(1)[:-20], changed_at=NOW - timedelta(seconds=20))
    (report,) = sqlite_desk.pull_all("survey", NOW).files
    assert (report.status, sqlite_desk.pulls(), sqlite_desk.events()) == ("arriving", [], [])
    assert "somebody may still be writing it, so it waits for the next pull" in report.notes[0]
    put(sqlite_desk, "1.csv", line(1), changed_at=NOW)
    (report,) = sqlite_desk.pull_all("survey", NOW + timedelta(seconds=61)).files
    assert (report.status, report.fates) == ("landed", {"loop": 1})


def test_04_lock_files_and_unfinished_downloads_are_passed_over(sqlite_desk: Desk) -> None:
    sqlite_desk.configure(sources={"survey": SURVEY})
    for name in ("~$export.xlsx", ".~lock.export.csv#", "export.csv.part", "x.crdownload", "export.tmp", ".DS_Store"):
        put(sqlite_desk, name, CANARY)
    put(sqlite_desk, "export.csv", line(1))
    reports = sqlite_desk.pull_all("survey").files
    assert [(file.file, file.status) for file in reports] == [("export.csv", "landed")]
    assert len(sqlite_desk.pulls()) == 1


def test_38_a_scale_whose_direction_is_not_stated_is_a_fault_of_the_map(sqlite_desk: Desk) -> None:
    asked = [{**known, "scale": {"3": 3}} if known["column"] == "stars" else known for known in SURVEY["questions"]]
    sqlite_desk.configure(sources={"survey": {**SURVEY, "questions": asked}})
    _, faults = read_council(sqlite_desk.folder / "config")
    (fault,) = map(str, faults)
    assert "survey.yaml:" in fault
    assert "a rating needs a 'scale' that states its direction" in fault


@pytest.mark.usefixtures("quick_gate")
def test_files_land_in_their_order_and_a_browsers_second_download_is_the_newer(sqlite_desk: Desk) -> None:
    sqlite_desk.configure(sources={"survey": {**SURVEY, "mode": "snapshot"}})
    others = [line(number, f"number {number}") for number in range(2, 9)]
    for name, words in (("export (10).csv", "tenth"), ("export (2).csv", "second"), ("export.csv", "first")):
        put(sqlite_desk, name, line(1, words), *others)
    reports = sqlite_desk.pull_all("survey").files
    assert [file.file for file in reports] == ["export.csv", "export (2).csv", "export (10).csv"]
    assert "tenth" in sqlite_desk.texts()
    assert [file.status for file in sqlite_desk.pull_all("survey").files] == ["unchanged"] * 3


def test_every_case_of_the_list_is_here() -> None:
    tested = {int(name[5:7]) for name in [*globals(), *vars(test_bad_tools)] if re.match(r"test_\d\d_", name)}
    assert {case.number for case in CASES} | tested == set(ALL)


def put(desk: Desk, name: str, *lines: str, changed_at: datetime = NOW - timedelta(days=1)) -> None:
    path = desk.folder / "inbox" / "survey" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(table(*lines), encoding="utf-8")
    os.utime(path, (changed_at.timestamp(), changed_at.timestamp()))
