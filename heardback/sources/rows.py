"""Rows below a header: whole ones, broken ones, blank ones."""

import re
from dataclasses import dataclass, field

from heardback.domain.table import BrokenRow
from heardback.errors import Unreadable
from heardback.sources.grid import Grid, is_blank
from heardback.sources.headers import Headers, clean_header

NUMBER = re.compile(r"^\s*[\d.,]+\s?%?\s*$")
IS_DATA = re.compile(r"^\s*\W*\d")  # a number, a date, an id


@dataclass
class SortedRows:
    """`rows` are as wide as the header; `numbers` are their row numbers in the file."""

    rows: list[list[str]] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)
    broken: list[BrokenRow] = field(default_factory=list)
    blank_rows: int = 0
    after_gap: list[int] = field(default_factory=list)  # numbers of the rows below the last blank one


def sort_rows(grid: Grid, headers: Headers, first: int, name: str) -> SortedRows:
    """Put every row from row number `first` on where it belongs. Raises Unreadable where a second table begins."""
    found = SortedRows()
    for number, row in enumerate(grid.rows[first - 1 :], start=first):
        if is_blank(row):
            found.blank_rows += 1
            found.after_gap = []
            continue
        if found.blank_rows:
            found.after_gap.append(number)
        _place(row, number, headers, found)
    _refuse_second_table(found, grid, headers, name)
    return found


def _place(row: list[str], number: int, headers: Headers, found: SortedRows) -> None:
    width = len(headers.names)
    if len(row) < headers.filled or not is_blank(row[width:]):
        reason = f"the row has {len(row)} cells where the header has {headers.filled}"
        found.broken.append(BrokenRow(number, tuple(row), reason))
        return
    found.rows.append([*row[:width], *[""] * (width - len(row))])
    found.numbers.append(number)


def _refuse_second_table(found: SortedRows, grid: Grid, headers: Headers, name: str) -> None:
    """Below a gap, rows that are all of one other width (over one cell), a summary, or the header: another table."""
    below = [grid.rows[number - 1] for number in found.after_gap]
    broken = {row.row_number for row in found.broken}
    widths = {len(row) for row in below}
    another = len(below) > 1 and broken.issuperset(found.after_gap) and len(widths) == 1 and min(widths) > 1
    start = found.after_gap[0] if another or _is_summary(below, headers) else _header_again(found, headers)
    if start:
        raise Unreadable(
            "a second table begins below the first", where=f"{name}, row {start}", do="keep one table in a file"
        )


def _is_summary(below: list[list[str]], headers: Headers) -> bool:
    """Rows below a gap that all fill the same few columns, words over numbers: counts that somebody drew up."""
    filled = [{place for place, cell in enumerate(row) if cell.strip()} for row in below]
    if len(below) < 2 or any(columns != filled[0] for columns in filled) or not 1 < len(filled[0]) < headers.filled:
        return False
    head, *rest = below
    return not any(IS_DATA.match(head[place]) for place in filled[0]) and any(
        all(NUMBER.match(row[place]) for row in rest) for place in filled[0]
    )


def _header_again(found: SortedRows, headers: Headers) -> int:
    if headers.filled < 2:
        return 0  # one column: somebody may have answered with the question's own words
    names = headers.names[: headers.filled]
    first = names[0]
    for row, number in zip(found.rows, found.numbers, strict=True):
        if not _may_read(row[0], first):
            continue
        if clean_header(row[0]) == first and [clean_header(cell) for cell in row[: headers.filled]] == names:
            return number
    return 0


def _may_read(cell: str, header: str) -> bool:
    """Whether a cell can be this header once it is cleaned; asked of every row, for cleaning costs ten times that."""
    return header[:1] in cell or "&" in cell or not cell.isascii()
