"""A workbook that is small on the disk and fills the memory is refused before its cells are laid out."""

import zipfile
from io import BytesIO

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from config.layout import FileShape
from heardback.errors import Unreadable
from heardback.sources.tables import expanse
from heardback.sources.tables.expanse import characters_of, expanse_of, refuse_expanse, text_lengths
from heardback.sources.tables.open_expanse import OpenExpanse
from heardback.sources.tables.reading import read_table
from tests.acceptance.bad_input import zipped

SHEET = (
    b'<worksheet><sheetData><row r="1" spans="1:2"><c r="A1" t="s"><v>0</v></c><c r="B1" s="3" t="s"><v>1</v></c></row>'
    b'<row r="7"><c r="AB7" t="s"><v>1</v></c><c r="C7"><v>4.5</v></c></row></sheetData>'
    b'<mergeCells><mergeCell ref="A1:ZZ9999"/></mergeCells></worksheet>'
)
TEXTS = b"<sst><si><t>four</t></si><si/><si><t>and <b>more</b> of it</t></si></sst>"


def workbook(cells: dict[tuple[int, int], str], *, times: int = 0, text: str = "") -> bytes:
    kept = BytesIO()
    book = xlsxwriter.Workbook(kept, {"in_memory": True})
    sheet = book.add_worksheet()
    for column, header in enumerate(("id", "say")):
        sheet.write_string(0, column, header)
    for row in range(times):
        sheet.write_row(row + 1, 0, (str(row), text))
    for (row, column), cell in cells.items():
        sheet.write_string(row, column, cell)
    book.close()
    return kept.getvalue()


def test_a_cell_in_the_last_corner_of_a_sheet_is_refused_and_the_message_says_how_few_there_are() -> None:
    content = workbook({(1_048_575, 16_383): "x"}, times=3, text="more swings")
    assert len(content) < 10_000
    with pytest.raises(Unreadable, match=r"spans 17,179,869,184 cells and (9|1\d) of them are there") as refused:
        read_table(content, "a.xlsx", FileShape())
    assert "far below or beside the answers" in str(refused.value)
    assert "swings" not in str(refused.value)


def test_one_long_text_in_very_many_cells_is_refused() -> None:
    content = workbook({}, times=16_000, text="z" * 32_000)  # 512 MB in 100 KB
    assert len(content) < 500_000
    with pytest.raises(Unreadable, match="more than 500 MB of text"):
        refuse_expanse(content, "a.xlsx")


def test_many_cells_beside_one_long_text_are_read() -> None:
    long = {(1, 1): "z" * 32_000}
    content = workbook(long, times=16_000, text="more swings")
    refuse_expanse(content, "a.xlsx")  # were each of the 32,000 cells as long as the longest, they would be 1 GB


def test_a_cell_below_the_answers_is_read_and_the_blank_rows_counted() -> None:
    table = read_table(workbook({(5_000, 0): "9"}, times=2, text="more swings"), "a.xlsx", FileShape())
    assert (table.frame.index.tolist(), table.blank_rows) == ([2, 3, 5001], 4997)


@given(cut=st.integers(0, len(SHEET)), length=st.integers(1, 60))
def test_the_cells_of_a_sheet_are_counted_however_it_is_cut_up(cut: int, length: int) -> None:
    pieces = [SHEET[:cut], *(SHEET[start : start + length] for start in range(cut, len(SHEET), length))]
    found = expanse_of(pieces)
    assert (found.cells, found.places) == (6, 7 * 28)  # two rows and four cells, as far as AB7
    assert characters_of(pieces, [10, 200]) == 410


@given(cut=st.integers(0, len(TEXTS)), length=st.integers(1, 60))
def test_the_shared_texts_keep_their_numbers_however_they_are_cut_up(cut: int, length: int) -> None:
    pieces = [TEXTS[:cut], *(TEXTS[start : start + length] for start in range(cut, len(TEXTS), length))]
    first, second, third = text_lengths(pieces)
    assert (second, third) == (len(b"<si/>"), len(b"<si><t>and <b>more</b> of it</t></si>"))
    assert first == len(b"<sst><si><t>four</t></si>")


@pytest.mark.parametrize(("row", "column"), [(1_048_575, 0), (1_048_575, 5), (100, 16_383)])
def test_a_cell_that_strayed_to_the_end_of_a_sheet_is_not_laid_out(row: int, column: int) -> None:
    with pytest.raises(Unreadable, match="delete what stands far below or beside the answers"):
        refuse_expanse(workbook({(row, column): "x"}, times=2, text="more swings"), "a.xlsx")


def test_a_sheet_that_is_wide_and_full_is_as_large_as_it_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(expanse, "TOO_WIDE", ((10, 20),))
    refuse_expanse(workbook({}, times=30, text="more swings"), "a.xlsx")
    with pytest.raises(Unreadable, match="spans"):
        refuse_expanse(workbook({(900, 30): "x"}, times=30, text="more swings"), "a.xlsx")


def an_ods(rows: str) -> bytes:
    table = f'<office:spreadsheet><table:table table:name="A">{rows}</table:table></office:spreadsheet>'
    return zipped(content_xml=table.encode(), mimetype=b"application/vnd.oasis.opendocument.spreadsheet")


def row(cells: str, times: int = 1) -> str:
    return f'<table:table-row table:number-rows-repeated="{times}">{cells}</table:table-row>'


def cell(text: str = "x", times: int = 1) -> str:
    said = f'<table:table-cell table:number-columns-repeated="{times}"'
    return f'{said} office:value-type="string"><text:p>{text}</text:p></table:table-cell>' if text else f"{said}/>"


@pytest.mark.parametrize(
    "rows",
    [
        row(cell(), 4_000_000_000),
        row(cell(times=1_000_000_000)),
        row(cell(times=1_000), 1_000),
        row(cell("", 16_384), 1_048_575) + row(cell()),
        row(cell("", 2_000_000) + cell()),
        row(cell(), 30_000),
    ],
)
def test_an_ods_that_repeats_its_cells_without_end_is_refused(rows: str) -> None:
    with pytest.raises(Unreadable, match="delete what stands far below or beside the answers"):
        refuse_expanse(an_ods(rows), "a.ods")


def test_an_ods_whose_cell_is_a_billion_spaces_is_refused() -> None:
    with pytest.raises(Unreadable, match="millions of spaces"):
        refuse_expanse(an_ods(row(cell('x<text:s text:c="2000000000"/>y'))), "a.ods")


def test_an_ods_that_ends_in_a_million_blank_rows_as_they_all_do_is_fine() -> None:
    refuse_expanse(an_ods(row(cell() + cell("", 16_383)) + row(cell("", 16_384), 1_048_575)), "a.ods")


def test_the_cells_of_an_ods_are_counted() -> None:
    rows = row(cell() + cell("", 3) + cell(times=2)) + row(cell("", 7), 4) + row(cell(), 2) + row(cell("", 9))
    found = OpenExpanse().count([b"<table:table>" + row(cell()).encode(), b"<table:table>" + rows.encode()])
    assert (found.cells, found.said, found.places) == (4, 6, 7 * 6)  # rows 1 to 7, as far as column F


def test_a_cell_whose_place_is_in_no_workbook_is_told_and_not_laid_out() -> None:
    content = workbook({(0, 0): "9"}, times=2, text="more swings")
    buffer = BytesIO()
    with zipfile.ZipFile(BytesIO(content)) as old, zipfile.ZipFile(buffer, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(b'r="A1"', b'r="ZZZZZ4294967295"'))
    with pytest.raises(Unreadable, match="spans"):
        refuse_expanse(buffer.getvalue(), "a.xlsx")


def test_a_workbook_of_hundreds_of_sheets_is_refused_before_one_is_looked_into() -> None:
    content = zipped(**{f"xl/worksheets/sheet{number}_xml": b"<worksheet/>" for number in range(201)})
    with pytest.raises(Unreadable, match="there are 201 sheets"):
        refuse_expanse(content, "a.xlsx")


@pytest.mark.parametrize("shared", [True, False], ids=["shared", "in its cell"])
def test_a_cell_longer_than_excel_can_write_is_refused_before_it_is_laid_out(shared: bool) -> None:
    book, long = workbook({}, times=1, text="warm rooms"), b"w" * 3_000_000
    inline = b'<c r="B2" t="inlineStr"><is><t>' + long + b"</t></is></c></row></sheetData>"
    with zipfile.ZipFile(BytesIO(book)) as parts:
        members = {name: parts.read(name) for name in parts.namelist()}
    if shared:
        members["xl/sharedStrings.xml"] = members["xl/sharedStrings.xml"].replace(b"warm rooms", long)
    else:
        sheet = members["xl/worksheets/sheet1.xml"]
        members["xl/worksheets/sheet1.xml"] = sheet.replace(b"</row></sheetData>", inline)
    kept = BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_STORED) as parts:  # so that it is no bomb
        for name, content in members.items():
            parts.writestr(name, content)
    with pytest.raises(Unreadable, match="a cell holds over a million characters"):
        read_table(kept.getvalue(), "export.xlsx", FileShape(path="x"))
