"""A file as rows of text: what reading hands to mapping, and the notes that both leave."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import get_close_matches

import pandas as pd

from heardback.domain import packed
from heardback.domain.packed import Packed
from heardback.domain.plurals import some

MOST_COLUMNS, LONGEST_HEADER = 5, 60  # that a note names, and of one in characters
NAMED_ALREADY = "missing_column"


def nearest_header(asked: str, headers: Sequence[str]) -> str:
    """What a message adds where a header is missing: the one that looks most like it; '' where none does."""
    by_letters = {header.lower(): header for header in reversed(headers)}
    near = get_close_matches(asked.lower(), by_letters, n=1, cutoff=0.4)
    return f"; the nearest header is '{by_letters[near[0]]}'" if near else ""


@dataclass(frozen=True)
class Note:
    """Something put right or flagged: a code, what happened (counts, never cells), the first row, the column.

    `rows` is the count that `what` ends in; 0 where it counts nothing.
    """

    code: str
    what: str
    row_number: int | None = None
    column: str = ""
    rows: int = 0


@dataclass(frozen=True)
class BrokenRow:
    """A row whose cells cannot be told apart, because there are too many or too few of them."""

    row_number: int
    cells: tuple[str, ...]
    reason: str


@dataclass(frozen=True)
class Table:
    """One file or sheet. `cells` are all text ('' where blank), those of a large file packed.

    Their index is the row number that a person sees when the file stands open in a spreadsheet: the header counts, a
    blank row counts, and a record whose cells hold line breaks is one row. `labels` holds a header's second text where
    the file has one (Qualtrics: code and question). `blank_rows` were dropped; they are not among the rows read.
    `deleted` has the rows of records that the tool says were deleted there: of them the keys alone matter.
    """

    cells: pd.DataFrame | Packed
    name: str
    sheet: str = ""
    encoding: str = ""
    notes: list[Note] = field(default_factory=list)
    broken: list[BrokenRow] = field(default_factory=list)
    blank_rows: int = 0
    labels: Mapping[str, str] = field(default_factory=dict)
    deleted: pd.DataFrame = field(default_factory=pd.DataFrame)

    @property
    def frame(self) -> pd.DataFrame:
        """All the cells at once; those of a large file take ten times the room that they take packed."""
        return self.cells if isinstance(self.cells, pd.DataFrame) else self.some(self.columns)

    @property
    def columns(self) -> list[str]:
        """The headers, in their order."""
        return list(self.cells.columns)

    @property
    def numbers(self) -> pd.Index:
        """The row numbers."""
        return self.cells.numbers if isinstance(self.cells, Packed) else self.cells.index

    @property
    def rows_read(self) -> int:
        """Rows with anything in them: those with cells, those that are broken, and those deleted at the source."""
        return len(self.cells) + len(self.broken) + len(self.deleted)

    def some(self, columns: Sequence[str], rows: Collection[int] | None = None) -> pd.DataFrame:
        """Some columns, of all rows or of those with these numbers."""
        parts = list(self._parts(columns) if rows is None else self._picked(columns, rows))
        return pd.concat(parts) if len(parts) > 1 else parts[0]

    def parts(self, columns: Sequence[str] | None = None) -> Iterator["Table"]:
        """The table, or some columns of it, some thousand rows at a time, in order; one part where it has no row."""
        return (replace(self, cells=part) for part in self._parts(self.columns if columns is None else columns))

    def _parts(self, columns: Sequence[str]) -> Iterator[pd.DataFrame]:
        if isinstance(self.cells, Packed):
            return self.cells.parts(columns)
        cells, size = self.cells[list(columns)], packed.AT_ONCE
        return (cells.iloc[start : start + size] for start in range(0, max(len(cells), 1), size))

    def _picked(self, columns: Sequence[str], rows: Collection[int]) -> Iterator[pd.DataFrame]:
        wanted, start = self.numbers.isin(list(rows)), 0
        for part in self._parts(columns):
            yield part[wanted[start : start + len(part)]]
            start += len(part)


def note_rows(code: str, what: str, flagged: pd.Series, column: str = "") -> list[Note]:
    """One note for all the rows flagged (a boolean series by row number); none where none is."""
    numbers = flagged.index[flagged.to_numpy(dtype=bool)]
    count = len(numbers)
    if not count:
        return []
    return [Note(code, what + _counted(count), int(numbers[0]), column, count)]


def add_up(parts: Iterable[Iterable[Note]]) -> list[Note]:
    """The notes of one table's parts, in their order, as one list: what counts rows is added, all else said once."""
    found: dict[object, Note] = {}
    for note in (note for notes in parts for note in notes):
        what = note.what.removesuffix(_counted(note.rows))
        key = (note.code, what, note.column) if note.rows else note
        first = found.setdefault(key, note)
        if first is not note and note.rows:
            rows = first.rows + note.rows
            found[key] = Note(note.code, what + _counted(rows), first.row_number, note.column, rows)
    return list(found.values())


def told(notes: Iterable[Note]) -> list[Note]:
    """The notes as people are told of them: alike ones are one, and say in which columns, and in which row first.

    A missing column is named in its own words.
    """
    alike: dict[tuple[str, str], list[Note]] = {}
    for note in notes:
        alike.setdefault((note.code, note.what), []).append(note)
    return [replace(group[0], what=what + _whereabouts(group)) for (_, what), group in alike.items()]


def _whereabouts(notes: list[Note]) -> str:
    columns = list(dict.fromkeys(note.column for note in notes if note.column and note.code != NAMED_ALREADY))
    rows = [note.row_number for note in notes if note.row_number and note.rows]
    shown = [f"'{_short(column)}'" for column in columns[:MOST_COLUMNS]]
    if len(columns) > MOST_COLUMNS:
        shown.append(f"and {some(len(columns) - MOST_COLUMNS, 'column')} more")
    first = [f"first in row {min(rows)}"] if rows else []
    return ": " + ", ".join([*shown, *first]) if shown or first else ""


def _short(column: str) -> str:
    return column if len(column) <= LONGEST_HEADER else column[: LONGEST_HEADER - 1] + "…"


def _counted(rows: int) -> str:
    return f" ({some(rows, 'row')})"
