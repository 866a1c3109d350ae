"""Files are found where a map's glob says, in the order of their names, and left alone until they are whole."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from upath import UPath

from heardback.errors import NotFound, StillArriving, Unreadable
from heardback.sources.connectors import drops_of, names
from heardback.sources.folders.files import find_drops
from tests.sources.samples import a_shape, a_source, an_asking


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    (tmp_path / "inbox").mkdir()
    return tmp_path


def put(inbox: Path, *names: str) -> None:
    for name in names:
        (inbox / "inbox" / name).write_bytes(name.encode())


def test_files_come_in_the_order_of_their_names(inbox: Path) -> None:
    put(inbox, "2026-02.csv", "2025-12.csv", "2026-01.csv")
    assert [drop.name for drop in find_drops(a_shape(), inbox)] == ["2025-12.csv", "2026-01.csv", "2026-02.csv"]


def test_a_drop_reads_the_bytes_of_its_file(inbox: Path) -> None:
    put(inbox, "one.csv")
    (drop,) = find_drops(a_shape(), inbox)
    assert drop.fetch().content == b"one.csv"


def test_lock_files_hidden_files_and_other_kinds_are_passed_over(inbox: Path) -> None:
    put(inbox, "~$open.csv", ".hidden.csv", "notes.txt", "good.csv")
    (inbox / "inbox" / "folder.csv").mkdir()
    assert [drop.name for drop in find_drops(a_shape(), inbox)] == ["good.csv"]


def test_a_path_without_a_wild_card_names_one_file(inbox: Path) -> None:
    put(inbox, "one.csv", "two.csv")
    assert [drop.name for drop in find_drops(a_shape(path="inbox/two.csv"), inbox)] == ["two.csv"]


def test_an_absolute_path_ignores_the_configuration_folder(inbox: Path) -> None:
    put(inbox, "one.csv")
    found = find_drops(a_shape(path=f"{inbox}/inbox/*.csv"), Path("/nowhere"))
    assert [drop.name for drop in found] == ["one.csv"]


def test_a_glob_may_go_up_and_into_folders(inbox: Path) -> None:
    put(inbox, "one.csv")
    (inbox / "config").mkdir()
    found = find_drops(a_shape(path="../in*/*.csv"), inbox / "config")
    assert [drop.name for drop in found] == ["one.csv"]


def test_a_url_is_read_through_its_own_file_system() -> None:
    folder = UPath("memory://drops/today")
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "a.csv").write_bytes(b"id\n1\n")
    (drop,) = find_drops(a_shape(path="memory://drops/today/*.csv"), Path("/nowhere"))
    assert (drop.name, drop.fetch().content) == ("a.csv", b"id\n1\n")


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(NotFound) as error:
        find_drops(a_shape(), tmp_path)
    assert str(tmp_path / "inbox") in str(error.value)
    assert "inbox/*.csv" in error.value.do


def test_a_folder_without_a_fitting_file_says_what_was_looked_for(inbox: Path) -> None:
    put(inbox, "~$only-a-lock.csv")
    with pytest.raises(NotFound, match=r"no file matches \*\.csv"):
        find_drops(a_shape(), inbox)


def test_a_file_over_the_limit_is_not_read(inbox: Path) -> None:
    (inbox / "inbox" / "big.csv").write_bytes(b"x" * 1_000_001)
    (drop,) = find_drops(a_shape(), inbox, max_megabytes=1)
    with pytest.raises(Unreadable, match="the limit is 1 MB"):
        drop.fetch()


def test_a_file_of_just_the_limit_is_read(inbox: Path) -> None:
    (inbox / "inbox" / "big.csv").write_bytes(b"x" * 1_000_000)
    (drop,) = find_drops(a_shape(), inbox, max_megabytes=1)
    assert len(drop.fetch().content) == 1_000_000


def test_a_file_that_vanished_meanwhile_is_not_found(inbox: Path) -> None:
    put(inbox, "one.csv")
    (drop,) = find_drops(a_shape(), inbox)
    (inbox / "inbox" / "one.csv").unlink()
    with pytest.raises(NotFound, match="gone"):
        drop.fetch()


def test_a_source_with_a_file_section_is_served_by_the_file_drop(inbox: Path) -> None:
    put(inbox, "one.csv")
    assert [drop.name for drop in drops_of(an_asking(a_source(), inbox))] == ["one.csv"]
    assert "files" in names()


AT = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)


def written(inbox: Path, name: str, content: bytes, ago: float) -> Path:
    path = inbox / "inbox" / name
    path.write_bytes(content)
    os.utime(path, (AT.timestamp() - ago,) * 2)
    return path


def test_a_file_that_grows_between_two_looks_is_left_for_the_next_pull(inbox: Path) -> None:
    growing = written(inbox, "a.csv", b"id\n1", ago=1)
    written(inbox, "b.csv", b"id\n1\n", ago=1)
    waits: list[float] = []

    def wait(seconds: float) -> None:
        waits.append(seconds)
        growing.write_bytes(b"id\n1\n2\n")

    first, second = find_drops(a_shape(), inbox, at=AT, wait=wait)
    assert len(waits) == 1  # one for all of them
    with pytest.raises(StillArriving, match="waits for the next pull"):
        first.fetch()
    assert second.fetch().content == b"id\n1\n"


def grow(path: Path) -> None:
    path.write_bytes(path.read_bytes() + b"\n2\n")


@pytest.mark.parametrize("after", [1.2, 3600])
def test_a_file_that_is_written_after_the_pull_began_is_looked_at_twice_as_well(inbox: Path, after: float) -> None:
    growing = written(inbox, "a.csv", b"id\n1", ago=-after)  # the pull took so long until it came to this source
    (slow,) = find_drops(a_shape(settle_seconds=30), inbox, at=AT, wait=lambda _: None)
    (drop,) = find_drops(a_shape(), inbox, at=AT, wait=lambda _: grow(growing))
    for still_arriving in (slow, drop):
        with pytest.raises(StillArriving, match="waits for the next pull"):
            still_arriving.fetch()


def test_nobody_waits_for_files_that_have_long_been_there_or_are_of_another_day_than_the_pull(inbox: Path) -> None:
    written(inbox, "old.csv", b"x", ago=60)
    written(inbox, "later.csv", b"x", ago=-86_400)  # a pull as at an earlier day
    drops = find_drops(a_shape(settle_seconds=30), inbox, at=AT, wait=no_wait)
    assert [drop.fetch().content for drop in drops] == [b"x", b"x"]


def test_a_file_that_changes_after_it_was_listed_is_left_too(inbox: Path) -> None:
    path = written(inbox, "a.csv", b"id\n1\n", ago=3600)
    (drop,) = find_drops(a_shape(), inbox, at=AT, wait=no_wait)
    path.write_bytes(b"id\n1\n2\n")
    with pytest.raises(StillArriving):
        drop.fetch()


def test_a_file_younger_than_the_map_says_is_left_and_its_next_pull_has_it(inbox: Path) -> None:
    written(inbox, "a.csv", b"x", ago=20)
    (drop,) = find_drops(a_shape(settle_seconds=30), inbox, at=AT, wait=no_wait)
    with pytest.raises(StillArriving):
        drop.fetch()
    (drop,) = find_drops(a_shape(settle_seconds=30), inbox, at=AT + timedelta(seconds=11), wait=no_wait)
    assert drop.fetch().content == b"x"


@pytest.mark.parametrize(
    "name", ["~$a.csv", ".~lock.a.csv#", "a.csv.part", "a.csv.crdownload", "a.TMP", "a.csv.filepart", ".DS_Store"]
)
def test_what_is_no_finished_file_is_passed_over(inbox: Path, name: str) -> None:
    put(inbox, name, "good.csv")
    assert [drop.name for drop in find_drops(a_shape(path="inbox/*"), inbox)] == ["good.csv"]


@pytest.mark.parametrize(
    ("url", "library"), [("s3://bucket/a/*.csv", "s3fs"), ("abfs://box/*.csv", "adlfs"), ("smb://host/a/*", "smb")]
)
def test_a_url_whose_library_is_not_installed_says_which(url: str, library: str) -> None:
    with pytest.raises(NotFound, match="a library is missing") as error:
        find_drops(a_shape(path=url), Path("/nowhere"))
    assert library in error.value.do


def test_a_url_of_no_known_kind_is_told_without_the_password_in_it() -> None:
    with pytest.raises(NotFound) as error:
        find_drops(a_shape(path="nosuch://user:hunter2@host/a/*.csv"), Path("/nowhere"))
    assert "nosuch://host/a" in str(error.value)
    assert "hunter2" not in str(error.value) + error.value.do


def test_the_secrets_of_a_folder_come_from_the_environment_and_everything_else_from_the_map() -> None:
    asked: list[str] = []

    def secret(name: str) -> str:
        asked.append(name)
        return "1"

    folder = UPath("memory://drops/secrets")
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "a.csv").write_bytes(b"x")
    shape = a_shape(path="memory://drops/secrets/*.csv", storage={"token": "HEARDBACK_SECRET_BOX", "region": "uk"})
    (drop,) = find_drops(shape, Path("/nowhere"), secret=secret)
    assert (asked, drop.path.storage_options) == (["HEARDBACK_SECRET_BOX"], {"token": "1", "region": "uk"})


def test_a_folder_that_may_not_be_read_is_told_plainly(inbox: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(inbox, "a.csv")
    (drop,) = find_drops(a_shape(), inbox)
    monkeypatch.setattr(type(drop.path), "read_bytes", refuse)
    with pytest.raises(NotFound, match=r"it cannot be read \(PermissionError\)"):
        drop.fetch()


def refuse(*_: object) -> bytes:
    raise PermissionError("/secret/path")


def no_wait(_seconds: float) -> None:
    raise AssertionError("nobody should wait")
