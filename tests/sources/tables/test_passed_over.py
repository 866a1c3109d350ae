"""What is passed over in a folder and in a zip alike."""

import pytest

from config.layout import FileShape
from heardback.errors import NotFound
from heardback.sources.folders.files import find_drops
from heardback.sources.tables.passed_over import is_passed_over
from heardback.sources.tables.reading import read_table
from tests.acceptance.bad_input import zipped

LEFT_BEHIND = ["~$a.xlsx", ".~lock.a.ods#", ".DS_Store", "Thumbs.db", "desktop.ini", "a.csv.part", "a.CSV.opdownload"]


@pytest.mark.parametrize("name", LEFT_BEHIND)
def test_what_programs_leave_beside_an_export_is_passed_over(name: str) -> None:
    assert is_passed_over(name)


@pytest.mark.parametrize("name", ["a.csv", "export~$.xlsx", "partial answers.csv", "thumbs.csv", "a.b.csv"])
def test_an_export_is_not(name: str) -> None:
    assert not is_passed_over(name)


def test_a_zip_with_one_export_and_what_was_left_beside_it_needs_no_member_in_the_map() -> None:
    members = {f"folder/{name}": b"\0zebra" for name in LEFT_BEHIND}
    content = zipped(**members, **{"folder/a_csv": b"id,improve\n1,more seats\n"})
    assert len(read_table(content, "export.zip", FileShape()).frame) == 1


def test_a_folder_with_nothing_but_a_lock_file_says_what_was_passed_over(tmp_path) -> None:  # type: ignore[no-untyped-def]
    (tmp_path / "~$export.xlsx").write_bytes(b"zebra")
    with pytest.raises(NotFound, match=r"no file matches \*; lock files, hidden files"):
        find_drops(FileShape(path=f"{tmp_path}/*"), tmp_path)
