"""The one gate that every figure passes before it leaves: no small number is shown or can be worked out.

A count under `small_count` is hidden, zero is shown, a rate on a base under `small_base` is hidden. Then further counts
are hidden until no reader can pin a hidden one down from all that is printed. How many have *not* been answered (the
base less the count) is not itself protected: it speaks of the service, not of a child.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from config.policy import ReportPolicy
from heardback.domain.measures.attack import Cell, Page, cell_of, cells_of, page_of
from heardback.domain.measures.bounds import Component, Solver, components
from heardback.domain.measures.figures import TOTAL, Figure, Table
from heardback.domain.measures.releases import Release, background, beside, true_counts

TRIES = 6  # how many cells are tried before the best of them is taken: each costs two linear programmes
NOTHING = Page({}, (), ())
ENDS_BY = {"days_to_close": "closed", "days_to_decide": "decided"}  # what ends the time that a median is of


@dataclass(frozen=True)
class Rules:
    """What is too small to show: counts under `small` (0 may be shown)."""

    small: int

    @property
    def room(self) -> int:
        """A hidden count is open enough where it may be anything that `c` says by itself: 1 to 5, a width of 4."""
        return self.small - 2


def protect(tables: Sequence[Table], policy: ReportPolicy, earlier: Sequence[Release] = ()) -> tuple[Table, ...]:
    """The tables with everything hidden that has to be, in the same order. The same input gives the same output.

    All tables of one release go in together, and all earlier releases: what one shows, another may give away.
    """
    rules = Rules(policy.small_count)
    before = background(earlier, true_counts(tables), rules.small)
    return veiled(tables, suppressed(page_of(tables), rules, _uses(tables), before), policy)


def veiled(tables: Sequence[Table], hidden: frozenset[Cell], policy: ReportPolicy) -> tuple[Table, ...]:
    """The tables without these cells, and without rates on too small a base."""
    return tuple(table.with_rows(_veil(table, row, hidden, policy) for row in table.rows) for table in tables)


def suppressed(page: Page, rules: Rules, uses: Mapping[Cell, int], before: Page = NOTHING) -> frozenset[Cell]:
    """The cells of a page to hide, beside a page that is out already, so that none can be worked out.

    `uses` says how much hiding a cell costs. Where what is out gives a small count away by itself nothing here can
    help; `audit` says so.
    """
    primary = _small(page, rules)
    page, solver, lost = page.hiding(primary), Solver(rules.room, rules.small), set[Cell]()
    solver.trust(before)
    while exposed := next((cell for cell in solver.tight(beside(page, before)) if cell not in lost), None):
        nearest = _sacrifice(exposed, page, before, uses, rules)
        if nearest is None:
            lost.add(exposed)
        else:
            page = page.hiding([nearest])
    return frozenset(page.hidden)


def audit(
    tables: Sequence[Table],
    policy: ReportPolicy,
    earlier: Sequence[Release] = (),
    truth: Sequence[Table] | None = None,
) -> list[str]:
    """The small counts that are shown and the hidden ones that a reader could pin down; empty where there are none.

    `truth` are the same tables before protection, wanted where there are earlier releases: it says which counts have
    not changed since. Names cells, never numbers: the list may be logged.
    """
    rules = Rules(policy.small_count)
    page = page_of(tables)
    before = background(earlier, true_counts(truth if truth is not None else tables), rules.small)
    bare = [f"{cell}: a small count is shown" for cell in _small(page, rules)]
    return bare + [f"{cell}: a hidden count can be worked out too closely" for cell in exposed_in(page, rules, before)]


def exposed_in(page: Page, rules: Rules, before: Page = NOTHING) -> list[Cell]:
    """The hidden cells that can be pinned down from a page and one that is out already."""
    solver = Solver(rules.room, rules.small)
    solver.trust(before)
    given_away = sorted(cell for cell in page.hidden if 0 < before.known.get(cell, 0) < rules.small)
    return given_away + list(solver.tight(beside(page, before)))


def _small(page: Page, rules: Rules) -> list[Cell]:
    return sorted(cell for cell, count in page.known.items() if 0 < count < rules.small)


def _sacrifice(exposed: Cell, page: Page, before: Page, uses: Mapping[Cell, int], rules: Rules) -> Cell | None:
    """The cheapest shown cell whose hiding leaves `exposed` open enough; where none does, the one that helps most.

    None where nothing that can still be hidden holds it.
    """
    held_by = _home(exposed, beside(page, before)).binding(exposed)
    free = [near for near in held_by if near in page.known and near not in before.known]
    candidates = sorted(free, key=lambda near: (uses.get(near, 1), near.group == TOTAL, page.known[near], near))
    best, most = candidates[0] if candidates else None, -1.0
    for near in candidates[:TRIES]:
        low, high = _home(exposed, beside(page.hiding([near]), before)).bounds(exposed)
        if high - low >= rules.room:
            return near
        if high - low > most:
            best, most = near, high - low
    return best


def _home(cell: Cell, page: Page) -> Component:
    return Component(next(part for part in components(page) if cell in part.hidden))


def _uses(tables: Sequence[Table]) -> Counter[Cell]:
    """How many figures each cell would take with it."""
    return Counter(cell for table in tables for row in table.rows for cell, _ in cells_of(table, row))


def _veil(table: Table, figure: Figure, hidden: frozenset[Cell], policy: ReportPolicy) -> Figure:
    cells = list(cells_of(table, figure))
    few = figure.has_base and figure.n is not None and 0 < figure.n < policy.small_base
    if not few and not any(cell in hidden for cell in (*(cell for cell, _ in cells), *_read_off(table, figure))):
        return figure
    counts = [None if cell in hidden else count for cell, count in cells]
    n = counts[0] if figure.has_base else None
    count = counts[-1] if figure.has_count else None
    note = "" if figure.code in ENDS_BY else figure.note
    return replace(figure, n=n, count=count, value=None, low=None, high=None, suppressed=True, note=note)


def _read_off(table: Table, figure: Figure) -> list[Cell]:
    """The count that a median says something of: half were closed by then, or, where there is none, fewer than half."""
    return [cell_of(table, ENDS_BY[figure.code], figure.group)] if figure.code in ENDS_BY else []
