"""Columns in which day and month stand both ways round, as a spreadsheet of another country leaves them."""

import re
from collections.abc import Iterable, Sequence

import pandas as pd

from heardback.sources.mapping.date_layouts import read_by, with_year

DAY_AND_MONTH = re.compile(r"^%[dm]\W%[md]\W")
MIXED = 1 / 20  # of a column's days


def turned_over(columns: Iterable[pd.Series], formats: Sequence[str]) -> list[str]:
    """The map's formats with day and month changed over, where a column is written both ways; none where it is not.

    The column is given part by part, for only all of it can tell. A spreadsheet of another country turns over every
    date that it can and leaves the others as they were, so those that fit both ways are doubtful from then on. One in
    twenty must say so: a slip of the pen is no second format.
    """
    swapped = [layout.replace("%d", "%!").replace("%m", "%d").replace("%!", "%m") for layout in with_year(formats)]
    turned = [layout for layout in swapped if DAY_AND_MONTH.search(layout) and layout not in formats]
    rows = filled = 0
    for column in columns if turned else ():
        rows += int(the_other_way(column, formats, turned).sum())
        filled += int((column != "").sum())
    return turned if rows and rows >= MIXED * filled else []


def the_other_way(raw: pd.Series, formats: Sequence[str], turned: Sequence[str]) -> pd.Series:
    """The rows that none of the map's formats fits, and one of those turned over does."""
    other = _fitting(raw, turned)
    return other & ~_fitting(raw, with_year(formats)) if other.any() else other


def _fitting(raw: pd.Series, formats: Sequence[str]) -> pd.Series:
    fits = pd.Series(False, index=raw.index)
    for layout in formats:
        fits |= read_by(raw, layout).notna()
    return fits
