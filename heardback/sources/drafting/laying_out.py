"""How an unknown file is laid out: its sheet, delimiter, title rows and header rows; its records, its tables."""

import json
from collections.abc import Sequence
from itertools import islice
from pathlib import PurePosixPath
from typing import Any

from config.layout import Children, FileShape
from heardback.errors import Unreadable
from heardback.sources.tables.decoding import decode
from heardback.sources.tables.delimited import likely_delimiter, read_delimited
from heardback.sources.tables.foreign import refuse_foreign
from heardback.sources.tables.grid import Grid
from heardback.sources.tables.headers import SAYS_NOTHING, has_import_ids
from heardback.sources.tables.records import looks_like_json
from heardback.sources.tables.unpacking import find_members, is_zipped, unpack
from heardback.sources.tables.workbook import is_workbook, read_workbook, sheet_names

ROWS_TO_JUDGE, MOST_HEADERS = 20, 3
ENCODINGS = ("utf-8-sig", "cp1252", "utf-16")
PARENT = b"PARENT_KEY"  # ODK's name for what joins a repeat to its form


def lay_out(content: bytes, name: str) -> tuple[FileShape, list[str]]:
    """The shape to read a file with, and what is unsure about it. Raises Unreadable as reading does."""
    refuse_foreign(content, name)
    if is_workbook(content):
        shape, unsure, grid = _of_workbook(content, name)
    elif is_zipped(content):
        return _of_zip(content, name)
    elif looks_like_json(content) and name.lower().endswith(".json"):
        return _of_records(content, name)
    else:
        delimiter = likely_delimiter(decode(content, name, ENCODINGS))
        shape, unsure = FileShape(path=name, encodings=ENCODINGS, delimiter=delimiter), []
        grid = read_delimited(content, name, shape.model_copy(update={"skip_rows": len(content)}))
    first = list(islice(grid.rows, ROWS_TO_JUDGE + MOST_HEADERS))
    skip = _title_rows(first[:ROWS_TO_JUDGE])
    unsure += [f"file.skip_rows: {skip} rows above the header look like a title"] if skip else []
    header_rows = _header_rows(first[skip : skip + MOST_HEADERS])
    return shape.model_copy(update={"skip_rows": skip, "header_rows": header_rows}), unsure


def _of_workbook(content: bytes, name: str) -> tuple[FileShape, list[str], Grid]:
    sheets = sheet_names(content, name)
    shape = FileShape(path=name, sheet=sheets[0] if len(sheets) > 1 else "")
    unsure = [f"file.sheet: there are {', '.join(sheets)}"] if len(sheets) > 1 else []
    return shape, unsure, read_workbook(content, name, shape.sheet)


def _of_zip(content: bytes, name: str) -> tuple[FileShape, list[str]]:
    """The table whose rows have no parents is the one to read; those that name their parents hang below it."""
    members = find_members(content, name, "")
    heads = {member: unpack(content, name, member).split(b"\n", 1)[0] for member in members if member.endswith(".csv")}
    parents = [member for member in members if PARENT not in heads.get(member, b"")]
    if not parents:
        raise Unreadable("no table in the zip stands alone", where=name, do="export the form with its repeats")
    main = min(parents, key=len)
    children = tuple(
        Children(member=member, name=_child_name(member, main)) for member in members if member not in parents
    )
    unsure = [f"file.member: there are {', '.join(parents)}"] if len(parents) > 1 else []
    return FileShape(path=name, member=main, children=children), unsure


def _child_name(member: str, main: str) -> str:
    stem = PurePosixPath(member).stem.removeprefix(PurePosixPath(main).stem).strip("-_")
    return "".join(letter if letter.isalnum() else "_" for letter in stem) or "child"


def _of_records(content: bytes, name: str) -> tuple[FileShape, list[str]]:
    try:
        parsed = json.loads(content)
    except (ValueError, RecursionError):
        return FileShape(path=name), []  # reading it says what is wrong
    lists = sorted(_lists(parsed), key=lambda found: -found[1])
    unsure = [f"file.records: there are lists at {', '.join(path for path, _ in lists)}"] if len(lists) > 1 else []
    return FileShape(path=name, records=lists[0][0] if lists else ""), unsure


def _lists(parsed: Any, path: str = "") -> list[tuple[str, int]]:
    """The lists of records in an object, each by its path and with its length; not those within a record."""
    if isinstance(parsed, list):
        return [(path, len(parsed))] if all(isinstance(entry, dict) for entry in parsed) else []
    if not isinstance(parsed, dict):
        return []
    inner = ((f"{path}/{key}" if path else str(key), value) for key, value in parsed.items())
    return [found for place, value in inner for found in _lists(value, place)]


def _title_rows(rows: Sequence[list[str]]) -> int:
    """Rows at the top with at most one cell filled, where the rows below have more."""
    filled = [sum(bool(cell.strip()) for cell in row) for row in rows]
    first = next((position for position, count in enumerate(filled) if count > 1), 0)
    return first if first < len(filled) - 1 else 0


def _header_rows(rows: list[list[str]]) -> int:
    if len(rows) > 2 and has_import_ids(rows[2]):
        return 3
    second = [cell.strip().lower() for cell in rows[1]] if len(rows) > 1 else []
    says_response = bool(SAYS_NOTHING.difference({""}).intersection(second))
    legacy = bool(second) and second[0] == "responseid" and rows[0][0].strip().upper() == "V1"
    return 2 if says_response or legacy else 1
