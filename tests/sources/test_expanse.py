"""A workbook that is small on the disk and fills the memory is refused before its cells are laid out."""

from io import BytesIO

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from config.layout import FileShape
from heardback.errors import Unreadable
from heardback.sources import expanse
from heardback.sources.expanse import characters_of, expanse_of, refuse_expanse, text_lengths
from heardback.sources.reading import read_table

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


def test_a_sheet_that_is_wide_and_full_is_as_large_as_it_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(expanse, "ALWAYS_FINE", 10)
    refuse_expanse(workbook({}, times=30, text="more swings"), "a.xlsx")
    with pytest.raises(Unreadable, match="spans"):
        refuse_expanse(workbook({(900, 30): "x"}, times=30, text="more swings"), "a.xlsx")
