"""A file that lies as it lay is not opened again; whatever changed is, though its size and its times were kept."""

import os
from datetime import timedelta
from pathlib import Path

import pytest

from heardback.landing.seen import note_seen, seen_as
from heardback.sources.folders.files import FileDrop
from heardback.store import Response
from heardback.store.raw_files import path_of
from tests.council import exit_row
from tests.desk import Desk
from tests.factories import NOW

FREEZING, BOILING = "The room is freezing", "The room is a boiler"
AN_HOUR_AGO = (NOW - timedelta(hours=1)).timestamp()


def lying(desk: Desk, said: str, name: str = "export-1.csv", changed_at: float = AN_HOUR_AGO) -> Path:
    path = desk.drop("exit", exit_row(1, said), name=name)
    os.utime(path, (changed_at, changed_at))
    return path


def never_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    def opened(drop: FileDrop) -> None:
        raise AssertionError(f"{drop.name} was opened")

    monkeypatch.setattr(FileDrop, "fetch", opened)


def test_a_file_that_lies_as_it_lay_is_not_opened_again(sqlite_desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    lying(sqlite_desk, FREEZING)
    assert sqlite_desk.pull().status == "landed"
    never_opened(monkeypatch)
    assert sqlite_desk.pull().status == "unchanged"


def test_a_file_changed_under_the_same_name_size_and_times_is_read(sqlite_desk: Desk) -> None:
    assert len(FREEZING) == len(BOILING)
    before = lying(sqlite_desk, FREEZING).stat()
    sqlite_desk.pull()
    after = lying(sqlite_desk, BOILING).stat()
    assert (before.st_size, before.st_mtime_ns) == (after.st_size, after.st_mtime_ns)
    assert sqlite_desk.pull().status == "landed"
    assert BOILING in sqlite_desk.texts()


def test_a_file_that_was_touched_is_read_and_known_by_its_bytes(sqlite_desk: Desk) -> None:
    path = lying(sqlite_desk, FREEZING)
    sqlite_desk.pull()
    os.utime(path, (AN_HOUR_AGO + 60, AN_HOUR_AGO + 60))
    assert sqlite_desk.pull().status == "unchanged"
    assert sqlite_desk.count(Response) == 1


def test_a_file_that_changed_a_moment_ago_is_read_each_time_until_it_is_old_enough(
    sqlite_desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    lying(sqlite_desk, FREEZING, changed_at=NOW.timestamp() - 1)
    sqlite_desk.pull()
    assert list((sqlite_desk.folder / "home").glob("seen/*")) == []
    sqlite_desk.pull(at=NOW + timedelta(minutes=1))
    never_opened(monkeypatch)
    assert sqlite_desk.pull(at=NOW + timedelta(minutes=2)).status == "unchanged"


def test_a_file_that_was_read_lands_again_where_a_backup_of_the_database_is_older_than_that(sqlite_desk: Desk) -> None:
    database = Path(str(sqlite_desk.store.url.database))
    backup = database.read_bytes()
    lying(sqlite_desk, FREEZING)
    assert sqlite_desk.pull().status == "landed"
    sqlite_desk.store.dispose()
    for beside in database.parent.glob(f"{database.name}*"):  # what SQLite keeps beside it too
        beside.unlink()
    database.write_bytes(backup)
    assert sqlite_desk.pull().status == "landed"
    assert FREEZING in sqlite_desk.texts()


def test_a_file_that_did_not_land_is_read_each_time(sqlite_desk: Desk) -> None:
    path = lying(sqlite_desk, FREEZING)
    path.write_text("", encoding="utf-8")
    os.utime(path, (AN_HOUR_AGO, AN_HOUR_AGO))
    assert [sqlite_desk.pull().status, sqlite_desk.pull().status] == ["failed", "failed"]


def test_an_older_snapshot_that_is_how_its_source_stands_again_lands_again(sqlite_desk: Desk) -> None:
    lying(sqlite_desk, FREEZING, "export-2.csv")
    sqlite_desk.pull()
    path = lying(sqlite_desk, BOILING, "export-2.csv")
    sqlite_desk.pull()
    path.unlink()
    lying(sqlite_desk, FREEZING, "export-2.csv")
    assert sqlite_desk.pull().status == "landed"
    assert FREEZING in sqlite_desk.texts()


def test_what_is_remembered_holds_no_word_and_is_for_its_owner_alone(sqlite_desk: Desk) -> None:
    lying(sqlite_desk, FREEZING)
    sqlite_desk.pull()
    (kept,) = (sqlite_desk.folder / "home" / "seen").iterdir()
    look, digest = kept.read_text(encoding="utf-8").split("\n")
    assert all(part.isdecimal() for part in look.split())
    assert path_of(sqlite_desk.folder / "home" / "raw", digest).exists()
    assert kept.stat().st_mode & 0o777 == 0o600


def test_what_was_cut_short_or_cannot_be_written_is_as_if_nothing_were_remembered(tmp_path: Path) -> None:
    note_seen(tmp_path, "a", "look", "digest")
    assert seen_as(tmp_path, "a", "look") == "digest"
    assert (seen_as(tmp_path, "a", "other"), seen_as(tmp_path, "b", "look"), seen_as(None, "a", "look")) == ("", "", "")
    for path in tmp_path.iterdir():
        path.write_text("look", encoding="utf-8")
    assert seen_as(tmp_path, "a", "look") == ""
    (tmp_path / "file").touch()
    note_seen(tmp_path / "file", "a", "look", "digest")
    assert seen_as(tmp_path / "file", "a", "look") == ""
