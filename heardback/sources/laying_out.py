"""How an unknown file is laid out: its sheet, delimiter, title rows and header rows."""

from config.maps import FileShape
from heardback.sources.decoding import decode
from heardback.sources.delimited import likely_delimiter, read_delimited
from heardback.sources.grid import Grid
from heardback.sources.headers import SAYS_NOTHING, has_import_ids
from heardback.sources.workbook import is_workbook, read_workbook, sheet_names

ROWS_TO_JUDGE = 20
ENCODINGS = ("utf-8-sig", "cp1252", "utf-16")


def lay_out(content: bytes, name: str) -> tuple[FileShape, list[str]]:
    """The shape to read a file with, and what is unsure about it. Raises Unreadable as reading does."""
    unsure: list[str] = []
    if is_workbook(content):
        sheets = sheet_names(content, name)
        shape = FileShape(path=name, sheet=sheets[0] if len(sheets) > 1 else "")
        unsure += [f"file.sheet: there are {', '.join(sheets)}"] if len(sheets) > 1 else []
        grid = read_workbook(content, name, shape.sheet)
    else:
        text, _, _ = decode(content, name, ENCODINGS)
        shape = FileShape(path=name, encodings=ENCODINGS, delimiter=likely_delimiter(text))
        grid = read_delimited(content, name, shape.model_copy(update={"skip_rows": len(content)}))
    skip = _title_rows(grid)
    unsure += [f"file.skip_rows: {skip} rows above the header look like a title"] if skip else []
    header_rows = _header_rows(grid.rows[skip : skip + 3])
    return shape.model_copy(update={"skip_rows": skip, "header_rows": header_rows}), unsure


def _title_rows(grid: Grid) -> int:
    """Rows at the top with at most one cell filled, where the rows below have more."""
    filled = [sum(bool(cell.strip()) for cell in row) for row in grid.rows[:ROWS_TO_JUDGE]]
    first = next((position for position, count in enumerate(filled) if count > 1), 0)
    return first if first < len(filled) - 1 else 0


def _header_rows(rows: list[list[str]]) -> int:
    if len(rows) > 2 and has_import_ids(rows[2]):
        return 3
    second = [cell.strip().lower() for cell in rows[1]] if len(rows) > 1 else []
    says_response = bool(SAYS_NOTHING.difference({""}).intersection(second))
    legacy = bool(second) and second[0] == "responseid" and rows[0][0].strip().upper() == "V1"
    return 2 if says_response or legacy else 1
