"""Files that hold no table at all, told by their first bytes: a web page, a picture, what another program packed."""

import re
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from pathlib import PurePosixPath

from heardback.errors import Unreadable

LOOKED_AT = 1024  # bytes
MARKS = BOM_UTF8 + BOM_UTF16_LE
NOTHING = b"\0 \t\r\n"
MARKUP = re.compile(rb"<(?:!doctype|!--|html|head|body|meta|title|link|script|style|form|table)[\s>-]")
XML, PAGE = b"<?xml", re.compile(rb"<(?:!doctype\s+)?html[\s>]")
AS_TABLE, UNPACKED = "export the answers as CSV or xlsx", "unpack it, or pack it as a zip"
BEGINNINGS = (
    (b"%PDF", "a PDF", AS_TABLE),
    (rb"{\rtf", "a text document (RTF)", AS_TABLE),
    (b"\x89PNG", "a picture", AS_TABLE),
    (b"\xff\xd8\xff", "a picture", AS_TABLE),
    (b"GIF8", "a picture", AS_TABLE),
    (b"\x1f\x8b", "packed by gzip", UNPACKED),
    (b"BZh", "packed by bzip2", UNPACKED),
    (b"\xfd7zXZ", "packed by xz", UNPACKED),
    (b"\x28\xb5\x2f\xfd", "packed by zstd", UNPACKED),
    (b"7z\xbc\xaf", "packed by 7-Zip", UNPACKED),
    (b"Rar!", "packed by RAR", UNPACKED),
    (b"SQLite format 3\0", "a database", AS_TABLE),
    (b"PAR1", "a Parquet file", AS_TABLE),
)
DOCUMENTS = ((b"word/document.xml", "a Word document"), (b"ppt/presentation.xml", "a presentation"))


def refuse_foreign(content: bytes, name: str) -> None:
    """Raise Unreadable for an empty file, Excel's lock file, and whatever is known to be no table."""
    if PurePosixPath(name.rsplit(": ", 1)[-1]).name.startswith("~$"):
        do = "take the file of the same name without ~$"
        raise Unreadable("this is the lock file that lies beside an open workbook", where=name, do=do)
    start = _beginning(content)
    if not start.strip(NOTHING) and not content.lstrip(MARKS).strip(NOTHING):
        raise Unreadable("the file is empty", where=name, do="export it again")
    for beginning, what, do in BEGINNINGS:
        if start.startswith(beginning):
            raise Unreadable(f"this is {what}, and no table", where=name, do=do)
    _refuse_markup(start.lstrip().lower(), name)
    if content.startswith(b"PK"):
        for part, what in DOCUMENTS:
            if part in content:
                raise Unreadable(f"this is {what}, and no table", where=name, do=AS_TABLE)


def _beginning(content: bytes) -> bytes:
    """The first bytes without a byte order mark; of UTF-16 that has one, as they would be in UTF-8."""
    if content.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        return content[:LOOKED_AT].decode("utf-16", "ignore").encode()
    return content[:LOOKED_AT].removeprefix(BOM_UTF8)


def _refuse_markup(start: bytes, name: str) -> None:
    if MARKUP.match(start) or (start.startswith(XML) and PAGE.search(start)):
        raise Unreadable("this is a web page, perhaps a log-in page saved as a file", where=name, do="export it again")
    if start.startswith(XML):
        what = "this is XML: a workbook as Excel 2003 saved it, or a server's error message"
        raise Unreadable(what, where=name, do="open it and look; export the answers as CSV or xlsx")
