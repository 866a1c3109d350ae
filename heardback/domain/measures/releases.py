"""What earlier releases gave away, set beside a new one: a number hidden in one may stand in the other (G12)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from heardback.domain.measures.attack import Cell, Page, Relation, cells_of, page_of
from heardback.domain.measures.figures import Table

# Counts of people's comments: how many came or went between two releases is a count of people too. How many were
# answered in between speaks of the service.
OF_PEOPLE = frozenset({"said", "heard", "heard_loops", "rows"})


@dataclass(frozen=True)
class Release:
    """One release: its tables with the true counts, and the cells that it did not show. `label` tells it from others.

    A cell is taken to be known as unchanged wherever its true count is the same in two releases: the strongest that
    a reader could know.
    """

    label: str
    tables: tuple[Table, ...]
    hidden: frozenset[Cell]

    @property
    def page(self) -> Page:
        """What it printed."""
        page = page_of(self.tables)
        return page.hiding(self.hidden.intersection(page.known))


def true_counts(tables: Sequence[Table]) -> dict[Cell, int]:
    """Every count that tables hold, by its cell."""
    cells = (pair for table in tables for row in table.rows for pair in cells_of(table, row))
    return {cell: count for cell, count in cells if count is not None}


def background(earlier: Sequence[Release], truth: Mapping[Cell, int], small: int) -> Page:
    """All that earlier releases print, beside a new one whose true counts are `truth`.

    A cell whose count has changed since is another cell here. Where so few people came or went that the difference is
    small itself, that difference is a hidden cell too.
    """
    names: dict[Cell, dict[int, Cell]] = {cell: {count: cell} for cell, count in truth.items()}
    known: dict[Cell, int] = {}
    hidden: set[Cell] = set()
    relations: dict[Relation, None] = {}
    for release in earlier:
        counts, page = true_counts(release.tables), release.page
        for cell, count in counts.items():
            names.setdefault(cell, {count: cell}).setdefault(count, _as_released(cell, release.label))
        new = {cell: names[cell][count] for cell, count in counts.items()}
        known |= {new[cell]: count for cell, count in page.known.items()}
        hidden |= {new[cell] for cell in page.hidden}
        relations |= dict.fromkeys(_renamed(relation, new) for relation in page.relations)
    differences = list(_differences(names, truth, small))
    relations |= dict.fromkeys(relation for relation, _ in differences)
    hidden |= {cell for _, cell in differences}
    return Page(known, tuple(sorted(hidden.difference(known))), tuple(relations))


def beside(page: Page, earlier: Page) -> Page:
    """Two pages read together: what either of them shows is known."""
    known = {**earlier.known, **page.known}
    relations = dict.fromkeys((*page.relations, *earlier.relations))
    # a relation between cells of a release that nobody can see is none
    seen = {*known, *page.hidden, *earlier.hidden}
    held = tuple(relation for relation in relations if seen.issuperset((*relation.parts, relation.whole)))
    return Page(known, tuple(sorted({*page.hidden, *earlier.hidden}.difference(known))), held)


def _differences(
    names: Mapping[Cell, Mapping[int, Cell]], truth: Mapping[Cell, int], small: int
) -> Iterator[tuple[Relation, Cell]]:
    for cell, count in truth.items():
        for before, name in names[cell].items():
            if cell.dimension and cell.code in OF_PEOPLE and 0 < abs(count - before) < small:
                step = Cell(name.population, cell.dimension, cell.group, f"{cell.code} since")
                less, more = (name, cell) if before < count else (cell, name)
                yield Relation((less, step), more, equal=True), step


def _as_released(cell: Cell, label: str) -> Cell:
    return cell._replace(population=f"{cell.population} as released {label}")


def _renamed(relation: Relation, names: Mapping[Cell, Cell]) -> Relation:
    return Relation(tuple(names[part] for part in relation.parts), names[relation.whole], relation.equal)
