"""Expectations that a map adds are asked whether they can be run, before any file comes."""

from typing import Any

import pytest

from config.maps import Expectation
from heardback.checks.contract import expectation_fault


def fault(expect: str, **kwargs: Any) -> str:
    return expectation_fault(Expectation(expect=expect, column="age", kwargs=kwargs, reason="r"))


@pytest.mark.parametrize(
    ("expect", "kwargs"),
    [
        ("expect_column_values_to_be_between", {"min_value": "10", "max_value": "25"}),
        ("expect_column_values_to_match_regex", {"regex": "^[0-9]+$"}),
        ("expect_column_values_to_be_in_set", {"value_set": ["a", "b"], "mostly": "0.9"}),
        ("expect_column_values_to_not_be_null", {}),
    ],
)
def test_an_expectation_that_can_be_run_has_no_fault(expect: str, kwargs: dict[str, Any]) -> None:
    assert fault(expect, **kwargs) == ""


@pytest.mark.parametrize(
    ("expect", "kwargs", "told"),
    [
        ("expect_column_values_to_be_betwen", {}, "Great Expectations has no 'expect_column_values_to_be_betwen'"),
        ("expect_column_values_to_be_between", {"min_valu": "1"}, "'min_valu' extra fields not permitted"),
        ("expect_column_values_to_be_between", {}, "min_value and max_value cannot both be None"),
        ("expect_column_values_to_be_between", {"min_value": "ten"}, "'min_value' should be a number"),
        (
            "expect_column_values_to_be_between",
            {"min_value": "9", "max_value": "2"},
            "'min_value' 9 is above 'max_value'",
        ),
        ("expect_column_values_to_match_regex", {"regex": "("}, "'regex' is not a regular expression"),
        ("expect_column_values_to_be_in_set", {"value_set": ["a"], "mostly": "most"}, "'mostly' value is not a valid"),
        ("expect_table_row_count_to_be_between", {"min_value": "1"}, "'column' extra fields not permitted"),
    ],
)
def test_an_expectation_that_could_not_be_run_is_told(expect: str, kwargs: dict[str, Any], told: str) -> None:
    assert told in fault(expect, **kwargs)


def test_a_query_is_refused_without_a_word_of_the_librarys_own(capfd: pytest.CaptureFixture[str]) -> None:
    asked = Expectation(
        expect="unexpected_rows_expectation", kwargs={"unexpected_rows_query": "SELECT 1"}, reason="none"
    )
    assert "cannot be run on the rows of a file" in expectation_fault(asked)
    assert capfd.readouterr() == ("", "")
