"""A CSV file becomes rows of cells."""

import csv
import re
from collections.abc import Iterable, Iterator
from itertools import islice

from config.maps import FileShape
from heardback.domain.table import Note
from heardback.errors import Unreadable
from heardback.sources.decoding import decode
from heardback.sources.grid import Grid, is_blank

DELIMITERS = {",": "a comma", ";": "a semicolon", "\t": "a tab", "|": "a bar"}
ROWS_TO_JUDGE = 20
LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
SHORT, MOST_KNOWN = 40, 10_000  # characters, and cells
ENOUGH = 200_000  # characters that hold so many rows


def read_delimited(content: bytes, name: str, shape: FileShape) -> Grid:
    """Rows of a CSV. Raises Unreadable where a quotation never ends or another delimiter is meant."""
    text, encoding, notes = decode(content, name, shape.encodings)
    delimiter = shape.delimiter or likely_delimiter(text, shape.skip_rows)
    rows, more = _rows(text, name, delimiter)
    if shape.delimiter:
        _refuse_another_delimiter(text, rows, name, shape)
    elif delimiter != ",":
        notes = [*notes, Note("delimiter", f"the cells are separated by {_named(delimiter)}")]
    return Grid(rows, padded=False, encoding=encoding, notes=notes + more)


def likely_delimiter(text: str, skip: int = 0) -> str:
    """The one that cuts the first rows into the most cells, all alike where possible; a comma where none cuts them."""

    def evenness(delimiter: str) -> tuple[int, int]:
        widths = _widths(text[:ENOUGH], skip, delimiter)
        commonest = max(set(widths), key=widths.count, default=1)
        return (widths.count(commonest) if commonest > 1 else 0, commonest)

    return max(DELIMITERS, key=evenness)


def _rows(text: str, name: str, delimiter: str) -> tuple[list[list[str]], list[Note]]:
    rows: list[list[str]] = []
    try:
        # One by one, so that an error knows how far it came.
        rows.extend(_known_cells(csv.reader(_lines(text), delimiter=delimiter, strict=True)))
    except csv.Error as error:
        if "expected after" not in str(error):
            raise Unreadable(
                f"a quoted cell is never closed or is over {csv.field_size_limit():,} characters long",
                where=f"{name}, row {len(rows) + 1}",
                do="export the file again; it may have been cut short",
            ) from None
        lenient = list(csv.reader(_lines(text), delimiter=delimiter))
        return lenient, [Note("stray_quotes", "a quotation mark stands inside a quoted cell", len(rows) + 1)]
    return rows, []


def _lines(text: str) -> Iterator[str]:
    """Line by line with their ends as they are. A StringIO would hold the text once more, at four bytes a character."""
    return (match.group() for match in LINE.finditer(text))


def _known_cells(rows: Iterable[list[str]]) -> Iterator[list[str]]:
    """The same rows; short cells that are equal are one and the same: most columns have few different ones."""
    known: dict[str, str] = {}
    for row in rows:
        yield [known.setdefault(cell, cell) if len(cell) < SHORT else cell for cell in row]
        if len(known) > MOST_KNOWN:
            known.clear()


def _refuse_another_delimiter(text: str, rows: list[list[str]], name: str, shape: FileShape) -> None:
    """A header in one piece, where another delimiter cuts it and the rows below alike, means a wrong delimiter."""
    judged = [row for row in rows[shape.skip_rows : shape.skip_rows + ROWS_TO_JUDGE] if not is_blank(row)]
    if len(judged) < 2 or len(judged[0]) > 1:
        return
    for other in DELIMITERS.keys() - {shape.delimiter}:
        widths = _widths(text, shape.skip_rows, other)
        if min(widths, default=1) > 1 and len(set(widths)) == 1:
            raise Unreadable(
                f"the header does not split at {_named(shape.delimiter)}, but at {_named(other)} it does",
                where=name,
                do=f"write file.delimiter: {other!r} in the map",
            )


def _widths(text: str, skip: int, delimiter: str) -> list[int]:
    records = csv.reader(_lines(text), delimiter=delimiter)
    return [len(row) for row in islice(records, skip, skip + ROWS_TO_JUDGE) if not is_blank(row)]


def _named(delimiter: str) -> str:
    return DELIMITERS.get(delimiter, repr(delimiter))
