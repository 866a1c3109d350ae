"""Whether the expectations that a map adds can be run at all, asked before any file comes."""

import re
from difflib import get_close_matches
from typing import Any

import pandas as pd

from config.maps import Expectation
from heardback.checks.kinds import is_about_rows, is_about_tables
from heardback.checks.own import rule_of
from heardback.checks.readings import DATE, PAIR, TEXT, read_cells, reading_of
from heardback.checks.running import run_rules
from heardback.checks.suite import ROW, Rule
from heardback.checks.warned import unwarned
from heardback.errors import PullRefused

PATTERNS = ("regex", "regex_list")
CONDITION = "a row_condition compares columns, whose cells are text, as in 'Age == \"14\"'"
BY_QUERY = "unexpected_rows_expectation"  # of a database alone; to make one with a query of one's own logs a warning
MADE_UP = ("1", "2")  # cells that can be read as text, numbers and JSON


def expectation_fault(expectation: Expectation) -> str:
    """What is wrong with one expectation, in words for whoever wrote the map; empty where nothing is.

    Imports Great Expectations (3.4 s) and runs the expectation on two made-up rows: ask only where a map has any.
    """
    name = expectation.expect
    registered = _registered()
    if name not in registered:
        near = get_close_matches(name, registered, n=1)
        hint = f"the nearest is '{near[0]}'" if near else "its own names begin with expect_column_values_to_"
        return f"Great Expectations has no '{name}'; {hint}"
    if name == BY_QUERY:
        return f"{name} cannot be run on the rows of a file"
    wrong = _unreadable(expectation)
    if wrong:
        return f"{name}: {wrong}"
    try:
        rule = rule_of(expectation)
        _make(rule)
    except ValueError as error:  # pydantic 1, whose problems are those of the map's own words; or ours
        about = "on a column " if expectation.column else ""
        return f"{name} cannot be run {about}with these kwargs: {_problem(error)}"
    return _rehearsed(expectation, rule)


def _registered() -> list[str]:
    with unwarned():
        import great_expectations  # noqa: F401  (it fills its registry)
    from great_expectations.expectations.registry import list_registered_expectation_implementations

    return sorted(list_registered_expectation_implementations())


def _make(rule: Rule) -> None:
    from great_expectations.expectations.registry import get_expectation_impl

    make: Any = get_expectation_impl(rule.expect)
    with unwarned():
        make(**({"column": rule.column} if rule.column else {}), **rule.kwargs)


def _rehearsed(expectation: Expectation, rule: Rule) -> str:
    """Run it on two made-up rows: some cannot be run on a file at all."""
    columns = [
        rule.column,
        rule.kwargs.get("column_A"),
        rule.kwargs.get("column_B"),
        *_listed(rule),
        *_in_condition(rule),
    ]
    frame = pd.DataFrame({str(column): list(MADE_UP) for column in columns if column} | {ROW: [2, 3]})
    read, twins = read_cells(frame, expectation, rule, ())
    try:
        run_rules(frame.assign(**twins), [read], "the map")
    except PullRefused as refused:
        if "could not be run" in refused.what:
            hint = f"; {CONDITION}" if "row_condition" in rule.kwargs else ""
            return f"{rule.expect} cannot be run on the rows of a file{hint}"
    return ""


def _listed(rule: Rule) -> list[object]:
    listed = rule.kwargs.get("column_list")
    return listed if isinstance(listed, list) and is_about_rows(rule.expect) else []


def _in_condition(rule: Rule) -> list[str]:
    """Every word of a row_condition that may be a column: `With spaces`, col("Age"), Age."""
    found = re.findall(r"`([^`]+)`|[\"']([^\"']+)[\"']|([A-Za-z_]\w*)", str(rule.kwargs.get("row_condition", "")))
    return [name for several in found for name in several if name]


def _unreadable(expectation: Expectation) -> str:
    for name in PATTERNS:
        written = expectation.kwargs.get(name, "")
        for pattern in written if isinstance(written, list) else [written]:
            try:
                re.compile(str(pattern))
            except re.error as error:
                return f"'{name}' is not a regular expression: {error}"
    least, most = (_number(expectation.kwargs.get(name)) for name in ("min_value", "max_value"))
    if least is not None and most is not None and least > most:
        return f"'min_value' {least:g} is above 'max_value' {most:g}, so nothing could pass"
    if expectation.expect == PAIR and not expectation.read_as:
        return "say how its cells are compared: read_as: number, date or text"
    if expectation.read_as not in ("", TEXT) and is_about_tables(expectation.expect):
        return "'read_as' is for columns, and this is about the table"
    if reading_of(expectation) == DATE and "value_set" in expectation.kwargs:
        return "a set of dates is compared as text: leave out 'read_as'"
    return ""


def _number(bound: object) -> float | None:
    try:
        return float(str(bound))
    except ValueError:
        return None


def _problem(error: ValueError) -> str:
    problems: list[dict[str, Any]] = getattr(error, "errors", list)()
    places = (".".join(str(part) for part in problem["loc"]) for problem in problems)
    found = [f"'{place}' {problem['msg']}" for place, problem in zip(places, problems, strict=True)]
    return "; ".join(dict.fromkeys(found)).replace("'__root__' ", "") or str(error) or type(error).__name__
