"""The one gate that every figure passes before it leaves: no small number is shown or can be worked out.

A count under `small_count` is hidden, zero is shown, a rate on a base under `small_base` is hidden. Then further counts
are hidden until no reader can pin a hidden one down from all that is printed. How many have *not* been answered (the
base less the count) is not itself protected: it speaks of the service, not of a child.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from config.policy import ReportPolicy
from heardback.domain.attack import Cell, Page, cells_of, page_of
from heardback.domain.bounds import Component, Solver, components
from heardback.domain.figures import TOTAL, Figure, Table

TRIES = 6  # how many cells are tried before the best of them is taken: each costs two linear programmes


def protect(tables: Sequence[Table], policy: ReportPolicy) -> tuple[Table, ...]:
    """The tables with everything hidden that has to be, in the same order. The same input gives the same output.

    All tables of one release go in together: what one shows, another may give away.
    """
    page, uses, solver = page_of(tables), _uses(tables), _solver(policy)
    page = page.hiding(_small(page, policy))
    while exposed := next(solver.tight(page), None):
        page = page.hiding([_sacrifice(exposed, page, uses, policy)])
    hidden = set(page.hidden)
    return tuple(table.with_rows(_veil(table, row, hidden, policy) for row in table.rows) for table in tables)


def audit(tables: Sequence[Table], policy: ReportPolicy) -> list[str]:
    """The small counts that are shown and the hidden ones that a reader could pin down; empty where there are none.

    Names cells, never numbers: the list may be logged.
    """
    page = page_of(tables)
    bare = [f"{cell}: a small count is shown" for cell in _small(page, policy)]
    exposed = _solver(policy).tight(page)
    return bare + [f"{cell}: a hidden count can be worked out too closely" for cell in exposed]


def _small(page: Page, policy: ReportPolicy) -> list[Cell]:
    return sorted(cell for cell, count in page.known.items() if 0 < count < policy.small_count)


def _solver(policy: ReportPolicy) -> Solver:
    """A hidden count is open enough where it may be anything that `c` says by itself: 1 to 5, a width of 4."""
    return Solver(_room(policy), policy.small_count)


def _room(policy: ReportPolicy) -> int:
    return policy.small_count - 2


def _sacrifice(cell: Cell, page: Page, uses: Counter[Cell], policy: ReportPolicy) -> Cell:
    """The cheapest shown cell whose hiding leaves `cell` open enough; where none does, the one that helps most."""
    held_by = _home(cell, page).binding(cell)
    candidates = sorted(held_by, key=lambda near: (uses[near], near.group == TOTAL, page.known[near], near))
    best, most = candidates[0], -1.0
    for near in candidates[:TRIES]:
        low, high = _home(cell, page.hiding([near])).bounds(cell)
        if high - low >= _room(policy):
            return near
        if high - low > most:
            best, most = near, high - low
    return best


def _home(cell: Cell, page: Page) -> Component:
    return Component(next(part for part in components(page) if cell in part.hidden))


def _uses(tables: Sequence[Table]) -> Counter[Cell]:
    """How many figures each cell would take with it."""
    return Counter(cell for table in tables for row in table.rows for cell, _ in cells_of(table, row))


def _veil(table: Table, figure: Figure, hidden: set[Cell], policy: ReportPolicy) -> Figure:
    cells = list(cells_of(table, figure))
    few = figure.has_base and figure.n is not None and 0 < figure.n < policy.small_base
    if not few and not any(cell in hidden for cell, _ in cells):
        return figure
    counts = [None if cell in hidden else count for cell, count in cells]
    n = counts[0] if figure.has_base else None
    count = counts[-1] if figure.has_count else None
    return replace(figure, n=n, count=count, value=None, low=None, high=None, suppressed=True)
