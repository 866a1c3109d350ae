"""LimeSurvey by RemoteControl 2: everything each time, errors that come with a 200, a session given back."""

import json
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

import heardback.sources.web
from heardback.errors import SourceUnavailable, Unreadable
from heardback.sources.connector import Asking, Fetched
from heardback.sources.connectors import drops_of
from heardback.sources.connectors.limesurvey import EMPTY, table
from heardback.store import Response
from tasks.configuration import check_configuration
from tests.desk import Desk, problems_of
from tests.factories import NOW
from tests.sources.connectors.asking import asking_of
from tests.sources.connectors.http_tool import Answer
from tests.sources.connectors.limesurvey_server import (
    CASE,
    PASSWORD,
    SECRET,
    SURVEY,
    WORDS,
    LimeSurveyTool,
    connect,
    response,
)

QUESTIONS = [
    {"column": "id", "role": "record_id"},
    {"column": "submitdate", "role": "submitted_at"},
    {"column": "submitdate", "role": "completion", "values": {"": "partial", "*": "complete"}},
    {"column": "service", "role": "service"},
    {"match": r"^helped\[", "role": "choice", "code": "helped", "multi": "columns"},
    {"column": "improve", "role": "comment", "code": "improve"},
    {"match": "^(lastpage|startlanguage|seed)$", "role": "ignore"},
]
CSV = {"path": "", "delimiter": ";"}


@pytest.fixture
def lime(monkeypatch: pytest.MonkeyPatch) -> Iterator[LimeSurveyTool]:
    monkeypatch.setenv(SECRET, PASSWORD)
    with LimeSurveyTool() as tool:
        yield tool


def asking(lime: LimeSurveyTool, **more: Any) -> Asking:
    kept = {key: more.pop(key) for key in ("private_hosts", "max_megabytes", "secret") if key in more}
    return replace(CASE.asking(lime, **kept), feed=asking_of({"to": "limesurvey", **connect(lime), **more}, {}).feed)


def fetch(lime: LimeSurveyTool, **more: Any) -> Fetched:
    (drop,) = drops_of(asking(lime, **more))
    assert drop.name == f"limesurvey-{SURVEY} 2026-11-10T09.30.{more.get('format', 'json')}"
    return drop.fetch()


def configure(desk: Desk, lime: LimeSurveyTool, **more: Any) -> None:
    file = {"path": "", "delimiter": ";"} if more.get("format") == "csv" else {"path": ""}
    source = {"connect": {"to": "limesurvey", **connect(lime), **more}, "file": file, "questions": QUESTIONS,
              "dates": ["%Y-%m-%d %H:%M:%S"], "unmapped": "fail"}  # fmt: skip
    policy = {"network": {"private_hosts": ["localhost"]}, "gate": {"max_vanished_share": 0.3}}
    desk.configure(sources={"exit": source}, policy=policy)


@pytest.mark.usefixtures("quick_gate")
@pytest.mark.parametrize("settings", [{}, {"format": "csv"}])
def test_every_response_lands_and_lands_no_second_time(
    sqlite_desk: Desk, lime: LimeSurveyTool, settings: dict[str, str]
) -> None:
    configure(sqlite_desk, lime, **settings)
    first, second = sqlite_desk.pull_all(), sqlite_desk.pull_all(at=NOW + timedelta(days=1))
    assert (first.files[0].rows_read, first.files[0].fates) == (4, {"loop": 3, "not_counted": 1})
    assert [file.status for file in second.files] == ["unchanged"]
    assert sqlite_desk.texts() == [WORDS, "half fini", "more “pizza” 😕"]
    assert problems_of(sqlite_desk.store) == []


@pytest.mark.usefixtures("quick_gate")
def test_an_edit_is_seen_though_no_date_moved_and_what_vanished_is_withdrawn(
    sqlite_desk: Desk, lime: LimeSurveyTool
) -> None:
    configure(sqlite_desk, lime)
    sqlite_desk.pull_all()
    lime.responses = [response(1, "The room is cold"), *(lime.responses or [])[2:]]
    report = sqlite_desk.pull_all(at=NOW + timedelta(days=1))
    assert not report.failed
    assert sqlite_desk.texts() == ["", "The room is cold", "half fini"]
    assert problems_of(sqlite_desk.store) == []


def test_what_was_begun_comes_too_unless_the_map_wants_it_otherwise(lime: LimeSurveyTool) -> None:
    ids = [[row["id"] for row in json.loads(fetch(lime, completion=wanted).content)["responses"]]
           for wanted in ("all", "complete", "incomplete")]  # fmt: skip
    assert ids == [[1, 2, 3, 4], [1, 2, 4], [3]]


def test_the_export_is_the_whole_of_the_survey(lime: LimeSurveyTool) -> None:
    fetched = fetch(lime)
    assert (fetched.whole, fetched.cursor) == (True, "")


def test_the_session_is_given_back(lime: LimeSurveyTool) -> None:
    fetch(lime)
    assert lime.methods == ["get_session_key", "export_responses", "release_session_key"]
    assert lime.keys == set()


@pytest.mark.usefixtures("quick_gate")
def test_an_empty_survey_is_no_failure(sqlite_desk: Desk, lime: LimeSurveyTool) -> None:
    lime.responses = []
    configure(sqlite_desk, lime)
    report = sqlite_desk.pull_all()
    assert [(file.status, file.rows_read) for file in report.files] == [("landed", 0)]
    assert lime.keys == set()
    lime.responses = [response(1, "The room is cold")]
    assert sqlite_desk.pull_all(at=NOW + timedelta(days=1)).files[0].fates == {"loop": 1}


@pytest.mark.usefixtures("quick_gate")
@pytest.mark.parametrize(("settings", "wrapped"), [({}, False), ({}, True), ({"format": "csv"}, False)])
def test_the_blank_row_that_stands_for_no_row_is_none(
    sqlite_desk: Desk, lime: LimeSurveyTool, settings: dict[str, str], wrapped: bool
) -> None:
    lime.responses, lime.wrapped = [response(3, "half fini", submitdate=None)], wrapped
    configure(sqlite_desk, lime, completion="complete", **settings)
    first = sqlite_desk.pull_all()
    assert [(file.status, file.rows_read) for file in first.files] == [("landed", 0)]
    lime.responses += [response(4, "The room is cold")]
    assert sqlite_desk.pull_all(at=NOW + timedelta(days=1)).files[0].fates == {"loop": 1}
    assert problems_of(sqlite_desk.store) == []


@pytest.mark.usefixtures("quick_gate")
def test_a_survey_emptied_at_once_withdraws_nothing(sqlite_desk: Desk, lime: LimeSurveyTool) -> None:
    configure(sqlite_desk, lime)
    sqlite_desk.pull_all()
    lime.responses = []
    assert sqlite_desk.pull_all(at=NOW + timedelta(days=1)).failed
    assert len(sqlite_desk.texts()) == 3


def test_the_json_of_version_3_is_read_alike(lime: LimeSurveyTool) -> None:
    feed = asking(lime).feed
    now = table(fetch(lime).content, "now.json", feed).frame
    lime.wrapped = True
    then = table(fetch(lime).content, "then.json", feed).frame
    assert then.equals(now)
    assert then["id"].tolist() == ["1", "2", "3", "4"]


def test_an_export_cut_short_is_unreadable(lime: LimeSurveyTool) -> None:
    with pytest.raises(Unreadable) as refused:
        table(fetch(lime).content[:-40], "cut.json", asking(lime).feed)
    assert "pizza" not in str(refused.value)


def test_an_empty_survey_has_the_columns_of_its_map(lime: LimeSurveyTool) -> None:
    frame = table(EMPTY, "empty.json", asking(lime).feed).frame
    assert (len(frame), list(frame.columns)[:3]) == (0, ["id", "date", "service"])


def deactivate(lime: LimeSurveyTool) -> None:
    lime.responses = None


def forbid(lime: LimeSurveyTool) -> None:
    lime.may_export = False


@pytest.mark.parametrize(("prepare", "settings", "said"), [
    (None, {"secret": lambda _name: "wrong"}, "does not let us in"),
    (None, {"sign_in": "AuthLDAP"}, "does not let us in"),
    (None, {"language": "cy"}, "no such language"),
    (deactivate, {}, "not active"),
    (forbid, {}, "may not export"),
])  # fmt: skip
def test_an_error_that_comes_with_a_200_is_told_for_what_it_is(
    lime: LimeSurveyTool, prepare: Any, settings: dict[str, Any], said: str
) -> None:
    if prepare:
        prepare(lime)
    with pytest.raises(SourceUnavailable, match=said) as refused:
        fetch(lime, **settings)
    assert refused.value.permanent
    assert "correct horse" not in str(refused.value) + refused.value.do
    assert lime.keys == set()


@pytest.mark.parametrize(("method", "status", "said"), [  # of remotecontrol_handle.php and LSUserIdentity.php
    ("export_responses", "Invalid session key", "ended the session"),
    ("get_session_key", "You have exceeded the number of maximum login attempts. Please wait", "locked the"),
])  # fmt: skip
def test_what_passes_by_itself_is_no_refusal(lime: LimeSurveyTool, method: str, status: str, said: str) -> None:
    lime.instead = {method: {"status": status}}
    with pytest.raises(SourceUnavailable, match=said) as refused:
        fetch(lime)
    assert not refused.value.permanent


def test_a_plugins_own_word_for_a_wrong_password_is_a_refusal(lime: LimeSurveyTool) -> None:
    lime.instead = {"get_session_key": {"status": "Invalid credentials"}}  # AuthLDAP's, from the directory itself
    with pytest.raises(SourceUnavailable, match="does not let us in") as refused:
        fetch(lime)
    assert SECRET in refused.value.do


def test_no_permission_may_also_mean_that_there_is_no_such_survey(lime: LimeSurveyTool) -> None:
    with pytest.raises(SourceUnavailable, match="no such survey") as refused:
        drops_of(asking(lime, survey=1))[0].fetch()
    assert "'survey'" in refused.value.do


@pytest.mark.parametrize("fault", [
    Answer(b""),
    Answer({"id": None, "result": None, "error": "my mum hits me"}),
    Answer({"id": -1, "result": "a key", "error": None}),  # to another question
    Answer(b"my mum hits me", 404),
    Answer(b"my mum hits me", 301, {"Location": "/index.php/admin/elsewhere"}),
])  # fmt: skip
def test_an_answer_that_is_none_fails_and_repeats_nobodys_words(lime: LimeSurveyTool, fault: Answer) -> None:
    lime.faults = [fault]
    with pytest.raises(SourceUnavailable) as refused:
        fetch(lime)
    assert "my mum" not in str(refused.value) + refused.value.do
    assert refused.value.__suppress_context__
    assert lime.methods == []  # the fault was served in its place, and nothing was asked after it


@pytest.mark.parametrize("method", ["get_session_key", "export_responses"])
@pytest.mark.parametrize("result", [{"status": "SQLSTATE: near 'my mum hits me'"}, {"my mum": "hits me"}, 7, "=my mum"])
def test_a_result_that_is_none_fails_and_repeats_nobodys_words(lime: LimeSurveyTool, method: str, result: Any) -> None:
    lime.instead = {method: result}
    with pytest.raises(SourceUnavailable) as refused:
        fetch(lime)
    assert "my mum" not in str(refused.value) + refused.value.do
    assert refused.value.__suppress_context__


def test_a_goodbye_that_is_refused_costs_nothing(lime: LimeSurveyTool) -> None:
    lime.instead = {"release_session_key": {"status": "Invalid session key"}}
    assert json.loads(fetch(lime).content)["responses"][0]["improve"] == WORDS


def test_a_switched_off_interface_says_where_it_is_switched_on(lime: LimeSurveyTool) -> None:
    lime.faults = [Answer(b"")]
    with pytest.raises(SourceUnavailable) as refused:
        fetch(lime)
    assert "must offer JSON-RPC" in refused.value.do


def test_plain_http_and_a_private_address_need_the_policys_word(lime: LimeSurveyTool) -> None:
    with pytest.raises(SourceUnavailable, match="not https"):
        fetch(lime, private_hosts=frozenset())
    with pytest.raises(SourceUnavailable, match="private network"):
        fetch(lime, private_hosts=frozenset(), url=lime.url.replace("http:", "https:"))
    assert lime.asked == []


def test_more_than_the_limit_is_refused_and_the_session_given_back(lime: LimeSurveyTool) -> None:
    lime.responses = [response(1, "x" * 1_000_000)]
    with pytest.raises(SourceUnavailable, match="larger than the limit"):
        fetch(lime, max_megabytes=1)
    assert lime.keys == set()


@pytest.mark.usefixtures("quick_gate")
def test_a_failure_is_told_and_the_next_pull_goes_on(sqlite_desk: Desk, lime: LimeSurveyTool) -> None:
    configure(sqlite_desk, lime)
    lime.may_export = False
    report = sqlite_desk.pull_all()
    assert "may not export" in report.errors[0]
    assert sqlite_desk.count(Response) == 0
    lime.may_export = True
    assert not sqlite_desk.pull_all(at=NOW + timedelta(days=1)).failed
    assert sqlite_desk.count(Response) == 4


def test_without_citric_it_says_what_to_install(lime: LimeSurveyTool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "heardback.sources.web.limesurvey_calls", raising=False)
    monkeypatch.delattr(heardback.sources.web, "limesurvey_calls", raising=False)
    monkeypatch.setitem(sys.modules, "citric", None)
    with pytest.raises(SourceUnavailable) as refused:
        fetch(lime)
    assert refused.value.do == "pip install 'heardback[limesurvey]'"


@pytest.mark.parametrize(("settings", "key", "said"), [
    ({"survey": "zero"}, "survey", "whole number"),
    ({"password": "correct horse"}, "password", "never the secret"),
    ({"url": "localhost/remotecontrol"}, "url", "write it as https://"),
    ({"url": "https://me:hunter2@surveys.example/admin/remotecontrol"}, "url", "write it as https://"),
    ({"surveys": 3}, "surveys", "unknown key 'surveys'"),
    ({"headings": "full"}, "connect", "format: csv"),
])  # fmt: skip
def test_settings_that_cannot_work_are_named_by_their_line(
    sqlite_desk: Desk, lime: LimeSurveyTool, settings: dict[str, Any], key: str, said: str
) -> None:
    configure(sqlite_desk, lime, **settings)
    (fault,) = check_configuration().faults
    path = sqlite_desk.folder / "config" / "sources" / "exit.yaml"
    lines = path.read_text(encoding="utf-8").splitlines()
    line = next(number for number, text in enumerate(lines, 1) if text.strip().startswith(f"{key}:"))
    assert fault.startswith(f"{path}:{line}: ")
    assert said in fault
    assert "hunter2" not in fault
