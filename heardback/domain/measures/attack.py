"""What a reader of a release has to reason with: the counts that are printed and how they hang together."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from heardback.domain.measures.figures import TOTAL, Figure, Table
from heardback.errors import DisclosureError


class Cell(NamedTuple):
    """One count, however many figures print it: what is counted, of whom, and in which group."""

    population: str
    dimension: str
    group: str
    code: str

    def __str__(self) -> str:
        return " ".join(part for part in self if part)


class Relation(NamedTuple):
    """Σ parts = whole, or (where `equal` is false) parts ≤ whole."""

    parts: tuple[Cell, ...]
    whole: Cell
    equal: bool


@dataclass(frozen=True)
class Page:
    """All that is printed: the known counts, the hidden cells in a fixed order, and how cells hang together."""

    known: Mapping[Cell, int]
    hidden: tuple[Cell, ...]
    relations: tuple[Relation, ...]

    def hiding(self, cells: Iterable[Cell]) -> "Page":
        """The same page with further cells hidden."""
        gone = set(cells)
        known = {cell: count for cell, count in self.known.items() if cell not in gone}
        return Page(known, tuple(sorted(gone.union(self.hidden))), self.relations)


def cell_of(table: Table, code: str, group: str) -> Cell:
    """The cell that a count in a table stands for, the same one wherever it is printed."""
    if (table.dimension, group, code) == ("scope", "in", "said"):
        return Cell(table.population, "", TOTAL, "heard")  # what is in scope is the base of the rates
    if table.dimension == "month" and group != TOTAL:
        return Cell(group, "", TOTAL, code)  # a month is the period of that name
    return Cell(table.population, table.dimension if group != TOTAL else "", group, code)


def cells_of(table: Table, figure: Figure) -> Iterator[tuple[Cell, int | None]]:
    """The one or two counts that a figure prints, None where hidden."""
    if figure.has_base:
        yield cell_of(table, figure.base, figure.group), figure.n
    if figure.has_count:
        yield cell_of(table, figure.code, figure.group), figure.count


def page_of(tables: Sequence[Table]) -> Page:
    """Everything that tables give away. Raises DisclosureError where two of them print one cell differently."""
    prints = [(cell, count) for table in tables for row in table.rows for cell, count in cells_of(table, row)]
    known: dict[Cell, int] = {}
    for cell, count in prints:
        if count is not None and known.setdefault(cell, count) != count:
            raise DisclosureError("two figures print one count differently", cells=[str(cell)], where="release")
    seen = {cell for cell, _ in prints}
    relations = dict.fromkeys(relation for table in tables for relation in (*_sums(table), *_nests(table)))
    known_relations = (relation for relation in relations if seen.issuperset((*relation.parts, relation.whole)))
    return Page(known, tuple(sorted(seen.difference(known))), tuple(known_relations))


def _sums(table: Table) -> Iterator[Relation]:
    """The groups of a table add up to its total; without the total's own figure nothing is known to add up."""
    codes = dict.fromkeys(code for figure in table.rows for code in _codes(figure))
    groups = [group for group in table.groups if group != TOTAL]
    if TOTAL in table.groups and groups:
        for code in codes:
            parts = tuple(cell_of(table, code, group) for group in groups)
            yield Relation(parts, cell_of(table, code, TOTAL), equal=True)


def _nests(table: Table) -> Iterator[Relation]:
    """No count is greater than its base, nor than any that it lies within."""
    for figure in (figure for figure in table.rows if figure.has_count):
        cell = cell_of(table, figure.code, figure.group)
        for wider in dict.fromkeys((*figure.within, figure.base)):
            yield Relation((cell,), cell_of(table, wider, figure.group), equal=False)


def _codes(figure: Figure) -> tuple[str, ...]:
    return ((figure.base,) if figure.has_base else ()) + ((figure.code,) if figure.has_count else ())
