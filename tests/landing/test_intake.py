"""One file in, whatever it holds: bytes first, landed once, and a failure written down (G2, G3)."""

import json
import os
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from sqlalchemy import select

from heardback.errors import StoreError
from heardback.landing import intake, source_files
from heardback.store import Comment, OutboxEvent, Pull, RawFile, Response
from heardback.store.raw_files import keep, path_of
from heardback.store.session import reading
from tests.council import exit_row
from tests.desk import Desk, problems_of
from tests.factories import NOW

FREEZING = "The room is freezing"
RAW = Path("home") / "raw"


def kept(desk: Desk) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (desk.folder / RAW).rglob("*") if path.is_file()}


def test_raw_bytes_are_kept_by_their_hash(sqlite_desk: Desk) -> None:
    path = sqlite_desk.drop("exit", exit_row(1, FREEZING))
    sqlite_desk.pull()
    digest = sha256(path.read_bytes()).hexdigest()
    assert kept(sqlite_desk) == {digest: path.read_bytes()}
    with reading(sqlite_desk.store) as session:
        raw = session.get_one(RawFile, digest)
        pull = session.scalars(select(Pull)).one()
    assert (raw.size, raw.kept_at, pull.file_sha256) == (path.stat().st_size, NOW, digest)
    assert pull.pull_uid == f"exit-{digest[:12]}"


def test_raw_files_are_for_their_owner_alone(sqlite_desk: Desk) -> None:
    sqlite_desk.pull(exit_row(1, FREEZING))
    (path,) = (path for path in (sqlite_desk.folder / RAW).rglob("*") if path.is_file())
    assert path.stat().st_mode & 0o777 == 0o600


def test_bytes_are_kept_before_anything_is_parsed(sqlite_desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def cut_off(*_: object) -> None:
        assert len(kept(sqlite_desk)) == 1
        raise KeyboardInterrupt

    monkeypatch.setattr(source_files, "table_of", cut_off)
    sqlite_desk.drop("exit", exit_row(1, FREEZING))
    with pytest.raises(KeyboardInterrupt):
        sqlite_desk.pull()
    assert (sqlite_desk.count(RawFile), sqlite_desk.count(Pull)) == (1, 0)
    monkeypatch.undo()
    assert intake.UNCHANGED == "unchanged"


def test_the_same_bytes_twice_change_nothing(desk: Desk) -> None:
    desk.pull(exit_row(1, FREEZING))
    before = (desk.events(), desk.count(Response), [pull.finished_at for pull in desk.pulls()])
    assert desk.pull(at=NOW + timedelta(days=1)).status == "unchanged"
    assert (desk.events(), desk.count(Response), [pull.finished_at for pull in desk.pulls()]) == before


def test_the_same_bytes_under_another_name_change_nothing(sqlite_desk: Desk) -> None:
    sqlite_desk.pull(exit_row(1, FREEZING))
    assert sqlite_desk.pull(exit_row(1, FREEZING), name="export-2.csv").status == "unchanged"
    assert len(kept(sqlite_desk)) == 1


def test_the_same_bytes_from_two_sources_are_two_pulls_of_one_raw_file(sqlite_desk: Desk) -> None:
    sqlite_desk.pull(exit_row(1, FREEZING))
    shown = {"questions": [{"column": "improve", "role": "comment", "code": "said"}]}
    sqlite_desk.configure(sources={"box": shown})
    assert sqlite_desk.pull(exit_row(1, FREEZING), feed="box").status == "landed"
    assert (sqlite_desk.count(Pull), sqlite_desk.count(RawFile)) == (2, 1)


def test_a_file_that_cannot_be_read_is_kept_written_down_and_tried_again(sqlite_desk: Desk) -> None:
    path = sqlite_desk.drop("exit", exit_row(1, FREEZING))
    path.write_bytes(b"<html>please log in</html>")
    for day in range(2):
        report = sqlite_desk.pull(at=NOW + timedelta(days=day))
        assert (report.status, "web page" in report.error) == ("failed", True)
    (pull,) = sqlite_desk.pulls()
    assert (pull.status, pull.started_at, pull.error) == ("failed", NOW + timedelta(days=1), report.error)
    assert list(kept(sqlite_desk).values()) == [b"<html>please log in</html>"]
    assert sqlite_desk.events() == ["pull.failed", "pull.failed"]
    assert problems_of(sqlite_desk.store) == []


def test_a_failed_pull_gives_way_to_the_one_that_lands(desk: Desk) -> None:
    desk.pull(exit_row(1, FREEZING, date=""), exit_row(2, FREEZING, date=""), exit_row(3, FREEZING))
    assert [pull.status for pull in desk.pulls()] == ["failed"]
    desk.configure(policy={"gate": {"max_bad_share": 1}})
    report = desk.pull()
    assert report.fates == {"loop": 1, "quarantine": 2}
    assert [pull.status for pull in desk.pulls()] == ["landed"]
    assert problems_of(desk.store) == []


def test_an_error_quotes_no_cell(sqlite_desk: Desk) -> None:
    report = sqlite_desk.pull(exit_row(1, "zebra words", date=""), exit_row(1, "zebra words", date="zebra"))
    assert report.status == "failed"
    assert "zebra" not in report.error
    with reading(sqlite_desk.store) as session:
        assert session.scalars(select(OutboxEvent.payload)).one() == {
            "resource": "heardback.source.exit",
            "source": "exit",
        }


def test_a_file_that_fails_stops_none_of_the_others(sqlite_desk: Desk) -> None:
    sqlite_desk.drop("exit", exit_row(1, FREEZING), name="a.csv").write_bytes(b"%PDF-1.7")
    sqlite_desk.drop("exit", exit_row(1, FREEZING), name="b.csv")
    assert [file.status for file in sqlite_desk.pull_all().files] == ["failed", "landed"]


def test_a_column_that_is_missing_stops_the_pull_and_keeps_the_bytes(sqlite_desk: Desk) -> None:
    row = {key: cell for key, cell in exit_row(1, FREEZING).items() if key != "date"}
    report = sqlite_desk.pull(row)
    assert "the column 'date' (submitted_on) is missing" in report.error
    assert (sqlite_desk.count(Response), len(kept(sqlite_desk))) == (0, 1)


def test_a_pull_and_its_events_are_one_transaction(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def power_cut(*_: object) -> None:
        raise StoreError("the power went")

    desk.drop("exit", exit_row(1, FREEZING), exit_row(2, FREEZING, date=""))
    with monkeypatch.context() as broken:
        broken.setattr(source_files, "balance_pull", power_cut)
        with pytest.raises(StoreError, match="the power went"):
            desk.pull()
    assert [desk.count(table) for table in (Pull, Response, Comment, OutboxEvent)] == [0, 0, 0, 0]
    assert desk.pull().fates == {"loop": 1, "quarantine": 1}
    assert desk.events()[:2] == ["pull.completed", "comments.landed"]


def test_a_row_that_nobody_accounts_for_stops_the_whole_pull(
    sqlite_desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    check = source_files.check_table

    def forgetful(*given: object, **more: object) -> object:
        checked = check(*given, **more)  # type: ignore[arg-type]
        checked.held.quarantined.clear()
        return checked

    monkeypatch.setattr(source_files, "check_table", forgetful)
    report = sqlite_desk.pull(exit_row(1, FREEZING), exit_row(2, FREEZING), exit_row(3, "No day", date=""))
    assert report.error.startswith("export-1.csv: 3 rows read and 2 accounted for; nothing was kept")
    assert sqlite_desk.count(Response) == 0


def test_the_checks_verdicts_stand_beside_the_database_without_a_cell(sqlite_desk: Desk) -> None:
    sqlite_desk.pull(exit_row(1, "zebra words"))
    (path,) = (sqlite_desk.folder / "home" / "validation").iterdir()
    assert json.loads(path.read_text(encoding="utf-8"))["rows"] == 1
    assert "zebra" not in path.read_text(encoding="utf-8")


def test_keeping_leaves_no_half_file_and_writes_the_same_bytes_once(tmp_path: Path) -> None:
    digest = keep(tmp_path, b"some bytes")
    written = path_of(tmp_path, digest).stat().st_mtime_ns
    assert keep(tmp_path, b"some bytes") == digest
    assert path_of(tmp_path, digest).stat().st_mtime_ns == written
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == [digest]


def test_two_workers_of_one_process_number_who_keep_the_same_bytes_at_once_both_keep_them_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As two containers have it that share a folder: the second comes amid the first one's writing."""
    synced, digests = os.fsync, []

    def overtaken(descriptor: int) -> None:
        monkeypatch.setattr(os, "fsync", synced)
        digests.append(keep(tmp_path, b"what was said"))
        synced(descriptor)

    monkeypatch.setattr(os, "fsync", overtaken)
    digests.append(keep(tmp_path, b"what was said"))
    (kept_once,) = (path for path in tmp_path.rglob("*") if path.is_file())
    assert (digests, kept_once.read_bytes()) == ([kept_once.name] * 2, b"what was said")


def test_bytes_and_their_name_are_on_the_disk_before_anybody_says_that_they_are_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[int] = []
    monkeypatch.setattr(os, "fsync", lambda descriptor: synced.append(os.fstat(descriptor).st_ino))
    target = path_of(tmp_path, keep(tmp_path, b"what was said"))
    assert synced == [place.stat().st_ino for place in (target, target.parent, tmp_path)]


def test_what_retention_deleted_is_not_kept_again_by_the_next_pull(sqlite_desk: Desk) -> None:
    sqlite_desk.pull(exit_row(1, FREEZING))
    (digest,) = kept(sqlite_desk)
    path_of(sqlite_desk.folder / RAW, digest).unlink()
    assert sqlite_desk.pull().status == "unchanged"
    assert kept(sqlite_desk) == {}
