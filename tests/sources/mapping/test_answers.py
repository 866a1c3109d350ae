"""Ratings, choices and comments: what a cell says, as the map states it."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heardback.sources.mapping.choices import split_choices
from heardback.sources.mapping.naming import code_of, rest_of
from heardback.sources.mapping.ratings import direction_of
from tests.sources.samples import a_source, mapped

STARS = {"column": "stars", "role": "rating", "code": "stars", "scale": {"1": 5, "2": 4, "3": 3, "4": 2, "5": 1}}


def test_a_rating_scores_from_worst_to_best_as_the_map_says() -> None:
    ratings = mapped("id,stars,improve\n1,1,\n2,3,\n3,5,\n4,,x\n", a_source(STARS)).ratings
    assert list(ratings["score"]) == [1.0, 0.5, 0.0]
    assert set(zip(ratings["scale_min"], ratings["scale_max"], ratings["direction"], strict=True)) == {
        (1.0, 5.0, "lower_is_better")
    }


def test_a_rating_off_the_scale_has_no_score_and_is_flagged() -> None:
    found = mapped("id,stars,improve\n1,7,\n2,2.0,\n", a_source(STARS))
    assert math.isnan(found.ratings["score"].iloc[0])
    assert list(found.ratings["raw_value"]) == ["7", "2"]
    assert [(note.code, note.row_number) for note in found.notes] == [("off_scale", 2)]


def test_words_in_a_rating_are_not_kept() -> None:
    found = mapped("id,stars,improve\n1,canary words,\n2,1,\n", a_source(STARS))
    assert list(found.ratings["raw_value"]) == ["", "1"]


def test_smileys_and_words_are_rated_by_the_map() -> None:
    question = {"column": "mood", "role": "rating", "code": "mood", "scale": {"😀": 3, "Not  sure": 2, "😕": 1}}
    found = mapped("id,mood,improve\n1,😀,\n2,NOT SURE,\n3,😕,\n", a_source(question))
    assert list(found.ratings["score"]) == [1.0, 0.5, 0.0]
    assert set(found.ratings["direction"]) == {"stated"}


def test_a_smiley_is_the_same_however_a_keyboard_writes_it() -> None:
    question = {"column": "mood", "role": "rating", "code": "mood", "scale": {"☺": 1, "☹️": 0}}
    assert list(mapped("id,mood,improve\n1,☺️,\n2,☹,\n", a_source(question)).ratings["score"]) == [1.0, 0.0]


@pytest.mark.parametrize(
    ("scale", "scores"),
    [({"1": 5, "5": 1}, [1.0, 0.75, 0.0]), ({"1": 1, "5": 5}, [0.0, 0.25, 1.0]), ({"1": 1, "2": 9, "5": 5}, None)],
)
def test_the_two_ends_of_a_scale_of_numbers_will_do(scale: dict[str, float], scores: list[float] | None) -> None:
    question = {"column": "stars", "role": "rating", "code": "stars", "scale": scale}
    found = mapped("id,stars,improve\n1,1,\n2,2,\n3,5,\n4,0,\n5,6,\n6,x,\n", a_source(question))
    got = found.ratings["score"].to_list()
    assert got[:3] == (scores or [0.0, 1.0, 0.5])
    assert [math.isnan(score) for score in got[3:]] == [True, True, True]
    assert found.notes[-1].what.endswith("(3 rows)")


def test_the_ends_of_a_scale_of_words_have_nothing_between_them() -> None:
    question = {"column": "stars", "role": "rating", "code": "stars", "scale": {"bad": 1, "good": 5}}
    assert mapped("id,stars,improve\n1,3,\n2,good,\n", a_source(question)).ratings["score"].isna().to_list() == [
        True, False,
    ]  # fmt: skip


def test_several_rating_columns_of_one_match_have_codes_of_their_own() -> None:
    question = {"match": r"^about\[", "role": "rating", "code": "about", "scale": {"1": 1, "2": 2}}
    found = mapped("id,improve,about[staff],about[Wait time]\n1,,1,2\n", a_source(question))
    assert list(found.ratings["question_code"]) == ["about_staff", "about_wait_time"]


@pytest.mark.parametrize(
    ("scale", "direction"),
    [
        ({"1": 1.0, "5": 5.0}, "higher_is_better"),
        ({"1": 5.0, "5": 1.0}, "lower_is_better"),
        ({"Yes": 1.0, "No": 0.0}, "stated"),
        ({"1": 1.0, "2": 0.0, "3": 1.0}, "stated"),
    ],
)
def test_the_direction_is_read_from_the_scale(scale: dict[str, float], direction: str) -> None:
    assert direction_of(scale) == direction


@given(
    st.dictionaries(st.integers(0, 20).map(str), st.floats(-5, 5), min_size=2).filter(lambda s: len({*s.values()}) > 1)
)
def test_a_score_on_the_scale_lies_between_nought_and_one(scale: dict[str, float]) -> None:
    question = {"column": "stars", "role": "rating", "code": "stars", "scale": scale}
    rows = "".join(f"{number},{raw},\n" for number, raw in enumerate(scale))
    scores = mapped(f"id,stars,improve\n{rows}", a_source(question)).ratings["score"]
    assert scores.between(0, 1).all()
    assert (scores.min(), scores.max()) == (0, 1)


def test_a_column_of_ticks_takes_the_maps_code_by_the_words_in_its_header() -> None:
    question = {"match": r"^used \[(.*)\]$", "role": "choice", "code": "used", "multi": "columns",
                "values": {"Gym Hall": "gym", "caf": "cafe"}}  # fmt: skip
    found = mapped("id,used [gym  hall],used [caf],used [Pool],improve\n1,Y,Y,Y,\n", a_source(question))
    assert list(found.choices["option_code"]) == ["gym", "cafe", "pool"]


def test_a_header_that_was_carried_on_leaves_the_option_to_its_cell() -> None:
    question = {
        "match": "^used",
        "role": "choice",
        "code": "used",
        "multi": "columns",
        "options": ["Gym", "Swimming pool"],
    }
    found = mapped("id,used,,improve\n1,Gym,swimming pool,\n2,,no,\n3,canary words,,\n", a_source(question))
    assert list(found.choices["option_code"]) == ["gym", "other", "swimming_pool"]
    assert [(note.code, note.row_number) for note in found.notes if note.code == "unknown_option"] == [
        ("unknown_option", 4)
    ]


def test_a_header_that_names_its_option_is_ticked_or_says_which_other_it_is() -> None:
    question = {"match": r"^used \[(.*)\]$", "role": "choice", "code": "used", "multi": "columns",
                "options": ["Gym", "Swimming pool"]}  # fmt: skip
    found = mapped(
        "id,used [Gym],used [Swimming pool],improve\n1,Y,,\n2,swimming pool,,\n3,,yes,\n", a_source(question)
    )
    by_row = found.choices.merge(found.responses[["response_uid", "source_record_id"]])
    assert sorted(zip(by_row["source_record_id"], by_row["option_code"], strict=True)) == [
        ("1", "gym"), ("2", "swimming_pool"), ("3", "swimming_pool"),
    ]  # fmt: skip
    assert found.notes == []


def test_one_choice_takes_the_maps_code_and_an_unknown_option_keeps_no_words() -> None:
    question = {"column": "place", "role": "choice", "code": "place", "values": {"The hub": "hub"}, "options": ["Home"]}
    found = mapped("id,place,improve\n1,the HUB,\n2,Home,\n3,canary words,\n", a_source(question))
    assert list(found.choices["option_code"]) == ["hub", "home", "other"]
    assert [(note.code, note.row_number) for note in found.notes] == [("unknown_option", 4)]


def test_an_option_that_is_called_other_is_one_that_the_map_lists() -> None:
    question = {"column": "place", "role": "choice", "code": "place", "options": ["Home", "Other"]}
    found = mapped("id,place,improve\n1,Home,\n2,Other,\n3,canary words,\n", a_source(question))
    assert list(found.choices["option_code"]) == ["home", "other", "other"]
    assert [(note.code, note.row_number, note.rows) for note in found.notes] == [("unknown_option", 4, 1)]


def test_joined_choices_are_taken_apart_and_each_counts_once() -> None:
    question = {
        "column": "helped", "role": "choice", "code": "helped", "multi": "delimited", "delimiter": ";",
        "values": {"My worker": "worker", "The place": "place"},
    }  # fmt: skip
    found = mapped("id,helped,improve\n1,My worker;The place;,\n2,The place;The place,\n3,,x\n", a_source(question))
    by_row = found.choices.merge(found.responses[["response_uid", "source_record_id"]])
    assert sorted(zip(by_row["source_record_id"], by_row["option_code"], strict=True)) == [
        ("1", "place"), ("1", "worker"), ("2", "place"),
    ]  # fmt: skip


def test_a_cell_of_delimiters_alone_says_nothing() -> None:
    question = {"column": "helped", "role": "choice", "code": "helped", "multi": "delimited", "delimiter": ";",
                "options": ["Worker"]}  # fmt: skip
    found = mapped("id,helped,improve\n1,;,x\n2,;;Worker;,x\n3, ; ; ,x\n", a_source(question))
    assert list(found.choices["option_code"]) == ["worker"]
    assert found.notes == []


def test_the_longest_option_goes_first_where_an_option_holds_the_delimiter() -> None:
    options = ("Tea", "Tea, coffee and cake", "Cake")
    assert split_choices("Tea, coffee and cake, Cake", ", ", options) == ["Tea, coffee and cake", "Cake"]
    assert split_choices("Cake, Tea", ", ", options) == ["Cake", "Tea"]
    assert split_choices("Teapot, Cake", ", ", options) == ["Cake", "Teapot"]


@given(st.lists(st.sampled_from(["a", "b, c", "d", "a, d"]), unique=True))
def test_known_options_are_always_found_again(chosen: list[str]) -> None:
    if not {"a", "d", "a, d"} <= set(chosen):  # joined side by side, these cannot be told apart by anybody
        joined = ", ".join(sorted(chosen, key=len, reverse=True))
        found = split_choices(joined, ", ", ("a", "b, c", "d", "a, d"))
        assert len(", ".join(found)) == len(joined)


def test_a_column_for_each_option_counts_ticks_and_not_refusals() -> None:
    question = {"match": r"^helped/(.+)$", "role": "choice", "code": "helped", "multi": "columns"}
    found = mapped("id,improve,helped/wrk,helped/plc,helped/act\n1,,1,0,No\n2,,Selected,,Yes\n", a_source(question))
    assert sorted(found.choices["option_code"]) == ["act", "wrk", "wrk"]


def test_a_tick_column_may_state_what_no_tick_is_and_all_else_is_one() -> None:
    asked = {
        "match": r"^helped\[(.*)\]$",
        "role": "choice",
        "code": "helped",
        "multi": "columns",
        "false_values": ["Nein"],
    }
    found = mapped("id,improve,helped[club]\n1,,nein\n2,,NEIN\n3,,ja\n4,,no\n", a_source(asked))
    by_row = found.responses.set_index("response_uid")["source_record_id"][found.choices["response_uid"]]
    assert (list(by_row), found.notes) == (["3", "4"], [])


def test_a_tick_column_may_state_what_a_tick_is_and_what_it_is_called() -> None:
    question = {
        "match": r"^helped\[", "role": "choice", "code": "helped", "multi": "columns", "true_values": ["X"],
        "values": {"wrk": "my_worker"},
    }  # fmt: skip
    found = mapped("id,improve,helped[wrk],helped[plc]\n1,,x,maybe\n", a_source(question))
    assert list(found.choices["option_code"]) == ["my_worker"]


def test_a_comment_that_could_not_be_read_in_full_is_flagged_and_kept() -> None:
    found = mapped("id,improve\n1,more [can't read] please\n2,[illegible]\n", a_source())
    assert len(found.comments) == 2
    assert [(note.code, note.row_number) for note in found.notes] == [("illegible", 2)]


def test_a_formula_and_markup_stay_the_words_they_are() -> None:
    found = mapped('id,improve\n1,"=HYPERLINK(""x"")"\n2,<script>alert(1)</script>\n', a_source())
    assert list(found.comments["text"]) == ['=HYPERLINK("x")', "<script>alert(1)</script>"]


def test_codes_are_small_letters_digits_and_underscores() -> None:
    assert code_of("  My worker's — place!  ") == "my_worker_s_place"
    assert len(code_of("long " * 40)) <= 60
    assert rest_of(r"^helped\[", "helped[wrk]") == "wrk"
    assert rest_of(r"(staff|wait)", "About the wait") == "wait"
    assert rest_of("^all$", "all") == "all"


def test_a_tick_that_is_neither_the_maps_yes_nor_a_no_is_told_and_not_ticked() -> None:
    asked = {"match": r"^helped\[(.*)\]$", "role": "choice", "code": "helped", "multi": "columns", "true_values": ["Y"]}
    found = mapped("id,improve,helped[club]\n1,,y\n2,,N\n3,,maybe\n4,,\n", a_source(asked))
    assert found.choices["option_code"].tolist() == ["club"]
    assert [(note.code, note.row_number, note.rows) for note in found.notes] == [("unknown_tick", 4, 1)]
