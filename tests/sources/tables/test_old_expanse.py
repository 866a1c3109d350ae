"""An old workbook (xls) that is small on the disk and fills the memory is refused before its cells are laid out."""

import struct

import pytest

from config.layout import FileShape
from heardback.errors import Unreadable
from heardback.sources.tables.expanse import MOST_CHARACTERS
from heardback.sources.tables.old_expanse import old_expanse
from heardback.sources.tables.reading import read_table
from tests.sources.old_workbooks import an_old_workbook, record, shared, texts, words

HEADER = words(0, 0, "id") + words(0, 1, "say")


def a_text(length: int) -> bytes:
    return struct.pack("<HB", length, 0) + b"z" * length


def test_an_old_workbook_is_read_and_its_cells_are_counted() -> None:
    content = an_old_workbook(HEADER + words(1, 0, "1") + words(1, 1, "more swings"), version=0x500)
    assert read_table(content, "a.xls", FileShape()).frame.to_dict("records") == [{"id": "1", "say": "more swings"}]
    assert [(sheet.cells, sheet.places) for sheet in old_expanse(content).sheets if sheet.cells] == [(4, 4)]


@pytest.mark.parametrize("upset", [False, True])
def test_a_cell_in_the_last_corner_of_an_old_sheet_is_refused(upset: bool) -> None:
    content = an_old_workbook(HEADER + words(65_535, 255, "x"), version=0x500, upset=upset)
    assert len(content) < 10_000
    with pytest.raises(Unreadable, match="a sheet spans 16,777,216 cells and 3 of them are there"):
        read_table(content, "a.xls", FileShape())


def test_one_long_text_in_very_many_cells_of_an_old_sheet_is_refused() -> None:
    cells = b"".join(shared(row, 1, 0) for row in range(1, 20_000))
    content = an_old_workbook(HEADER + cells, texts=texts(struct.pack("<II", 20_000, 1) + a_text(8_000)))
    assert old_expanse(content).characters() == 19_999 * 8_000
    long = texts(struct.pack("<II", 20_000, 1) + struct.pack("<HB", 30_000, 0) + b"z" * 8_000,
                 b"\0" + b"z" * 8_000, b"\0" + b"z" * 8_000, b"\0" + b"z" * 6_000)  # fmt: skip
    with pytest.raises(Unreadable, match="more than 500 MB of text"):
        read_table(an_old_workbook(HEADER + cells, texts=long), "a.xls", FileShape())


def test_the_length_of_each_text_is_known_wherever_its_record_ends() -> None:
    """Rich and foreign texts carry more behind their letters; wide ones have two bytes a letter."""
    rich = struct.pack("<HBH", 4, 8, 2) + b"rich" + bytes(8)
    foreign = struct.pack("<HBI", 2, 5, 6) + "żó".encode("utf-16-le") + bytes(6)
    cut = struct.pack("<HB", 2_000, 0) + b"z" * 900
    kept = texts(struct.pack("<II", 5, 5) + a_text(3) + rich + foreign + cut, b"\1" + b"z\0" * 1_100 + a_text(7))
    said = b"".join(shared(row, 0, row) for row in range(5)) + shared(9, 0, 99)
    found = old_expanse(an_old_workbook(said, texts=kept))
    assert found.said == [0, 1, 2, 3, 4, 99]
    found.said *= 1_000
    assert found.characters() == (3 + 4 + 2 + 2_000 + 7) * 1_000 < MOST_CHARACTERS


def test_several_numbers_in_one_record_are_as_many_cells() -> None:
    several = record(0xBD, struct.pack("<HH", 3, 2) + bytes(6 * 4) + struct.pack("<H", 5))
    (sheet,) = [found for found in old_expanse(an_old_workbook(several)).sheets if found.cells]
    assert (sheet.cells, sheet.places) == (4, 4 * 6)


@pytest.mark.parametrize("cut", [8, 60, 520, 700, 1_100])
def test_what_cannot_be_followed_is_left_to_whoever_lays_it_out(cut: int) -> None:
    content = an_old_workbook(HEADER)[:cut]
    with pytest.raises(LookupError):
        old_expanse(content)
    with pytest.raises(Unreadable, match="damaged or cut short"):
        read_table(content, "a.xls", FileShape())


def test_sectors_that_follow_each_other_in_a_circle_end() -> None:
    content = bytearray(an_old_workbook(HEADER))
    struct.pack_into("<I", content, 512 + 4 * 4, 2)
    with pytest.raises(LookupError):
        old_expanse(bytes(content))


@pytest.mark.parametrize("said", [(9, 3, 0, 2), (0, 70_000, 0, 2), (0, 3, 0, 257), (0xC0000005, 5, 0, 2)])
def test_a_sheet_that_says_it_reaches_further_than_it_can_is_damaged(said: tuple[int, int, int, int]) -> None:
    """Room is made for that before a cell is read, and where there is none the whole process ends."""
    content = an_old_workbook(record(0x200, struct.pack("<IIHH", *said) + b"\0\0") + HEADER)
    with pytest.raises(Unreadable, match="damaged or cut short"):
        read_table(content, "a.xls", FileShape())


def test_more_texts_than_there_are_bytes_for_them_are_damage() -> None:
    content = an_old_workbook(HEADER, texts=texts(struct.pack("<II", 1, 1_000_000) + a_text(9)))
    with pytest.raises(Unreadable, match="damaged or cut short"):
        read_table(content, "a.xls", FileShape())
