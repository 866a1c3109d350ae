"""Rows below a header: whole ones, broken ones, blank ones."""

import re
from array import array
from collections.abc import Iterable
from dataclasses import dataclass, field

import pandas as pd

from heardback.domain import packed
from heardback.domain.packed import Packed
from heardback.domain.plurals import some
from heardback.domain.table import BrokenRow, Note
from heardback.errors import Unreadable
from heardback.sources.tables.grid import is_blank
from heardback.sources.tables.headers import Headers, clean_header
from heardback.sources.tables.repair import repair

MOST_BROKEN = 50_000  # each is kept whole; where they are most of a file, its layout is another
MOST_BLANK = 1_048_576  # as many rows as a worksheet has: one that was formatted to its end is saved with them all
NO_PARENT = "this row of a child table has no parent"  # its last cell, where a zip's tables were joined
NUMBER = re.compile(r"^\s*[\d.,]+\s?%?\s*$")
IS_DATA = re.compile(r"^\s*\W*\d")  # a number, a date, an id


@dataclass
class Below:
    """The rows below the last blank one, by their numbers, for as long as they may be a table of their own.

    They are hardly ever: without that, one blank row near the top would keep a whole file a second time.
    """

    rows: dict[int, list[str]] = field(default_factory=dict)
    is_possible: bool = False
    title: int = 0  # the number of a row of one cell above them, which may be what the table is called

    @property
    def start(self) -> int:
        """The number of its first row."""
        return self.title or next(iter(self.rows))

    def begin(self) -> None:
        """A blank row was read."""
        self.rows, self.is_possible, self.title = {}, True, 0

    def add(self, number: int, row: list[str], headers: Headers, *, whole: bool) -> None:
        """One more row; a whole one unlike those above it, or with every column filled, is of the first table."""
        if not self.is_possible:
            return
        if not self.rows and not self.title and len(_filled(row)) == 1:
            self.title = number
            return
        self.rows[number] = row
        head = next(iter(self.rows.values()))
        if whole and (_holds_data(head) or not _may_be_summary([head, row], headers, titled=bool(self.title))):
            self.rows, self.is_possible = {}, False


@dataclass
class SortedRows:
    """`cells` are those of the whole rows alone, repaired; `notes` say of what, for each part.

    `filled` are the columns beyond the last header that hold anything, `header_again` is the number of a row that has
    the header's cells, or 0.
    """

    cells: Packed
    notes: list[list[Note]] = field(default_factory=list)
    broken: list[BrokenRow] = field(default_factory=list)
    blank_rows: int = 0
    below: Below = field(default_factory=Below)
    filled: set[str] = field(default_factory=set)
    header_again: int = 0


@dataclass
class _Waiting:
    """Whole rows that are not yet turned into columns, with their numbers."""

    rows: list[list[str]] = field(default_factory=list)
    numbers: "array[int]" = field(default_factory=lambda: array("q"))


def sort_rows(rows: Iterable[list[str]], headers: Headers, first: int, name: str) -> SortedRows:
    """Put every row, the first of which has the number `first`, where it belongs.

    Raises Unreadable where a second table begins, or where hardly anything but blank rows or broken ones follows.
    """
    found, waiting = SortedRows(Packed(headers.names)), _Waiting()
    for number, row in enumerate(rows, start=first):
        if is_blank(row):
            found.blank_rows += 1
            if found.blank_rows > MOST_BLANK:
                raise Unreadable(f"there are over {MOST_BLANK:,} blank rows", where=name, do="export the answers again")
            found.below.begin()
            continue
        _place(row, number, headers, found, waiting, name)
        if len(waiting.rows) >= packed.AT_ONCE:
            _turn(waiting, headers, found)
            waiting = _Waiting()
    if waiting.rows:
        _turn(waiting, headers, found)
    _refuse_second_table(found, headers, name)
    return found


def _place(row: list[str], number: int, headers: Headers, found: SortedRows, waiting: _Waiting, name: str) -> None:
    width = len(headers.names)
    fits = len(row) == width or (len(row) >= headers.filled and is_blank(row[width:]))
    found.below.add(number, row, headers, whole=fits)
    if not fits:
        reason = f"the row has {some(len(row), 'cell')} where the header has {headers.filled}"
        reason = NO_PARENT if row[-1] == NO_PARENT else reason
        found.broken.append(BrokenRow(number, tuple(row), reason))
        if len(found.broken) > max(MOST_BROKEN, len(found.cells) + len(waiting.rows)):
            what = f"{len(found.broken):,} rows and more have another number of cells than the header"
            raise Unreadable(
                what, where=f"{name}, row {number}", do="is the delimiter the right one? see file.delimiter"
            )
        return
    waiting.rows.append(row if len(row) == width else [*row[:width], *[""] * (width - len(row))])
    waiting.numbers.append(number)


def _turn(waiting: _Waiting, headers: Headers, found: SortedRows) -> None:
    """Rows into columns, some thousand at a time: all at once, a large file's would take ten times their room."""
    found.header_again = found.header_again or _header_again(waiting, headers)
    columns = dict(zip(headers.names, map(list, zip(*waiting.rows, strict=True)), strict=True))
    found.filled.update(name for name in headers.names[headers.filled :] if not is_blank(columns[name]))
    arrays = {name: pd.array(cells, dtype="str") for name, cells in columns.items()}
    frame, notes = repair(pd.DataFrame(arrays, index=pd.Index(waiting.numbers, dtype="int64"), copy=False))
    found.cells.add(frame)
    found.notes.append(notes)


def _refuse_second_table(found: SortedRows, headers: Headers, name: str) -> None:
    """Below a gap, rows that are all of one other width (over one cell), a summary, or the header: another table."""
    below = list(found.below.rows.values())
    broken = {row.row_number for row in found.broken}
    widths = {len(row) for row in below}
    another = len(below) > 1 and broken.issuperset(found.below.rows) and len(widths) == 1 and min(widths) > 1
    separate = another or _is_summary(below, headers, titled=bool(found.below.title))
    start = found.below.start if separate else found.header_again
    if start:
        raise Unreadable(
            "a second table begins below the first", where=f"{name}, row {start}", do="keep one table in a file"
        )


def _is_summary(below: list[list[str]], headers: Headers, *, titled: bool) -> bool:
    """Rows below a gap that all fill the same few columns, words over numbers: counts that somebody drew up.

    Below a title of their own they may fill every column.
    """
    if len(below) < 2 or not _may_be_summary(below, headers, titled=titled):
        return False
    head, *rest = below
    filled = _filled(head)
    return not _holds_data(head) and any(all(NUMBER.match(row[place]) for row in rest) for place in filled)


def _holds_data(row: list[str]) -> bool:
    return any(IS_DATA.match(cell) for cell in row)


def _may_be_summary(rows: list[list[str]], headers: Headers, *, titled: bool) -> bool:
    filled = _filled(rows[0])
    return 1 < len(filled) < headers.filled + titled and all(_filled(row) == filled for row in rows)


def _filled(row: list[str]) -> set[int]:
    return {place for place, cell in enumerate(row) if cell.strip()}


def _header_again(waiting: _Waiting, headers: Headers) -> int:
    if headers.filled < 2:
        return 0  # one column: somebody may have answered with the question's own words
    names = headers.names[: headers.filled]
    for row, number in zip(waiting.rows, waiting.numbers, strict=True):
        if not _may_read(row[0], names[0]) or clean_header(row[0]) != names[0]:
            continue
        if [clean_header(cell) for cell in row[: headers.filled]] == names:
            return number
    return 0


def _may_read(cell: str, header: str) -> bool:
    """Whether a cell can be this header once it is cleaned; asked of every row, for cleaning costs ten times that."""
    return header[:1] in cell or "&" in cell or not cell.isascii()
