"""Cells of an ods that show an error in place of what was typed; they are laid out blank, or as 0."""

import re
from collections.abc import Callable, Iterable, Iterator

from heardback.sources.tables.open_expanse import COLUMNS, ROWS, times_said

IS_ERROR = re.compile(rb'\bcalcext:value-type=["\']error')
TABLE_ROW_OR_CELL = re.compile(
    rb"<table:(?:(table)|(table-row)|(?:covered-)?table-cell)(?=[\s/>])([^>]*)>(?:\s{0,20}<text:p[^>]*>([^<]{1,50}))?"
)


def open_errors(pieces: Callable[[], Iterable[bytes]], position: int) -> Iterator[tuple[int, int, bytes]]:
    """What the table at a position shows: row and column, from 0, and the error, in the language of who typed it.

    `pieces` gives `content.xml` in pieces that cut no cell from its text. They are walked through only where there is
    an error, which takes a second for 100 MB.
    """
    if any(map(IS_ERROR.search, pieces())):
        yield from _walked_through(pieces(), position)


def _walked_through(pieces: Iterable[bytes], position: int) -> Iterator[tuple[int, int, bytes]]:
    tables, row, rows, column = -1, 0, 0, 0
    for piece in pieces:
        for is_table, is_row, rest, shown in TABLE_ROW_OR_CELL.findall(piece):
            if is_table:
                tables, row, rows = tables + 1, 0, 0
            elif is_row:
                row, rows, column = row + rows, times_said(ROWS, rest), 0
            else:
                columns = times_said(COLUMNS, rest)
                if tables == position and IS_ERROR.search(rest):
                    yield from ((row + down, column + right, shown) for down in range(rows) for right in range(columns))
                column += columns
