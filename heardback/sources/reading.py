"""A file's bytes become a table of text, whatever the file is called."""

import json
import re
from codecs import BOM_UTF8
from collections.abc import Sequence
from itertools import chain, islice

from config.layout import FileShape
from heardback.domain.packed import Packed
from heardback.domain.table import Note, Table, add_up
from heardback.errors import Unreadable
from heardback.sources.archive import read_archive
from heardback.sources.delimited import read_delimited
from heardback.sources.grid import Grid, is_blank
from heardback.sources.headers import Headers, blank_headers, has_import_ids, name_columns
from heardback.sources.records import looks_like_json, read_records
from heardback.sources.rows import SortedRows, sort_rows
from heardback.sources.unpacking import is_zipped
from heardback.sources.workbook import is_workbook, read_workbook

ROWS_TO_JUDGE = 20
MARKUP = re.compile(rb"<(?:!doctype|!--|\?xml|html|head|body|meta|title|link|script|style|form|table)[\s>-]")
OPEN_ENDED, AT_A_TIME = "Open-Ended Response", re.compile(r"^\W*\d{1,4}[-/.]\d\d?[-/.]\d{1,4}[ T]\d\d?:\d\d")


def read_table(content: bytes, name: str, shape: FileShape) -> Table:
    """Read one file as its map lays it out; `name` is only for messages. See Table for what the row numbers are.

    Raises Unreadable where the bytes are not what the map says: empty, a web page, protected, cut short, another
    delimiter, encoding, sheet or number of header rows, or a second table below the first.
    """
    grid = _grid(content, name, shape)
    rows = islice(grid.rows, shape.skip_rows, None)
    head = list(islice(rows, shape.header_rows))
    if not head or is_blank(head[0]):
        raise Unreadable("the header row is blank", where=name, do="say how many rows stand above it: file.skip_rows")
    _refuse_answers_in_header(head, name, shape.skip_rows + 1)
    headers = name_columns(head, first_row=shape.skip_rows + 1)
    first = shape.skip_rows + len(head) + 1
    below = list(islice(rows, ROWS_TO_JUDGE))
    _refuse_wrong_header(below, headers, name, first)
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
    start = content[:1024].removeprefix(BOM_UTF8).lstrip().lower()
    if not start and not content.removeprefix(BOM_UTF8).strip():
        raise Unreadable("the file is empty", where=name, do="export it again")
    if MARKUP.match(start):
        raise Unreadable("this is a web page, perhaps a log-in page saved as a file", where=name, do="export it again")
    if start.startswith(b"%pdf"):
        raise Unreadable("this is a PDF", where=name, do="export the answers as CSV or xlsx")
    if is_workbook(content):
        return read_workbook(content, name, shape.sheet)
    if is_zipped(content):
        return read_archive(content, name, shape, _member_grid)
    if looks_like_json(content) and (name.lower().endswith(".json") or shape.records or _is_json(content)):
        return read_records(content, name, shape.records)
    return read_delimited(content, name, shape)


def _member_grid(content: bytes, name: str, shape: FileShape) -> Grid:
    if is_zipped(content) and not is_workbook(content):
        raise Unreadable("a zip lies within the zip", where=name, do="pack the exports themselves")
    return _grid(content, name, shape)


def _is_json(content: bytes) -> bool:
    """Whatever it is called; a CSV whose header begins with a bracket is none."""
    try:
        json.loads(content)
    except (ValueError, RecursionError):
        return False
    return True


def _named(found: SortedRows, headers: Headers) -> tuple[list[Note], Packed]:
    """The cells without the columns beyond the last header that are empty; the others are noted."""
    beyond = headers.names[headers.filled :]
    empty = [column for column in beyond if column not in found.filled]
    return blank_headers(len(beyond) - len(empty)), found.cells.without(empty) if empty else found.cells


def _refuse_answers_in_header(head: Sequence[list[str]], name: str, first: int) -> None:
    """A day with its time stands in an answer, in no header: what the map takes for a header row would be lost."""
    for number, row in enumerate(head[1:], start=first + 1):
        if row[0].strip() and any(AT_A_TIME.match(cell) for cell in row):  # SurveyMonkey's has options, and no id
            what, do = "the map calls this a header row and it holds a date and time", "correct file.header_rows"
            raise Unreadable(what, where=f"{name}, row {number}", do=do)


def _refuse_wrong_header(rows: Sequence[list[str]], headers: Headers, name: str, first: int) -> None:
    below = [row for row in rows if not is_blank(row)]
    for row in below[:2]:
        if has_import_ids(row):
            raise Unreadable(
                "a row of ImportIds stands below the header", where=name, do="write file.header_rows: 3 in the map"
            )
    if below and OPEN_ENDED in (cell.strip() for cell in below[0]):
        what, do = "a second header row stands below the header", "write file.header_rows: 2 in the map"
        raise Unreadable(what, where=f"{name}, row {first}", do=do)
    titled = sum(bool(cell) for cell in headers.names[: headers.filled]) == 1
    wide = [row for row in below if sum(bool(cell.strip()) for cell in row) > 1]
    if titled and len(wide) * 2 > len(below):
        raise Unreadable(
            "the header has one cell and the rows below have more: it may be a title",
            where=f"{name}, row {first - 1}",
            do="say how many rows stand above the header: file.skip_rows",
        )
