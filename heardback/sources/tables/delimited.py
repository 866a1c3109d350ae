"""A CSV file becomes rows of cells."""

import csv
import re
from collections.abc import Iterable, Iterator
from io import StringIO
from itertools import chain, islice

from config.layout import FileShape
from heardback.domain.table import Note
from heardback.errors import Unreadable
from heardback.sources.tables.decoding import Text, decode
from heardback.sources.tables.grid import Grid, is_blank

DELIMITERS = {",": "a comma", ";": "a semicolon", "\t": "a tab", "|": "a bar"}
SAYS_DELIMITER = re.compile(rb"(?i:(?:\xef\xbb\xbf)?sep=([,;|\t])\r?\n)")  # a line for Excel, which shows it as no row
ROWS_TO_JUDGE = 20
SHORT, MOST_KNOWN = 40, 10_000  # characters, and cells
LONG, MOST_CELLS = 1_000_000, 50_000  # a line's characters, and cells: three times as many as a worksheet can have
ENOUGH = 200_000  # characters that hold so many rows


def read_delimited(content: bytes, name: str, shape: FileShape) -> Grid:
    """Rows of a CSV. Raises Unreadable where another delimiter is meant; amid the rows, where a quotation is open."""
    said = None if shape.skip_rows else SAYS_DELIMITER.match(content)
    text = decode(content[said.end() :] if said else content, name, shape.encodings)
    notes = list(text.notes)
    delimiter = shape.delimiter or (said[1].decode() if said else likely_delimiter(text, shape.skip_rows))
    rows = _known_cells(_rows(text, name, delimiter, notes))
    if shape.delimiter:
        first = list(islice(rows, shape.skip_rows + ROWS_TO_JUDGE))
        _refuse_another_delimiter(text, first, name, shape)
        rows = chain(first, rows)
    elif delimiter != ",":
        notes.append(Note("delimiter", f"the cells are separated by {_named(delimiter)}"))
    return Grid(rows, padded=False, encoding=text.encoding, notes=notes)


def likely_delimiter(text: Text, skip: int = 0) -> str:
    """The one that cuts the first rows into the most cells, all alike where possible; a comma where none cuts them."""
    beginning = text.lines().read(ENOUGH)

    def evenness(delimiter: str) -> tuple[int, int]:
        widths = _widths(StringIO(beginning, newline=""), skip, delimiter)
        commonest = max(set(widths), key=widths.count, default=1)
        return (widths.count(commonest) if commonest > 1 else 0, commonest)

    return max(DELIMITERS, key=evenness)


def _rows(text: Text, name: str, delimiter: str, notes: list[Note]) -> Iterator[list[str]]:
    """Row by row; where a quotation mark stands astray, the rows from there on are read leniently, and it is noted."""
    read = 0
    try:
        for row in csv.reader(_narrow(text.lines(), name, delimiter), delimiter=delimiter, strict=True):
            yield row
            read += 1
    except csv.Error as error:
        if "expected after" not in str(error):
            raise _never_closed(name, read + 1) from None
        notes.append(Note("stray_quotes", "a quotation mark stands inside a quoted cell", read + 1))
        yield from _leniently(text, name, delimiter, read)


def _leniently(text: Text, name: str, delimiter: str, read: int) -> Iterator[list[str]]:
    """The rows after the first `read`, quotation marks that stand astray among them.

    One that is opened and not closed swallows the rows up to the next: what was one row so is given line by line.
    """
    lines = _Remembered(_narrow(text.lines(), name, delimiter))
    rows = csv.reader(lines, delimiter=delimiter)
    try:
        width = max(map(len, islice(rows, read)), default=0)
        lines.taken()
        for row in rows:
            yield from _apart(lines.taken(), width, delimiter) or [row]
            read += 1
    except csv.Error:
        raise _never_closed(name, read + 1) from None


def _narrow(lines: Iterable[str], name: str, delimiter: str) -> Iterator[str]:
    """The same lines. Raises Unreadable at one of so many cells that to cut it would take gigabytes."""
    for number, line in enumerate(lines, start=1):
        if len(line) > LONG and (cells := line.count(delimiter) + 1) > MOST_CELLS:
            what = f"the line has {cells:,} cells, and {MOST_CELLS:,} are the most"
            raise Unreadable(
                what, where=f"{name}, line {number}", do="is the delimiter the right one? open it and look"
            )
        yield line


class _Remembered:
    """Lines as they are read, and those read since they were last asked for."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._lines, self._since = iter(lines), list[str]()

    def __iter__(self) -> "_Remembered":
        return self

    def __next__(self) -> str:
        line = next(self._lines)
        self._since.append(line)
        return line

    def taken(self) -> list[str]:
        taken, self._since = self._since, []
        return taken


def _apart(lines: list[str], width: int, delimiter: str) -> list[list[str]]:
    """Lines that are one row by their quotation marks, and rows of their own by their delimiters; none otherwise."""
    if len(lines) < 2 or _is_strict(lines, delimiter):
        return []
    rows = [row for line in lines for row in csv.reader([line], delimiter=delimiter)]
    # A row that was swallowed is whole, or broken off in the same column; a comment's own lines are hardly either.
    return rows if {len(row) for row in rows[1:]} & {width, len(rows[0])} - {1} else []


def _is_strict(lines: list[str], delimiter: str) -> bool:
    try:
        return bool(list(csv.reader(lines, delimiter=delimiter, strict=True)))
    except csv.Error:
        return False


def _never_closed(name: str, row_number: int) -> Unreadable:
    return Unreadable(
        f"a quoted cell is never closed or is over {csv.field_size_limit():,} characters long",
        where=f"{name}, row {row_number}",
        do="export the file again; it may have been cut short",
    )


def _known_cells(rows: Iterable[list[str]]) -> Iterator[list[str]]:
    """The same rows; short cells that are equal are one and the same: most columns have few different ones."""
    known: dict[str, str] = {}
    for row in rows:
        yield [known.setdefault(cell, cell) if len(cell) < SHORT else cell for cell in row]
        if len(known) > MOST_KNOWN:
            known.clear()


def _refuse_another_delimiter(text: Text, rows: list[list[str]], name: str, shape: FileShape) -> None:
    """A header in one piece, where another delimiter cuts it and the rows below alike, means a wrong delimiter."""
    judged = [row for row in rows[shape.skip_rows : shape.skip_rows + ROWS_TO_JUDGE] if not is_blank(row)]
    if len(judged) < 2 or len(judged[0]) > 1:
        return
    for other in DELIMITERS.keys() - {shape.delimiter}:
        widths = _widths(text.lines(), shape.skip_rows, other)
        if min(widths, default=1) > 1 and len(set(widths)) == 1:
            raise Unreadable(
                f"the header does not split at {_named(shape.delimiter)}, but at {_named(other)} it does",
                where=name,
                do=f"write file.delimiter: {other!r} in the map",
            )


def _widths(lines: Iterable[str], skip: int, delimiter: str) -> list[int]:
    """The number of cells in each of the first rows, as far as they can be cut."""
    widths: list[int] = []
    try:
        for row in islice(csv.reader(lines, delimiter=delimiter), skip, skip + ROWS_TO_JUDGE):
            widths += [] if is_blank(row) else [len(row)]
    except csv.Error:
        return widths  # a cell without an end; whoever reads the rows says in which of them
    return widths


def _named(delimiter: str) -> str:
    return DELIMITERS.get(delimiter, repr(delimiter))
