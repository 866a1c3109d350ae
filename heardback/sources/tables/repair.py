"""Text that was damaged on its way is put right where that is certain, and noted; the raw bytes are kept elsewhere."""

import re

import pandas as pd

from heardback.domain.table import Note, note_rows

CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
BREAK = re.compile(r"\r\n|[\r\x0b\x0c]")  # word processors break a line within a paragraph by a vertical tab
C1 = re.compile("[\x80-\x9f]")
AT_ONCE = 100  # cells
REPLACED = "\N{REPLACEMENT CHARACTER}"
UNUSUAL = re.compile(r"[^\t\n\x20-\x7e‘’“”–—…£]")
DOUBTFUL = re.compile(r"[^\x00-\x7f‘’“”–—…£]")  # what every misread text has; asking ftfy costs 25 µs a cell


def mended(text: str) -> str:
    """The text with what was decoded by a wrong encoding put right; good text, curly quotes too, stays as it is."""
    if not DOUBTFUL.search(text):
        return text
    import ftfy  # half a second, and most files need none of it

    return ftfy.fix_encoding(text)


def repair(frame: pd.DataFrame) -> tuple[pd.DataFrame, list[Note]]:
    """Control characters out, line breaks as LF, misread UTF-8 put right, lost characters counted."""
    notes: list[Note] = []
    repaired = {}
    for column in frame.columns:
        repaired[column], found = _repair_column(frame[column], str(column))
        notes += found
    return pd.DataFrame(repaired, index=frame.index, columns=frame.columns, dtype="str"), notes


def _repair_column(cells: pd.Series, column: str) -> tuple[pd.Series, list[Note]]:
    """Only the cells with anything unusual in them are looked at more closely: in most columns there is none."""
    unusual = _unusual(cells.tolist())
    if not unusual:
        return cells, []
    odd = cells.iloc[unusual]
    controls = odd.str.contains(CONTROL.pattern, regex=True)
    plain = odd.str.replace(CONTROL.pattern, "", regex=True)
    plain = plain.str.replace(BREAK.pattern, "\n", regex=True)
    fixed = plain.map(lambda text: C1.sub(_in_cp1252, mended(text)))
    repaired = cells.copy()
    repaired.iloc[unusual] = fixed
    return repaired, [
        *note_rows("control_characters", "NUL or control characters were removed", controls, column),
        *note_rows("mojibake", "text that had been decoded by a wrong encoding was put right", fixed != plain, column),
        *note_rows("lost_characters", "characters were lost before the file was written",
                   fixed.str.contains(REPLACED, regex=False), column),
    ]  # fmt: skip


def _in_cp1252(found: "re.Match[str]") -> str:
    """Nobody writes these controls: they are bytes of cp1252, or holes in it, that were taken for latin-1."""
    return found[0].encode("latin-1").decode("cp1252", "replace")


def _unusual(cells: list[str]) -> list[int]:
    """The places of the cells to look at; all of some hundred are passed over at once where none is unusual."""
    places = (range(start, min(start + AT_ONCE, len(cells))) for start in range(0, len(cells), AT_ONCE))
    suspect = (some for some in places if UNUSUAL.search("\n".join(cells[some.start : some.stop])))
    return [place for some in suspect for place in some if UNUSUAL.search(cells[place])]
