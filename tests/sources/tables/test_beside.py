"""Which cells beside a worksheet's table are a column of it, and which have strayed."""

from io import BytesIO

import pytest
import xlsxwriter

from config.layout import FileShape
from heardback.sources.tables.beside import cut_to_table
from heardback.sources.tables.grid import Grid
from heardback.sources.tables.reading import read_table
from tests.sources.samples import a_workbook

HEADER = ["id", "improve"]
ANSWERS = [[number, f"wish {number}"] for number in range(1, 7)]


def table_of(*rows: list[object]):  # type: ignore[no-untyped-def]
    return read_table(a_workbook({"A": [HEADER, *rows]}), "a.xlsx", FileShape())


def test_a_cell_that_strayed_quarantines_its_row_and_no_other() -> None:
    table = table_of(*ANSWERS[:2], [3, "wish 3", "", "zebra"], *ANSWERS[3:])
    (broken,) = table.broken
    assert (broken.row_number, broken.reason) == (4, "the row has 4 cells where the header has 2")
    assert broken.cells == ("3", "wish 3", "", "zebra")  # nothing of it is lost
    assert table.columns == HEADER
    assert table.numbers.tolist() == [2, 3, 5, 6, 7]


def test_a_column_that_half_the_rows_fill_has_lost_its_header() -> None:
    table = table_of(*([*row, "and more"] for row in ANSWERS[:3]), *ANSWERS[3:])
    assert table.columns == ["id", "improve", "improve (2)"]
    assert not table.broken


def test_a_header_over_several_columns_is_a_header_of_each() -> None:
    buffer = BytesIO()
    with xlsxwriter.Workbook(buffer) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, HEADER)
        sheet.merge_range(0, 1, 0, 3, "improve")
        for number, row in enumerate(ANSWERS, start=1):
            sheet.write_row(number, 0, row)
        sheet.write(3, 3, "a third wish")
    table = read_table(buffer.getvalue(), "a.xlsx", FileShape())
    assert (len(table.frame), table.broken) == (6, [])
    assert table.frame.loc[4].tolist() == ["3", "wish 3", "a third wish"]


@pytest.mark.parametrize("skip", [0, 1])
def test_titles_above_the_header_say_nothing_of_its_width(skip: int) -> None:
    title = [["A title", "", "", "of 2026"]] * skip
    rows = [*title, [*HEADER, "", ""], ["1", "a", "", ""], ["2", "b", "", "x"], ["3", "c", "", ""]]
    cut = list(cut_to_table(Grid(rows, padded=True), skip, 1).rows)
    assert cut[skip:] == [HEADER, ["1", "a"], ["2", "b", "", "x"], ["3", "c"]]
