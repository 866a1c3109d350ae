"""A map's own expectations, of every kind that there is: rows go to quarantine, tables refuse the pull."""

import json
from typing import Any

import pytest

from config.maps import Expectation
from heardback.checks.contract import _registered, expectation_fault
from heardback.errors import PullRefused
from tests.checks.gated import Gated
from tests.checks.gated import gated as through_the_gate
from tests.sources.samples import a_source

ON_A_COLUMN: dict[str, dict[str, Any]] = {
    "expect_column_distinct_values_to_be_in_set": {"value_set": ["1", "2"]},
    "expect_column_distinct_values_to_contain_set": {"value_set": ["1"]},
    "expect_column_distinct_values_to_equal_set": {"value_set": ["1", "2"]},
    "expect_column_kl_divergence_to_be_less_than": {
        "partition_object": {"values": ["1", "2"], "weights": ["0.5", "0.5"]},
        "threshold": "0.1",
    },
    "expect_column_max_to_be_between": {"max_value": "9"},
    "expect_column_mean_to_be_between": {"min_value": "1"},
    "expect_column_median_to_be_between": {"min_value": "1"},
    "expect_column_min_to_be_between": {"min_value": "1"},
    "expect_column_most_common_value_to_be_in_set": {"value_set": ["1", "2"], "ties_okay": "true"},
    "expect_column_proportion_of_non_null_values_to_be_between": {"min_value": "0.5"},
    "expect_column_proportion_of_unique_values_to_be_between": {"min_value": "0.5"},
    "expect_column_quantile_values_to_be_between": {
        "quantile_ranges": {"quantiles": ["0.5"], "value_ranges": [["1", "2"]]},
    },
    "expect_column_stdev_to_be_between": {"max_value": "9"},
    "expect_column_sum_to_be_between": {"max_value": "9"},
    "expect_column_to_exist": {},
    "expect_column_type_to_be": {"type_": "str"},
    "expect_column_unique_value_count_to_be_between": {"min_value": "1"},
    "expect_column_value_lengths_to_be_between": {"max_value": "9"},
    "expect_column_value_lengths_to_equal": {"value": "1"},
    "expect_column_value_z_scores_to_be_less_than": {"threshold": "3", "double_sided": "true"},
    "expect_column_values_to_be_between": {"min_value": "0", "strict_min": "true"},
    "expect_column_values_to_be_dateutil_parseable": {},
    "expect_column_values_to_be_decreasing": {},
    "expect_column_values_to_be_in_set": {"value_set": ["1", "2"]},
    "expect_column_values_to_be_in_type_list": {"type_list": ["str"]},
    "expect_column_values_to_be_increasing": {"strictly": "true"},
    "expect_column_values_to_be_json_parseable": {},
    "expect_column_values_to_be_null": {"mostly": "0.5"},
    "expect_column_values_to_be_of_type": {"type_": "str"},
    "expect_column_values_to_be_unique": {},
    "expect_column_values_to_match_json_schema": {"json_schema": {"type": "number"}},
    "expect_column_values_to_match_regex": {"regex": "^[0-9]$"},
    "expect_column_values_to_match_regex_list": {"regex_list": ["^1$", "^2$"]},
    "expect_column_values_to_match_strftime_format": {"strftime_format": "%m"},
    "expect_column_values_to_not_be_in_set": {"value_set": ["3"]},
    "expect_column_values_to_not_be_null": {},
    "expect_column_values_to_not_be_outliers": {"method": "std", "multiplier": "3"},
    "expect_column_values_to_not_match_regex": {"regex": "x"},
    "expect_column_values_to_not_match_regex_list": {"regex_list": ["x"]},
}
ON_COLUMNS: dict[str, dict[str, Any]] = {
    "expect_column_pair_values_to_be_equal": {"column_A": "a", "column_B": "b"},
    "expect_column_pair_values_to_be_in_set": {"column_A": "a", "column_B": "b", "value_pairs_set": [["1", "1"]]},
    "expect_compound_columns_to_be_unique": {"column_list": ["a", "b"]},
    "expect_multicolumn_sum_to_equal": {"column_list": ["a", "b"], "sum_total": "4"},
    "expect_multicolumn_values_to_be_equal": {"column_list": ["a", "b"]},
    "expect_select_column_values_to_be_unique_within_record": {"column_list": ["a", "b"]},
}
PAIR = "expect_column_pair_values_a_to_be_greater_than_b"
ON_THE_TABLE: dict[str, dict[str, Any]] = {
    "expect_table_column_count_to_be_between": {"min_value": "1"},
    "expect_table_column_count_to_equal": {"value": "3"},
    "expect_table_columns_to_match_ordered_list": {"column_list": ["a", "b"]},
    "expect_table_columns_to_match_set": {"column_set": ["a", "b"], "exact_match": "false"},
    "expect_table_row_count_to_be_between": {"min_value": "1"},
    "expect_table_row_count_to_equal": {"value": "2"},
}
# They ask a database, which a file is not.
NOT_OF_FILES: dict[str, dict[str, Any]] = {
    "expect_column_values_to_match_like_pattern": {"like_pattern": "a%"},
    "expect_column_values_to_match_like_pattern_list": {"like_pattern_list": ["a%"]},
    "expect_column_values_to_not_match_like_pattern": {"like_pattern": "a%"},
    "expect_column_values_to_not_match_like_pattern_list": {"like_pattern_list": ["a%"]},
    "expect_query_results_to_match_comparison": {
        "base_query": "SELECT 1", "comparison_data_source_name": "other", "comparison_query": "SELECT 1",
    },
    "expect_table_row_count_to_equal_other_table": {"other_table_name": "other"},
    "unexpected_rows_expectation": {"unexpected_rows_query": "SELECT * FROM {batch}"},
}  # fmt: skip


def own(expect: str, column: str = "", read_as: str = "", **kwargs: Any) -> dict[str, Any]:
    return {"expect": expect, "column": column, "kwargs": kwargs, "read_as": read_as, "reason": "as the map says"}


def gated(text: str, *expectations: dict[str, Any], **more: Any) -> Gated:
    return through_the_gate(text, a_source(expectations=list(expectations), **more))


def bad(text: str, *expectations: dict[str, Any], **more: Any) -> list[int]:
    return [row.row_number for row in gated(text, *expectations, **more).quarantined]


# ---- which there are


def test_every_expectation_that_there_is_can_be_named_in_a_map_or_is_told_apart() -> None:
    known = {*ON_A_COLUMN, *ON_COLUMNS, PAIR, *ON_THE_TABLE, *NOT_OF_FILES}
    assert known == set(_registered())


@pytest.mark.parametrize("expect", [*ON_A_COLUMN, *ON_COLUMNS, *ON_THE_TABLE])
def test_an_expectation_of_every_kind_passes_the_check(expect: str) -> None:
    kwargs = {**ON_A_COLUMN, **ON_COLUMNS, **ON_THE_TABLE}[expect]
    column = "age" if expect in ON_A_COLUMN else ""
    assert expectation_fault(Expectation.model_validate(own(expect, column, **kwargs))) == ""


@pytest.mark.usefixtures("quick_gate")  # whose own rules are run beside any others', in tests/checks/test_gate.py
@pytest.mark.parametrize("expect", [*ON_A_COLUMN, *ON_COLUMNS, *ON_THE_TABLE])
def test_an_expectation_that_passes_the_check_can_be_run_on_a_file(expect: str) -> None:
    kwargs = {**ON_A_COLUMN, **ON_COLUMNS, **ON_THE_TABLE}[expect]
    column = "a" if expect in ON_A_COLUMN else ""
    try:
        gated("id,improve,a,b\n1,x,1,3\n2,y,2,2\n", own(expect, column, **kwargs))
    except PullRefused as refused:
        assert "could not be run" not in refused.what, refused.what


@pytest.mark.parametrize("expect", NOT_OF_FILES)
def test_what_only_a_database_can_answer_is_told_before_a_file_comes(expect: str) -> None:
    column = "age" if "column" in expect else ""
    fault = expectation_fault(Expectation.model_validate(own(expect, column, **NOT_OF_FILES[expect])))
    assert "cannot be run" in fault, fault


@pytest.mark.parametrize(
    ("rule", "told"),
    [
        (own("expect_table_row_count_to_be_betwen"), "the nearest is 'expect_table_row_count_to_be_between'"),
        (own("expect_table_row_count_to_be_between", minimum="3"), "'minimum' extra fields not permitted"),
        (own("expect_table_row_count_to_be_between", min_value="some"), "'min_value' should be a number"),
        (own("expect_compound_columns_to_be_unique"), "'column_list' field required"),
        (own(PAIR, column_A="a", column_B="b"), "say how its cells are compared"),
        (own(PAIR, read_as="number", column_A="a"), "'column_B' field required"),
        (own("expect_column_values_to_be_between", "age", "date", min_value="soon"), "should be a day"),
        (own("expect_column_values_to_be_in_set", "age", "date", value_set=["1"]), "is compared as text"),
        (own("expect_table_row_count_to_equal", read_as="number", value="1"), "this is about the table"),
        (own("expect_column_values_to_match_regex_list", "age", regex_list=["("]), "is not a regular expression"),
        (own("expect_column_quantile_values_to_be_between", "age", quantile_ranges={"quantiles": ["half"]}),
         "'quantile_ranges' should be numbers"),
    ],
)  # fmt: skip
def test_wrong_kwargs_are_told_by_name(rule: dict[str, Any], told: str) -> None:
    assert told in expectation_fault(Expectation.model_validate(rule))


# ---- single rows


def test_a_pair_is_compared_as_numbers_dates_or_text_as_its_map_says() -> None:
    text = "id,improve,from,to\n1,a,9,10\n2,b,10,9\n3,c,7,7\n"
    after = {"column_A": "to", "column_B": "from"}
    assert bad(text, own(PAIR, read_as="number", **after)) == [3, 4]
    assert bad(text, own(PAIR, read_as="number", or_equal="true", **after)) == [3]
    assert bad(text, own(PAIR, read_as="text", **after)) == [2, 4]  # as words, 9 comes after 10


def test_a_pair_of_dates_is_read_by_the_maps_own_formats() -> None:
    text = "id,improve,from,to\n1,a,01/12/2025,02/01/2026\n2,b,02/01/2026,01/12/2025\n3,c,,01/12/2025\n4,d,,\n"
    rule = own(PAIR, read_as="date", column_A="to", column_B="from", ignore_row_if="either_value_is_missing")
    assert bad(text, rule, dates=["%d/%m/%Y"]) == [3]


def test_instants_on_both_sides_of_a_clock_change_are_compared_as_instants() -> None:
    clock = "2026-10-25T01:50:00+01:00,2026-10-25T01:10:00+00:00"  # twenty minutes later, by an earlier clock
    text = f"id,improve,from,to\n1,a,{clock}\n2,b,2026-10-26T02:50:00+00:00,2026-10-26T01:10:00+00:00\n"
    assert bad(text, own(PAIR, read_as="date", column_A="to", column_B="from"), dates=["ISO8601"]) == [3]


@pytest.mark.parametrize("word", ["canary", "12,5", "31/02/2026"])
@pytest.mark.parametrize("reading", ["number", "date"])
def test_a_cell_of_a_pair_that_cannot_be_read_fails_on_either_side(word: str, reading: str) -> None:
    day = "01/12/2025" if reading == "date" else "5"
    text = f'id,improve,from,to\n1,a,"{word}",{day}\n2,b,{day},"{word}"\n'
    rule = own(PAIR, read_as=reading, column_A="to", column_B="from")
    assert bad(text, rule, dates=["%d/%m/%Y"]) == [2, 3]


def test_columns_that_are_unique_together_set_every_copy_aside() -> None:
    text = "id,improve,box,card\n1,a,Canal,1\n2,b,Canal,2\n3,c,Park,1\n4,d,Canal,1\n"
    assert bad(text, own("expect_compound_columns_to_be_unique", column_list=["box", "card"])) == [2, 5]


def test_columns_that_add_up_do_so_as_numbers() -> None:
    text = "id,improve,yes,no,all\n1,a,3,7,10\n2,b,3,8,10\n3,c,canary,7,10\n"
    assert bad(text, own("expect_multicolumn_sum_to_equal", column_list=["yes", "no"], sum_total="10")) == [3, 4]


def test_the_headers_of_a_rule_on_several_columns_may_be_written_as_they_stand_in_the_file() -> None:
    """With the line break and the doubled space that a header loses when it is read."""
    text = 'id,"first  choice","second\nchoice",improve\n1,a,a,x\n2,a,b,y\n'
    written = ["first  choice", "second\nchoice"]
    assert bad(text, own("expect_select_column_values_to_be_unique_within_record", column_list=written)) == [2]
    pair = own("expect_column_pair_values_to_be_equal", column_A=written[0], column_B=written[1])
    assert bad(text, pair) == [3]


def test_a_blank_cell_is_missing_whatever_else_a_map_calls_so() -> None:
    file = {"path": "inbox/*.csv", "null_values": ["-"]}
    rule = own("expect_column_values_to_not_be_null", "a")
    assert bad("id,a,improve\n1, ,x\n2,-,y\n3,b,z\n", rule, file=file) == [2, 3]


def test_one_of_several_columns_that_must_differ() -> None:
    text = "id,improve,first,second\n1,a,Mon,Tue\n2,b,Mon,Mon\n"
    rule = own("expect_select_column_values_to_be_unique_within_record", column_list=["first", "second"])
    assert bad(text, rule) == [3]


def test_bounds_may_be_days() -> None:
    text = "id,improve,met\n1,a,31/12/2025\n2,b,01/01/2026\n3,c,2026-02-01\n4,d,soon\n"
    rule = own("expect_column_values_to_be_between", "met", "date", min_value="2026-01-01")
    assert bad(text, rule, dates=["%d/%m/%Y"]) == [2, 5]


def test_two_bounds_on_one_column_both_catch_a_word() -> None:
    rules = [own("expect_column_values_to_be_between", "age", **{bound: "10"}) for bound in ("min_value", "max_value")]
    checked = gated("id,improve,age\n1,a,10\n2,b,canary\n", *rules).results["checked"]
    assert [check["unexpected_rows"] for check in checked[-2:]] == [[3], [3]]


def test_a_share_that_may_be_wrong_lets_them_pass_and_beyond_it_none() -> None:
    rule = own("expect_column_values_to_match_regex", "age", regex="^[0-9]+$", mostly="0.5")
    assert bad("id,improve,age\n1,a,9\n2,b,nine\n", rule) == []
    assert bad("id,improve,age\n1,a,9\n2,b,nine\n3,c,ten\n", rule) == [3, 4]


# ---- the whole table, or a column as a whole


@pytest.mark.parametrize(
    ("rule", "passes"),
    [
        (own("expect_table_row_count_to_be_between", min_value="2"), True),
        (own("expect_table_row_count_to_be_between", min_value="3"), False),
        (own("expect_table_columns_to_match_set", column_set=["id", "improve"]), True),
        (own("expect_table_columns_to_match_set", column_set=["id", "improve", "age"]), False),
        (own("expect_table_column_count_to_equal", value="2"), True),
        (own("expect_table_columns_to_match_ordered_list", column_list=["improve", "id"]), False),
        (own("expect_column_to_exist", "improve"), True),
        (own("expect_column_to_exist", "age"), False),
        (own("expect_column_unique_value_count_to_be_between", "id", min_value="3"), False),
        (own("expect_column_mean_to_be_between", "id", max_value="1.5"), True),
        (own("expect_column_mean_to_be_between", "id", max_value="1.4"), False),
    ],
)
def test_a_rule_on_the_whole_refuses_the_pull_with_its_reason(rule: dict[str, Any], passes: bool) -> None:
    text = "id,improve\n1,a\n2,b\n"
    if passes:
        assert bad(text, rule) == []
        return
    with pytest.raises(PullRefused, match="as the map says") as refused:
        gated(text, rule)
    assert rule["expect"] in str(refused.value)


CONDITIONS: tuple[dict[str, Any], ...] = (
    {"row_condition": 'a == "2"', "condition_parser": "pandas"},
    {"row_condition": 'a == "2"'},
    {"row_condition": 'col("a") == "2"', "condition_parser": "great_expectations"},
    {"row_condition": {"type": "comparison", "column": {"name": "a"}, "operator": "==", "parameter": "2"}},
    {"row_condition": '`c d` == "x"'},
)


@pytest.mark.parametrize("condition", CONDITIONS)
def test_a_condition_says_which_rows_are_asked(condition: dict[str, Any]) -> None:
    rule = own("expect_column_values_to_not_be_null", "b", **condition)
    assert expectation_fault(Expectation(**rule)) == ""
    assert bad("id,improve,a,b,c d\n1,x,1,,\n2,y,2,,x\n3,z,2,1,\n", rule) == [3]


def test_a_condition_that_compares_no_text_is_told_before_a_file_comes() -> None:
    told = expectation_fault(Expectation(**own("expect_column_values_to_not_be_null", "b", row_condition="a > 2")))
    assert "a row_condition compares columns, whose cells are text" in told


def test_a_word_in_a_column_of_numbers_is_in_no_set_of_numbers() -> None:
    text = "id,improve,a\n1,x,12\n2,y,canary\n3,z,12.0\n4,z,\n5,z,14\n"
    assert bad(text, own("expect_column_values_to_be_in_set", "a", "number", value_set=["12", "13"])) == [3, 6]
    assert bad(text, own("expect_column_values_to_not_be_in_set", "a", "number", value_set=["12", "13"])) == [2, 4]


def test_a_column_is_called_by_its_header_also_where_it_is_compared_as_numbers() -> None:
    text = "id,improve,a\n1,x,12\n"
    (check,) = gated(text, own("expect_column_values_to_be_between", "a", max_value="20")).results["checked"][-1:]
    assert check["column"] == "a"
    pair = own(PAIR, read_as="number", column_A="to", column_B="from")
    (check,) = gated("id,improve,from,to\n1,x,9,10\n", pair).results["checked"][-1:]
    assert check["column"] == "to, from"
    with pytest.raises(PullRefused, match=r"\(expect_column_mean_to_be_between on 'a'\)"):
        gated(text, own("expect_column_mean_to_be_between", "a", max_value="3"))


def test_an_empty_file_has_too_few_rows() -> None:
    with pytest.raises(PullRefused, match=r"as the map says .* on the whole table"):
        gated("id,improve\n", own("expect_table_row_count_to_be_between", min_value="1"))


def test_rows_are_counted_before_any_is_set_aside() -> None:
    rule = own("expect_table_row_count_to_equal", value="3")
    assert bad("id,improve\n1,a\n,b\n3,c\n", rule) == [3]


# ---- and no cell of them anywhere


def test_no_cell_stands_in_a_result_or_a_refusal_of_any_kind(request: pytest.FixtureRequest) -> None:
    text = 'id,improve,a,b\n1,canary one,canary-2,canary-3\n2,canary four,"canary, 5",canary-3\n'
    rules = [own(expect, "a", **kwargs) for expect, kwargs in ON_A_COLUMN.items()]
    rules += [own(expect, **kwargs) for expect, kwargs in {**ON_COLUMNS, **ON_THE_TABLE}.items()]
    rules.append(own(PAIR, read_as="number", column_A="a", column_B="b"))
    assert "canary" not in json.dumps(gated(text).results), "nor in those of the rules that every file has"
    request.getfixturevalue("quick_gate")
    for rule in rules:
        try:
            told = json.dumps(gated(text, rule).results)
        except PullRefused as refused:
            told = f"{refused!r} {refused} {refused.__cause__!r} {refused.__context__!r}"
        assert "canary" not in told, rule["expect"]
