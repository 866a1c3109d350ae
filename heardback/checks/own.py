"""The expectations that a map adds: on the raw columns of its rows, or on the table as it was read."""

import re
from collections.abc import Sequence
from typing import Any

import pandas as pd

from config.maps import Expectation, SourceMap
from config.questions import Question
from heardback.checks.kinds import is_about_tables
from heardback.checks.readings import read_cells, reading_of, typed
from heardback.checks.running import Verdict, not_runnable, run_rules
from heardback.checks.suite import ROW, Rule
from heardback.domain.table import Table, nearest_header

NEVER_KEPT = {"identity", "deletion_code"}
HEADERS = ("column_A", "column_B", "column_list", "column_set")


def run_own_rules(table: Table, source: SourceMap, rows: Any) -> list[Verdict]:
    """Hold these rows of a table (their numbers), and the table itself, against what its map adds.

    Raises PullRefused where one cannot be run, or where one fails that is about more than single rows.
    """
    about_table = [own for own in source.expectations if is_about_tables(own.expect)]
    about_rows = [own for own in source.expectations if not is_about_tables(own.expect)]
    verdicts: list[Verdict] = []
    _require_columns(table, about_rows)
    if about_rows:
        rules = [_rule_for(own, table.name) for own in about_rows]
        frame = _raw_frame(table, source, rules, rows)
        read = [read_cells(frame, own, rule, source.dates) for own, rule in zip(about_rows, rules, strict=True)]
        twins = {name: cells for _, columns in read for name, cells in columns.items()}
        verdicts += run_rules(frame.assign(**twins), [rule for rule, _ in read], table.name)
    whole = [_rule_for(own, table.name) for own in about_table]
    return verdicts + (run_rules(table.frame, whole, table.name, even_empty=True) if whole else [])


def columns_checked(table: Table, source: SourceMap) -> list[str]:
    """The columns that a map's own expectations on rows ask about, but for identity and codes of deletion."""
    rules = [_rule_for(own, table.name) for own in source.expectations if not is_about_tables(own.expect)]
    secret = [question for question in source.questions if question.role in NEVER_KEPT]
    return [column for column in _columns_named(table, rules) if not any(_asks(one, column) for one in secret)]


def askable(table: Table, expectations: Sequence[Expectation]) -> tuple[Expectation, ...]:
    """Those of which a table has every column that they name: a row in quarantine has lost its identity."""
    return tuple(own for own in expectations if not _missing(table, own))


def _missing(table: Table, own: Expectation) -> list[str]:
    """The columns that an expectation names and a table has not."""
    given = [_headers(own.kwargs[name]) for name in HEADERS if name in own.kwargs]
    named = [_header(own.column)] if own.column else []
    for value in given:
        named += value if isinstance(value, list) else [value]
    return [header for header in named if header not in table.columns]


def _require_columns(table: Table, expectations: Sequence[Expectation]) -> None:
    for own in expectations:
        for header in _missing(table, own):
            near = nearest_header(header, table.columns)
            raise not_runnable(table.name, f"{own.expect}: the file has no column '{header}'{near}")


def _asks(question: Question, column: str) -> bool:
    return bool(re.search(question.match, column)) if question.match else _header(question.column) == column


def rule_of(own: Expectation) -> Rule:
    """An expectation as it is run: its headers as they stand in a table, its kwargs no longer text."""
    kwargs = {name: _headers(value) if name in HEADERS else value for name, value in own.kwargs.items()}
    return Rule(own.expect, _header(own.column), own.reason, typed(kwargs, reading_of(own)))


def _rule_for(own: Expectation, name: str) -> Rule:
    """The same for a file; `heardback check`, which names the line, may not have been asked first."""
    try:
        return rule_of(own)
    except ValueError as error:
        raise not_runnable(name, f"{own.expect}: {error}") from None


def _raw_frame(table: Table, source: SourceMap, rules: Sequence[Rule], rows: Any) -> pd.DataFrame:
    """The raw cells of some rows that rules ask about, trimmed, with the map's null values as missing.

    `row_id` is the row number. What no rule names is left out: a survey may have hundreds of columns.
    """
    nulls = ["", *source.file.null_values]
    frame = table.some(_columns_named(table, rules)).loc[rows]
    trimmed = {str(column): cells.str.strip() for column, cells in frame.items()}
    return pd.DataFrame({column: cells.mask(cells.isin(nulls)) for column, cells in trimmed.items()} | {ROW: rows})


def _columns_named(table: Table, rules: Sequence[Rule]) -> list[str]:
    """The columns of the rules, and those that stand in what they were given (a row_condition, say)."""
    named = {rule.column for rule in rules}
    given = " ".join(str(value) for rule in rules for value in rule.kwargs.values())
    return [column for column in table.columns if column in named or column in given]


def _headers(value: object) -> list[str] | str:
    return [_header(str(one)) for one in value] if isinstance(value, list) else _header(str(value))


def _header(text: str) -> str:
    return " ".join(text.split())
