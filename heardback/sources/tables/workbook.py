"""A spreadsheet file (xlsx, xls, ods) becomes rows of cells."""

import re
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from io import BytesIO

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError, SheetVisibleEnum

from heardback.errors import Unreadable
from heardback.sources.tables.error_cells import Shown, errors_shown
from heardback.sources.tables.expanse import refuse_expanse
from heardback.sources.tables.grid import Grid
from heardback.sources.tables.old_expanse import refuse_old_expanse
from heardback.sources.tables.unpacking import (
    damaged,
    is_zipped,
    is_zipped_workbook,
    member_names,
    pieces_of,
    refuse_bomb,
)

COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
# An old Excel's stream begins so (BOF), and the record behind that says that the rest is encrypted (FILEPASS).
OLD_PASSWORD = re.compile(rb"\x09\x08\x10\x00\x00\x06\x05\x00.{12}(?:\x86\x00\x00\x00)?\x2f\x00", re.DOTALL)
OPEN_MANIFEST, ENCRYPTION = "META-INF/manifest.xml", b"encryption-data"
Cell = str | float | int | bool | date | datetime | time | timedelta


def is_workbook(content: bytes) -> bool:
    """Do the first bytes say spreadsheet, whatever the file is called?"""
    return content.startswith(COMPOUND) or (is_zipped(content) and is_zipped_workbook(content))


def read_workbook(content: bytes, name: str, sheet_name: str) -> Grid:
    """The rows of one sheet. Raises Unreadable: protected, cut short, too large unpacked, or no telling which sheet."""
    _refuse_protected_or_huge(content, name)
    try:
        book = CalamineWorkbook.from_filelike(BytesIO(content))
        sheet = _sheet(book, name, sheet_name)
        rows = sheet.to_python(skip_empty_area=False)
    except PasswordError:
        raise _protected(name) from None
    except BaseException as error:
        raise _damaged(error, name) from None
    texts = [[as_text(cell) for cell in row] for row in rows]
    if is_zipped(content):
        _show_errors(texts, errors_shown(content, name, book.sheet_names.index(sheet.name)))
    return Grid(texts, padded=True, sheet=sheet.name, spans=_spans(sheet))


def _damaged(error: BaseException, name: str) -> BaseException:
    """The refusal of a workbook that cannot be laid out; any other error, a refusal of ours too, as it is.

    Where calamine loses its way it panics, which Python is told as something that is no Exception.
    """
    lost = isinstance(error, CalamineError | OSError | ValueError) or type(error).__name__ == "PanicException"
    return damaged(name, "it cannot be laid out") if lost and not isinstance(error, Unreadable) else error


def _show_errors(texts: list[list[str]], errors: Iterable[Shown]) -> None:
    for row, column, error in errors:
        if row < len(texts) and column < len(texts[row]):
            texts[row][column] = error


def _spans(sheet: CalamineSheet) -> dict[int, int]:
    """The width that joined cells reach to in each of a sheet's rows, from row 1 on."""
    spans: dict[int, int] = {}
    for (first, _), (last, column) in sheet.merged_cell_ranges or ():
        if first == last:  # a long join downwards is no header
            spans[first + 1] = max(spans.get(first + 1, 0), column + 1)
    return spans


def sheet_names(content: bytes, name: str) -> list[str]:
    """The sheets that are shown and have anything in them. Raises Unreadable as read_workbook does."""
    _refuse_protected_or_huge(content, name)
    try:
        return _filled_sheets(CalamineWorkbook.from_filelike(BytesIO(content)))
    except PasswordError:
        raise _protected(name) from None
    except BaseException as error:
        raise _damaged(error, name) from None


def as_text(cell: Cell) -> str:
    """A cell as a person would write it: 4 not 4.0; instants and days as ISO writes them."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return str(cell).upper()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.isoformat(sep=" ", timespec="seconds")
    return cell.isoformat() if isinstance(cell, date | time) else str(cell)


def _sheet(book: CalamineWorkbook, name: str, sheet_name: str) -> CalamineSheet:
    filled = _filled_sheets(book)
    if sheet_name:
        if sheet_name not in book.sheet_names:
            what = f"there is no sheet '{sheet_name}'; there are: {', '.join(filled)}"
            raise Unreadable(what, where=name, do="correct file.sheet in the map")
        return book.get_sheet_by_name(sheet_name)
    if len(filled) > 1:
        what = f"there are {len(filled)} sheets: {', '.join(filled)}"
        raise Unreadable(what, where=name, do="say which one in file.sheet")
    if not filled:
        raise Unreadable("no sheet has anything in it", where=name, do="export the file again")
    return book.get_sheet_by_name(filled[0])


def _filled_sheets(book: CalamineWorkbook) -> list[str]:
    shown = [sheet.name for sheet in book.sheets_metadata if sheet.visible == SheetVisibleEnum.Visible]
    return [title for title in shown if book.get_sheet_by_name(title).height]


def _refuse_protected_or_huge(content: bytes, name: str) -> None:
    if content.startswith(COMPOUND) and (ENCRYPTED in content or OLD_PASSWORD.search(content)):
        raise _protected(name)
    if content.startswith(COMPOUND):
        refuse_old_expanse(content, name)
    if is_zipped(content):
        refuse_bomb(content, name)
        if _is_encrypted(content, name):
            raise _protected(name)
        refuse_expanse(content, name)


def _is_encrypted(content: bytes, name: str) -> bool:
    """Does an ods say that what is in it is encrypted?"""
    found = OPEN_MANIFEST in member_names(content, name)
    return found and any(ENCRYPTION in piece for piece in pieces_of(content, name, OPEN_MANIFEST))


def _protected(name: str) -> Unreadable:
    return Unreadable("the workbook is protected by a password", where=name, do="save it without a password")
