"""Whether the expectations that a map adds can be run at all, asked before any file comes."""

import re
import warnings
from collections.abc import Mapping
from typing import Any

from config.maps import Expectation
from heardback.checks.raw import BOUNDS

PATTERNS = ("regex",)


def expectation_fault(expectation: Expectation) -> str:
    """What is wrong with one expectation, in words for whoever wrote the map; empty where nothing is.

    Imports Great Expectations (3.4 s): ask only where a map has expectations.
    """
    with warnings.catch_warnings():
        # It imports two modules that Python has deprecated: nothing that we could change.
        warnings.filterwarnings("ignore", message="module 'sre_", category=DeprecationWarning)
        import great_expectations  # noqa: F401  (it fills its registry)
    from great_expectations.exceptions.exceptions import ExpectationNotFoundError
    from great_expectations.expectations.registry import get_expectation_impl

    try:
        make: Any = get_expectation_impl(expectation.expect)
    except ExpectationNotFoundError:
        return f"Great Expectations has no '{expectation.expect}'; its own names begin with expect_column_values_to_"
    wrong = _unreadable(expectation.kwargs)
    if wrong:
        return f"{expectation.expect}: {wrong}"
    try:
        make(column=expectation.column, **_typed(expectation.kwargs))
    except ValueError as error:  # pydantic 1, whose problems are those of the map's own words
        return f"{expectation.expect} cannot be run on a column with these kwargs: {_problem(error)}"
    return ""


def _unreadable(kwargs: Mapping[str, object]) -> str:
    for name in BOUNDS:
        if name in kwargs and not _is_number(kwargs[name]):
            return f"'{name}' should be a number"
    for name in PATTERNS:
        try:
            re.compile(str(kwargs.get(name, "")))
        except re.error as error:
            return f"'{name}' is not a regular expression: {error}"
    return ""


def _typed(kwargs: Mapping[str, object]) -> dict[str, Any]:
    """YAML gives text; the gate runs bounds as numbers."""
    return {name: float(str(value)) if name in BOUNDS else value for name, value in kwargs.items()}


def _is_number(value: object) -> bool:
    try:
        float(str(value))
    except ValueError:
        return False
    return True


def _problem(error: ValueError) -> str:
    problems: list[dict[str, Any]] = getattr(error, "errors", list)()
    places = (".".join(str(part) for part in problem["loc"]) for problem in problems)
    found = [f"'{place}' {problem['msg']}" for place, problem in zip(places, problems, strict=True)]
    return "; ".join(dict.fromkeys(found)).replace("'__root__' ", "") or type(error).__name__
