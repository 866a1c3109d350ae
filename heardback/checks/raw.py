"""A table's raw cells as a quarantined row keeps them."""

from collections.abc import Mapping, Sequence

from heardback.domain.table import Table


def quarantine_cells(table: Table, kept: Sequence[str], rows: Sequence[int]) -> dict[int, Mapping[str, str]]:
    """The cells that quarantined rows may keep, by row number: those in the columns that mapping kept.

    In a broken row no cell can be told from another, so it keeps its cells (by position) only where nothing in the
    file would have to be dropped; elsewhere it keeps none, and the raw file has them.
    """
    frame = table.frame[list(kept)]
    wanted = frame[frame.index.isin(list(rows))]
    records = wanted.to_dict("records")
    cells: dict[int, Mapping[str, str]] = {
        int(row): {str(column): str(cell) for column, cell in record.items()}
        for row, record in zip(wanted.index.to_list(), records, strict=True)
    }
    nothing_to_drop = len(kept) == len(table.frame.columns)
    for broken in table.broken:
        numbered = {f"cell {position}": cell for position, cell in enumerate(broken.cells, start=1)}
        cells[broken.row_number] = numbered if nothing_to_drop else {}
    return cells
