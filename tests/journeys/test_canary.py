"""G6: of all that the sample's children and parents said, nothing stands but where words are kept on purpose."""

import json
import shutil
import sqlite3
from base64 import b64encode, encodebytes
from collections.abc import Callable, Iterable
from contextlib import closing
from pathlib import Path

import pytest
from xlsxwriter import Workbook

from tests.journeys.canaries import Canaries, canaries_of, columns_of, comments_in, files_in, found_in
from tests.journeys.conftest import Demo

FOLDERS = ("prefect", "validation", "outbox", "reports", "board")
PLANT = "whoever reads this must never see it quoted anywhere"


def leaks(sinks: Iterable[tuple[str, str]], canaries: Canaries) -> dict[str, list[str]]:
    """What was found where; empty is good."""
    return {place: hits for place, text in sinks if (hits := found_in(text, canaries))}


@pytest.mark.parametrize("folder", FOLDERS)
def test_no_comment_stands_in_any_file_that_a_run_writes(demo: Demo, canaries: Canaries, folder: str) -> None:
    files = list(files_in(demo.folder / folder))
    assert files, "or this looks in the wrong place"
    assert leaks(files, canaries) == {}


def test_no_comment_stands_in_any_other_column_of_the_database(demo: Demo, canaries: Canaries) -> None:
    columns = dict(columns_of(demo.folder / "heardback.db"))
    assert {"outbox_event.payload", "history.details", "match.reasons", "nudge.error", "pull.notes"} <= set(columns)
    assert leaks(columns.items(), canaries) == {}


def test_no_comment_is_said_aloud_even_when_everything_logs_all_it_can(demo: Demo, canaries: Canaries) -> None:
    assert "| DEBUG" in demo.logged, "or nothing was said at all"
    assert leaks([("standard output", demo.said), ("standard error", demo.logged)], canaries) == {}


def test_a_run_leaves_nothing_behind_among_temporary_files(demo: Demo, canaries: Canaries) -> None:
    assert leaks(files_in(demo.temporary), canaries) == {}
    assert [path for path in demo.temporary.iterdir() if path.is_dir() and not path.name.startswith("prefect")] == []


def test_the_demos_own_folders_are_all_looked_at(demo: Demo) -> None:
    folders = {path.name for path in demo.folder.iterdir() if path.is_dir()}
    assert folders == {*FOLDERS, "raw"}, "a new folder needs a place in this test"


@pytest.mark.parametrize(
    "write",
    [
        lambda words: words.encode(),
        lambda words: json.dumps({"text": f"“{words}” – 14 people"}).encode(),
        lambda words: f"<p>{words.replace(' ', '&#32;')}</p>".encode(),
        lambda words: encodebytes(b"\x80\x05" + words.encode()),
        lambda words: b"SQLite format 3\x00\xff\xfe" + words.upper().encode() + b"\x00\x00",
        lambda words: words[len(words) // 3 :].encode(),
        lambda words: json.dumps(
            {"serializer": "pickle", "result": b64encode(b"\x80\x05" + words.encode()).decode()}
        ).encode(),
    ],
    ids=["plain", "json", "html", "pickled", "binary", "cut off", "a result of Prefect's"],
)
def test_a_comment_planted_in_a_file_is_found_however_it_is_written(
    tmp_path: Path, write: Callable[[str], bytes]
) -> None:
    (tmp_path / "sink").write_bytes(b"some words that nobody said at all " + write(PLANT))
    assert leaks(files_in(tmp_path), canaries_of([PLANT]))


def test_a_comment_planted_in_a_workbook_is_found(tmp_path: Path) -> None:
    with Workbook(tmp_path / "pack.xlsx") as book:
        book.add_worksheet().write(0, 0, PLANT)
    assert leaks(files_in(tmp_path), canaries_of([PLANT]))


@pytest.mark.parametrize(
    "planting",
    [
        "UPDATE history SET reason = ? WHERE sequence = 1",
        "UPDATE outbox_event SET payload = json_object('text', ?) WHERE event_id = 1",
        'UPDATE "match" SET reasons = json_array(?)',
        "UPDATE pull SET notes = json_array(?)",
        "UPDATE nudge SET error = ?",
    ],
)
def test_a_real_comment_planted_in_a_copy_of_the_database_is_found(
    demo: Demo, canaries: Canaries, tmp_path: Path, planting: str
) -> None:
    copy = tmp_path / "copy.db"
    with closing(sqlite3.connect(demo.folder / "heardback.db")) as original, closing(sqlite3.connect(copy)) as target:
        original.backup(target)
        for (trigger,) in target.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            target.execute(f"DROP TRIGGER {trigger}")
        longest = max(comments_in(demo.folder / "heardback.db"), key=len)
        target.execute(planting, [longest])
        target.commit()
    assert leaks(columns_of(copy), canaries)


def test_a_comment_planted_in_prefects_database_is_found(demo: Demo, canaries: Canaries, tmp_path: Path) -> None:
    shutil.copytree(demo.folder / "prefect", tmp_path / "prefect")
    with closing(sqlite3.connect(tmp_path / "prefect" / "prefect.db")) as database:
        longest = max(comments_in(demo.folder / "heardback.db"), key=len)
        database.execute("UPDATE flow_run SET parameters = json_object('comment', ?)", [longest])
        database.commit()
    assert leaks(files_in(tmp_path / "prefect"), canaries)


def test_what_staff_wrote_is_not_taken_for_what_was_said() -> None:
    staff = "We moved the bus stop nearer to the gate."
    assert found_in(staff, canaries_of(["please moved the bus stop nearer to us"], [staff])) == []
    assert found_in("moved the bus stop nearer to us", canaries_of(["please moved the bus stop nearer to us"], [staff]))
