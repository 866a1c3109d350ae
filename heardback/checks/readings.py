"""Cells and bounds as what a map says they are: a file and YAML give text, and an expectation compares."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pandas as pd

from config.maps import Expectation
from heardback.checks.suite import BETWEEN, Rule

BOUNDS = ("min_value", "max_value")
NUMBERS = (*BOUNDS, "value", "sum_total", "threshold", "multiplier", "column_index")
SUM, PAIR = "expect_multicolumn_sum_to_equal", "expect_column_pair_values_a_to_be_greater_than_b"
# What is about numbers unless its map says otherwise: on text it would end the run.
IN_NUMBERS = (
    BETWEEN, SUM, "expect_column_mean_to_be_between", "expect_column_median_to_be_between",
    "expect_column_min_to_be_between", "expect_column_max_to_be_between", "expect_column_sum_to_be_between",
    "expect_column_stdev_to_be_between", "expect_column_quantile_values_to_be_between",
    "expect_column_value_z_scores_to_be_less_than", "expect_column_values_to_not_be_outliers",
    "expect_column_values_to_be_increasing", "expect_column_values_to_be_decreasing",
)  # fmt: skip
TEXT, NUMBER, DATE = "text", "number", "date"
LOW, HIGH = -1, 1  # where a cell is put that cannot be read: below everything, or above it
EXTREMES: dict[tuple[str, int], Any] = {
    (NUMBER, LOW): float("-inf"),
    (NUMBER, HIGH): float("inf"),
    (DATE, LOW): pd.Timestamp("1700-01-01"),
    (DATE, HIGH): pd.Timestamp("2200-01-01"),
}
MARKS = {LOW: ", or too low", HIGH: ", or too high", None: ""}


def reading_of(own: Expectation) -> str:
    """How an expectation's cells are compared: text, number or date."""
    return own.read_as or (NUMBER if own.expect in IN_NUMBERS else TEXT)


def read_cells(
    frame: pd.DataFrame, own: Expectation, rule: Rule, dates: Sequence[str]
) -> tuple[Rule, dict[str, pd.Series]]:
    """The rule on columns that hold numbers or dates, and those columns by name; the rule as it is where it is on text.

    A cell that cannot be read so is put where it fails: beyond the bound, or apart from the cells beside it. Where a
    rule has neither (increasing, outliers) it counts as missing.
    """
    reading = reading_of(own)
    if reading == TEXT:
        return rule, {}
    places = {column: place for column, place in _places(rule).items() if column in frame}
    names = {column: f"{column} as a {reading}{MARKS[place]}" for column, place in places.items()}
    twins = {names[column]: _read(frame[column], reading, dates, place) for column, place in places.items()}
    kwargs, about = _renamed(rule.kwargs, names), rule.column or rule.place.replace("'", "")
    return replace(rule, column=names.get(rule.column, rule.column), kwargs=kwargs, about=about), twins


def typed(kwargs: Mapping[str, object], reading: str) -> dict[str, Any]:
    """What a map gives as text, as Great Expectations takes it. Raises ValueError, which names the kwarg."""
    return {name: _typed(name, value, reading) for name, value in kwargs.items()}


def _places(rule: Rule) -> dict[str, int | None]:
    """The columns that a rule names, and where in each of them a cell is put that cannot be read."""
    first, second = rule.kwargs.get("column_A"), rule.kwargs.get("column_B")
    listed = rule.kwargs.get("column_list")
    several = [first, second] if first and second else listed if isinstance(listed, list) else []
    apart = {str(column): HIGH if position else LOW for position, column in enumerate(several)}
    is_high = "max_value" in rule.kwargs or "value_set" in rule.kwargs  # which is in no set either
    beyond = HIGH if is_high else LOW if "min_value" in rule.kwargs else None
    return {**({rule.column: beyond} if rule.column else {}), **apart}


def _renamed(kwargs: Mapping[str, object], names: Mapping[str, str]) -> dict[str, object]:
    renamed = dict(kwargs)
    for name in ("column_A", "column_B"):
        if name in renamed:
            renamed[name] = names.get(str(renamed[name]), renamed[name])
    if isinstance(listed := renamed.get("column_list"), list):
        renamed["column_list"] = [names.get(column, column) for column in listed]
    return renamed


def _read(cells: pd.Series, reading: str, dates: Sequence[str], place: int | None) -> pd.Series:
    found = _numbers(cells) if reading == NUMBER else _days(cells, dates)
    return found if place is None else found.mask(found.isna() & cells.notna(), EXTREMES[reading, place])


def _numbers(cells: pd.Series) -> pd.Series:
    return pd.to_numeric(cells, errors="coerce").astype("float64")


def _days(cells: pd.Series, dates: Sequence[str]) -> pd.Series:
    """By the first format that fits; an ISO date needs none. Instants with an offset are compared as instants."""
    found = pd.Series(pd.NaT, index=cells.index, dtype="datetime64[us]")
    for layout in (*dates, "ISO8601"):
        read = pd.to_datetime(cells, format=layout, errors="coerce", utc=True).dt.tz_localize(None)
        found = found.where(found.notna(), read.astype("datetime64[us]"))
    return found


def _typed(name: str, value: object, reading: str) -> Any:
    if reading == DATE and name in BOUNDS:
        return _as(name, value, pd.Timestamp, "a day: 2026-11-10")
    if name in NUMBERS:
        return _as(name, value, _number, "a number")
    if name == "quantile_ranges" or (name == "value_set" and reading == NUMBER):
        return _as(name, value, _numbers_in, "numbers")
    if name == "partition_object" and isinstance(value, Mapping):
        return {
            key: part if key == "values" else _as(name, part, _numbers_in, "numbers") for key, part in value.items()
        }
    return value


def _as(name: str, value: object, make: Any, wanted: str) -> Any:
    try:
        return make(value)
    except (ValueError, TypeError):
        raise ValueError(f"'{name}' should be {wanted}") from None


def _number(value: object) -> float:
    number = float(str(value))
    return int(number) if number.is_integer() else number


def _numbers_in(value: object) -> Any:
    """The same lists and mappings with every text in them a number; nothing stays nothing (a bound that is open)."""
    if isinstance(value, Mapping):
        return {key: _numbers_in(part) for key, part in value.items()}
    if isinstance(value, list):
        return [_numbers_in(part) for part in value]
    return None if value in (None, "", "null") else _number(value)
