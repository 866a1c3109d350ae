"""A table's raw columns: as a map's own expectations see them, and as a quarantined row keeps them."""

from collections.abc import Mapping, Sequence
from hashlib import sha256

from heardback.domain.table import Table


def quarantine_cells(table: Table, kept: Sequence[str], rows: Sequence[int]) -> dict[int, Mapping[str, str]]:
    """The cells that quarantined rows may keep, by row number: those in the columns that mapping kept.

    In a broken row no cell can be told from another, so it keeps its cells (by position) only where nothing in the
    file would have to be dropped; elsewhere it keeps none, and the raw file has them.
    """
    wanted = table.some(kept, rows)
    records = wanted.to_dict("records")
    cells: dict[int, Mapping[str, str]] = {
        int(row): {str(column): str(cell) for column, cell in record.items()}
        for row, record in zip(wanted.index.to_list(), records, strict=True)
    }
    nothing_to_drop = len(kept) == len(table.columns)
    for broken in table.broken:
        numbered = {f"cell {position}": cell for position, cell in enumerate(broken.cells, start=1)}
        cells[broken.row_number] = numbered if nothing_to_drop else {}
    return cells


def fingerprints(table: Table, kept: Mapping[int, Mapping[str, str]]) -> dict[int, str]:
    """A hash of each quarantined row's cells: the kept ones that are filled, or all of a row that is broken."""
    broken = {row.row_number: list(row.cells) for row in table.broken}
    told = {
        row: broken.get(row) or sorted(f"{column}={cell}" for column, cell in cells.items() if cell)
        for row, cells in kept.items()
    }
    return {row: sha256("\x1f".join(cells).encode()).hexdigest() for row, cells in told.items()}
