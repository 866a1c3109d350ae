"""Which of the sample's words stand where they must not: every comment against every place that a run writes to.

A comment is looked for by its runs of five words (by its four, where a sentence has no more), so that a quotation cut
short is found as well. What staff and Heardback wrote themselves is no evidence and left out.
"""

import html
import re
import sqlite3
from base64 import b64decode
from binascii import Error as NotBase64
from collections.abc import Iterable, Iterator
from contextlib import closing
from functools import lru_cache
from gzip import decompress
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

from python_calamine import CalamineWorkbook

RUN, SHORT, SHORT_LETTERS = 5, 4, 16
ALLOWED = {("comment", "text"), ("quarantined_row", "cells")}  # and raw/, where the files themselves are kept
Canaries = frozenset[tuple[str, ...]]


def canaries_of(comments: Iterable[str], own_words: Iterable[str] = ()) -> Canaries:
    """What to look for."""
    said = {run for comment in comments for sentence in _sentences(comment) for run in _runs_to_find(sentence)}
    ours = {run for text in own_words for length in (RUN, SHORT) for run in _windows(_words(text), length)}
    return frozenset(said - ours)


@lru_cache(maxsize=2_000)  # copies of the demo's database differ in a column, and what was read once is known
def found_in(text: str, canaries: Canaries) -> list[str]:
    """The canaries that stand in a text, however it escapes its characters."""
    words = _words(_unescaped(text))
    return [" ".join(run) for length in (RUN, SHORT) for run in _windows(words, length) if run in canaries]


def comments_in(database: Path) -> list[str]:
    """Every comment that landed."""
    with closing(sqlite3.connect(database)) as connection:
        return [text for (text,) in connection.execute("SELECT text FROM comment")]


def columns_of(database: Path) -> Iterator[tuple[str, str]]:
    """Everything in a database but the two columns that are made for words: the column's name, all its values."""
    with closing(sqlite3.connect(database)) as connection:
        connection.text_factory = lambda raw: raw.decode("utf-8", "replace")
        for (table,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
            for _, column, *_ in connection.execute(f'PRAGMA table_info("{table}")').fetchall():
                if (table, column) not in ALLOWED:
                    rows = connection.execute(f'SELECT "{column}" FROM "{table}"')
                    yield f"{table}.{column}", "\n".join(str(value) for (value,) in rows)


def files_in(folder: Path) -> Iterator[tuple[str, str]]:
    """Every file under a folder as text, whatever it is: what Prefect pickled unpacked, workbooks and zips opened."""
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        yield str(path), text_of(path.read_bytes())


def text_of(content: bytes) -> str:
    """All that can be read in some bytes."""
    if content.startswith(b"PK\x03\x04"):
        with ZipFile(BytesIO(content)) as archive:
            return "\n".join(text_of(archive.read(name)) for name in archive.namelist())
    if content.startswith(b"\x1f\x8b"):
        return text_of(decompress(content))
    return "\n".join([content.decode("utf-8", "ignore"), *_unpacked(content)])


def staff_words(checkout: Path) -> Iterator[str]:
    """What staff wrote (registers, notes, configuration) and what Heardback itself says."""
    for pattern in (
        "sample/*.jsonl",
        "sample/registers/*.csv",
        "config/**/*.yaml",
        "heardback/**/*.j2",
        "heardback/**/*.html",
    ):
        yield from (path.read_text(encoding="utf-8-sig") for path in checkout.glob(pattern))
    yield from (path.read_text(encoding="utf-8") for path in (checkout / "heardback").rglob("*.py"))
    for path in (checkout / "sample" / "registers").glob("*.xlsx"):
        book = CalamineWorkbook.from_path(path)
        yield from (
            str(cell) for name in book.sheet_names for row in book.get_sheet_by_name(name).to_python() for cell in row
        )


def _sentences(comment: str) -> list[str]:
    return re.split(r"[.!?\n]+", comment)


def _runs_to_find(sentence: str) -> Iterator[tuple[str, ...]]:
    words = _words(sentence)
    if len(words) == SHORT and len(" ".join(words)) >= SHORT_LETTERS:
        yield tuple(words)
    yield from _windows(words, RUN)


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", text.casefold())


def _windows(words: list[str], length: int) -> Iterator[tuple[str, ...]]:
    return zip(*(words[start:] for start in range(length)), strict=False)


def _unescaped(text: str) -> str:
    """Text as people read it, out of HTML and out of JSON."""
    plain = re.sub(r"\\+u([0-9a-fA-F]{4})", lambda match: chr(int(match[1], 16)), text)
    return html.unescape(re.sub(r"\\+[nrt]", " ", plain))


def _unpacked(content: bytes) -> Iterator[str]:
    """What stands in base64 somewhere in it: as a whole with its line ends, and each run of it by itself."""
    runs = [re.sub(rb"\s", b"", content), *re.findall(rb"[A-Za-z0-9+/_-]{24,}={0,2}", content)]
    for run in runs:
        try:
            yield b64decode(run.replace(b"-", b"+").replace(b"_", b"/") + b"==").decode("utf-8", "ignore")
        except NotBase64:
            continue
