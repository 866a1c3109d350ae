"""Cases 65 to 70 of bad input: a tool that refuses, is busy, breaks off, goes in circles, or says nothing."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from tenacity import wait_none

from heardback.landing.account import FileReport
from heardback.sources.web import client as web
from heardback.store import Response, SourceState
from heardback.store.session import reading
from tasks.workplace import Workplace
from tests.desk import Desk, problems_of
from tests.factories import NOW
from tests.ready_made import ReadyMade
from tests.sources.connectors.smartsurvey_server import CASE, SECRETS, SmartSurveyTool, connect, response

MAP: dict[str, Any] = {
    "source": "survey",
    "tool": "smartsurvey",
    "service": "youth",
    "dates": ["ISO8601"],
    "natural_key": ["id"],
    "questions": [
        {"column": "id", "role": "record_id"},
        {"column": "date_started", "role": "submitted_at"},
        {"column": "improve", "role": "comment"},
    ],
}
DAY = timedelta(days=1)
waits: list[float] = []


def pulled_once(desk: Desk) -> None:
    """A council that has asked SmartSurvey for everything, the first time."""
    with SmartSurveyTool() as tool:
        connect_to(desk, tool)
        assert pull(desk).status == "landed"


def connect_to(desk: Desk, tool: SmartSurveyTool) -> None:
    source = {**MAP, "connect": {"to": "smartsurvey", **connect(tool)}}
    policy = {"network": {"private_hosts": list(CASE.hosts)}, "volume": {"many_rows": 5}}
    desk.configure(sources={"survey": source}, policy=policy)


@pytest.fixture
def tool(
    sqlite_desk: Desk, ready_made: ReadyMade, monkeypatch: pytest.MonkeyPatch, quick_gate: None
) -> Iterator[SmartSurveyTool]:
    """SmartSurvey, pulled once, with more to say since; nobody waits in earnest."""
    waits.clear()
    monkeypatch.setattr(web, "BACK_OFF", wait_none())
    asking = Workplace.asking
    monkeypatch.setattr(Workplace, "asking", lambda *given: replace(asking(*given), wait=waits.append))
    for name, secret in SECRETS.items():
        monkeypatch.setenv(name, secret)
    ready_made.fill(sqlite_desk, pulled_once)
    with SmartSurveyTool() as tool:
        connect_to(sqlite_desk, tool)
        tool.responses += [response(900 + n, f"Later words {n}", "2026-11-08") for n in range(5)]
        yield tool


def pull(desk: Desk, days: int = 0) -> FileReport:
    return desk.pull_all("survey", NOW + days * DAY).files[-1]


def cursor(desk: Desk) -> str:
    with reading(desk.store) as session:
        return session.get_one(SourceState, "survey").cursor


def fails(desk: Desk, told: str) -> None:
    """A pull that fails with an alarm, leaves the cursor and the rows where they were, and is made good by the next."""
    before = cursor(desk), desk.count(Response)
    report = pull(desk, 1)
    assert (report.status, told in report.error) == ("failed", True), report.error
    assert (cursor(desk), desk.count(Response)) == before
    assert desk.events().count("pull.failed") == 1
    assert SmartSurveyTool.words not in report.error


def lands_after_all(desk: Desk, tool: SmartSurveyTool) -> None:
    tool.misbehave("")
    assert pull(desk, 2).fates["loop"] == 5
    assert problems_of(desk.store) == []


def test_65_a_refusal_fails_with_an_alarm_and_the_cursor_stays(sqlite_desk: Desk, tool: SmartSurveyTool) -> None:
    tool.misbehave("refused")
    fails(sqlite_desk, "403")
    lands_after_all(sqlite_desk, tool)


def test_66_a_busy_tool_is_given_the_time_that_it_asks_for(sqlite_desk: Desk, tool: SmartSurveyTool) -> None:
    tool.misbehave("busy", times=1)
    assert pull(sqlite_desk, 1).status == "landed"
    assert waits == [7]


def test_67_a_tool_that_breaks_amid_the_pages_lands_nothing_of_them(sqlite_desk: Desk, tool: SmartSurveyTool) -> None:
    tool.misbehave("broken", after=2)
    fails(sqlite_desk, "500")
    lands_after_all(sqlite_desk, tool)


@pytest.mark.parametrize("trouble", ["circle", "overstates"])
def test_68_pages_that_repeat_or_end_too_soon_fail(sqlite_desk: Desk, tool: SmartSurveyTool, trouble: str) -> None:
    tool.misbehave(trouble)
    fails(sqlite_desk, "")
    lands_after_all(sqlite_desk, tool)


@pytest.mark.parametrize("trouble", ["error_body", "other_json", "web_page"])
def test_69_an_error_that_comes_as_an_answer_is_none(sqlite_desk: Desk, tool: SmartSurveyTool, trouble: str) -> None:
    tool.misbehave(trouble)
    fails(sqlite_desk, "")
    lands_after_all(sqlite_desk, tool)


def test_70_no_rows_where_there_were_many_is_an_alarm_and_withdraws_nothing(
    sqlite_desk: Desk, tool: SmartSurveyTool
) -> None:
    tool.responses.clear()
    report = pull(sqlite_desk, 8)  # by then everything is asked for again
    assert (report.status, sqlite_desk.events()[-1]) == ("failed", "pull.failed")
    assert "7 of 7 responses on record are not in this snapshot" in report.error
    assert SmartSurveyTool.words in sqlite_desk.texts()
