"""What people wrote in the cell of a choice, beside its options: "Staff;Place;it is always cold"."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache, partial

import pandas as pd

from config.questions import OWN_WORDS, Question
from heardback.sources.mapping.columns import Placed
from heardback.sources.mapping.facts import plain
from heardback.sources.mapping.keys import BETWEEN, content_hashes, hashed
from heardback.sources.mapping.naming import code_of, part_of, rest_of

TICKED = ("1", "yes", "y", "true", "x", "selected", "checked", "ticked", "on", "\N{CHECK MARK}", "\N{HEAVY CHECK MARK}")
UNTICKED = ("0", "no", "n", "false", "not selected", "unchecked")
# The name of the field that some tools put before what was typed, or in its place: nobody's words.
LABEL = re.compile(r"other\W*(?:(?:please )?(?:say|specify|state|describe|tell us|write in)(?: what| which)?\W*)?")
NUMBER = re.compile(r"[-+]?\d+(?:\.\d+)?")


@dataclass(frozen=True)
class Beside:
    """The words beside the options of one column of a choice: `text` by row number, for the rows that have any."""

    place: Placed
    column: str
    repeat: int
    text: pd.Series

    def at(self, rows: pd.Index) -> "Beside":
        """The same for some of the rows."""
        return replace(self, text=self.text[self.text.index.isin(rows)])


def words_beside(cells: pd.DataFrame, placed: Sequence[Placed]) -> list[Beside]:
    """What is no option in the cells of each choice, whether or not its map has it heard."""
    return [
        Beside(place, column, repeat, text)
        for place in placed
        if place.question.role == "choice"
        for repeat, column in enumerate(place.columns)
        if len(text := _written(cells[column], words_finder(place.question, column)))
    ]


def unlisted(beside: Sequence[Beside]) -> pd.DataFrame:
    """The words that no map has heard: row_number, column and text."""
    pieces = [pd.DataFrame(columns=["row_number", "column", "text"])]
    pieces += [
        pd.DataFrame({"row_number": each.text.index, "column": each.column, "text": each.text.array})
        for each in beside
        if not each.place.question.own_words
    ]
    return pd.concat(pieces, ignore_index=True)


def with_own_words(content: pd.Series, beside: Sequence[Beside]) -> pd.Series:
    """The hashes of rows, and of those whose own words are heard a hash with these.

    So a map that comes to hear them makes a revision of each answer that has some, and of no other.
    """
    said: dict[object, str] = {}
    for each in beside:
        if each.place.question.own_words:
            name = each.place.label + OWN_WORDS + (BETWEEN + each.column if each.place.question.match else "")
            said |= {row: f"{said.get(row, '')}{name}={text}{BETWEEN}" for row, text in each.text.items()}
    if not said:
        return content
    words = pd.Series(said, dtype="str")
    anew = pd.Series(hashed(content[words.index] + BETWEEN + words), index=words.index, dtype="str")
    return content.where(~content.index.isin(words.index), anew.reindex(content.index))


def hashes_on_record(cells: pd.DataFrame, placed: Sequence[Placed]) -> pd.Series:
    """The hashes by which the answers in these rows are on record."""
    return with_own_words(content_hashes(cells, list(placed)), words_beside(cells, placed))


def words_finder(question: Question, column: str) -> Callable[[str], str]:
    """What finds the words in a cell of this column; '' where there are none."""
    options = (*question.values, *question.options)
    if question.multi == "columns":
        return partial(_beside_a_tick, known=_ticks(question, options, column))
    known = frozenset(map(plain, options))
    if question.multi == "delimited" and options:
        return partial(_between_options, delimiter=question.delimiter, options=options, known=known)
    return partial(_instead_of_an_option, known=known)


def taken_out(joined: str, delimiter: str, options: tuple[str, ...]) -> tuple[list[str], str]:
    """The known options in one cell, the longest first, and what remains of it between delimiters."""
    rest, found = f"{delimiter}{joined}{delimiter}", []
    for option, fenced in _fences(delimiter, options):
        if place := fenced.search(rest):
            found.append(option)
            rest = rest[: place.start()] + delimiter + rest[place.end() :]
    return found, rest


@lru_cache(maxsize=256)
def _fences(delimiter: str, options: tuple[str, ...]) -> list[tuple[str, re.Pattern[str]]]:
    longest_first = sorted(options, key=len, reverse=True)
    return [(option, re.compile("(?i)" + re.escape(f"{delimiter}{option}{delimiter}"))) for option in longest_first]


def _written(cells: pd.Series, find: Callable[[str], str]) -> pd.Series:
    # Few cells are distinct, so each is looked through once.
    words = {cell: found for cell in cells.unique() if cell and (found := find(cell))}
    return cells[cells.isin(words)].map(words).astype("str") if words else cells.iloc[:0]


def _instead_of_an_option(cell: str, known: frozenset[str]) -> str:
    return "" if plain(cell) in known or LABEL.fullmatch(plain(cell)) else cell


def _between_options(cell: str, delimiter: str, options: tuple[str, ...], known: frozenset[str]) -> str:
    """One piece, joined as it stood: who types may type the delimiter too."""
    _, rest = taken_out(cell, delimiter, options)
    parts = [part for part in rest.split(delimiter) if _instead_of_an_option(part, known) or not part]
    return delimiter.join(parts).strip(f" {delimiter}")


def _beside_a_tick(cell: str, known: frozenset[str]) -> str:
    """In a column for one option: neither a tick, nor no tick, nor the option's own text."""
    is_tick = code_of(cell) in known or NUMBER.fullmatch(cell)
    return "" if is_tick else _instead_of_an_option(cell, known)


def _ticks(question: Question, options: tuple[str, ...], column: str) -> frozenset[str]:
    said = (*TICKED, *UNTICKED, *question.true_values, *question.false_values, *options, *question.values.values())
    return frozenset(map(plain, said)) | {plain(part_of(question.match, column)), rest_of(question.match, column)}
