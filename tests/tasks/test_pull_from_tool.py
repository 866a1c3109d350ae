"""A tool pulled through every step: twice, edited, deleted, broken amid pages; nothing lost, nothing twice (G2, G3)."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from tenacity import wait_none

from flows.commands.assuring import SOURCES
from heardback.sources.web import client as web
from heardback.store import Comment, Pull, Response, Revision, SourceState
from heardback.store.session import reading
from tasks.status import status
from tests.desk import Desk, problems_of
from tests.factories import NOW
from tests.sources.connectors import smartsurvey_server, surveymonkey_server
from tests.sources.connectors.http_tool import HttpTool

MAPS: dict[str, dict[str, Any]] = {
    "smartsurvey": {
        "dates": ["ISO8601"],
        "questions": [
            {"column": "id", "role": "record_id"},
            {"column": "date_started", "role": "submitted_at"},
            {"column": "service", "role": "service"},
            {"column": "status", "role": "completion",
             "values": {"completed": "complete", "partial": "partial", "disqualified": "partial"}},
            {"column": "How was it overall?", "role": "rating", "code": "overall", "scale": {"Good": 1, "Bad": 0}},
            {"column": "What helped?", "role": "choice", "code": "helped", "multi": "delimited", "delimiter": ";",
             "options": ["Clubs", "Trips; days out", "Something else"]},
            {"column": "improve", "role": "comment", "code": "improve", "required": True},
            {"column": "Your name", "role": "identity"},
        ],
    },
    "surveymonkey": {
        "dates": ["ISO8601"],
        "questions": [
            {"column": "id", "role": "record_id"},
            {"column": "date_created", "role": "submitted_at"},
            {"column": "service", "role": "service"},
            {"column": "status", "role": "completion", "values": {
                "completed": "complete", "partial": "partial", "overquota": "partial", "disqualified": "partial",
                "preview": "test",
            }},
            {"column": "improve", "role": "comment", "code": "improve", "required": True},
        ],
    },
}  # fmt: skip
SERVERS = {"smartsurvey": smartsurvey_server, "surveymonkey": surveymonkey_server}
LANDED = {"smartsurvey": {"loop": 5, "not_counted": 2}, "surveymonkey": {"loop": 4, "not_counted": 3}}


@pytest.fixture(autouse=True)
def _in_no_time(monkeypatch: pytest.MonkeyPatch, quick_gate: None) -> None:
    monkeypatch.setattr(web, "BACK_OFF", wait_none())


@pytest.fixture(params=sorted(MAPS))
def tool(request: pytest.FixtureRequest, sqlite_desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A tool that is connected to the council's exit questionnaire; `name` says which."""
    server = SERVERS[request.param]
    for name, secret in server.SECRETS.items():
        monkeypatch.setenv(name, secret)
    with server.CASE.play() as tool:
        tool.name = request.param
        connect_to(sqlite_desk, tool)
        yield tool


def connect_to(desk: Desk, tool: Any, **more: Any) -> None:
    server = SERVERS[tool.name]
    connected = {"to": tool.name, **server.connect(tool), **more}
    source = {"tool": tool.name, "mode": "append", **MAPS[tool.name], "connect": connected}
    source["file"] = {"path": ""}
    desk.configure(sources={"exit": source}, policy={"network": {"private_hosts": ["localhost"]}})


def state_of(desk: Desk) -> SourceState:
    with reading(desk.store) as session:
        return session.get_one(SourceState, "exit")


def line_of(desk: Desk, days: int = 0) -> dict[str, Any]:
    return next(line for line in status(NOW + timedelta(days=days)).sources if line["source"] == "exit")


def said(tool: Any, number: int, words: str, day: str) -> dict[str, Any]:
    found: dict[str, Any] = SERVERS[tool.name].response(number, words, day)
    return found


def test_the_first_pull_lands_everything_and_the_second_nothing(sqlite_desk: Desk, tool: Any) -> None:
    first = sqlite_desk.pull()
    assert (first.status, first.rows_read, first.fates) == ("landed", 7, LANDED[tool.name])
    before = (sqlite_desk.count(Response), sqlite_desk.texts(), state_of(sqlite_desk).cursor)
    second = sqlite_desk.pull(at=NOW + timedelta(days=1))
    assert set(second.fates) <= {"duplicate"}
    assert (sqlite_desk.count(Response), sqlite_desk.texts(), state_of(sqlite_desk).cursor) == before
    assert tool.words in sqlite_desk.texts()
    assert problems_of(sqlite_desk.store) == []


def test_what_says_who_it_was_is_in_no_table_of_the_database(sqlite_desk: Desk, tool: Any) -> None:
    sqlite_desk.pull()
    kept = (sqlite_desk.folder / "heardback.db").read_bytes()
    wal = sqlite_desk.folder / "heardback.db-wal"
    kept += wal.read_bytes() if wal.exists() else b""
    assert tool.words.encode() in kept
    for known in SERVERS[tool.name].CASE.identity:
        assert known.encode() not in kept


def test_the_next_pull_asks_from_a_day_before_the_newest_change(sqlite_desk: Desk, tool: Any) -> None:
    sqlite_desk.pull()
    asked_before = len(tool.asked)
    tool.responses.append(said(tool, 900, "A second bus stop", "2026-11-09"))
    report = sqlite_desk.pull(at=NOW + timedelta(days=1))
    assert (report.fates["loop"], report.rows_read < 7) == (1, True)
    query = tool.asked[asked_before + 1].query
    since = {"smartsurvey": ("since", "1788689100"), "surveymonkey": ("start_modified_at", "2026-09-06T10:05:00+00:00")}
    key, value = since[tool.name]
    assert query[key] == value  # 2026-09-06 10:05 UTC: the newest change, of 7 September, less a day
    assert "A second bus stop" in sqlite_desk.texts()


def test_an_edit_in_the_tool_becomes_a_revision_and_nobodys_words_are_doubled(sqlite_desk: Desk, tool: Any) -> None:
    sqlite_desk.pull()
    tool.responses[-1] = said(tool, int(tool.responses[-1]["id"]), "Longer hours on Sundays", "2026-11-08")
    report = sqlite_desk.pull(at=NOW + timedelta(days=1))
    assert report.status == "landed"
    assert "Longer hours on Sundays" in sqlite_desk.texts()
    assert "Longer hours" not in sqlite_desk.texts()
    assert (sqlite_desk.count(Response), sqlite_desk.count(Revision)) == (7, 8)
    assert problems_of(sqlite_desk.store) == []


def test_what_was_deleted_in_the_tool_is_withdrawn_when_everything_is_asked_for(sqlite_desk: Desk, tool: Any) -> None:
    sqlite_desk.pull()
    gone = tool.responses.pop(4)
    assert sqlite_desk.pull(at=NOW + timedelta(days=1)).withdrawn == 0
    report = sqlite_desk.pull(at=NOW + timedelta(days=8))
    assert report.withdrawn == 1
    with reading(sqlite_desk.store) as session:
        withdrawn = [found.source_record_id for found in session.query(Response) if found.withdrawn_at]
    assert withdrawn == [str(gone["id"])]


def test_a_server_that_breaks_amid_the_pages_costs_nothing_but_time(sqlite_desk: Desk, tool: Any) -> None:
    sqlite_desk.pull()
    cursor = state_of(sqlite_desk).cursor
    tool.responses += [said(tool, 900 + n, f"Later words {n}", "2026-11-08") for n in range(5)]
    tool.misbehave("broken", after=2)
    broken = sqlite_desk.pull_all(at=NOW + timedelta(days=1))
    assert broken.failed
    assert (state_of(sqlite_desk).cursor, sqlite_desk.count(Pull), sqlite_desk.count(Response)) == (cursor, 1, 7)
    assert sqlite_desk.events().count("pull.failed") == 1
    tool.misbehave("")
    mended = sqlite_desk.pull(at=NOW + timedelta(days=2))
    assert mended.fates["loop"] == 5
    assert sum(text.startswith("Later words") for text in sqlite_desk.texts()) == 5
    assert sqlite_desk.count(Comment) == len(set(sqlite_desk.texts()))
    assert problems_of(sqlite_desk.store) == []


def test_status_says_why_a_tool_could_not_be_asked_until_it_could(sqlite_desk: Desk, tool: Any) -> None:
    sqlite_desk.pull()
    tool.misbehave("refused")
    assert sqlite_desk.pull_all(at=NOW + timedelta(days=1)).failed
    line = line_of(sqlite_desk, days=1)
    assert (line["last_status"], line["last_run"]) == ("failed", NOW + timedelta(days=1))
    assert next(iter(SERVERS[tool.name].SECRETS)) in line["error"]
    assert all(secret not in line["error"] for secret in SERVERS[tool.name].SECRETS.values())
    assert "last_status" in SOURCES
    tool.misbehave("")
    sqlite_desk.pull(at=NOW + timedelta(days=2))
    assert (line_of(sqlite_desk)["last_status"], line_of(sqlite_desk)["error"]) == ("landed", "")


def test_a_tool_that_was_never_reached_has_a_status(sqlite_desk: Desk, tool: HttpTool) -> None:
    tool.misbehave("web_page")
    assert sqlite_desk.pull_all().failed
    line = line_of(sqlite_desk)
    assert (line["last_status"], "log-in page" in line["error"]) == ("failed", True)
    assert sqlite_desk.pulls() == []


def test_a_secret_that_is_not_set_is_named(sqlite_desk: Desk, tool: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    missing = next(iter(SERVERS[tool.name].SECRETS))
    monkeypatch.delenv(missing)
    assert missing in sqlite_desk.pull_all().errors[0]
    assert missing in line_of(sqlite_desk)["error"]
    assert tool.asked == []
