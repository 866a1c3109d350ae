"""Workbooks are known by their first bytes and read as a person sees them."""

import time
import tracemalloc
import zipfile
from datetime import date, datetime
from io import BytesIO

import pytest

from heardback.domain.table import Table
from heardback.errors import Unreadable
from heardback.sources.tables.reading import read_table
from heardback.sources.tables.workbook import COMPOUND, ENCRYPTED, read_workbook, sheet_names
from tests.sources.samples import a_shape, a_workbook

ROWS = [["id", "improve"], [1, "more seats"], [2, "less noise"]]


def read_book(content: bytes, name: str = "export.xlsx", **shape: object) -> Table:
    return read_table(content, name, a_shape(**shape))


@pytest.mark.parametrize("name", ["export.xlsx", "export.xls", "export.csv"])
def test_a_workbook_is_read_whatever_it_is_called(name: str) -> None:
    table = read_book(a_workbook({"Answers": ROWS}), name)
    assert table.frame.to_dict("list") == {"id": ["1", "2"], "improve": ["more seats", "less noise"]}
    assert (table.sheet, list(table.frame.index)) == ("Answers", [2, 3])


def test_numbers_dates_and_ticks_are_written_as_people_write_them() -> None:
    row = [4, 4.5, True, date(2026, 4, 3), datetime(2026, 4, 3, 15, 30), "0123"]  # noqa: DTZ001 - a wall clock
    table = read_book(a_workbook({"A": [["a", "b", "c", "d", "e", "f"], row]}))
    cells = table.frame.iloc[0].to_list()
    assert cells[:3] == ["4", "4.5", "TRUE"]
    assert cells[3].startswith("2026-04-03")
    assert cells[4].startswith("2026-04-03")
    assert cells[5] == "0123"


def test_blank_rows_within_a_sheet_keep_the_numbers_of_the_others() -> None:
    table = read_book(a_workbook({"A": [["id", "improve"], [1, "x"], [], [2, "y"]]}))
    assert (list(table.frame.index), table.blank_rows) == ([2, 4], 1)


def test_titles_above_the_header_of_a_sheet_are_skipped_by_the_map() -> None:
    rows = [["Cards, third quarter"], [], ["Box", "Words"], ["Hub", "warmer please"]]
    table = read_book(a_workbook({"Cards": rows}), skip_rows=2)
    assert table.frame.to_dict("records") == [{"Box": "Hub", "Words": "warmer please"}]
    assert list(table.frame.index) == [4]


def test_several_sheets_are_refused_until_the_map_says_which() -> None:
    content = a_workbook({"Notes": ROWS, "How to": [["Fill in", "every row"]]})
    with pytest.raises(Unreadable, match="Notes, How to"):
        read_book(content)
    assert read_book(content, sheet="Notes").sheet == "Notes"


def test_empty_sheets_do_not_count() -> None:
    assert read_book(a_workbook({"Answers": ROWS, "Sheet2": []})).sheet == "Answers"


def test_a_sheet_that_is_not_there_is_refused_and_those_there_are_named() -> None:
    with pytest.raises(Unreadable, match="no sheet 'Answer'; there are: Answers"):
        read_book(a_workbook({"Answers": ROWS}), sheet="Answer")


def test_a_workbook_without_any_cell_is_refused() -> None:
    with pytest.raises(Unreadable, match="no sheet has anything"):
        read_book(a_workbook({"Sheet1": []}))


def test_a_workbook_cut_short_is_refused_wherever_it_was_cut() -> None:
    content = a_workbook({"Answers": ROWS})
    for share in range(1, 20):
        with pytest.raises(Unreadable, match="damaged or cut short"):
            read_book(content[: len(content) * share // 20])


def test_a_workbook_with_a_password_is_refused() -> None:
    with pytest.raises(Unreadable, match="password"):
        read_book(COMPOUND + bytes(512) + ENCRYPTED + bytes(512))


def a_bomb(megabytes: int) -> bytes:
    """A workbook of half a megabyte whose one sheet unpacks to very many alike rows."""
    source = zipfile.ZipFile(BytesIO(a_workbook({"A": ROWS})))
    row = b'<row r="4"><c r="A4" t="inlineStr"><is><t>' + b"a" * 60 + b"</t></is></c></row>"
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in source.namelist():
            body = source.read(name)
            if name == "xl/worksheets/sheet1.xml":
                body = body.replace(b"</sheetData>", row * (megabytes * 1_000_000 // len(row)) + b"</sheetData>")
            archive.writestr(name, body)
    return buffer.getvalue()


def test_a_bomb_is_refused_by_what_it_unpacks_to_before_anything_is_parsed() -> None:
    bomb = a_bomb(130)
    assert len(bomb) < 600_000
    tracemalloc.start()
    began = time.perf_counter()
    with pytest.raises(Unreadable, match="unpacks to more than"):
        read_book(bomb)
    seconds, peak = time.perf_counter() - began, tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert seconds < 1
    assert peak < 200_000_000


def test_a_bomb_that_lies_about_its_size_is_refused_by_what_it_unpacks_to() -> None:
    honest = a_bomb(130)
    unpacked = zipfile.ZipFile(BytesIO(honest)).getinfo("xl/worksheets/sheet1.xml").file_size
    with pytest.raises(Unreadable, match=r"unpacks to more than|damaged"):
        read_book(honest.replace(unpacked.to_bytes(4, "little"), (1000).to_bytes(4, "little")))


def test_a_large_sheet_of_answers_that_are_much_alike_is_no_bomb() -> None:
    rows = [["id", "improve"], *([number, "Yes"] for number in range(60_000))]
    assert read_book(a_workbook({"A": rows})).rows_read == 60_000


def test_filled_sheets_are_listed() -> None:
    assert sheet_names(a_workbook({"A": ROWS, "B": [], "C": ROWS}), "x.xlsx") == ["A", "C"]


def test_an_ods_with_a_password_is_told_by_that() -> None:
    manifest = b"<manifest:manifest><manifest:file-entry><manifest:encryption-data/></manifest:file-entry>"
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", bytes(range(256)))
        archive.writestr("META-INF/manifest.xml", manifest)
    with pytest.raises(Unreadable, match="protected by a password"):
        read_workbook(buffer.getvalue(), "a.ods", "")


def test_an_old_workbook_with_a_password_is_told_by_that() -> None:
    begins, encrypted = bytes.fromhex("0908100000060500") + bytes(12), bytes.fromhex("2f003600") + bytes(54)
    with pytest.raises(Unreadable, match="protected by a password"):
        read_workbook(COMPOUND + bytes(504) + begins + encrypted, "a.xls", "")


class PanicException(BaseException):  # as calamine raises it, which nobody can import
    pass


def test_a_workbook_over_which_the_library_panics_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    def panic(_: object) -> object:
        raise PanicException("range start index 65207 out of range")

    monkeypatch.setattr("heardback.sources.tables.workbook.CalamineWorkbook.from_filelike", panic, raising=False)
    with pytest.raises(Unreadable, match="damaged or cut short"):
        read_book(a_workbook({"Answers": ROWS}))
