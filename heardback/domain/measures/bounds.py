"""The least and the greatest that a hidden count can be, by linear programmes over everything that is printed."""

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from math import ceil, floor
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from heardback.domain.measures.attack import Cell, Page, Relation
from heardback.errors import DisclosureError

Bounds = tuple[float, float]
Column = npt.NDArray[np.float64]
Rows = tuple[npt.NDArray[np.float64], Column]
Packed = tuple[bytes, bytes, bytes]

ROUNDING = 1e-6


class Answer(NamedTuple):
    """What a programme comes to, one way in which the cells can then be, and how hard each relation holds it there."""

    least: float
    x: Column
    sums_held: Column
    nests_held: Column


class Component:
    """Hidden cells that hang together, and what is known of the range of each.

    Every programme's solution is one way in which all the cells of the component could be, so it widens the known range
    of each of them: most cells are shown to be safe by the solutions found for others.
    """

    def __init__(self, page: Page) -> None:
        self.page = page
        self._place = {cell: i for i, cell in enumerate(page.hidden)}
        self._sums = [relation for relation in page.relations if relation.equal]
        self._nests = [relation for relation in page.relations if not relation.equal]
        self._equal = _packed(_rows(self._sums, page.known, self._place))
        self._at_most = _packed(_rows(self._nests, page.known, self._place))
        # far above anything the relations allow, so that an unbounded cell has a solution too
        self._ceiling = 2.0 * sum(page.known.values()) + 1000 * len(page.hidden)
        self._low = np.full(len(page.hidden), np.inf)
        self._high = np.full(len(page.hidden), -np.inf)

    def bounds(self, cell: Cell) -> Bounds:
        """The whole numbers that a hidden cell can be, at least 1; an unbounded one ends at some great number."""
        least, most = self._extremes(cell)
        return _whole(least.least, -most.least)

    def binding(self, cell: Cell) -> set[Cell]:
        """The shown cells that hold the bounds of a hidden one where they are; a zero is no use to hide."""
        held = [
            relation
            for answer in self._extremes(cell)
            for relations, price in ((self._sums, answer.sums_held), (self._nests, answer.nests_held))
            for relation, force in zip(relations, price, strict=True)
            if abs(force) > ROUNDING
        ]
        standing = {other for relation in held for other in (*relation.parts, relation.whole)}
        return {other for other in standing if self.page.known.get(other, 0) > 0}

    def is_narrow(self, cell: Cell, room: int) -> Bounds | None:
        """The range of a hidden cell where it is narrower than `room`, None where it is open."""
        if self._seen_open(cell, room):
            return None
        span = self.bounds(cell)
        return None if _is_open(span, room) else span

    def _seen_open(self, cell: Cell, room: int) -> bool:
        low, high = self._low[self._place[cell]], self._high[self._place[cell]]
        return bool(np.isfinite(low)) and _is_open(_whole(low, high), room)

    def _extremes(self, cell: Cell) -> tuple[Answer, Answer]:
        return self._minimum(self._place[cell], 1), self._minimum(self._place[cell], -1)

    def _minimum(self, place: int, sign: int) -> Answer:
        answer = _least(place, sign, len(self._place), self._ceiling, self._at_most, self._equal)
        if answer is None:
            raise DisclosureError("the printed figures contradict one another", where="disclosure audit")
        self._low, self._high = np.minimum(self._low, answer.x), np.maximum(self._high, answer.x)
        return answer


class Solver:
    """Tight cells of one release while more and more of it is hidden.

    Hiding one more cell changes one component of many, and it can only widen the range of the others: a cell that was
    open once stays open, and is not asked about again.
    """

    def __init__(self, room: int, small: int) -> None:
        self._room, self._small = room, small
        self._solved: dict[tuple[Cell, ...], Component] = {}
        self._open: set[Cell] = set()
        self._trusted: dict[tuple[Cell, ...], int] = {}

    def trust(self, page: Page) -> None:
        """Take the components of a page that was audited before for open, as long as nothing more is known of them."""
        seen = {*page.known, *page.hidden}
        held = tuple(relation for relation in page.relations if seen.issuperset((*relation.parts, relation.whole)))
        alone = Page(page.known, page.hidden, held)
        self._trusted = {part.hidden: len(part.relations) for part in components(alone)}

    def tight(self, page: Page) -> Iterator[Cell]:
        """The hidden cells that can be pinned down, in a fixed order, found as they are asked for.

        Raises DisclosureError where the printed figures contradict one another.
        """
        home = {cell: part for part in self._untrusted(page) for cell in part.hidden}
        for cell in page.hidden:
            if cell in home and cell not in self._open and self._is_tight(cell, home[cell]):
                yield cell

    def _untrusted(self, page: Page) -> Iterator[Page]:
        for part in components(page):
            if self._trusted.get(part.hidden) != len(part.relations):
                yield part

    def _is_tight(self, cell: Cell, part: Page) -> bool:
        if part.hidden not in self._solved:
            self._solved[part.hidden] = Component(part)
        span = self._solved[part.hidden].is_narrow(cell, self._room)
        if span is None:
            self._open.add(cell)
        return span is not None and span[0] < self._small


def components(page: Page) -> Iterator[Page]:
    """The page in pieces that share no hidden cell: many small programmes are far cheaper than one large."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    place = {cell: i for i, cell in enumerate(page.hidden)}
    touching = [[place[cell] for cell in (*held.parts, held.whole) if cell in place] for held in page.relations]
    edges = np.array([(cells[0], other) for cells in touching for other in cells], dtype=int).reshape(-1, 2)
    links = coo_array((np.ones(len(edges)), tuple(edges.T)), shape=(len(place), len(place)))
    count, label = connected_components(links, directed=False)
    hidden: list[list[Cell]] = [[] for _ in range(count)]
    relations: list[list[Relation]] = [[] for _ in range(count)]
    for cell, i in place.items():
        hidden[label[i]].append(cell)
    for relation, cells in zip(page.relations, touching, strict=True):
        if cells:
            relations[label[cells[0]]].append(relation)
    for cells_inside, held_inside in zip(hidden, relations, strict=True):
        yield Page(page.known, tuple(cells_inside), tuple(held_inside))


def _packed(rows: Rows) -> Packed:
    """The entries of a matrix that are not 0, and what its rows add up to: a hundredth of the matrix to keep."""
    matrix, room = rows
    filled = np.flatnonzero(matrix)
    return filled.tobytes(), matrix.ravel()[filled].tobytes(), room.tobytes()


def _unpacked(rows: Packed, cells: int) -> Rows:
    filled, entries, room = np.frombuffer(rows[0], dtype=np.intp), np.frombuffer(rows[1]), np.frombuffer(rows[2])
    matrix = np.zeros((len(room), cells))
    matrix.ravel()[filled] = entries
    return matrix, room


@lru_cache(maxsize=1_000)  # what was hidden is attacked once more: half of all programmes come again, at 2 ms each
def _least(place: int, sign: int, cells: int, ceiling: float, nests: Packed, sums: Packed) -> Answer | None:
    from scipy.optimize import linprog

    cost = np.zeros(cells)
    cost[place] = sign
    programme = (*_unpacked(nests, cells), *_unpacked(sums, cells))
    found = linprog(cost, *programme, bounds=(1, ceiling), method="highs")
    if found.x is None:
        return None
    return Answer(float(found.fun or 0.0), found.x, found.eqlin.marginals, found.ineqlin.marginals)


def _is_open(span: Bounds, room: int) -> bool:
    return span[1] - span[0] >= room


def _whole(low: float, high: float) -> Bounds:
    return ceil(low - ROUNDING), floor(high + ROUNDING)


def _rows(relations: Sequence[Relation], known: Mapping[Cell, int], place: Mapping[Cell, int]) -> Rows:
    """Coefficients of the hidden cells and what the known ones leave for them, one row a relation."""
    matrix, rest = np.zeros((len(relations), len(place))), np.zeros(len(relations))
    for i, relation in enumerate(relations):
        for sign, cell in (*((1, part) for part in relation.parts), (-1, relation.whole)):
            if cell in place:
                matrix[i, place[cell]] += sign
            else:
                rest[i] -= sign * known[cell]
    return matrix, rest
