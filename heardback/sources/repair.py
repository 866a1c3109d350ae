"""Text that was damaged on its way is put right where that is certain, and noted; the raw bytes are kept elsewhere."""

import re

import pandas as pd

from heardback.domain.table import Note, note_rows

CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
REPLACED = "\N{REPLACEMENT CHARACTER}"
# UTF-8 read as cp1252: a lead byte shown as a letter, then one to three continuation bytes shown as signs.
LATE = "".join(bytes([byte]).decode("cp1252", errors="ignore") or chr(byte) for byte in range(0x80, 0xC0))
MOJIBAKE = re.compile(f"[\u00c2-\u00f4][{re.escape(LATE)}\u0080-\u009f]{{1,3}}")


def mended(text: str) -> str:
    """The text with every certain case of UTF-8 misread as cp1252 put right."""
    return MOJIBAKE.sub(_mend, text)


def repair(frame: pd.DataFrame) -> tuple[pd.DataFrame, list[Note]]:
    """Control characters out, line breaks as LF, misread UTF-8 put right, lost characters counted."""
    notes: list[Note] = []
    repaired = {}
    for column in frame.columns:
        repaired[column], found = _repair_column(frame[column], str(column))
        notes += found
    return pd.DataFrame(repaired, index=frame.index, columns=frame.columns, dtype="str"), notes


def _repair_column(cells: pd.Series, column: str) -> tuple[pd.Series, list[Note]]:
    controls = cells.str.contains(CONTROL.pattern, regex=True)
    cells = cells.str.replace(CONTROL.pattern, "", regex=True) if controls.any() else cells
    cells = cells.str.replace("\r\n", "\n", regex=False).str.replace("\r", "\n", regex=False)
    suspects = cells.str.contains(MOJIBAKE.pattern, regex=True)
    fixed = cells.where(~suspects, cells[suspects].map(mended).reindex(cells.index)) if suspects.any() else cells
    lost = cells.str.contains(REPLACED, regex=False)
    return fixed, [
        *note_rows("control_characters", "NUL or control characters were removed", controls, column),
        *note_rows("mojibake", "UTF-8 that had been read as cp1252 was put right", fixed != cells, column),
        *note_rows("lost_characters", "characters were lost before the file was written", lost, column),
    ]


def _mend(found: re.Match[str]) -> str:
    raw = b"".join(_as_byte(character) for character in found.group())
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return found.group()


def _as_byte(character: str) -> bytes:
    try:
        return character.encode("cp1252")
    except UnicodeEncodeError:
        return character.encode("latin-1")  # the five bytes that cp1252 leaves open
