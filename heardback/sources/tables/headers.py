"""One to three header rows become one clean, unique name for each column."""

import html
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from unicodedata import normalize

from heardback.domain.plurals import some
from heardback.domain.table import Note
from heardback.sources.tables.repair import mended

TAG = re.compile(r"</?[a-zA-Z][^<>]*>")
UNSEEN = re.compile("[\ufeff\u200b\u200e\u200f\u2060\0-\x08\x0e-\x1b\x7f]")  # a byte order mark, what takes no room
IMPORT_ID = re.compile(r'^\s*\{\s*"ImportId"')
SAYS_NOTHING = {"", "response", "open-ended response"}  # SurveyMonkey's second row, where a question has one answer


@dataclass(frozen=True)
class Headers:
    """`names` are unique; `filled` is the number of columns up to the last that has a header of its own."""

    names: list[str]
    filled: int
    labels: dict[str, str] = field(default_factory=dict)
    notes: list[Note] = field(default_factory=list)


def clean_header(text: str) -> str:
    """A header without HTML, entities, line breaks, byte order marks, doubled or non-breaking spaces.

    An accent that is a character of its own (as a Mac writes it) is joined to its letter: both look the same.
    """
    return normalize("NFC", " ".join(html.unescape(TAG.sub(" ", UNSEEN.sub("", mended(text)))).split()))


def name_columns(rows: Sequence[Sequence[str]], first_row: int = 1) -> Headers:
    """Join header rows (ragged ones are padded); `first_row` is the row number of the first, for the notes."""
    width = max((len(row) for row in rows), default=0)
    padded = [[*row, *[""] * (width - len(row))] for row in rows]
    cleaned = [[clean_header(cell) for cell in row] for row in padded]
    filled = max((position + 1 for row in cleaned for position, cell in enumerate(row) if cell), default=0)
    joined, labels = _join(cleaned, filled)
    names = _number(joined)
    notes = [
        *_cleaning_notes(padded, cleaned, first_row),
        *_blank_notes(cleaned, filled),
        *_repeat_notes(joined[:filled]),
    ]
    named = {name: label for name, label in zip(names, labels, strict=True) if label and label != name}
    return Headers(names, filled, named, notes)


def blank_headers(count: int) -> list[Note]:
    """What to say of columns that have cells and no header of their own."""
    return [Note("blank_header", f"{some(count, 'column')} without a header took the one before")] if count else []


def has_import_ids(cells: Sequence[str]) -> bool:
    """Is this Qualtrics' third header row?"""
    return any(IMPORT_ID.match(cell) for cell in cells)


def _join(rows: list[list[str]], filled: int) -> tuple[list[str], list[str]]:
    """Each column's name and label: codes stand over questions, or questions over answers."""
    rows = [row for row in rows if not has_import_ids(row)]
    top = rows[0]
    codes = [cell for cell in top[:filled] if cell]
    if len(rows) > 1 and len(codes) == len(set(codes)) == filled:
        labels = ["" if cell.lower() in SAYS_NOTHING else cell for cell in rows[1]]
        return top, labels
    carried = [_carry(row) for row in rows[:-1]] + [_carry(rows[-1]) if len(rows) == 1 else rows[-1]]
    joined = [_one_name([row[position] for row in carried]) for position in range(len(top))]
    return joined, [""] * len(top)


def _carry(row: list[str]) -> list[str]:
    """A blank header belongs to the question before it."""
    carried: list[str] = []
    for position, cell in enumerate(row, start=1):
        carried.append(cell or (carried[-1] if carried else f"column {position}"))
    return carried


def _one_name(parts: list[str]) -> str:
    question, *answers = parts
    spoken = [part for part in answers if part.lower() not in SAYS_NOTHING and part != question]
    return f"{question} [{' / '.join(spoken)}]" if spoken else question


def _number(names: list[str]) -> list[str]:
    """The second of a name becomes 'name (2)', and so on; never one that stands there already."""
    taken, numbered = set(names), []
    seen: dict[str, int] = {}
    for name in names:
        count = seen[name] = seen.get(name, 0) + 1
        unique = name
        while count > 1 and (unique := f"{name} ({count})") in taken:
            count += 1
        taken.add(unique)
        numbered.append(unique)
    return numbered


def _cleaning_notes(raw: list[list[str]], cleaned: list[list[str]], first_row: int) -> list[Note]:
    return [
        Note("header_cleaned", "white space, HTML or a line break was taken out of the header", number, after)
        for number, (row, clean_row) in enumerate(zip(raw, cleaned, strict=True), start=first_row)
        for before, after in zip(row, clean_row, strict=True)
        if normalize("NFC", before) != after
    ]


def _blank_notes(rows: list[list[str]], filled: int) -> list[Note]:
    blank = sum(not any(row[position] for row in rows) for position in range(filled))
    return blank_headers(blank)


def _repeat_notes(names: list[str]) -> list[Note]:
    repeated = sorted(name for name, times in Counter(names).items() if name and times > 1)
    return [Note("duplicate_header", "the header stands more than once; the later ones are numbered", None, name)
            for name in repeated]  # fmt: skip
