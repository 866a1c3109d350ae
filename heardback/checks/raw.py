"""A table's raw columns: as a map's own expectations see them, and as a quarantined row keeps them."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import pandas as pd

from config.maps import SourceMap
from heardback.checks.suite import BETWEEN, ROW, Rule
from heardback.domain.table import Table

BOUNDS = ("min_value", "max_value")


def raw_frame(table: Table, source: SourceMap, rules: Sequence[Rule], rows: list[int]) -> pd.DataFrame:
    """The raw cells of some rows that rules ask about, trimmed, with the map's null values as missing.

    `row_id` is the row number. What no rule names is left out: a survey may have hundreds of columns.
    """
    nulls = ["", *source.file.null_values]
    frame = table.frame[_columns_named(table, rules)].loc[rows]
    trimmed = {str(column): cells.str.strip() for column, cells in frame.items()}
    return pd.DataFrame({column: cells.mask(cells.isin(nulls)) for column, cells in trimmed.items()} | {ROW: rows})


def _columns_named(table: Table, rules: Sequence[Rule]) -> list[str]:
    """The columns of the rules, and those that stand in what they were given (a row_condition, say)."""
    named = {rule.column for rule in rules}
    given = " ".join(str(value) for rule in rules for value in rule.kwargs.values())
    return [str(column) for column in table.frame.columns if column in named or str(column) in given]


def with_numbers(rules: Sequence[Rule], raw: pd.DataFrame) -> tuple[list[Rule], pd.DataFrame]:
    """Bounds that a map writes as text become numbers, and their columns get a numeric twin.

    A cell that is no number is put beyond the bound, so that it fails the rule instead of ending the run.
    """
    typed, twins = [], {}
    for rule in rules:
        bounds = {name: float(str(value)) for name, value in rule.kwargs.items() if name in BOUNDS}
        if rule.expect != BETWEEN or not bounds or rule.column not in raw:
            typed.append(rule)
            continue
        beyond = float("inf") if "max_value" in bounds else float("-inf")
        twin = f"{rule.column} as a number"
        twins[twin] = _numbers(raw[rule.column], beyond)
        typed.append(replace(rule, column=twin, kwargs={**rule.kwargs, **bounds}))
    return typed, raw.assign(**twins)


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


def _numbers(cells: pd.Series, beyond: float) -> pd.Series:
    numbers = pd.to_numeric(cells, errors="coerce").astype("float64")
    return numbers.mask(numbers.isna() & cells.notna(), beyond)
