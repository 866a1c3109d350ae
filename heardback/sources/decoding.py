"""Bytes become text by the map's list of encodings, in order; a fall-back is flagged, never guessed silently."""

import codecs

from heardback.domain.table import Note
from heardback.errors import Unreadable

SAMPLE = 4096  # bytes looked at to recognise UTF-16; its blank halves show at once


def decode(content: bytes, name: str, encodings: tuple[str, ...]) -> tuple[str, str, list[Note]]:
    """The text, the encoding used, and what to note. Raises Unreadable for UTF-16 that the map does not list."""
    usable = _usable(content, name, encodings)
    for encoding in usable:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return text, encoding, _fallback_note(encoding, usable)
    text = content.decode(usable[-1], errors="replace")
    lost = text.count("\N{REPLACEMENT CHARACTER}")
    what = f"{lost} bytes are not {usable[-1]} and were replaced"
    return text, usable[-1], [*_fallback_note(usable[-1], usable), Note("undecodable", what)]


def _fallback_note(encoding: str, usable: list[str]) -> list[Note]:
    if encoding == usable[0]:
        return []
    return [Note("encoding_fallback", f"the file is not {usable[0]}; it was read as {encoding}")]


def _usable(content: bytes, name: str, encodings: tuple[str, ...]) -> list[str]:
    """The listed encodings that suit: UTF-16 decodes nearly anything, so it is tried only on what looks like it."""
    wide = [encoding for encoding in encodings if _is_utf16(encoding)]
    if not _looks_like_utf16(content):
        return [encoding for encoding in encodings if encoding not in wide] or list(encodings)
    if not wide:
        raise Unreadable(
            "the file is in UTF-16, which its map does not list",
            where=name,
            do="add utf-16 to the map's file.encodings, or save the file as CSV UTF-8",
        )
    return wide


def _is_utf16(encoding: str) -> bool:
    return codecs.lookup(encoding).name.startswith("utf-16")


def _looks_like_utf16(content: bytes) -> bool:
    sample = content[:SAMPLE]
    return sample.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or sample.count(0) > len(sample) / 5
