"""Cells of a worksheet beside its table: a column whose header is blank, or a cell that strayed."""

from collections import Counter
from dataclasses import replace
from itertools import takewhile

from heardback.sources.tables.grid import Grid, is_blank


def cut_to_table(grid: Grid, skip: int, header_rows: int) -> Grid:
    """A worksheet's rows as wide as its table; a row with a cell beyond keeps it, and so fits no header.

    A CSV's header says how wide its table is, a worksheet's does not. Beyond the last header (or what it is joined
    with), a column that half of the rows fill is one whose header is blank; a cell elsewhere has strayed.
    """
    rows, first = list(grid.rows), skip + header_rows
    width = max(
        max((_width(row) for row in rows[skip:first]), default=0),
        max((grid.spans.get(number, 0) for number in range(skip + 1, first + 1)), default=0),
    )
    if not width or all(len(row) <= width for row in rows[skip:]):
        return replace(grid, rows=rows)
    below = rows[first:]
    filled = Counter(place for row in below for place, cell in enumerate(row[width:], width) if cell.strip())
    answers = sum(not is_blank(row) for row in below)
    beside = takewhile(filled.get, range(width, max(map(len, below), default=0)))  # as far as no column is empty
    width = max([width, *(place + 1 for place in beside if filled[place] * 2 >= answers)])
    cut = [row[: max(width, _width(row[width:]) + width)] for row in below]
    return replace(grid, rows=[*rows[:skip], *(row[:width] for row in rows[skip:first]), *cut])


def _width(row: list[str]) -> int:
    """The number of cells up to the last that is filled."""
    return next((place for place in range(len(row), 0, -1) if row[place - 1].strip()), 0)
