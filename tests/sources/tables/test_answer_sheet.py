"""Nested answers as a table: one row a response, one column a question, and nothing lost or invented on the way."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from heardback.domain.table import Note
from heardback.sources.tables.answer_sheet import AnswerSheet, header_of, parts_of, plain, text_of


def test_answers_stand_under_their_questions_and_blanks_where_nobody_answered() -> None:
    """
    asked: helped, improve      7: helped Clubs, Trips       8: nothing

    id  helped        improve
    7   Clubs;Trips
    8
    """
    sheet = AnswerSheet(";")
    sheet.column(("id",), "id")
    sheet.column(("q1",), "helped")
    sheet.column(("q2",), "improve", "What should change?")
    sheet.row({"id": 7})
    sheet.put(("q1",), "Clubs")
    sheet.put(("q1",), "Trips")
    sheet.put(("q1",), "Clubs")
    sheet.row({"id": 8})
    table = sheet.table("drop")
    assert table.frame.to_dict("records") == [
        {"id": "7", "helped": "Clubs;Trips", "improve": ""},
        {"id": "8", "helped": "", "improve": ""},
    ]
    assert list(table.frame.index) == [1, 2]
    assert (table.rows_read, dict(table.labels)) == (2, {"improve": "What should change?"})


def test_questions_of_the_same_name_are_numbered_and_keep_their_own_answers() -> None:
    sheet = AnswerSheet(";")
    sheet.column(("1",), "Why?", "One")
    sheet.column(("2",), "Why?", "Two")
    sheet.row({})
    sheet.put(("2",), "because")
    table = sheet.table("drop")
    assert table.frame.to_dict("records") == [{"Why?": "", "Why? (2)": "because"}]
    assert dict(table.labels) == {"Why?": "One", "Why? (2)": "Two"}
    assert "duplicate_header" in {note.code for note in table.notes}


def test_a_survey_without_an_answer_is_a_table_without_a_row() -> None:
    sheet = AnswerSheet(";")
    sheet.column(("1",), "Why?")
    table = sheet.table("drop")
    assert (list(table.frame.columns), len(table.frame), table.rows_read) == (["Why?"], 0, 0)


def test_what_is_to_be_said_of_the_whole_is_said_once() -> None:
    sheet = AnswerSheet(";")
    for _ in range(3):
        sheet.note(Note("unknown_question", "gone", None, "7"))
    assert len(sheet.notes) == 1


def test_damage_is_repaired_and_noted_as_in_a_file() -> None:
    sheet = AnswerSheet(";")
    sheet.row({"said": "caf\u00c3\u00a9\x00 so"})
    table = sheet.table("drop")
    assert table.frame.loc[1, "said"] == "café so"
    assert {note.code for note in table.notes} == {"control_characters", "mojibake"}


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        (True, "yes"),
        (False, "no"),
        (7, "7"),
        (1.5, "1.5"),
        ("so", "so"),
        ("a\ud83db", "a\ufffdb"),
        ("🙂", "🙂"),
    ],
)
def test_values_of_json_become_cells(value: object, text: str) -> None:
    assert text_of(value) == text


@given(some.text(some.characters(), max_size=20))
def test_every_cell_can_be_written_as_utf_8(value: str) -> None:
    assert text_of(value).encode("utf-8").decode("utf-8") == text_of(value)


def test_labels_lose_their_html_and_headers_name_the_part() -> None:
    assert plain("<p>How was&nbsp;it?</p>\n") == "How was it?"
    assert header_of("Rate", "Welcome") == "Rate [Welcome]"
    assert header_of("Rate", "Food", "Taste") == "Rate [Food / Taste]"
    assert header_of("Rate", "", "") == "Rate"


@pytest.mark.parametrize("value", [None, 1, [], {}, {"a": None}, {"a": "text"}, {"a": [1, None]}])
def test_whatever_is_no_list_of_objects_has_no_parts(value: object) -> None:
    assert parts_of(value, "a") == []
