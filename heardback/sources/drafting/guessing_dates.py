"""In which formats a column's dates are written, if they are dates at all."""

import pandas as pd

DAYS = (
    "%d/%m/%Y", "%m/%d/%Y", "%d/%m/%y", "%m/%d/%y", "%Y-%m-%d", "%d.%m.%Y", "%d-%m-%Y", "%d %B %Y", "%d %b %Y",
    "%b %d, %Y", "%B %d, %Y",
)  # fmt: skip
CLOCKS = ("", " %H:%M:%S", " %H:%M", " %I:%M %p", " %I:%M:%S %p")
ISO = r"^\d{4}-\d\d-\d\dT\d\d:\d\d"
MOSTLY = 0.9


def date_formats(filled: pd.Series) -> tuple[list[str], list[str]]:
    """The format that reads nearly all cells (none: not dates), and what is unsure: day and month may both fit."""
    if not len(filled) or not filled.str.contains(r"\d").all():
        return [], []
    if filled.str.contains(ISO, regex=True).mean() >= MOSTLY:
        return ["ISO8601"], []
    fitting = {layout: share for layout in _layouts() if (share := _share(filled, layout)) >= MOSTLY}
    best = [layout for layout, share in fitting.items() if share == max(fitting.values())]
    if not best:
        return [], []
    unsure = [f"the dates could also be {layout}" for layout in best[1:]]
    return best[:1], unsure


def _layouts() -> list[str]:
    return [day + clock for day in DAYS for clock in CLOCKS]


def _share(filled: pd.Series, layout: str) -> float:
    return float(pd.to_datetime(filled, format=layout, errors="coerce").notna().mean())
