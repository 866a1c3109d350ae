"""When a response was said: what its date columns and its map's own precision come to."""

from collections.abc import Mapping, Sequence

import pandas as pd

from config.maps import SourceMap
from heardback.domain.table import Table
from heardback.sources.mapping.columns import Placed, clean
from heardback.sources.mapping.dates import Dates, read_dates
from heardback.sources.mapping.turned_dates import turned_over

ROLES = ("submitted_on", "submitted_at")


Turned = Mapping[str, Sequence[str]]


def submitted(
    cells: pd.DataFrame, placed: list[Placed], source: SourceMap, received_at: pd.Timestamp, turned: Turned
) -> Dates:
    """The first day and the first instant that the columns of each row give; a column of days goes before instants.

    Where the map states a precision coarser than an instant (a box emptied on a day), the instant is left out. Dates
    such as "3 days ago" are counted back from `received_at`; `turned` is what `turned_columns` found in the whole.
    """
    on = pd.Series(pd.NaT, index=cells.index, dtype="datetime64[us]")
    at = on.dt.tz_localize("UTC")
    precision = pd.Series("unknown", index=cells.index, dtype="str")
    reads = [
        read_dates(cells[column], layouts, source.timezone, source.sentinel_dates, column, received_at, turned[column])
        for column, layouts in _date_columns(placed, source)
    ]
    for read in reads:
        precision = precision.mask(on.isna() | (at.isna() & read.submitted_at.notna()), read.precision)
        on, at = on.fillna(read.submitted_on), at.fillna(read.submitted_at)
    if source.date_precision:
        precision = precision.mask(on.notna(), source.date_precision)
    return Dates(on, at.where(precision == "instant"), precision, [note for read in reads for note in read.notes])


def turned_columns(source: SourceMap, table: Table, placed: list[Placed]) -> Turned:
    """By date column of a whole table the formats turned over in which it is written as well."""
    return {
        column: turned_over((clean(part.frame[column], source) for part in table.parts([column])), layouts)
        for column, layouts in _date_columns(placed, source)
    }


def _date_columns(placed: list[Placed], source: SourceMap) -> list[tuple[str, tuple[str, ...]]]:
    return [
        (column, place.question.dates or source.dates)
        for role in ROLES
        for place in placed
        if place.question.role == role
        for column in place.columns
    ]
