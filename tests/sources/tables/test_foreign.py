"""Files that hold no table are refused by what they are, and not as a table that is out of order."""

import gzip

import pytest

from config.layout import FileShape
from heardback.errors import Unreadable
from heardback.sources.drafting.laying_out import lay_out
from heardback.sources.tables.foreign import refuse_foreign
from heardback.sources.tables.reading import read_table

LOCK = b"\x08Dee Okoro" + b" " * 46 + b"\x09" + "Dee Okoro".encode("utf-16-be") + b" \0" * 50
DOCUMENT = b"PK\x03\x04" + bytes(26) + b"word/document.xml<w:t>zebra</w:t>"


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (gzip.compress(b"id,improve", mtime=0), "packed by gzip"),
        (b"BZh91AY&SY zebra", "packed by bzip2"),
        (b"7z\xbc\xaf\x27\x1c zebra", "packed by 7-Zip"),
        (b"Rar!\x1a\x07\x01 zebra", "packed by RAR"),
        (b"\x89PNG\r\n\x1a\n zebra", "a picture"),
        (b"%PDF-1.7 zebra", "a PDF"),
        (rb"{\rtf1\ansi zebra}", "a text document"),
        (b"SQLite format 3\0" + bytes(500), "a database"),
        (DOCUMENT, "a Word document"),
        (b"<?xml version='1.0'?><Workbook>zebra</Workbook>", "XML: a workbook as Excel 2003 saved it"),
        (b"<?xml version='1.0'?>\n<!DOCTYPE html><html>zebra</html>", "a web page"),
        ("<!DOCTYPE html><p>zebra".encode("utf-16"), "a web page"),
        (bytes(5000), "the file is empty"),
        (b"\xff\xfe", "the file is empty"),
    ],
)
def test_what_is_no_table_is_told_by_its_kind(content: bytes, what: str) -> None:
    for read in (lambda: read_table(content, "export.csv", FileShape()), lambda: lay_out(content, "export.csv")):
        with pytest.raises(Unreadable) as refusal:
            read()
        assert what in str(refusal.value)
        assert refusal.value.do
        assert "zebra" not in str(refusal.value)


@pytest.mark.parametrize("name", ["~$export.xlsx", "inbox/~$export.xlsx", "export.zip: ~$export.xlsx"])
def test_a_lock_file_is_told_by_its_name(name: str) -> None:
    with pytest.raises(Unreadable, match=r"take the file of the same name without ~\$"):
        lay_out(LOCK, name)


@pytest.mark.parametrize("content", ["id,improve\n1,<html>", "Bzh,PK\n1,2\n", "<b>id</b>,improve\n", "PAR,1\n"])
def test_a_table_is_taken_for_nothing_else(content: str) -> None:
    refuse_foreign(content.encode(), "export.csv")
