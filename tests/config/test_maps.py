"""What a map must state before it is used."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from config.maps import SourceMap
from config.reading import read_model
from tests.sources.samples import a_source, mapped


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ({"column": "ok", "role": "consent_publish"}, "true_values"),
        (
            {"column": "ok", "role": "consent_publish", "true_values": ["Yes"], "false_values": ["yes "]},
            "'yes' stands under",
        ),
        ({"column": "s", "role": "completion", "values": {"x": "finished"}}, "'finished' is no completion"),
        ({"column": "w", "role": "completed_by", "values": {"x": "mum"}}, "'mum' is no completed_by"),
        ({"match": "helped[", "role": "ignore"}, "not a regular expression"),
        ({"column": "stars", "role": "rating", "code": "stars", "scale": {"1": 1}}, "direction"),
        ({"column": "a", "match": "b", "role": "ignore"}, "exactly one"),
    ],
)
def test_a_question_that_leaves_something_open_is_refused(question: dict[str, object], told: str) -> None:
    with pytest.raises(ValidationError, match=told):
        a_source(question)


def test_identity_cannot_be_part_of_the_key() -> None:
    with pytest.raises(ValidationError, match="identity"):
        a_source({"column": "email", "role": "identity"}, natural_key=["email"])


EXAMPLE = """
source: yjs-exit
tool: limesurvey
timezone: Europe/London
dates: ['%Y-%m-%d %H:%M:%S']
natural_key: [id]
sentinel_dates: ['1980-01-01']
file: {header_rows: 1, null_values: ['', 'N/A', 'Did not answer']}
questions:
- {column: service, role: service, values: {Youth Justice Service: yjs}}
- {column: rating, role: rating, scale: {'1': 5, '5': 1}}     # the direction is always stated
- {match: '^helped\\[', role: choice, code: helped, multi: columns}
- {column: improve, role: comment}
- {column: consent, role: consent_publish, true_values: ['yes']}
unmapped: warn     # or: fail
"""
EXPORT = (
    "\ufeffid;submitdate;service;rating;helped[wrk];helped[plc];improve;consent\n"
    "1;1980-01-01 00:00:00;Youth Justice Service;2;Y;;more seats;Yes\n"
    "2;1980-01-01 00:00:00;yjs;N/A;;Y;Did not answer;no\n"
)


def test_the_smallest_map_of_a_survey_is_enough(tmp_path: Path) -> None:
    path = tmp_path / "yjs-exit.yaml"
    path.write_text(EXAMPLE, encoding="utf-8")
    source, _, faults = read_model(SourceMap, path)
    assert source, [str(fault) for fault in faults]
    assert (source.name, source.channel, source.file.path) == ("yjs-exit", "online_survey", "inbox/yjs-exit/*")
    found = mapped(EXPORT, source)
    assert found.responses[["service_code", "consent_to_publish"]].to_numpy().tolist() == [
        ["yjs", "yes"],
        ["yjs", "no"],
    ]
    assert found.comments[["question_code", "text"]].to_numpy().tolist() == [["improve", "more seats"]]
    assert found.choices["option_code"].to_list() == ["wrk", "plc"]
    assert found.ratings[["score", "direction"]].to_numpy().tolist() == [[0.75, "lower_is_better"]]
    assert found.faults == []


def test_what_goes_without_saying_may_still_be_said() -> None:
    source = a_source(name="The survey", channel="sms", file={"path": "elsewhere/*.csv"})
    assert (source.name, source.channel, source.file.path) == ("The survey", "sms", "elsewhere/*.csv")


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"tool": "typed_sheet", "channel": None}, "channel"),  # a sheet may hold anything
        ({"file": {"path": ""}}, "file.path"),
        ({"file": {"path": "x", "children": [{"member": "b.csv", "name": "b"}]}}, "'children' belong to a 'member'"),
        ({"file": {"path": "x", "delimiter": ";;"}}, "delimiter"),
    ],
)
def test_a_map_that_leaves_something_open_is_refused(changes: dict[str, object], told: str) -> None:
    plain = a_source().model_dump() | changes
    with pytest.raises(ValidationError, match=told):
        SourceMap.model_validate({key: value for key, value in plain.items() if value is not None})


def test_a_question_takes_its_code_from_its_column_where_it_has_letters() -> None:
    asked = a_source({"column": "What should we change?", "role": "comment"}).questions[-1]
    assert asked.code == "what_should_we_change"
    with pytest.raises(ValidationError, match="needs a 'code' of its own"):
        a_source({"column": "Что изменить?", "role": "comment"})
    with pytest.raises(ValidationError, match="needs a 'code' of its own"):
        a_source({"match": "^x", "role": "choice"})


@pytest.mark.parametrize("change", [{"role": "rating", "scale": {"1": 1, "5": 5}}, {"required": True}])
def test_only_a_comment_that_need_not_be_there_is_asked_no_longer(change: dict[str, object]) -> None:
    question = {"column": "why", "role": "comment", "code": "why", "retired": True}
    assert a_source(question).questions[-1].retired
    with pytest.raises(ValidationError, match="'retired' is a comment that is no longer asked"):
        a_source(question | change)
