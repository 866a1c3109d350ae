"""SmartSurvey beyond the contract: what it is asked, what becomes of its kinds of answers, and odd documents."""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from heardback.errors import SourceUnavailable, Unreadable
from heardback.sources.connectors import drops_of, table_of
from tests.sources.connectors.contract import fetch
from tests.sources.connectors.smartsurvey_server import CASE, DESIGN, IMPROVE, SmartSurveyTool, response


@pytest.fixture
def tool() -> Iterator[SmartSurveyTool]:
    with CASE.play() as tool:
        yield tool


def asking(tool: SmartSurveyTool, **settings: Any) -> Any:
    plain = CASE.asking(tool)
    connect = {**plain.feed.connect, **settings}
    changed = plain.feed.model_copy(update={"connect": connect, "mode": "append"})
    return CASE.asking(tool, feed=changed)


def a_table(tool: SmartSurveyTool, *responses: Any, design: Any = DESIGN, **settings: Any) -> Any:
    content = json.dumps({"survey": [design], "responses": [list(responses)]}).encode()
    return table_of(asking(tool, **settings).feed, content, "drop")


def test_it_asks_for_partial_answers_with_labels_in_a_steady_order(tool: SmartSurveyTool) -> None:
    fetch(asking(tool))
    assert [question.path for question in tool.asked] == [
        "/v1/surveys/268842/detailed", *["/v1/surveys/268842/responses"] * 3,
    ]  # fmt: skip
    first = tool.asked[1].query
    assert first == {
        "completed": "2", "include_labels": "true", "page": "1", "page_size": "3", "sort_by": "date_started,asc",
    }  # fmt: skip
    assert [question.query["page"] for question in tool.asked[1:]] == ["1", "2", "3"]


def test_later_it_asks_since_the_newest_change_less_the_overlap(tool: SmartSurveyTool) -> None:
    cursor = fetch(asking(tool)).cursor
    more = asking(tool, overlap_days=2)
    tool.asked.clear()
    fetch(CASE.asking(tool, feed=more.feed, cursor=cursor))
    assert tool.asked[1].query["since"] == "1788602700"  # 2026-09-05 10:05 UTC: 7 September less two days
    tool.asked.clear()
    fetch(CASE.asking(tool, feed=more.feed, cursor=cursor, at=more.at + timedelta(days=7)))
    assert "since" not in tool.asked[1].query


def test_the_page_size_is_a_setting_and_a_hundred_at_most(tool: SmartSurveyTool) -> None:
    fetch(asking(tool, page_size="100"))
    assert [question.query.get("page_size") for question in tool.asked] == [None, "100"]


def test_without_paging_headers_a_full_page_has_another_behind_it(
    tool: SmartSurveyTool, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = fetch(asking(tool))
    tool.asked.clear()
    monkeypatch.setattr("tests.sources.connectors.smartsurvey_server.PAGING", False)
    assert fetch(asking(tool)) == whole
    assert len(tool.asked) == 4


def test_pages_shorter_than_asked_for_are_all_read(tool: SmartSurveyTool) -> None:
    tool.most = 2
    fetched = fetch(asking(tool))
    assert [question.query.get("page") for question in tool.asked] == [None, "1", "2", "3", "4"]
    assert len(table_of(asking(tool).feed, fetched.content, "drop").frame) == 7


def test_a_page_in_an_object_that_says_its_paging_is_read_alike(tool: SmartSurveyTool) -> None:
    plain = table_of(asking(tool).feed, fetch(asking(tool)).content, "drop").frame
    tool.enveloped = True
    assert table_of(asking(tool).feed, fetch(asking(tool)).content, "drop").frame.equals(plain)
    assert len(tool.asked) == 8
    tool.misbehave("overstates")
    with pytest.raises(SourceUnavailable, match="hands over 7"):
        fetch(asking(tool))


def test_an_account_whose_rules_hide_answers_may_say_so(tool: SmartSurveyTool) -> None:
    tool.misbehave("overstates")
    with pytest.raises(SourceUnavailable, match="hands over 7"):
        fetch(asking(tool))
    assert len(fetch(asking(tool, some_are_hidden="yes")).content) > 1000


def test_a_question_known_by_its_code_keeps_its_text_as_label(tool: SmartSurveyTool) -> None:
    table = a_table(tool, response(1, "Longer hours", "2026-09-01"))
    assert (table.frame.loc[1, "improve"], table.labels["improve"]) == ("Longer hours", "What should change?")
    plain = a_table(tool, response(1, "Longer hours", "2026-09-01"), codes={})
    assert plain.frame.loc[1, "What should change?"] == "Longer hours"


def test_a_reworded_question_with_a_code_stays_the_same_column(tool: SmartSurveyTool) -> None:
    reworded = json.loads(json.dumps(DESIGN).replace("What should change?", "What would you change?"))
    table = a_table(tool, response(1, "Longer hours", "2026-09-01"), design=reworded)
    assert table.frame.loc[1, "improve"] == "Longer hours"
    assert table.labels["improve"] == "What would you change?"


def test_a_question_that_left_the_design_is_still_a_column(tool: SmartSurveyTool) -> None:
    table = a_table(tool, response(1, "Longer hours", "2026-09-01"), design={"pages": []})
    assert table.frame.loc[1, "improve"] == "Longer hours"
    assert table.frame.loc[1, "How was it overall?"] == "Good"


def test_words_in_several_boxes_stand_in_columns_of_their_own(tool: SmartSurveyTool) -> None:
    said = response(1, "", "2026-09-01")
    boxes = [{"type": "text", "choice_id": n, "choice_title": t, "value": v} for n, t, v in
             ((68, "First", "the sofas"), (69, "Second", "the tea"))]  # fmt: skip
    said["pages"].append(
        {"questions": [{"id": 5006, "title": "Anything else?", "type": "open_ended", "answers": boxes}]}
    )
    row = a_table(tool, said).frame.loc[1]
    assert (row["Anything else? [First]"], row["Anything else? [Second]"]) == ("the sofas", "the tea")


def test_a_number_on_a_scale_and_an_empty_answer(tool: SmartSurveyTool) -> None:
    said = response(1, "", "2026-09-01")
    nps = {
        "id": 7,
        "title": "Recommend us?",
        "type": "nps",
        "answers": [{"type": "nps", "choice_title": "", "value": "9"}],
    }
    odd = {"id": 8, "title": "Odd", "type": "open_ended", "answers": [{"type": "text", "value": None}, None, "x"]}
    said["pages"].append({"questions": [nps, odd]})
    row = a_table(tool, said).frame.loc[1]
    assert (row["Recommend us?"], row["Odd"]) == ("9", "")


def test_responses_are_numbered_by_their_place_over_all_pages(tool: SmartSurveyTool) -> None:
    made = asking(tool)
    frame = table_of(made.feed, fetch(made).content, "drop").frame
    assert list(zip(frame.index, frame["id"], strict=True)) == [(place, str(300 + place)) for place in range(1, 8)]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b"{}",
        b'{"survey": [], "responses": []}',
        b'{"survey": [{}]}',
        b'{"survey": [{}], "responses": [1]}',
        b'{"survey": [{}], "responses": [[{"id": 1}, "said"]]}',
        b'{"survey": [{}], "responses": [{"a": {"b": "c"}}]}',
    ],
)
def test_a_document_of_another_kind_is_unreadable(tool: SmartSurveyTool, content: bytes) -> None:
    with pytest.raises(Unreadable, match="not what SmartSurvey sends"):
        table_of(asking(tool).feed, content, "drop")


def test_the_drop_is_known_by_the_survey_and_the_instant(tool: SmartSurveyTool) -> None:
    (drop,) = drops_of(asking(tool))
    assert drop.name.startswith("smartsurvey-268842 2026-11-")
    assert str(IMPROVE) in asking(tool).feed.connect["codes"]
