"""Header rows become clean, unique names."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heardback.sources.tables.headers import clean_header, name_columns


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("FFT question \n", "FFT question"),
        ("How\u00a0many  people\r\ncame?", "How many people came?"),
        ("In Lottery A:<br>win <b>$10</b>", "In Lottery A: win $10"),
        ("Fish &amp; chips", "Fish & chips"),
        ("Rated < 3 or > 4", "Rated < 3 or > 4"),
        ("Whatâ€™s good?", "What’s good?"),
        ("Zgłos\u0301 to", "Zgłoś to"),
    ],
)
def test_a_header_loses_markup_and_stray_white_space(raw: str, clean: str) -> None:
    assert clean_header(raw) == clean


def test_repeated_headers_are_numbered_and_noted() -> None:
    headers = name_columns([["Why?", "Score", "Why?", "Why?"]])
    assert headers.names == ["Why?", "Score", "Why? (2)", "Why? (3)"]
    assert [note.code for note in headers.notes] == ["duplicate_header"]


def test_separators_behind_the_last_header_are_no_columns() -> None:
    headers = name_columns([["id", "improve", "", ""]])
    assert (headers.filled, headers.notes) == (2, [])


def test_numbering_never_takes_a_name_that_stands_there_already() -> None:
    assert name_columns([["a", "a", "a (2)"]]).names == ["a", "a (3)", "a (2)"]


def test_a_blank_header_takes_the_one_before() -> None:
    assert name_columns([["", "Why?", "", "Score"]]).names == ["column 1", "Why?", "Why? (2)", "Score"]


def test_surveymonkeys_second_row_names_the_answers() -> None:
    headers = name_columns(
        [
            ["StartDate", "Where do you sleep?", "", "Reasons", "", ""],
            ["", "Response", "Other (please specify)", "Snoring", "Too hot", "Other (please specify)"],
        ]
    )
    assert headers.names == [
        "StartDate",
        "Where do you sleep?",
        "Where do you sleep? [Other (please specify)]",
        "Reasons [Snoring]",
        "Reasons [Too hot]",
        "Reasons [Other (please specify)]",
    ]


def test_a_question_that_stands_again_below_itself_is_no_answer_of_its_own() -> None:
    """As Excel leaves a header that was joined downwards."""
    assert name_columns([["id", "Age", "", "Why?"], ["id", "Age", "Other", ""]]).names == [
        "id", "Age", "Age [Other]", "Why?",
    ]  # fmt: skip


def test_codes_above_questions_name_the_columns_and_the_questions_label_them() -> None:
    headers = name_columns([["V1", "Q1", ""], ["ResponseID", "What should change?", ""]])
    assert headers.names[:2] == ["V1", "Q1"]
    assert headers.labels == {"V1": "ResponseID", "Q1": "What should change?"}
    assert headers.filled == 2


def test_a_cleaned_header_is_noted_with_its_row() -> None:
    (note,) = name_columns([["id", "Why? \n"]], first_row=3).notes
    assert (note.code, note.row_number, note.column) == ("header_cleaned", 3, "Why?")


@given(st.lists(st.lists(st.sampled_from(["", "a", "b", "a (2)", "Response"]), max_size=6), min_size=1, max_size=3))
def test_names_are_always_unique_and_one_for_each_column(rows: list[list[str]]) -> None:
    headers = name_columns(rows)
    assert len(headers.names) == max(map(len, rows))
    named = headers.names[: headers.filled]
    assert len(set(named)) == len(named)
    assert all(named)
