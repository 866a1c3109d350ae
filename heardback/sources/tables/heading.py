"""Is the header where the map says it is? What stands there instead is told before a row is taken for another."""

import re
from collections.abc import Sequence

from config.layout import FileShape
from heardback.errors import Unreadable
from heardback.sources.tables.grid import is_blank
from heardback.sources.tables.headers import Headers, has_import_ids

MOST_COLUMNS = 16_384  # as many as a worksheet can have
OPEN_ENDED = "Open-Ended Response"
AT_A_TIME = re.compile(r"^\W*\d{1,4}[-/.]\d\d?[-/.]\d{1,4}[ T]\d\d?:\d\d")
A_DAY = re.compile(r"^\W*\d{1,4}[-/.]\d\d?[-/.]\d{1,4}(?:\W*$|[ T]\d)")


def refuse_no_header(head: Sequence[list[str]], name: str, shape: FileShape) -> None:
    """Raise Unreadable where the rows that a map calls the header are blank, missing, or far too wide."""
    if not head or is_blank(head[0]):
        raise Unreadable("the header row is blank", where=name, do="say how many rows stand above it: file.skip_rows")
    if len(head) < shape.header_rows:
        what = f"the map says {shape.header_rows} header rows, and the file ends before them"
        raise Unreadable(what, where=name, do="correct file.header_rows, or export the file again")
    if max(map(len, head)) > MOST_COLUMNS:
        what = f"the header has {max(map(len, head)):,} cells, and {MOST_COLUMNS:,} are the most"
        raise Unreadable(what, where=name, do="is it a table? export fewer questions at once")


def refuse_answers_in_header(head: Sequence[list[str]], name: str, first: int) -> None:
    """What the map takes for a header row would be lost: a time stands in no header, nor does a day beside an id."""
    for number, row in enumerate(head[1:], start=first + 1):
        days = [cell for cell in row if A_DAY.match(cell)]
        timed = row[0].strip() and any(map(AT_A_TIME.match, days))  # SurveyMonkey's has options, and no id
        if timed or (days and re.search(r"\d", row[0])):
            what, do = (
                "the map calls this a header row and it holds a date, as an answer does",
                "correct file.header_rows",
            )
            raise Unreadable(what, where=f"{name}, row {number}", do=do)


def refuse_wrong_header(rows: Sequence[list[str]], headers: Headers, name: str, first: int) -> None:
    """Raise Unreadable where the first rows below the header, from row `first` on, say that it is another one."""
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
