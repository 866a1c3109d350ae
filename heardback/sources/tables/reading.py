"""A file's bytes become a table of text, whatever the file is called."""

from itertools import chain, islice

from config.layout import FileShape
from heardback.domain.packed import Packed
from heardback.domain.table import Note, Table, add_up
from heardback.errors import Unreadable
from heardback.sources.tables.archive import read_archive
from heardback.sources.tables.beside import cut_to_table
from heardback.sources.tables.delimited import read_delimited
from heardback.sources.tables.foreign import refuse_foreign
from heardback.sources.tables.grid import Grid
from heardback.sources.tables.headers import Headers, blank_headers, name_columns
from heardback.sources.tables.heading import refuse_answers_in_header, refuse_no_header, refuse_wrong_header
from heardback.sources.tables.records import in_utf8, is_json, looks_like_json, read_records
from heardback.sources.tables.rows import SortedRows, sort_rows
from heardback.sources.tables.unpacking import is_zipped
from heardback.sources.tables.workbook import is_workbook, read_workbook

ROWS_TO_JUDGE = 20


def read_table(content: bytes, name: str, shape: FileShape) -> Table:
    """Read one file as its map lays it out; `name` is only for messages. See Table for what the row numbers are.

    Raises Unreadable where the bytes are not what the map says: empty, a web page, protected, cut short, another
    delimiter, encoding, sheet or number of header rows, or a second table below the first.
    """
    grid = _grid(content, name, shape)
    if grid.padded:
        grid = cut_to_table(grid, shape.skip_rows, shape.header_rows)
    rows = islice(grid.rows, shape.skip_rows, None)
    head = list(islice(rows, shape.header_rows))
    refuse_no_header(head, name, shape)
    refuse_answers_in_header(head, name, shape.skip_rows + 1)
    headers = name_columns(head, first_row=shape.skip_rows + 1)
    first = shape.skip_rows + len(head) + 1
    below = list(islice(rows, ROWS_TO_JUDGE))
    refuse_wrong_header(below, headers, name, first)
    found = sort_rows(chain(below, rows), headers, first, name)
    unnamed, cells = _named(found, headers)
    return Table(
        cells,
        name=name,
        sheet=grid.sheet,
        encoding=grid.encoding,
        notes=[*grid.notes, *headers.notes, *unnamed, *add_up(found.notes)],
        broken=found.broken,
        blank_rows=found.blank_rows,
        labels=headers.labels,
    )


def _grid(content: bytes, name: str, shape: FileShape) -> Grid:
    refuse_foreign(content, name)
    content = in_utf8(content, shape.encodings)
    if is_workbook(content):
        return read_workbook(content, name, shape.sheet)
    if is_zipped(content):
        return read_archive(content, name, shape, _member_grid)
    if looks_like_json(content) and (name.lower().endswith(".json") or shape.records or is_json(content)):
        return read_records(content, name, shape.records)
    return read_delimited(content, name, shape)


def _member_grid(content: bytes, name: str, shape: FileShape) -> Grid:
    if is_zipped(content) and not is_workbook(content):
        raise Unreadable("a zip lies within the zip", where=name, do="pack the exports themselves")
    return _grid(content, name, shape)


def _named(found: SortedRows, headers: Headers) -> tuple[list[Note], Packed]:
    """The cells without the columns beyond the last header that are empty; the others are noted."""
    beyond = headers.names[headers.filled :]
    empty = [column for column in beyond if column not in found.filled]
    return blank_headers(len(beyond) - len(empty)), found.cells.without(empty) if empty else found.cells
