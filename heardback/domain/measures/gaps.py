"""The gap between a group and everyone else, with its interval: never a bare rank."""

from dataclasses import replace
from math import hypot

from heardback.domain.measures.figures import DEFINITIONS, TOTAL, Figure, Table, Unit
from heardback.domain.measures.rates import wilson


def newcombe(count: int, n: int, other_count: int, other_n: int) -> tuple[float, float, float]:
    """The difference of two shares and its 95 % interval (Newcombe's hybrid of Wilson's); both bases above 0."""
    share, other = count / n, other_count / other_n
    lows, highs = wilson([count, other_count], [n, other_n])
    down, up = hypot(share - lows[0], highs[1] - other), hypot(highs[0] - share, other - lows[1])
    return share - other, share - other - down, share - other + up


def gaps(table: Table, code: str) -> Table:
    """For each group of a table of rates that can be shown, its rate less that of everyone else.

    Pass the table after `protect`: a gap is worked out from shown figures alone, so it gives nothing more away.
    """
    whole = table.figure(code)
    rows = (_gap(row, whole) for row in table.rows if row.code == code and row.group != TOTAL)
    return Table(f"gaps_{table.code}", f"Gaps: {table.title}", tuple(rows), table.dimension, table.population)


def _gap(row: Figure, whole: Figure) -> Figure:
    numbers = _against(row, whole)
    value, low, high = newcombe(*numbers) if numbers else (None, None, None)
    gap = replace(row, code="gap", definition=DEFINITIONS["gap"], unit=Unit.POINTS, count=None, within=())
    return replace(gap, value=value, low=low, high=high, suppressed=row.suppressed or whole.suppressed)


def _against(row: Figure, whole: Figure) -> tuple[int, int, int, int] | None:
    if row.value is None or whole.value is None or None in (row.n, row.count, whole.n, whole.count):
        return None
    n, count, everyone, holding = (number or 0 for number in (row.n, row.count, whole.n, whole.count))
    return (count, n, holding - count, everyone - n) if everyone > n else None
