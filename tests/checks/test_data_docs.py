"""What each check asks for, in Great Expectations' own sentences, beside what was kept of how it went."""

import re
from datetime import date
from typing import Any

import pandas as pd
import pytest

from heardback.checks.data_docs import CheckLine, Sentences, _sentence, check_lines, failures
from heardback.checks.suite import Rule
from tests.checks.test_own import ON_A_COLUMN, ON_COLUMNS, ON_THE_TABLE, PAIR, own
from tests.sources.samples import a_source

DAY = date(2026, 11, 21)


@pytest.mark.parametrize(
    ("rule", "sentence"),
    [
        (Rule("expect_column_values_to_not_be_null", "service_code", "r"), "“service_code” values must never be null."),
        (Rule("expect_column_values_to_be_between", "submitted_on", "r", {"max_value": pd.Timestamp(2026, 11, 7)}),
         "“submitted_on” values must be less than or equal to 7 November 2026."),
        (Rule("expect_column_values_to_be_between", "longest_text", "r", {"max_value": 30_000}),
         "“longest_text” values must be less than or equal to 30,000."),
        (Rule("expect_table_row_count_to_be_between", "", "r", {"min_value": 10}),
         "Must have greater than or equal to 10 rows."),
        (Rule(PAIR, "", "r", {"column_A": "to", "column_B": "from"}),
         "Values in “to” must always be greater than those in “from”."),
        (Rule("expect_compound_columns_to_be_unique", "", "r", {"column_list": ["box", "card"]}),
         "Values for given compound columns must be unique together: “box” “card”"),
    ],
)  # fmt: skip
def test_a_rule_reads_as_great_expectations_says_it(rule: Rule, sentence: str) -> None:
    assert _sentence(rule) == sentence


@pytest.mark.parametrize("expect", [*ON_A_COLUMN, *ON_COLUMNS, *ON_THE_TABLE])
def test_every_expectation_that_a_map_may_name_has_a_sentence(expect: str) -> None:
    kwargs = {**ON_A_COLUMN, **ON_COLUMNS, **ON_THE_TABLE}[expect]
    source = a_source(expectations=[own(expect, "age" if expect in ON_A_COLUMN else "", **kwargs)])
    (line,) = check_lines({"checked": [checked(expect, "as the map says")]}, source, DAY, Sentences())
    assert len(line.asks) > 10
    assert re.search(r"\$[a-z]", line.asks) is None, "a place of its template that was not filled"


def checked(expect: str, reason: str, *rows: int) -> dict[str, Any]:
    return {
        "expectation": expect, "column": "id", "reason": reason, "success": not rows, "unexpected_count": len(rows),
        "unexpected_rows": list(rows),
    }  # fmt: skip


def test_what_was_kept_of_a_pull_becomes_a_line_a_check() -> None:
    kept = [checked("expect_column_values_to_be_unique", "the same record stands twice", 3, 7)]
    lines = check_lines({"checked": kept}, a_source(), DAY, Sentences())
    assert lines == [
        CheckLine(
            "“response_uid” values must be unique.", "the same record stands twice",
            "expect_column_values_to_be_unique", False, 2, (3, 7),
        )
    ]  # fmt: skip
    assert failures(lines) == 1


def test_a_check_that_the_map_has_no_longer_keeps_its_name() -> None:
    kept = [checked("expect_column_values_to_be_in_set", "a reason of last year")]
    for source in (a_source(), None):
        (line,) = check_lines({"checked": kept}, source, DAY, Sentences())
        assert line.asks == "“id”, expect column values to be in set"
