"""How much room an old workbook (xls) will take, counted in its records before anybody lays its cells out.

Five kilobytes can say that a cell stands in IV65536, and two megabytes 60,000 times the same long text: laid out, they
take gigabytes.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from heardback.sources.tables.expanse import MOST_CHARACTERS, Expanse, too_long, too_wide
from heardback.sources.tables.unpacking import damaged

SECTOR_SHIFT, SMALL_SHIFT, TABLES, FIRST_TABLES = 30, 32, 76, 109  # where a compound file's header has them
FOLDER, SMALLEST, SMALL_TABLE, MORE_TABLES = 48, 56, 60, 68
ENTRY = 128  # bytes of an entry of its folder
STREAMS = ("Workbook", "Book")
BEGINS, CONTINUES, TEXTS, TEXT_NUMBER, SEVERAL = 0x809, 0x3C, 0xFC, 0xFD, 0xBD
CELLS = {0x06, 0xBD, 0xD6, 0xFD, 0x203, 0x204, 0x205, 0x206, 0x27E, 0x406}  # records of cells with something in them
SAYS_EXPANSE, LONG_EXPANSE = 0x200, 12  # a record, and its bytes since Excel 97
MOST_ROWS, MOST_COLUMNS = 65_536, 256  # of an xls
SHORTEST = 3  # bytes of a text
WIDE, RICH, FOREIGN = 1, 8, 4  # marks of a text


@dataclass
class OldExpanse:
    """The expanses of a workbook's sheets, which of its texts stand in cells, and how long each text is."""

    sheets: list[Expanse]
    said: list[int] = field(default_factory=list)
    texts: list[bytes] = field(default_factory=list)

    def characters(self) -> int:
        """How long the texts come to, once every cell holds its own; counted exactly only where it may be much."""
        most = len(self.said) * min(sum(map(len, self.texts)), 32_767)
        if most <= len(self.said) * 1_000:
            return most
        try:
            lengths = list(_lengths(self.texts))
        except (struct.error, LookupError):
            raise LookupError from None
        return sum(lengths[number] for number in self.said if number < len(lengths))


def refuse_old_expanse(content: bytes, name: str) -> None:
    """Raise Unreadable where an xls's cells would take far more room than what stands in them, or where it is damaged.

    The library that lays it out does not always say so: it may end the whole process.
    """
    try:
        found = old_expanse(content)
        characters = found.characters()
    except LookupError:
        raise damaged(name, "its parts do not follow each other") from None
    for sheet in found.sheets:
        if sheet.is_too_wide:
            raise too_wide(sheet, name)
    if characters > MOST_CHARACTERS:
        raise too_long(name)


def old_expanse(content: bytes) -> OldExpanse:
    """Count the cells of an xls: half a second for ten megabytes. Raises LookupError where it cannot be followed."""
    try:
        return _count(_stream(content))
    except (struct.error, LookupError):
        raise LookupError from None


def _count(stream: bytes) -> OldExpanse:
    found, cells, rows, columns, before = OldExpanse([]), 0, 0, 0, 0
    for kind, body in _records(stream):
        if kind == BEGINS:
            found.sheets.append(Expanse(cells, rows * columns))
            cells, rows, columns = 0, 0, 0
        elif kind in CELLS:
            row, column = struct.unpack_from("<HH", body)
            last = struct.unpack_from("<H", body, len(body) - 2)[0] if kind == SEVERAL else column
            cells += last - column + 1
            rows, columns = max(rows, row + 1), max(columns, last + 1)
            if kind == TEXT_NUMBER:
                found.said.append(struct.unpack_from("<I", body, 6)[0])
        elif kind == TEXTS or (kind == CONTINUES and before == TEXTS and found.texts):
            found.texts.append(body)
            kind = TEXTS
        before = kind
        if kind == SAYS_EXPANSE:
            _refuse_untrue(body)
    found.sheets.append(Expanse(cells, rows * columns))
    if found.texts and struct.unpack_from("<I", found.texts[0], 4)[0] * SHORTEST > sum(map(len, found.texts)):
        raise LookupError
    return found


def _refuse_untrue(said: bytes) -> None:
    """A sheet says how far it reaches, and room is made for that: more than there can be means damage."""
    first, rows, left, columns = struct.unpack_from("<IIHH" if len(said) >= LONG_EXPANSE else "<HHHH", said)
    if not (first <= rows <= MOST_ROWS and left <= columns <= MOST_COLUMNS):
        raise LookupError


def _records(stream: bytes) -> Iterator[tuple[int, bytes]]:
    at = 0
    while at + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, at)
        yield kind, stream[at + 4 : at + 4 + length]
        at += 4 + length


def _lengths(texts: list[bytes]) -> Iterator[int]:
    """The length of each shared text in characters; one may go on in the next record, behind a mark of its own."""
    part, at = 0, 8
    while True:
        while part < len(texts) and at >= len(texts[part]):
            part, at = part + 1, at - len(texts[part])
        if part >= len(texts):
            return
        length, marks = struct.unpack_from("<HB", texts[part], at)
        at += 3
        runs = struct.unpack_from("<H", texts[part], at)[0] if marks & RICH else 0
        at += 2 if marks & RICH else 0
        rest = struct.unpack_from("<I", texts[part], at)[0] if marks & FOREIGN else 0
        at += 4 if marks & FOREIGN else 0
        left, size = length, 1 + (marks & WIDE)
        while left > (here := (len(texts[part]) - at) // size):
            part, left = part + 1, left - here
            size, at = 1 + (texts[part][0] & WIDE), 1
        at += left * size + 4 * runs + rest
        yield length


def _stream(content: bytes) -> bytes:
    """The stream of a compound file in which the workbook lies, however it is cut up in the file."""
    size, small_size = (1 << struct.unpack_from("<H", content, at)[0] for at in (SECTOR_SHIFT, SMALL_SHIFT))
    if not 128 <= size <= 4096 or small_size > size:
        raise LookupError
    following = _table(content, size)
    folder = _chain(content, struct.unpack_from("<I", content, FOLDER)[0], size, following, size)
    entries = {_title(folder, at): struct.unpack_from("<II", folder, at + 116) for at in range(0, len(folder), ENTRY)}
    first, length = next((entries[title] for title in STREAMS if title in entries), (0, 0))
    if not length:
        raise LookupError
    if length >= struct.unpack_from("<I", content, SMALLEST)[0]:
        return _chain(content, first, size, following, size)[:length]
    whole = _chain(content, entries["Root Entry"][0], size, following, size)
    table = _chain(content, struct.unpack_from("<I", content, SMALL_TABLE)[0], size, following, size)
    return _chain(whole, first, small_size, struct.unpack(f"<{len(table) // 4}I", table), 0)[:length]


def _title(folder: bytes, at: int) -> str:
    letters = struct.unpack_from("<H", folder, at + 64)[0]
    return folder[at : at + max(letters - 2, 0)].decode("utf-16-le", "replace")


def _table(content: bytes, size: int) -> tuple[int, ...]:
    """Which sector follows which, in the whole file."""
    tables = list(struct.unpack_from(f"<{FIRST_TABLES}I", content, TABLES))
    more, per = struct.unpack_from("<I", content, MORE_TABLES)[0], size // 4
    while (more + 2) * size <= len(content) and len(tables) * size <= len(content):
        *further, more = struct.unpack_from(f"<{per}I", content, (more + 1) * size)
        tables += further
    known = [table for table in tables if (table + 2) * size <= len(content)]
    return tuple(number for table in known for number in struct.unpack_from(f"<{per}I", content, (table + 1) * size))


def _chain(content: bytes, first: int, size: int, following: tuple[int, ...], before: int) -> bytes:
    """The sectors from the first on, joined; `before` is how many bytes stand before sector 0. Raises IndexError."""
    sectors, at = list[bytes](), first
    while at < 0xFFFFFFF0:
        if len(sectors) > len(following):
            raise IndexError
        sectors.append(content[before + at * size : before + (at + 1) * size])
        at = following[at]
    return b"".join(sectors)
