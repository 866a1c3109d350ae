"""A figure as words: what stands in a cell beside its number, the same in every document."""

from heardback.domain.measures.figures import NO_VALUE, Figure, Unit
from heardback.domain.plurals import some
from heardback.reports.grids import Grid

Printed = dict[str, object]


def minus(shown: str) -> str:
    """A number as printed, with a real minus sign."""
    return shown.replace("-", "−")


def base_in_words(figure: Figure) -> str:
    """What a figure is of: `29 of 43`, `of 43 comments`; empty where it has no base that can be shown."""
    if figure.n is None:
        return ""
    if figure.unit == Unit.SHARE:
        return f"{figure.count} of {figure.n}" if figure.count is not None else f"of {figure.n}"
    return f"of {some(figure.n, 'comment')}" if figure.unit == Unit.WORKING_DAYS else ""


def interval_in_words(figure: Figure) -> str:
    """`53% to 80%`; empty where there is none to show."""
    return minus(figure.shown_interval) if figure.low is not None or figure.high is not None else ""


def reading_of(figure: Figure) -> str:
    """What a gap's interval says, in words; empty for every other figure."""
    if figure.unit != Unit.POINTS or figure.low is None or figure.high is None:
        return ""
    if figure.high < 0:
        return "lower than everyone else"
    return "higher than everyone else" if figure.low > 0 else "no clear gap"


def is_bare(figure: Figure) -> bool:
    """Whether its counts are shown, and its base is too small for a share of it."""
    return figure.suppressed and figure.unit == Unit.SHARE and None not in (figure.n, figure.count)


def value_of(figure: Figure) -> str:
    """The number of a cell: a value, `c`, or `8 of 9` where that is all that can be said."""
    return base_in_words(figure) if is_bare(figure) else minus(figure.shown_value)


def parts_of(figure: Figure) -> list[str]:
    """What stands beside the number: base, interval, reading and note."""
    base = "too few for a share" if is_bare(figure) else base_in_words(figure)
    return [part for part in (base, interval_in_words(figure), reading_of(figure), figure.note) if part]


def details(figure: Figure) -> str:
    """The same on one line."""
    return " · ".join(parts_of(figure))


def cell(figure: Figure | None) -> Printed:
    """One cell: its number and what stands beside it; a dash where there is no figure."""
    if figure is None:
        return {"value": NO_VALUE, "details": ""}
    return {"value": value_of(figure), "details": details(figure)}


def printed(grid: Grid) -> Printed:
    """A grid as a document prints it: caption, headings, and rows of a name and cells."""
    rows = [{"name": name, "cells": [cell(figure) for figure in figures]} for name, figures in grid.rows]
    headings = [grid.corner, *grid.columns]
    return {"caption": grid.caption, "headings": headings, "rows": rows, "not_shown": grid.not_shown}
