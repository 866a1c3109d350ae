"""How much room the cells of an ods will take, counted in its XML: one can say that it stands a billion times."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

ROW_OR_CELL = re.compile(rb"<table:(?:(table)|(table-row)|(?:covered-)?table-cell)(?=[\s/>])([^>]*)>")
ROWS = re.compile(rb'number-rows-repeated=["\']([0-9]{1,12})')
COLUMNS = re.compile(rb'number-columns-repeated=["\']([0-9]{1,12})')
SPACES = re.compile(rb'<text:s\b[^>]*text:c=["\']([0-9]{5,12})')


@dataclass
class OpenExpanse:
    """What is counted as the XML streams by: `cells` that stand in it, and how often they are `said` in all.

    `places` are those up to the last cell that is filled, the largest sheet's.
    """

    cells: int = 0
    said: int = 0
    places: int = 0
    spaces: int = 0

    def __post_init__(self) -> None:
        self._row, self._times, self._column, self._filled, self._width = 0, 0, 0, 0, 0

    def count(self, pieces: Iterable[bytes]) -> "OpenExpanse":
        """Count all of `content.xml`, in pieces that cut no tag."""
        for piece in pieces:
            self.spaces += sum(map(int, SPACES.findall(piece)))
            for table, row, rest in ROW_OR_CELL.findall(piece):
                if table or row:
                    self._end_row()
                    self._row, self._width = (0, 0) if table else (self._row, self._width)
                    self._times = times_said(ROWS, rest) if row else 0
                else:
                    self._add_cell(rest)
        self._end_row()
        return self

    def _add_cell(self, rest: bytes) -> None:
        times = times_said(COLUMNS, rest)
        self._column += times
        if b"value-type" in rest or not rest.endswith(b"/"):
            self.cells += 1
            self.said += times * self._times
            self._filled = self._column

    def _end_row(self) -> None:
        self._row += self._times
        if self._filled:
            self._width = max(self._width, self._filled)
            self.places = max(self.places, self._row * self._width)
        self._times, self._column, self._filled = 0, 0, 0


def times_said(pattern: "re.Pattern[bytes]", rest: bytes) -> int:
    """How often a row (ROWS) or a cell (COLUMNS) stands, by the attributes of its mark."""
    found = pattern.search(rest)
    return int(found[1]) if found else 1
