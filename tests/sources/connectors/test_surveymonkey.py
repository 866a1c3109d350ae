"""SurveyMonkey beyond the contract: what it is asked, and what becomes of its kinds of questions."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from heardback.errors import SourceUnavailable, Unreadable
from heardback.sources.connectors import drops_of, table_of
from tests.sources.connectors.contract import fetch
from tests.sources.connectors.surveymonkey_server import CASE, DETAILS, IMPROVE, RATE, SurveyMonkeyTool, response


@pytest.fixture
def tool() -> Iterator[SurveyMonkeyTool]:
    with CASE.play() as tool:
        yield tool


def asking(tool: SurveyMonkeyTool, cursor: str = "", **settings: Any) -> Any:
    plain = CASE.asking(tool)
    changed = plain.feed.model_copy(update={"connect": {**plain.feed.connect, **settings}, "mode": "append"})
    return CASE.asking(tool, feed=changed, cursor=cursor)


def a_table(tool: SurveyMonkeyTool, *responses: Any, details: Any = DETAILS, **settings: Any) -> Any:
    content = json.dumps({"survey": [details], "responses": [{"data": list(responses)}]}).encode()
    return table_of(asking(tool, **settings).feed, content, "drop")


def test_it_asks_for_the_oldest_change_first_and_follows_the_next_links(tool: SurveyMonkeyTool) -> None:
    fetch(asking(tool))
    assert [question.path for question in tool.asked] == [
        "/v3/surveys/105723396/details", *["/v3/surveys/105723396/responses/bulk"] * 3,
    ]  # fmt: skip
    assert tool.asked[1].query == {"per_page": "3", "sort_by": "date_modified", "sort_order": "ASC"}
    assert [question.query.get("page") for question in tool.asked[1:]] == [None, "2", "3"]
    assert tool.asked[0].headers["Authorization"].startswith("Bearer ")


def test_later_it_asks_for_what_was_modified_since_less_the_overlap(tool: SurveyMonkeyTool) -> None:
    cursor = fetch(asking(tool)).cursor
    tool.asked.clear()
    fetched = fetch(asking(tool, cursor))
    assert tool.asked[1].query["start_modified_at"] == "2026-09-06T10:05:00+00:00"
    frame = table_of(asking(tool).feed, fetched.content, "drop").frame
    assert (list(frame["id"]), fetched.whole) == (["506", "507"], False)


@pytest.mark.parametrize("link", [
    "https://elsewhere.example/v3/surveys?page=2",
    "http://localhost:1/v3/surveys?page=2",  # whoever listens there would be shown the token
    "file:///v3/surveys?page=2",
    7,
    ["https://localhost/"],
])  # fmt: skip
def test_a_next_link_to_another_host_or_port_is_not_followed(
    tool: SurveyMonkeyTool, monkeypatch: pytest.MonkeyPatch, link: object
) -> None:
    answered = tool.answer

    def elsewhere(question: Any) -> Any:
        answer = answered(question)
        if "links" in answer.says:
            answer.says["links"]["next"] = link
        return answer

    monkeypatch.setattr(tool, "answer", elsewhere)
    with pytest.raises(SourceUnavailable, match="does not name"):
        fetch(asking(tool))


def test_what_should_be_an_object_and_is_none_holds_nothing(tool: SurveyMonkeyTool) -> None:
    questions = [{"id": IMPROVE, "family": "open_ended", "headings": [{"heading": "So?"}], "answers": ["canary"]}]
    odd = response(1, "so", "2026-09-01", custom_variables=["canary"])
    found = a_table(tool, odd, details={"pages": [{"questions": questions}]})
    assert (found.rows_read, "canary" in found.frame.to_csv()) == (1, False)


def test_a_preview_is_told_from_an_answer(tool: SurveyMonkeyTool) -> None:
    modes = ["default", "preview", "survey_preview", "data_entry", "edit"]
    frame = a_table(tool, *[response(n, "", "2026-09-01", collection_mode=mode) for n, mode in enumerate(modes)]).frame
    assert list(frame["status"]) == ["completed", "preview", "preview", "completed", "completed"]


def test_contact_questions_have_no_column_and_no_cell(tool: SurveyMonkeyTool) -> None:
    table = a_table(tool, response(1, "so", "2026-09-01"))
    assert not [column for column in table.frame.columns if "reach you" in column or "Your Name" in column]
    assert "Casey" not in table.frame.to_csv()


def test_answers_to_a_question_that_is_gone_are_left_out_and_noted(tool: SurveyMonkeyTool) -> None:
    gone = [response(n, "so", "2026-09-01", ("99", {"text": "Jo Bloggs"})) for n in range(3)]
    table = a_table(tool, *gone)
    assert [note.column for note in table.notes if note.code == "unknown_question"] == ["99"]
    assert "Jo Bloggs" not in table.frame.to_csv() + repr(table.notes)


def test_an_option_or_row_that_is_gone_shows_its_number(tool: SurveyMonkeyTool) -> None:
    answers = [(RATE, {"choice_id": "9999"}), ("14", {"row_id": "8888", "choice_id": "143"})]
    row = a_table(tool, response(1, "", "2026-09-01", *answers)).frame.loc[1]
    assert (row["How was it overall?"], row["Rate each part [8888]"]) == ("9999", "Poor")


def test_of_wordings_shown_by_chance_the_first_names_the_column(tool: SurveyMonkeyTool) -> None:
    question = {"id": "7", "family": "open_ended", "headings": [{"heading": ""}, {"heading": "A"}, {"heading": "B"}]}
    nameless = {"id": "8", "family": "open_ended", "headings": []}
    details = {"pages": [{"questions": [question, nameless]}]}
    table = a_table(tool, response(1, "", "2026-09-01", ("7", {"text": "x"}), ("8", {"text": "y"})), details=details)
    assert (table.frame.loc[1, "A"], table.frame.loc[1, "question 8"]) == ("x", "y")


def test_a_code_goes_before_the_text_in_every_column_of_a_question(tool: SurveyMonkeyTool) -> None:
    table = a_table(tool, response(1, "so", "2026-09-01"), codes={IMPROVE: "improve", "14": "parts"})
    assert {"improve", "parts [Welcome]", "parts [Waiting]"} <= set(table.frame.columns)
    assert table.labels["parts [Welcome]"] == "Rate each part [Welcome]"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[]",
        b"{}",
        b'{"survey": [], "responses": []}',
        b'{"survey": [{}]}',
        b'{"survey": [{}], "responses": [{"data": null}]}',
        b'{"survey": [{}], "responses": [{"data": [{"id": "1"}, "said"]}]}',
        b'{"survey": [{}], "responses": [{"a": {"b": "c"}}]}',
    ],
)
def test_a_document_of_another_kind_is_unreadable(tool: SurveyMonkeyTool, content: bytes) -> None:
    with pytest.raises(Unreadable, match="not what SurveyMonkey sends"):
        table_of(asking(tool).feed, content, "drop")


def test_the_drop_is_known_by_the_survey_and_the_instant(tool: SurveyMonkeyTool) -> None:
    (drop,) = drops_of(asking(tool))
    assert drop.name.startswith("surveymonkey-105723396 2026-11-")
