"""Cells of a workbook that show an error (#NAME?) in place of what was typed: they are laid out blank, as if unsaid.

A spreadsheet takes words that begin with = + - or @ ("- more seats") for a formula that it cannot work out. A formula
that a program wrote and no spreadsheet has worked out yet is such a cell too.
"""

import re
from collections.abc import Iterable, Iterator

from heardback.sources.tables.expanse import OPEN, column_number, cut_between_marks
from heardback.sources.tables.open_errors import open_errors
from heardback.sources.tables.unpacking import member_names, pieces_of

# What a spreadsheet shows where a formula cannot be worked out. #N/A is not among them: a list that was looked through
# has no such entry, and nobody wrote it.
ERRORS = ("#NAME?", "#NULL!", "#VALUE!", "#REF!", "#NUM!", "#DIV/0!", "#ERROR!", "#SPILL!", "#CALC!", "#FIELD!")
KNOWN = {error.encode(): error for error in ERRORS}
NOT_THERE, UNNAMED = b"#N/A", "#ERROR!"
SHEETS, BOOK, RELATIONS = "worksheets/", "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
SHEET = re.compile(rb'<(?:\w{1,20}:)?sheet\s[^>]{0,1000}?\w:id=["\']([^"\']{1,100})["\']')
RELATION = re.compile(rb"<(?:\w{1,20}:)?Relationship\s([^>]{0,2000})>")
ID, TARGET = re.compile(rb'\bId=["\']([^"\']+)["\']'), re.compile(rb'\bTarget=["\']([^"\']+)["\']')
CELL = re.compile(rb"<(?:\w{1,20}:)?c\s")
MARK = re.compile(rb"""\st=["']e["']""")
PLACE = re.compile(rb"""\sr=["']([A-Z]{1,3})([0-9]{1,7})["']""")
SHOWN = re.compile(rb"<(?:\w{1,20}:)?v[^>]{0,50}>\s{0,20}(#[^<]{1,20}?)\s{0,20}<")
FORMULA = re.compile(rb"<(?:\w{1,20}:)?f[\s/>]")
TEXTUAL = re.compile(rb"""\st=["'](?:str|s|inlineStr|e|b|d)["']""")
RESULT = re.compile(rb"<(?:\w{1,20}:)?v(?:\s[^>]{0,50})?>\s{0,20}[^<\s]")
LONGEST_TAG = 500  # bytes of a cell's tag, behind which its formula stands
TAG = 30  # bytes, in which a cell's tag may have begun
LONGEST = 20_000  # bytes of a cell; a formula has 8,192 characters at the most

Shown = tuple[int, int, str]


def errors_shown(content: bytes, name: str, position: int) -> Iterator[Shown]:
    """What the sheet at a position of the workbook shows: row and column, from 0, and the error.

    Costs a third of a second for 100 MB of XML.
    """
    if OPEN in member_names(content, name):
        for row, column, shown in open_errors(lambda: cut_between_marks(pieces_of(content, name, OPEN)), position):
            if shown.strip() != NOT_THERE:
                yield row, column, KNOWN.get(shown.strip(), UNNAMED)
        return
    member = _member_at(content, name, position)
    for piece in _whole_cells(pieces_of(content, name, member)) if member else ():
        for mark in MARK.finditer(piece):
            yield from _error_at(piece, mark)
        for formula in FORMULA.finditer(piece):
            yield from _never_worked_out(piece, formula.start())


def _error_at(piece: bytes, mark: re.Match[bytes]) -> Iterator[Shown]:
    begins, ends = piece.rfind(b"<", 0, mark.start()), piece.find(b">", mark.end())
    place, following = PLACE.search(piece[begins:ends]), CELL.search(piece, ends)
    shown = SHOWN.search(piece, ends, following.start() if following else len(piece))
    error = KNOWN.get(shown[1], "") if shown else ""
    if place and error and CELL.match(piece, begins):
        yield int(place[2]) - 1, column_number(place[1]) - 1, error


def _never_worked_out(piece: bytes, formula: int) -> Iterator[Shown]:
    """A formula without a result: a program wrote it, and no spreadsheet has opened the file since.

    Text that is worked out to be blank has a result, which says that it is text (t="str").
    """
    begins = [cell.start() for cell in CELL.finditer(piece, max(formula - LONGEST_TAG, 0), formula)]
    following = CELL.search(piece, formula)
    cell = piece[begins[-1] : following.start() if following else len(piece)] if begins else b""
    place = PLACE.search(cell, 0, cell.find(b">") + 1)
    if place and not TEXTUAL.search(cell, 0, cell.find(b">")) and not RESULT.search(cell):
        yield int(place[2]) - 1, column_number(place[1]) - 1, UNNAMED


def _member_at(content: bytes, name: str, position: int) -> str:
    """The file of the zip in which a sheet lies; '' where there is none."""
    members = member_names(content, name)
    sheets = [member for member in members if SHEETS in member]
    if len(sheets) == 1 or not {BOOK, RELATIONS} <= {*members}:
        return sheets[0] if len(sheets) == 1 else ""
    ids = SHEET.findall(b"".join(pieces_of(content, name, BOOK)))
    targets = dict(_relations(b"".join(pieces_of(content, name, RELATIONS))))
    target = targets.get(ids[position], "") if position < len(ids) else ""
    return next((sheet for sheet in sheets if target and sheet.endswith(target.removeprefix("/"))), "")


def _relations(written: bytes) -> Iterator[tuple[bytes, str]]:
    for attributes in RELATION.findall(written):
        known, target = ID.search(attributes), TARGET.search(attributes)
        if known and target:
            yield known[1], target[1].decode("utf-8", "replace")


def _whole_cells(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The same bytes, cut before a cell begins."""
    rest = b""
    for piece in pieces:
        whole = rest + piece
        begins = [cell.start() for cell in CELL.finditer(whole, max(len(whole) - LONGEST, 0))]
        cut = begins[-1] if begins else max(len(whole) - TAG, 0)
        yield whole[:cut]
        rest = whole[cut:]
    yield rest
