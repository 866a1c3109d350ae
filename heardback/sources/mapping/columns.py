"""Which columns of a file each question of a map means, and what to say of those that are missing or new."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from config.maps import SourceMap
from config.questions import Question
from heardback.domain.plurals import some
from heardback.domain.table import Note, Table, nearest_header
from heardback.errors import PullRefused
from heardback.sources.tables.headers import clean_header

DROPPED = {"identity", "ignore"}
ANSWERS = {"comment", "rating", "choice"}
TWO_WORDS = r"[^\W\d_]\W*\s\W*[^\W\d_]"
ALWAYS_REQUIRED = {"record_id", "key"}
NEW = "new_column"
REPEAT = re.compile(r"/.*#\d+$")


@dataclass(frozen=True)
class Placed:
    """A question and the columns it was found in; `label` names it in hashes, whatever its header says today."""

    question: Question
    columns: tuple[str, ...]
    label: str


def place_questions(source: SourceMap, table: Table) -> tuple[list[Placed], list[Note]]:
    """Find every question's columns; identity and ignored ones are left out from here on.

    Raises PullRefused for a required column that is missing (the nearest header named), for a file in which no question
    is found, and for a column that the map does not know where the map says `unmapped: fail`.
    """
    headers = table.columns
    exact = {clean_header(question.column) for question in source.questions if question.column}
    found = [(question, _columns(question, headers, exact)) for question in source.questions]
    if not any(columns for _, columns in found):  # what stands where the headers should may be what somebody said
        do = "is the first row the header, and is it this survey's file?"
        raise PullRefused("none of the map's columns is in this file", where=table.name, do=do)
    _require_key(source, headers, table.name)
    notes = _missing(source, found, headers, table.name)
    notes += _new(source, headers, table.name)
    kept = [(question, columns) for question, columns in found if columns and question.role not in DROPPED]
    if not any(question.role in ANSWERS for question, _ in kept):
        unknown = unknown_to(source, headers)
        near = next((near for asked in _answers(source) if (near := nearest_header(asked, unknown))), "")
        do = "is it another survey's file? If the questions were reworded, write their new headers in the map"
        raise PullRefused(f"no question of the map is in this file{near}", where=table.name, do=do)
    return _labelled(kept), notes


def _answers(source: SourceMap) -> list[str]:
    """The headers of the questions that people answer."""
    return [question.column for question in source.questions if question.role in ANSWERS and question.column]


def new_repeats(notes: Iterable[Note]) -> list[str]:
    """The columns of repeats that the map does not know, of those that the notes on a file name."""
    return [note.column for note in notes if note.code == NEW and REPEAT.search(note.column)]


def keys_of(source: SourceMap) -> list[str]:
    """The headers of the natural key, as they stand in a table."""
    return [clean_header(column) for column in source.natural_key]


def clean_cells(source: SourceMap, table: Table, placed: list[Placed]) -> pd.DataFrame:
    """The mapped and key columns, trimmed, with '' for every null value of the map."""
    wanted = dict.fromkeys([*keys_of(source), *(column for place in placed for column in place.columns)])
    cells = table.some([*wanted])
    return pd.DataFrame({column: clean(cells[column], source) for column in wanted}, index=cells.index)


def clean(column: pd.Series, source: SourceMap) -> pd.Series:
    """The cells of one column, trimmed, with '' for every null value of the map."""
    cells = column.str.strip()
    if source.tool == "govuk_forms":
        # Its CSV writer puts these four characters before = + - @ to keep spreadsheets from calculating.
        cells = cells.str.replace(r"^0x09(?=[=+\-@])", "", regex=True)
    nulls = cells.isin(_in_any_case(source.file.null_values))
    return cells.mask(nulls, "") if nulls.any() else cells


def unknown_words(source: SourceMap, table: Table, rows: pd.Index) -> pd.DataFrame:
    """What stands in columns that a map does not know and may be a sentence: row_number, column and text."""
    pieces = [pd.DataFrame(columns=["row_number", "column", "text"])]
    unknown = unknown_to(source, table.columns)
    for column, cells in table.some(unknown, rows).items():
        said = cells[cells.str.contains(TWO_WORDS)]
        pieces.append(pd.DataFrame({"row_number": said.index, "column": str(column), "text": said.array}))
    return pd.concat(pieces, ignore_index=True)


def _in_any_case(words: tuple[str, ...]) -> list[str]:
    """As they stand in the map, and as people type them: N/a, DID NOT ANSWER. Dearer would be every cell in small."""
    return list({case for word in words for case in (word, word.lower(), word.upper(), word.capitalize())})


def _columns(question: Question, headers: list[str], exact: set[str]) -> tuple[str, ...]:
    if question.column:
        name = clean_header(question.column)
        return (name,) if name in headers else ()
    pattern = re.compile(question.match)
    return tuple(header for header in headers if header not in exact and pattern.search(header))


def _require_key(source: SourceMap, headers: list[str], name: str) -> None:
    for column in keys_of(source):
        if column not in headers:
            raise _refusal(column, unknown_to(source, headers), name, "natural_key")


def _missing(
    source: SourceMap, found: list[tuple[Question, tuple[str, ...]]], headers: list[str], name: str
) -> list[Note]:
    notes, unknown = [], unknown_to(source, headers)  # a column that another question has was not reworded
    others = any(map(REPEAT.search, unknown))
    for question, columns in found:
        if columns or question.retired or question.role in DROPPED or (question.repeats and not others):
            continue
        asked = question.column or question.match
        only_service = question.role == "service" and not source.service
        if question.required or only_service or question.role in ALWAYS_REQUIRED:
            raise _refusal(asked, unknown, name, question.role)
        what = (
            f"the map's column for {question.code or question.role} is not in the file{nearest_header(asked, unknown)}"
        )
        notes.append(Note("missing_column", what, None, asked))
    return notes


def _refusal(asked: str, headers: list[str], name: str, role: str) -> PullRefused:
    return PullRefused(
        f"the column '{asked}' ({role}) is missing{nearest_header(asked, headers)}",
        where=name,
        do="if the question was reworded, write the new header in the map; otherwise export the file again",
    )


def unknown_to(source: SourceMap, headers: list[str]) -> list[str]:
    """The headers that no question of a map finds."""
    exact = {clean_header(question.column) for question in source.questions if question.column}
    known = {column for question in source.questions for column in _columns(question, headers, exact)}
    return [header for header in headers if header not in known and header not in keys_of(source)]


def _new(source: SourceMap, headers: list[str], name: str) -> list[Note]:
    new = unknown_to(source, headers)
    if new and source.unmapped == "fail":
        raise PullRefused(
            f"{some(len(new), 'column')} {'is' if len(new) == 1 else 'are'} not in the map: {', '.join(new)}",
            where=name,
            do="give each a role in the map (role: ignore drops it), or write unmapped: warn",
        )
    return [Note(NEW, "the map does not know this column; nothing of it is kept", None, header)
            for header in new]  # fmt: skip


def _labelled(kept: list[tuple[Question, tuple[str, ...]]]) -> list[Placed]:
    labels = [question.code or question.role for question, _ in kept]
    return [
        Placed(question, columns, label if labels.count(label) == 1 else f"{label}#{labels[:position].count(label)}")
        for position, ((question, columns), label) in enumerate(zip(kept, labels, strict=True))
    ]
