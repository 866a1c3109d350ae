"""Every row goes on or stays behind with its reasons; what cannot be checked never passes."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from heardback.checks import running
from heardback.checks.gate import without_rows
from heardback.checks.running import _validate, run_rules
from heardback.checks.suite import LONGEST_COMMENT, Rule
from heardback.errors import PullRefused, Unreadable
from heardback.sources.mapping.outline import apply_map
from heardback.sources.tables.reading import read_table
from tests.checks.gated import Gated, gate, gated
from tests.sources.samples import RECEIVED, a_directory, a_source

WHEN = {"column": "when", "role": "submitted_on"}
STARS = {"column": "stars", "role": "rating", "code": "stars", "scale": {"1": 1, "5": 5}}


def own(expect: str, column: str, reason: str = "as the map says", **kwargs: object) -> dict[str, object]:
    return {"expect": expect, "column": column, "kwargs": kwargs, "reason": reason}


def reasons(found: Gated) -> dict[int, list[str]]:
    return {row.row_number: row.reasons for row in found.quarantined}


def test_good_rows_pass_with_all_that_was_said_in_them() -> None:
    found = gated("id,stars,improve\n1,5,a\n2,1,b\n", a_source(STARS))
    assert (len(found.accepted.responses), len(found.accepted.comments), len(found.accepted.ratings)) == (2, 2, 2)
    assert found.quarantined == []
    assert all(check["success"] for check in found.results["checked"])


def test_a_ragged_row_is_quarantined_with_its_row_number_and_cells() -> None:
    found = gated("id,improve\n1,a\n2,b,c\n3,d\n", a_source())
    (row,) = found.quarantined
    assert (row.row_number, row.reasons) == (3, ["the row has 3 cells where the header has 2"])
    assert row.cells == {"cell 1": "2", "cell 2": "b", "cell 3": "c"}


def test_a_ragged_row_keeps_no_cells_where_any_of_them_may_be_identity() -> None:
    source = a_source({"column": "name", "role": "identity"})
    (row,) = gated("id,name,improve\n1,Kay,a\n2,Canary Kay\n", source).quarantined
    assert row.cells == {}


def test_a_ragged_row_keeps_no_cells_where_a_column_is_unknown_to_the_map() -> None:
    (row,) = gated("id,improve,new\n1,a,x\n2,b\n", a_source()).quarantined
    assert row.cells == {}


def test_a_quarantined_row_keeps_its_cells_without_identity() -> None:
    source = a_source({"column": "name", "role": "identity"}, {"column": "seed", "role": "ignore"})
    (row,) = gated("id,name,seed,improve,new\n1,Kay,7,a,x\n,Canary Kay,8, b ,y\n", source).quarantined
    assert row.cells == {"id": "", "improve": " b "}
    assert row.reasons == ["the record's id is missing, or a part of it"]


def test_a_date_before_2000_is_quarantined() -> None:
    found = gated("id,when,improve\n1,31/12/1999,a\n2,01/01/2000,b\n", a_source(WHEN))
    assert reasons(found) == {2: ["the date lies before the year 2000"]}
    assert list(found.accepted.comments["text"]) == ["b"]


def test_a_date_after_the_councils_own_day_is_quarantined() -> None:
    found = gated("id,when,improve\n1,20/11/2026,a\n2,21/11/2026,b\n", a_source(WHEN), today=date(2026, 11, 20))
    assert reasons(found) == {3: ["the date lies in the future"]}


def test_a_reason_stands_once_though_two_rules_find_it() -> None:
    found = gated("id,when,improve\n1,20/11/2031,a\n2,21/11/2025,b\n", a_source(WHEN))
    assert reasons(found) == {2: ["the date lies in the future"]}


def test_a_pasted_document_is_quarantined_and_a_very_long_comment_is_not() -> None:
    text = f"id,improve\n1,{'a' * LONGEST_COMMENT}\n2,{'a' * (LONGEST_COMMENT + 1)}\n"
    assert reasons(gated(text, a_source())) == {3: ["a comment is over 100,000 characters long"]}


def test_a_maps_own_expectation_is_held_on_the_raw_column() -> None:
    source = a_source(
        {"column": "card", "role": "key"},
        expectations=[own("expect_column_values_to_match_regex", "card", "no card number", regex=r"^\d+$")],
    )
    found = gated("id,card,improve\n1,17,a\n2,seventeen,b\n3,,c\n", source)
    assert reasons(found) == {3: ["no card number"]}


def test_null_values_count_as_missing_for_a_maps_own_expectation() -> None:
    source = a_source(expectations=[own("expect_column_values_to_not_be_null", "extra", "nothing there")])
    assert reasons(gated("id,improve,extra\n1,a,x\n2,b,N/A\n3,c, \n", source)) == {
        3: ["nothing there"], 4: ["nothing there"],
    }  # fmt: skip


def test_bounds_written_as_text_are_numbers_and_a_word_is_out_of_them() -> None:
    bounds = own("expect_column_values_to_be_between", "age", "no such age", min_value="5", max_value="25")
    text = "id,improve,age\n1,a,9\n2,b,100\n3,c,canary\n4,d,\n5,e,5\n"
    assert reasons(gated(text, a_source(expectations=[bounds]))) == {3: ["no such age"], 4: ["no such age"]}
    lower = own("expect_column_values_to_be_between", "age", "too young", min_value="10")
    assert sorted(reasons(gated(text, a_source(expectations=[lower])))) == [2, 4, 6]


def test_an_expectation_on_a_column_that_is_missing_refuses_the_pull() -> None:
    source = a_source(expectations=[own("expect_column_values_to_not_be_null", "improved")])
    with pytest.raises(PullRefused, match=r"could not be run .* no column 'improved'; the nearest header is 'improve'"):
        gated("id,improve\n1,a\n", source)


def test_an_expectation_that_nobody_knows_refuses_the_pull() -> None:
    with pytest.raises(PullRefused, match="could not be run"):
        gated("id,improve\n1,a\n", a_source(expectations=[own("expect_the_best", "id")]))


def test_an_expectation_whose_bound_is_no_number_refuses_the_pull_and_says_which() -> None:
    few = {"expect": "expect_table_row_count_to_be_between", "kwargs": {"min_value": "lots"}, "reason": "too few"}
    with pytest.raises(PullRefused, match=r"could not be run .*: 'min_value' should be a number"):
        gated("id,improve\n1,a\n", a_source(expectations=[few]))


def test_an_expectation_that_raises_refuses_the_pull_and_repeats_no_cell() -> None:
    frame = pd.DataFrame({"mixed": [1, "canary", None], "row_id": [2, 3, 4]})
    rule = Rule("expect_column_values_to_be_between", "mixed", "mixed", {"min_value": 0})
    with pytest.raises(PullRefused, match="could not be run") as error:
        run_rules(frame, [rule], "export.csv")
    assert "canary" not in str(error.value)
    assert error.value.__cause__ is None


def test_a_rule_of_which_nothing_is_heard_refuses_the_pull(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "_validate", lambda frame, rules: _validate(frame, rules)[1:])
    with pytest.raises(PullRefused, match=r"could not be run \(1 rules gave no result\)"):
        gated("id,improve\n1,a\n", a_source())


def test_an_expectation_on_the_whole_column_refuses_the_pull_with_its_reason() -> None:
    source = a_source(
        expectations=[own("expect_column_unique_value_count_to_be_between", "id", "too few ids", min_value="5")]
    )
    with pytest.raises(PullRefused, match="too few ids"):
        gated("id,improve\n1,a\n", source)


def test_too_large_a_share_of_bad_rows_refuses_the_pull_with_counts() -> None:
    text = "id,improve\n1,a\n,b\n,c\n4,d,e\n"
    with pytest.raises(PullRefused) as error:
        gated(text, a_source(), share=0.5)
    assert "3 of 4 rows are bad and the limit is 50%" in str(error.value)
    assert "2 × the record's id is missing" in str(error.value)
    assert len(gated(text, a_source(), share=0.75).quarantined) == 3


def test_a_maps_own_limit_goes_before_the_policys() -> None:
    text = "id,improve\n1,a\n,b\n"
    assert len(gated(text, a_source(max_bad_share=0.5), share=0.1).quarantined) == 1
    with pytest.raises(PullRefused, match="the limit is 0%"):
        gated(text, a_source(max_bad_share=0), share=1.0)


def test_a_file_without_rows_passes_with_nothing() -> None:
    found = gated("id,improve\n", a_source())
    assert (len(found.accepted.responses), found.quarantined, found.results) == (0, [], {"rows": 0, "checked": []})


def test_the_results_can_be_kept_as_json_and_hold_no_cell() -> None:
    bounds = own("expect_column_values_to_be_in_set", "colour", "no such colour", value_set=["red"])
    source = a_source(WHEN, {**STARS, "required": True}, expectations=[bounds])
    text = "id,when,stars,colour,improve\nsecret-1,03/02/1998,5,canary-blue,canary words\nsecret-2,03/02/2026,1,red,b\n"
    kept = json.dumps(gated(text, source).results)
    for cell in ("secret-1", "secret-2", "1998", "canary", "red"):
        assert cell not in kept
    failed = [check for check in json.loads(kept)["checked"] if not check["success"]]
    assert [(check["reason"], check["unexpected_rows"]) for check in failed] == [
        ("the date lies before the year 2000", [2]), ("no such colour", [2]),
    ]  # fmt: skip


def test_rows_left_out_take_their_answers_with_them() -> None:
    source = a_source(STARS)
    table = read_table(b"id,stars,improve\n1,5,a\n2,1,b\n", "export.csv", source.file)
    left = without_rows(apply_map(source, table, a_directory(), RECEIVED), {2})
    assert list(left.responses["source_record_id"]) == ["2"]
    assert (list(left.comments["text"]), list(left.ratings["raw_value"])) == (["b"], ["1"])


cells = st.sampled_from(
    ["", "1", "2", "3", "Total", "ditto", '"', "N/A", "18/06/2021", "18/06/2031", "01/01/1980", "😕"]
)
rows = st.lists(st.lists(cells, min_size=2, max_size=5), max_size=12)


@settings(max_examples=25, deadline=None)
@given(rows, st.booleans(), st.sampled_from(["typed_sheet", "google_forms"]))
@example([["", ""], ["", "", "", "1", "1"], ["", "", "", "", "1"]], True, "typed_sheet")
def test_rows_read_are_always_the_sum_of_their_fates(rows: list[list[str]], keyed: bool, tool: str) -> None:
    body = "".join(",".join('""""' if cell == '"' else cell for cell in row) + "\n" for row in rows)
    source = a_source(WHEN, STARS, tool=tool, natural_key=["id"] if keyed else [])
    try:
        table = read_table(f"id,when,stars,improve\n{body}".encode(), "export.csv", source.file)
    except Unreadable as refused:  # rows below a blank one, each wider than the header
        assert refused.what == "a second table begins below the first"
        return
    found = apply_map(source, table, a_directory(), RECEIVED)
    end = gate(found, table, source)
    assert table.rows_read + table.blank_rows == len(rows)
    assert table.rows_read == len(end.accepted.responses) + len(end.quarantined) + len(found.repeats)
    seen = [*end.accepted.responses["row_number"], *(row.row_number for row in end.quarantined), *found.repeats]
    assert len(seen) == len(set(seen))
    assert all(row.reasons for row in end.quarantined)
    assert end.accepted.comments["response_uid"].isin(end.accepted.responses["response_uid"]).all()


def test_great_expectations_itself_is_asked_to_give_no_values_back() -> None:
    frame = pd.DataFrame({"colour": ["canary", "red"], "row_id": [2, 3]})
    rule = Rule("expect_column_values_to_be_in_set", "colour", "no such colour", {"value_set": ["red"]})
    (result,) = _validate(frame, [rule])
    assert result["result"]["unexpected_count"] == 1
    assert "canary" not in json.dumps(result)


def test_checks_in_many_threads_at_once_each_find_their_own_rows() -> None:
    """A context that threads share gave another thread's rows in 18 of 24 runs."""
    rule = Rule("expect_column_values_to_be_between", "score", "too high", {"max_value": 100})

    def failing(thread: int) -> list[int]:
        frame = pd.DataFrame({"score": [0, 500, 7], "row_id": [thread * 10, thread * 10 + 1, thread * 10 + 2]})
        (verdict,) = run_rules(frame, [rule], "export.csv")
        return verdict.rows

    with ThreadPoolExecutor(6) as pool:
        assert list(pool.map(failing, range(24))) == [[thread * 10 + 1] for thread in range(24)]


def test_checking_says_nothing_on_the_terminal(capfd: pytest.CaptureFixture[str]) -> None:
    gated("id,stars,improve\n1,5,a\n,1,b\n", a_source(STARS))
    assert capfd.readouterr() == ("", "")


def test_what_the_map_never_fills_is_not_asked_about() -> None:
    asked = {check["column"] for check in gated("id,improve\n1,a\n", a_source()).results["checked"]}
    more = {
        check["column"] for check in gated("id,when,stars,improve\n1,,5,a\n", a_source(WHEN, STARS)).results["checked"]
    }
    assert more - asked == {"submitted_on", "lowest_score", "highest_score"}


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # a condition as text: a map is text
def test_an_expectation_may_look_at_another_column_to_know_where_it_holds() -> None:
    ages = own(
        "expect_column_values_to_be_in_set", "age", "a worker's card", value_set=["9"],
        row_condition='who=="child"', condition_parser="pandas",
    )  # fmt: skip
    text = "id,improve,age,who,other\n1,a,9,child,x\n2,b,40,worker,y\n3,c,40,child,z\n"
    assert reasons(gated(text, a_source(expectations=[ages]))) == {4: ["a worker's card"]}
