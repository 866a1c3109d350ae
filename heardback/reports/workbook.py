"""Every figure of a pack as a workbook: real numbers, frozen headers, text that is never run, no clock inside."""

from collections.abc import Sequence
from datetime import datetime, time
from pathlib import Path
from typing import Any

from heardback.domain.measures.figures import HIDDEN, Table, Unit
from heardback.reports.content import PackContent
from heardback.reports.figure_files import COLUMNS, figure_fields
from heardback.reports.method import method

# xlsxwriter carries no types
Workbook = Any
Worksheet = Any
Format = Any

NUMBERS = ("value", "low", "high")
WIDTHS = {"table": 26, "group": 22, "label": 30, "definition": 60, "dimension": 18, "code": 22, "note": 24}
MOST_CHARACTERS = 32_767  # of one cell: beyond, Excel offers to repair the file


def write_workbook(path: Path, content: PackContent, tables: Sequence[Table]) -> Path:
    """One sheet that says what this is, one with a row a figure, one of definitions and one of the method."""
    import xlsxwriter  # type: ignore[import-untyped]

    as_text = {"strings_to_numbers": False, "strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}
    path.parent.mkdir(parents=True, exist_ok=True)
    with xlsxwriter.Workbook(str(path), as_text) as book:
        made = datetime.combine(content.as_of, time())
        title = f"Figures, {content.period.words}"
        book.set_properties({"title": title, "author": content.council, "company": "", "created": made})
        _read_me(book, content)
        _figures(book, tables)
        _definitions(book, content, tables)
    return path


def _read_me(book: Workbook, content: PackContent) -> None:
    lines = [
        ("Council", content.council),
        ("Month", content.period.words),
        ("As known at the end of", content.as_of.isoformat()),
        ("The answer", content.sentence),
        (HIDDEN, (f"not shown: a count under {content.small_count}, a rate on fewer than {content.small_base}, or a "
                 "number from which one of these could be worked out")),
        ("An empty cell", "has no meaning for that figure"),
    ]  # fmt: skip
    _sheet(book, "Read me", ("What", "Says"), lines, (24, 100))


def _definitions(book: Workbook, content: PackContent, tables: Sequence[Table]) -> None:
    known = dict.fromkeys((row.label, row.definition) for table in tables for row in table.rows if row.definition)
    _sheet(book, "Definitions", ("Figure", "Definition"), list(known), (36, 100))
    _sheet(book, "Method", ("About", "How it is done"), method(content), (28, 100))


def _sheet(
    book: Workbook, name: str, headings: Sequence[str], lines: Sequence[Sequence[str]], widths: Sequence[int]
) -> None:
    sheet = _with_headings(book, name, headings)
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    for column, width in enumerate(widths):
        sheet.set_column(column, column, width)
    for row, line in enumerate(lines, 1):
        for column, words in enumerate(line):
            sheet.write_string(row, column, words[:MOST_CHARACTERS], wrapped)


def _figures(book: Workbook, tables: Sequence[Table]) -> None:
    sheet = _with_headings(book, "Figures", COLUMNS)
    share, plain = book.add_format({"num_format": "0.0%"}), book.add_format({"num_format": "0.0"})
    for column, name in enumerate(COLUMNS):
        sheet.set_column(column, column, WIDTHS.get(name, 10))
    rows = [(figure_fields(table, row), row.unit) for table in tables for row in table.rows]
    for number, (fields, unit) in enumerate(rows, 1):
        shape = share if unit in (Unit.SHARE, Unit.POINTS) else plain
        for column, name in enumerate(COLUMNS):
            _write(sheet, number, column, fields[name], shape if name in NUMBERS else None)
    if rows:
        sheet.autofilter(0, 0, len(rows), len(COLUMNS) - 1)


def _with_headings(book: Workbook, name: str, headings: Sequence[str]) -> Worksheet:
    sheet = book.add_worksheet(name)
    bold = book.add_format({"bold": True, "bottom": 1})
    for column, heading in enumerate(headings):
        sheet.write_string(0, column, heading, bold)
    sheet.freeze_panes(1, 0)
    return sheet


def _write(sheet: Worksheet, row: int, column: int, value: Any, shape: Format | None) -> None:
    if isinstance(value, bool):
        sheet.write_boolean(row, column, value)
    elif isinstance(value, int | float):
        sheet.write_number(row, column, value, shape)
    elif value not in (None, ""):
        sheet.write_string(row, column, str(value)[:MOST_CHARACTERS])
