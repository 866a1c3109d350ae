"""Bytes become text by the map's list of encodings, in order; a fall-back is flagged, never guessed silently."""

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache, partial
from io import BytesIO, TextIOWrapper
from typing import TextIO

from heardback.domain.plurals import some
from heardback.domain.table import Note
from heardback.errors import Unreadable

SAMPLE = 4096  # bytes looked at to recognise UTF-16; its blank halves show at once
AT_ONCE = 1_000_000  # bytes; a text that is decoded whole takes up to four bytes a character beside them
LETTERS = re.compile(r"[^\x00-\x7f]")
STRAY = re.compile("[\udc80-\udcff]")  # how Python shows a byte that is not of the encoding, where it is asked to


@dataclass(frozen=True)
class Text:
    """A file's bytes, to be read as text line by line, how often one likes; and what to note of their encoding."""

    content: bytes = field(repr=False)
    encoding: str
    errors: str = "strict"
    notes: tuple[Note, ...] = ()

    def lines(self) -> TextIO:
        """Its lines, with their ends as they are."""
        return TextIOWrapper(BytesIO(self.content), self.encoding, self.errors, newline="")


def decode(content: bytes, name: str, encodings: tuple[str, ...]) -> Text:
    """The first encoding that fits; bytes that fit none are replaced. Raises Unreadable for UTF-16 not listed."""
    usable = _usable(content, name, encodings)
    for encoding in usable:
        try:
            for _ in _pieces(content, encoding, "strict"):
                pass
        except UnicodeDecodeError:
            if _is_utf8(encoding) and (mixed := _mostly_utf8(content, encoding, usable)):
                return mixed
            continue
        return Text(content, encoding, notes=_fallback_note(encoding, usable))
    last = usable[-1]
    lost = sum(piece.count("\N{REPLACEMENT CHARACTER}") for piece in _pieces(content, last, "replace"))
    what = (
        f"{some(lost, 'byte is', 'bytes are')} not {last} and {'was' if lost == 1 else 'were'} replaced unless mended"
    )
    note = Note("undecodable", what)
    return Text(content, *_with_holes(last), notes=(*_fallback_note(last, usable), note))


def _mostly_utf8(content: bytes, encoding: str, usable: list[str]) -> Text | None:
    """UTF-8 into which somebody pasted a few bytes of another encoding: those alone are read by the next one listed.

    Read as that one throughout, every other letter would have to be mended, and not all can be. None where it is not
    UTF-8 at all: no more letters of it than bytes that are none.
    """
    others = [other for other in usable[usable.index(encoding) + 1 :] if not _is_utf8(other)]
    if not others:
        return None
    strays, letters, line = _strays_in(content, encoding)
    if letters <= strays:
        return None
    what = f"{some(strays, 'byte is', 'bytes are')} not {encoding} and {'was' if strays == 1 else 'were'}"
    note = Note("encoding_fallback", f"{what} read as {others[0]}: first in line {line} of the file")
    return Text(content, encoding, _strays_read_as(others[0]), notes=(note,))


def _strays_in(content: bytes, encoding: str) -> tuple[int, int, int]:
    """How many bytes are not of an encoding, how many letters beyond ASCII are, and the line of the first such byte."""
    strays, letters, line = 0, 0, 1
    for piece in _pieces(content, encoding, "surrogateescape"):
        here = len(STRAY.findall(piece))
        letters += len(LETTERS.findall(piece)) - here
        if not strays:
            line += STRAY.split(piece, maxsplit=1)[0].count("\n")
        strays += here
    return strays, letters, line


@lru_cache
def _strays_read_as(other: str) -> str:
    """The name under which decoders know to read by another encoding what is not of theirs."""
    name = f"heardback-strays-{other}"
    codecs.register_error(name, partial(_read_stray, other))
    return name


def _read_stray(other: str, error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return error.object[error.start : error.end].decode(other, "replace"), error.end


def _with_holes(encoding: str) -> tuple[str, str]:
    """How to read what an encoding does not have: replaced, save in cp1252.

    What that lacks may be half a letter of UTF-8, which `repair` mends; only what is a hole still is then replaced.
    """
    if codecs.lookup(encoding).name != "cp1252":
        return encoding, "replace"
    import ftfy.bad_codecs  # noqa: F401  # which knows cp1252 with its holes; half a second, and most files need none

    return "sloppy-windows-1252", "strict"


def _pieces(content: bytes, encoding: str, errors: str) -> Iterator[str]:
    decoder = codecs.getincrementaldecoder(encoding)(errors)
    for start in range(0, len(content), AT_ONCE):
        yield decoder.decode(content[start : start + AT_ONCE])
    yield decoder.decode(b"", final=True)


def _fallback_note(encoding: str, usable: list[str]) -> tuple[Note, ...]:
    if encoding == usable[0]:
        return ()
    return (Note("encoding_fallback", f"the file is not {usable[0]}; it was read as {encoding}"),)


def _usable(content: bytes, name: str, encodings: tuple[str, ...]) -> list[str]:
    """The listed encodings that suit: UTF-16 decodes nearly anything, so it is tried only on what looks like it."""
    wide = [encoding for encoding in encodings if _is_utf16(encoding)]
    if content.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        raise Unreadable("the file is in UTF-32", where=name, do="save it as CSV UTF-8")
    if not _looks_like_utf16(content):
        return [encoding for encoding in encodings if encoding not in wide] or list(encodings)
    if not wide:
        raise Unreadable(
            "the file is in UTF-16, which its map does not list",
            where=name,
            do="add utf-16 to the map's file.encodings, or save the file as CSV UTF-8",
        )
    return [_with_its_end(encoding, content) for encoding in wide]


def _with_its_end(encoding: str, content: bytes) -> str:
    """UTF-16 without its mark does not say which half comes first: in Latin letters, the blank one tells."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or codecs.lookup(encoding).name != "utf-16":
        return encoding
    first, second = (content[start:SAMPLE:2].count(0) for start in (0, 1))
    return "utf-16-be" if first > second else "utf-16-le"


def _is_utf8(encoding: str) -> bool:
    return codecs.lookup(encoding).name in ("utf-8", "utf-8-sig")


def _is_utf16(encoding: str) -> bool:
    return codecs.lookup(encoding).name.startswith("utf-16")


def _looks_like_utf16(content: bytes) -> bool:
    sample = content[:SAMPLE]
    if sample.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return True
    fewer, more = sorted((sample[::2].count(0), sample[1::2].count(0)))
    return fewer + more > len(sample) / 5 and fewer * 3 < more  # in NULs that stand for nothing, no half is blank
