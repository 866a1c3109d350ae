"""What each check of a pull asks for, in Great Expectations' own sentences, beside how it went: counts and row numbers.

Its renderer gives the words. Its pages are not used: they load fourteen files from other people's servers.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from string import Template
from typing import Any

import pandas as pd

from config.maps import SourceMap
from heardback.checks.own import rule_of
from heardback.checks.suite import Rule, record_rules
from heardback.checks.warned import unwarned

COLUMNS = ("column", "column_A", "column_B")


@dataclass(frozen=True)
class CheckLine:
    """One check of one pull. `rows` are the numbers of the rows that failed it, as a spreadsheet shows them."""

    asks: str
    reason: str
    expectation: str
    success: bool
    failed: int
    rows: tuple[int, ...]


class Sentences:
    """What rules ask for, as Great Expectations says it; each takes 0.04 s, so every rule is asked once."""

    def __init__(self) -> None:
        self._known: dict[str, str] = {}

    def of(self, rule: Rule) -> str:
        """The sentence of one rule."""
        key = f"{rule.expect} {rule.column} {rule.kwargs}"
        if key not in self._known:
            self._known[key] = _sentence(rule)
        return self._known[key]


def check_lines(
    results: Mapping[str, Any], source: SourceMap | None, on: date, sentences: Sentences
) -> list[CheckLine]:
    """A line for each check in the results that were kept of a pull on that day; no cell is in them.

    `source` is its map today, which knows what was asked; None, or a rule that the map has no longer, leaves the
    expectation's name. Imports Great Expectations (3.4 s).
    """
    rules = [*record_rules(source, on), *map(rule_of, source.expectations)] if source else []
    known = {(rule.expect, rule.reason): rule for rule in rules}
    return [_line(check, known, sentences) for check in results["checked"]]


def _line(check: Mapping[str, Any], known: Mapping[tuple[str, str], Rule], sentences: Sentences) -> CheckLine:
    expectation, reason = str(check["expectation"]), str(check["reason"])
    rule = known.get((expectation, reason))
    return CheckLine(
        asks=sentences.of(rule) if rule else f"“{check['column']}”, {expectation.replace('_', ' ')}",
        reason=reason,
        expectation=expectation,
        success=bool(check["success"]),
        failed=int(check["unexpected_count"]),
        rows=tuple(map(int, check["unexpected_rows"])),
    )


def _sentence(rule: Rule) -> str:
    with unwarned():
        import great_expectations  # noqa: F401  (it fills its registry)
    from great_expectations.expectations.registry import get_expectation_impl
    from great_expectations.render.renderer.inline_renderer import InlineRenderer

    make: Any = get_expectation_impl(rule.expect)
    configured = make(**({"column": rule.column} if rule.column else {}), **rule.kwargs).configuration
    rendered = InlineRenderer(render_object=configured).get_rendered_content()
    value: Any = rendered[0].value.to_json_dict()
    text = value if "template" in value else value["header"]["value"]  # some are a table or a picture below a header
    return _filled(text["template"], text.get("params", {}))


def _filled(template: str, params: Mapping[str, Mapping[str, Any]]) -> str:
    told = {name: _told(name, param["value"]) for name, param in params.items()}
    return " ".join(Template(template).safe_substitute(told).split())


def _told(name: str, value: object) -> str:
    """Days as days, whole numbers as such; headers in quotation marks, for several words may stand there."""
    if isinstance(value, pd.Timestamp):
        return f"{value:%d %B %Y}".lstrip("0")
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return f"{value:,.0f}" if float(value).is_integer() else f"{value}"
    is_header = name in COLUMNS or name.startswith("column_list_")
    return f"“{value}”" if is_header else str(value).removeprefix("<pre>").removesuffix("</pre>")


def failures(lines: Sequence[CheckLine]) -> int:
    """How many checks found a bad row."""
    return sum(not line.success for line in lines)
