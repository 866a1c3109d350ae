"""Files are found where a map's glob says, in the order of their names."""

from pathlib import Path

import pytest
from upath import UPath

from heardback.errors import NotFound, Unreadable
from heardback.sources.connectors import drops_of, names
from heardback.sources.files import find_drops
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
