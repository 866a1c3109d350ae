"""Random table sets with margins, percentages and a second month, to attack; and simpler ways of hiding to compare."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from heardback.domain.measures.attack import Cell, Page, Relation, page_of
from heardback.domain.measures.bounds import Component, components
from heardback.domain.measures.disclosure import Rules, exposed_in
from heardback.domain.measures.figures import Table
from heardback.domain.measures.rates import share
from heardback.domain.measures.releases import Release, true_counts

RULES = Rules(6)
COLUMNS = "abcd"
Counts = np.ndarray


@dataclass(frozen=True)
class CrossTable(Release):
    """A 5 × 4 table of heard and closed with both margins and the percentages: rows, then columns, then everyone."""

    @property
    def whole(self) -> Page:
        """All of it as if nothing were hidden, with the sums down its columns."""
        page = page_of(self.tables)
        rows = sorted({table.population for table in self.tables} - {"all"})
        down = [
            Relation(tuple(Cell(row, "column", name, code) for row in rows), Cell("all", "column", name, code), True)
            for name in COLUMNS
            for code in ("heard", "closed")
        ]
        return Page(page.known, (), (*page.relations, *down))

    @property
    def page(self) -> Page:
        return self.whole.hiding(self.hidden)


def cross_table(heard: Counts, closed: Counts, label: str, hidden: frozenset[Cell] = frozenset()) -> CrossTable:
    """The table set of two 5 × 4 arrays."""
    rows = [
        Table(f"row{i}", "", tuple(_rates(heard[i], closed[i], COLUMNS)), "column", f"row{i}")
        for i in range(heard.shape[0])
    ]
    columns = Table("columns", "", tuple(_rates(heard.sum(0), closed.sum(0), COLUMNS)), "column", "all")
    # the groups of a table by month are the populations of that name: so are the rows of this one
    names = [f"row{i}" for i in range(heard.shape[0])]
    margin = Table("rows", "", tuple(_rates(heard.sum(1), closed.sum(1), names)), "month", "all")
    return CrossTable(label, (*rows, columns, margin), hidden)


def _rates(heard: Counts, closed: Counts, names: object) -> Iterator[object]:
    yield share("closed", int(closed.sum()), int(heard.sum()))
    for name, n, count in zip(names, heard, closed, strict=True):  # type: ignore[call-overload]
        yield share("closed", int(count), int(n), group=name)


def two_months(random: np.random.Generator) -> tuple[CrossTable, CrossTable]:
    """A month as it was first released, and the same a month later: a few came late, more were closed."""
    heard = random.poisson(random.choice([3, 8, 20], size=(5, 4), p=[0.35, 0.35, 0.3]))
    closed = random.binomial(heard, random.uniform(0.3, 0.9))
    more = heard + random.poisson(2, (5, 4)) * (random.random((5, 4)) < 0.2)
    later = np.minimum(closed + random.poisson(2, (5, 4)) * (random.random((5, 4)) < 0.3), more)
    return cross_table(heard, closed, "first"), cross_table(more, later, "second")


def small_cells(table: CrossTable) -> frozenset[Cell]:
    """What primary suppression hides."""
    return frozenset(cell for cell, count in true_counts(table.tables).items() if 0 < count < RULES.small)


def greedily_hidden(table: CrossTable) -> frozenset[Cell]:
    """In every sum with a single hidden number the smallest other one goes too, until there is none."""
    page = table.whole.hiding(small_cells(table))
    while alone := _smallest_beside_one_alone(page):
        page = page.hiding([alone])
    return frozenset(page.hidden)


def _smallest_beside_one_alone(page: Page) -> Cell | None:
    hidden = set(page.hidden)
    for relation in page.relations:
        line = (*relation.parts, relation.whole)
        shown = [cell for cell in line if cell not in hidden and page.known[cell] > 0]
        if relation.equal and shown and sum(cell in hidden for cell in line) == 1:
            return min(shown, key=lambda cell: (page.known[cell], cell))
    return None


def greedily_safe(table: CrossTable) -> frozenset[Cell]:
    """The same, and then the smallest number in sight of a cell that can still be pinned down, until none can."""
    page = table.whole.hiding(greedily_hidden(table))
    while exposed := next(iter(exposed_in(page, RULES)), None):
        page = page.hiding([_smallest_near(exposed, page)])
    return frozenset(page.hidden)


def _smallest_near(exposed: Cell, page: Page) -> Cell:
    """In the sums that hold the cell, and then in those that hold its neighbours: always the smallest number."""
    reached = {exposed}
    while True:
        lines = [(*held.parts, held.whole) for held in page.relations if reached & {*held.parts, held.whole}]
        near = {cell for line in lines for cell in line}
        shown = [cell for cell in near if page.known.get(cell, 0) > 0]
        if shown:
            return min(shown, key=lambda cell: (page.known[cell], cell))
        reached |= near


def recovered(page: Page, small: frozenset[Cell]) -> int:
    """How many small hidden counts a linear programme finds exactly from a page."""
    found = 0
    for part in map(Component, components(page)):
        found += sum(part.is_narrow(cell, 1) is not None for cell in part.page.hidden if cell in small)
    return found
