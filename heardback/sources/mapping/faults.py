"""Rows that a person must look at before they can count: footers, ditto marks, clashing ids, dates to come."""

import re
from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

from heardback.domain.record import RowFault
from heardback.sources.mapping.columns import Placed
from heardback.sources.tables.error_cells import ERRORS

NUMBER = r"[£€$]?[-+]?[\d.,]+\s?%?"
SUMMED = r"(?:of |number of |no\.? of )?(?:responses?|answers?|rows|cards|records|entries|comments)"
FOOTER = (
    r"^(?i:(?:(?:grand |sub-? ?)?totals?|sum|count|average|mean|n|number of \w+)"
    rf"(?: {SUMMED})?\s*[:=]?(?:\s*{NUMBER}(?: {SUMMED})?)?"
    r"|(?:exported|generated|downloaded|printed|report created) (?:on|at|by|from)\b.*"
    r"|end of (?:file|report|export|list)\W*|page \d+(?: ?(?:of|/) ?\d+)?|powered by \S.*)$"
)
DITTO_MARKS = ('"', '""', "''", "''''", "″", "〞", "‟", "’’", "”", "“", "〃", "„", '-"-', '" "')
DITTO_WORDS = ("ditto", "ditto.", "do.", "as above", "as above.", "same as above", "same as above.", "see above")
FILLED_ROLES = {"record_id", "key", "submitted_on", "submitted_at", "service"}  # answers may be left out by anybody

REASONS = {
    "footer_row": "the row looks like a total or a footer",
    "missing_key": "the record's id is missing, or a part of it",
    "clashing_id": "the same id stands in the file with other answers",
    "ditto_mark": "a ditto mark stands for an answer: ask whoever typed it",
    "error_cell": "a spreadsheet's error (#NAME?) stands where words were: its formula bar shows them",
    "required_empty": "a required cell is empty",
    "future_date": "the date lies in the future",
}


@dataclass
class FaultFinder:
    """Collects the rows at fault, in the order of the rules."""

    index: pd.Index

    def __post_init__(self) -> None:
        self.found: list[RowFault] = []
        self.rows = pd.Series(False, index=self.index)

    def add(self, code: str, flagged: pd.Series) -> None:
        """Put down one reason for every row flagged (boolean, by row number)."""
        self.rows |= flagged
        self.found += [RowFault(int(row), code, REASONS[code]) for row in flagged.index[flagged]]


def footer_rows(frame: pd.DataFrame, placed: list[Placed]) -> pd.Series:
    """Rows that say 'Total' (or the like) outside a comment and hold nothing else but numbers."""
    comments = {column for place in placed if place.question.role == "comment" for column in place.columns}
    if not any(_has(frame[column], _is_total) for column in frame if column not in comments):
        return pd.Series(False, index=frame.index)  # as in nearly every file
    trimmed = frame.apply(lambda column: column.str.strip())
    # Without rows, pandas leaves the columns text, hence `astype`.
    says_total = trimmed.apply(_says_total).astype(bool)
    outside = says_total.drop(columns=list(comments)).any(axis=1)
    rows = trimmed[outside]
    numeric = rows.apply(lambda column: column.str.fullmatch(NUMBER)).astype(bool)
    bare = (rows.eq("") | numeric | says_total[outside]).all(axis=1)
    return pd.Series(frame.index.isin(bare.index[bare]), index=frame.index)


def _says_total(cells: pd.Series) -> pd.Series:
    return cells.isin([cell for cell in _different(cells) if _is_total(cell)])


def _is_total(cell: str) -> bool:
    return re.search(FOOTER, cell.strip()) is not None


def _has(cells: pd.Series, look: Callable[[str], bool]) -> bool:
    return any(map(look, _different(cells)))


def _different(cells: pd.Series) -> list[str]:
    """Most columns have few different cells, and each of them is read once."""
    return [cell for cell in cells.unique() if isinstance(cell, str)]


def ditto_rows(cells: pd.DataFrame, typed: bool) -> pd.Series:
    """Rows in which a cell is a ditto mark; the words for it count only in sheets that somebody typed up."""
    marks = DITTO_MARKS + (DITTO_WORDS if typed else ())
    found = pd.Series(False, index=cells.index)
    for column in cells:
        if _has(cells[column], lambda cell: cell.lower() in marks):
            found |= cells[column].str.lower().isin(marks)
    return found


def error_rows(cells: pd.DataFrame, placed: list[Placed]) -> pd.Series:
    """Rows in which a spreadsheet's error stands where somebody could write words."""
    found = pd.Series(False, index=cells.index)
    for place in placed:
        if place.question.role == "comment" or place.question.own_words:
            found |= cells[list(place.columns)].isin(ERRORS).any(axis=1)
    return found


def required_empty(cells: pd.DataFrame, placed: list[Placed]) -> pd.Series:
    """Rows without a date, service or id that the map requires. An answer that somebody left out is no fault."""
    empty = pd.Series(False, index=cells.index)
    for place in placed:
        if place.question.required and place.question.role in FILLED_ROLES:
            empty |= (cells[list(place.columns)] == "").all(axis=1)
    return empty


def clashes_and_repeats(keys: pd.Series, content: pd.Series) -> tuple[pd.Series, pd.Series]:
    """Rows whose key stands with other content (all of them), and rows that only repeat an earlier one."""
    if keys.is_unique:
        return pd.Series(False, index=keys.index), pd.Series(False, index=keys.index)
    clashing = content.groupby(keys).transform("nunique") > 1
    repeated = keys.duplicated(keep="first") & ~clashing
    return clashing, repeated
