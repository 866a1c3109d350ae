"""Ticked options: one cell for one option, one cell that joins several, or one column for each."""

from collections.abc import Sequence

import pandas as pd

from config.questions import Question
from heardback.domain.record import CHOICE
from heardback.domain.table import Note, note_rows
from heardback.sources.mapping.columns import Placed
from heardback.sources.mapping.facts import folded, look_up, plain
from heardback.sources.mapping.naming import code_of, part_of, rest_of
from heardback.sources.mapping.own_words import UNTICKED, Beside, taken_out

OTHER = "other"  # an option that the map does not list may be somebody's own words, so they are not kept
UNKNOWN = "?"  # stands for it until it is told of: a form may list an option of that name
DOUBTFUL = "neither a yes nor a no of the map; taken as not ticked"


def choices_of(
    cells: pd.DataFrame, placed: list[Placed], uids: pd.Series, beside: Sequence[Beside] = ()
) -> tuple[pd.DataFrame, list[Note]]:
    """The options ticked in each response, each once; `beside` are the words in the same cells."""
    pieces = [pd.DataFrame(columns=list(CHOICE), dtype="str")]
    notes: list[Note] = []
    for place in placed:
        if place.question.role != "choice":
            continue
        for column in place.columns:
            written = _rows_of_own_words(beside, place, column)
            chosen = _chosen(cells[column], place.question, column, written)
            notes += _notes(cells[column], chosen, place.question, column, written)
            chosen = chosen.replace(UNKNOWN, OTHER)
            owners = uids.loc[chosen.index].array
            pieces.append(
                pd.DataFrame(
                    {"response_uid": owners, "question_code": place.question.code, "option_code": chosen.array}
                )
            )
    return pd.concat(pieces, ignore_index=True).drop_duplicates(ignore_index=True), notes


def _rows_of_own_words(beside: Sequence[Beside], place: Placed, column: str) -> pd.Index:
    """The numbers of the rows in which the map hears own words in this column."""
    rows = [each.text.index for each in beside if each.place is place and each.column == column]
    return rows[0] if rows and place.question.own_words else pd.Index([])


def _notes(cells: pd.Series, chosen: pd.Series, question: Question, column: str, written: pd.Index) -> list[Note]:
    """What is told of a column: nothing of own words that are heard."""
    unknown = (chosen == UNKNOWN).groupby(level=0).any() & _lists_options(question, column)
    doubtful = _doubtful(cells, question)
    what = f"an option that the map does not list is kept as '{OTHER}'"
    return [
        *note_rows("unknown_option", what, unknown & ~unknown.index.isin(written), column),
        *note_rows("unknown_tick", DOUBTFUL, doubtful & ~doubtful.index.isin(written), column),
    ]


def split_choices(joined: str, delimiter: str, options: tuple[str, ...]) -> list[str]:
    """The options in one cell, longest known option first, for an option's own text may hold the delimiter."""
    found, rest = taken_out(joined, delimiter, options)
    return found + [part.strip() for part in rest.split(delimiter) if part.strip(f" {delimiter}")]


def _lists_options(question: Question, column: str) -> bool:
    """Whether a cell of this column is one of the map's options, or unknown; a header that names one knows it."""
    if question.multi == "columns":
        return bool(question.options) and not _names_option(question, column)
    return bool(question.values or question.options)


def _doubtful(cells: pd.Series, question: Question) -> pd.Series:
    """Cells of a tick's column that say neither the map's yes nor a no."""
    if question.multi != "columns" or not question.true_values:
        return pd.Series(False, index=cells.index)
    known = [*question.true_values, *question.false_values, *question.options, *UNTICKED, ""]
    return ~cells.str.lower().isin([value.lower() for value in known])


def _names_option(question: Question, column: str) -> bool:
    """A header that only counts on ("Used (2)"), or is the question's alone, leaves the option to its cells."""
    code = code_of(part_of(question.match, column))
    return bool(code) and not code.isdigit()


def _chosen(cells: pd.Series, question: Question, column: str, written: pd.Index) -> pd.Series:
    """Option codes by row number; a row stands as often as it has options."""
    answered = cells[cells != ""]
    if question.multi == "columns":
        return _ticked(answered, question, column, written)
    if question.multi == "delimited":
        options = (*question.values, *question.options)
        # Few cells are distinct, so each is taken apart once.
        apart = {joined: split_choices(joined, question.delimiter, options) for joined in answered.unique()}
        answered = answered.map(apart).explode().dropna().astype("str")  # a cell may hold nothing but delimiters
    return _codes(answered, question)


def _codes(options: pd.Series, question: Question) -> pd.Series:
    if not (question.values or question.options):
        return options.map(code_of).astype("str")
    named = {option: code_of(option) for option in question.options}
    return look_up(options, {**named, **question.values}).fillna(UNKNOWN)


def _ticked(answered: pd.Series, question: Question, column: str, written: pd.Index) -> pd.Series:
    """A column for an option: filled means ticked, unless the map or common use says that the cell means no.

    Own words (the rows `written`) are a tick whatever a yes looks like.
    """
    folded_cells = answered.str.lower()
    if question.true_values:
        ticked = folded_cells.isin([value.lower() for value in question.true_values])
    else:
        ticked = ~folded_cells.isin([value.lower() for value in question.false_values or UNTICKED])
    ticked |= ticked.index.isin(written)
    option, shown = rest_of(question.match, column), part_of(question.match, column)
    known = folded(question.values)
    code = known.get(plain(shown), known.get(option, option))
    if not question.options:
        return pd.Series(code, index=answered.index[ticked], dtype="str")
    # The option's own text in the cell goes before the header's.
    named = look_up(answered[ticked], {text: code_of(text) for text in question.options})
    return named.fillna(code if _names_option(question, column) else UNKNOWN).astype("str")
