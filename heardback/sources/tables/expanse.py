"""How much room a workbook's cells will take, counted in its XML before anybody lays them out.

A few hundred bytes can say that a cell stands in XFD1048576, or a million times "the text number 0, which is 30,000
characters long": the cells would fill the memory, and no limit on what a file unpacks to sees it.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from heardback.errors import Unreadable
from heardback.sources.tables.open_expanse import OpenExpanse
from heardback.sources.tables.unpacking import member_names, pieces_of

# Places from the first cell to the last (75 MB a million), and how many times as many as there are cells is too many.
TOO_WIDE = ((1_000_000, 100), (10_000_000, 20))
MOST_SHEETS = 200  # each costs 5 ms to look into
MOST_SAID, TOO_OFTEN, MOST_SPACES = 20_000, 20, 1_000_000  # cells of an ods that are only repeated
MOST_CHARACTERS = 500_000_000  # in all cells, as many as a file may unpack to
LONGEST_RUN = 1_000_000  # characters without a mark; Excel's own cells hold 32,767
OPEN = "content.xml"
SHEETS, SHARED = "worksheets/", "sharedStrings"  # where a workbook keeps them
PLACE = re.compile(rb'\sr=["\']([A-Z]{0,9})([0-9]{1,12})["\']')
TEXT_NUMBER = re.compile(rb't=["\']s["\'][^>]{0,200}>\s{0,20}<(?:\w{1,20}:)?v[^>]{0,50}>\s{0,20}([0-9]{1,10})')
TEXT_ENDS = re.compile(rb"</(?:\w{1,20}:)?si\s{0,20}>|<(?:\w{1,20}:)?si\s{0,20}/>")
OVERLAP = 400  # bytes: no mark is longer


@dataclass(frozen=True)
class Expanse:
    """The cells that stand in a sheet, and the places between the first of them and the last."""

    cells: int
    places: int

    @property
    def is_too_wide(self) -> bool:
        """Does it hold hardly anything for the room that it takes?"""
        return any(self.places > max(places, times * self.cells) for places, times in TOO_WIDE)


def refuse_expanse(content: bytes, name: str) -> None:
    """Nothing where an xlsx or ods is as large as it looks. Costs about a second for 100 MB of XML.

    Raises Unreadable where its cells would take far more room than what stands in them, or is damaged.
    """
    members = member_names(content, name)
    if OPEN in members:
        _refuse_open_expanse(content, name)
    sheets = [member for member in members if SHEETS in member]
    if len(sheets) > MOST_SHEETS:
        raise Unreadable(f"there are {len(sheets):,} sheets", where=name, do="save the sheet of the answers by itself")
    cells = sum(_cells_of(content, name, sheet) for sheet in sheets)
    lengths = [
        length for member in members if SHARED in member for length in text_lengths(_pieces(content, name, member))
    ]
    if max(lengths, default=0) * cells <= MOST_CHARACTERS:
        return  # however they are spread; to look at each cell takes as long again
    if sum(characters_of(pieces_of(content, name, sheet), lengths) for sheet in sheets) > MOST_CHARACTERS:
        raise too_long(name)


def _cells_of(content: bytes, name: str, sheet: str) -> int:
    """How many cells stand in a sheet."""
    expanse = expanse_of(_pieces(content, name, sheet))
    if expanse.is_too_wide:
        raise too_wide(expanse, name)
    return expanse.cells


def too_wide(expanse: Expanse, name: str) -> Unreadable:
    """The refusal of a sheet that holds hardly anything for the room that it takes."""
    what = f"a sheet spans {expanse.places:,} cells and {expanse.cells:,} of them are there"
    return Unreadable(what, where=name, do="delete what stands far below or beside the answers, or save it as CSV")


def too_long(name: str) -> Unreadable:
    """The refusal of a workbook whose cells say the same long texts too often."""
    what = f"its cells hold more than {MOST_CHARACTERS // 1_000_000} MB of text, the same again and again"
    return Unreadable(what, where=name, do="export it as CSV")


def _pieces(content: bytes, name: str, member: str) -> Iterator[bytes]:
    """The pieces of a sheet or of the shared texts; one that is text alone is of a cell that takes long to lay out."""
    for piece in pieces_of(content, name, member):
        if len(piece) > LONGEST_RUN and b"<" not in piece:
            raise Unreadable("a cell holds over a million characters", where=name, do="delete it, or save it as CSV")
        yield piece


def _refuse_open_expanse(content: bytes, name: str) -> None:
    """The same of an ods, in which a cell or a row can be said to stand a billion times."""
    found = OpenExpanse().count(cut_between_marks(pieces_of(content, name, OPEN)))
    expanse = Expanse(found.cells, found.places)
    if expanse.is_too_wide or found.said > max(MOST_SAID, TOO_OFTEN * found.cells):
        raise too_wide(expanse, name)
    if found.spaces > MOST_SPACES:
        raise Unreadable("a cell holds millions of spaces", where=name, do="delete them, or save it as CSV")


def expanse_of(pieces: Iterable[bytes]) -> Expanse:
    """The expanse of one sheet, from the pieces of its XML."""
    cells, last_row, letters = 0, 0, {b""}
    for piece in cut_between_marks(pieces):
        found = PLACE.findall(piece)
        cells += len(found)
        letters.update({column for column, _ in found})
        last_row = max(last_row, max((int(row) for _, row in found), default=0))
    return Expanse(cells, last_row * max(map(column_number, letters)))


def characters_of(pieces: Iterable[bytes], lengths: Sequence[int]) -> int:
    """How long the shared texts of a sheet come to, once every cell holds its own."""
    numbers = (int(number) for piece in cut_between_marks(pieces) for number in TEXT_NUMBER.findall(piece))
    return sum(lengths[number] for number in numbers if number < len(lengths))


def text_lengths(pieces: Iterable[bytes]) -> list[int]:
    """The length of each shared text in bytes, its marks among them."""
    ends, read, rest = [0], 0, b""
    for piece in pieces:
        whole = rest + piece
        found = [match.end() for match in TEXT_ENDS.finditer(whole)]
        ends += [read - len(rest) + end for end in found]
        read += len(piece)
        rest = whole[found[-1] if found else 0 :][-OVERLAP:]
    return [end - start for start, end in pairwise(ends)]


def cut_between_marks(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The same bytes, cut before an end tag, which no mark that is looked for holds."""
    rest = b""
    for piece in pieces:
        whole = rest + piece
        cut = max(whole.rfind(b"</", -OVERLAP), 0)
        yield whole[:cut]
        rest = whole[cut:]
    yield rest


def column_number(letters: bytes) -> int:
    """A column's number: A is 1, XFD 16,384."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return max(number, 1)
