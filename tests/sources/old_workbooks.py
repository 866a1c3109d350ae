"""Old workbooks (xls) as bytes, written record by record into a compound file."""

import struct

SECTOR = 512
LAST, FREE, TABLE = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD
SMALLEST = 4096  # bytes; a shorter stream would lie among the small ones


def record(kind: int, body: bytes) -> bytes:
    return struct.pack("<HH", kind, len(body)) + body


def words(row: int, column: int, text: str) -> bytes:
    """A cell with its own text, as Excel 5 wrote it."""
    return record(0x204, struct.pack("<HHHH", row, column, 0, len(text)) + text.encode("cp1252"))


def shared(row: int, column: int, number: int) -> bytes:
    """A cell that says the text of that number."""
    return record(0xFD, struct.pack("<HHHI", row, column, 0, number))


def texts(*parts: bytes) -> bytes:
    """The shared texts; each further part goes on in a record of its own."""
    return record(0xFC, parts[0]) + b"".join(record(0x3C, part) for part in parts[1:])


def an_old_workbook(*sheets: bytes, texts: bytes = b"", version: int = 0x600, upset: bool = False) -> bytes:
    """A workbook of sheets' records. With `upset`, its sectors do not lie in the order in which they are read."""
    begin = struct.pack("<HHHH", version, 0x10, 0, 0)
    bodies = [record(0x809, begin) + sheet + record(0x0A, b"") for sheet in sheets]
    names = [f"S{number}".encode() for number in range(len(sheets))]
    mark = b"\0" if version >= 0x600 else b""  # the letters of its name are one byte each
    front = record(0x809, struct.pack("<HHHH", version, 0x05, 0, 0)) + record(0x42, struct.pack("<H", 1200))
    size = len(front) + sum(4 + 6 + 1 + len(mark) + len(name) for name in names) + len(texts) + 4
    places = [size + sum(map(len, bodies[:number])) for number in range(len(bodies))]
    bounds = b"".join(
        record(0x85, struct.pack("<IHB", place, 0, len(name)) + mark + name)
        for place, name in zip(places, names, strict=True)
    )
    stream = front + bounds + texts + record(0x0A, b"") + b"".join(bodies)
    return _compound(stream.ljust(SMALLEST, b"\0"), "Workbook" if version >= 0x600 else "Book", upset=upset)


def _compound(stream: bytes, title: str, *, upset: bool) -> bytes:
    sectors = [stream[at : at + SECTOR].ljust(SECTOR, b"\0") for at in range(0, len(stream), SECTOR)]
    tables = 1 + len(sectors) // (SECTOR // 4 - 1)
    order = [*range(len(sectors))]
    if upset:
        order = order[::2] + order[1::2]
    first = tables + 1  # behind the tables and the folder
    following = [TABLE] * tables + [LAST] + [FREE] * len(sectors)
    for here, there in zip(range(len(sectors)), [*range(1, len(sectors)), None], strict=True):
        following[first + order.index(here)] = LAST if there is None else first + order.index(there)
    following += [FREE] * (tables * SECTOR // 4 - len(following))
    head = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(10)
    head += struct.pack("<8I", tables, tables, 0, SMALLEST, LAST, 0, LAST, 0)
    head += struct.pack("<109I", *[*range(tables), *[FREE] * (109 - tables)])
    folder = _entry("Root Entry", 5, LAST, 0, child=1) + _entry(title, 2, first + order.index(0), len(stream))
    whole = struct.pack(f"<{len(following)}I", *following) + folder.ljust(SECTOR, b"\0")
    return head[:SECTOR] + whole + b"".join(sectors[number] for number in order)


def _entry(title: str, kind: int, first: int, length: int, child: int = -1) -> bytes:
    name = title.encode("utf-16-le") + b"\0\0"
    body = name.ljust(64, b"\0") + struct.pack("<HBBiii", len(name), kind, 1, -1, -1, child) + bytes(36)
    return (body + struct.pack("<III", first, length, 0)).ljust(128, b"\0")
