"""G6 beyond the run's own folders: Data Docs, Slack, Prefect's API, and the traceback of every error that is raised."""

import json
import os
import shutil
import traceback
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
from sqlalchemy import text

import heardback.landing.accepted
import heardback.landing.batch
import heardback.landing.checked
import heardback.landing.source_files
import tasks.match
from config.council import read_council
from flows.failing import tell
from flows.surroundings import prepare
from flows.temporary_server import temporary_server
from heardback.errors import HeardbackError
from tasks.data_docs import build_data_docs
from tasks.match import match_new
from tasks.nudge import nudge
from tasks.pull import pull_register, pull_source
from tasks.step import Fault
from tests.council import change_row, exit_row
from tests.desk import Desk
from tests.factories import NOW
from tests.journeys.canaries import Canaries, canaries_of, files_in
from tests.journeys.conftest import CHECKOUT, Demo
from tests.journeys.test_canary import PLANT, leaks
from tests.messages.slack_server import TOKEN, FakeSlack

A_WEEK_LATER = datetime(2026, 11, 17, 10, 30, tzinfo=UTC)
ASKED = ("flow_runs", "task_runs", "logs", "artifacts", "flows", "deployments", "variables", "block_documents")


@pytest.fixture
def home(demo: Demo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of all that the demo left, to go on from."""
    folder = tmp_path / "home"
    shutil.copytree(demo.folder, folder)
    monkeypatch.setenv("HEARDBACK_HOME", str(folder))
    monkeypatch.setenv("HEARDBACK_CONFIG", str(CHECKOUT / "config"))
    monkeypatch.delenv("HEARDBACK_DATABASE_URL", raising=False)
    return folder


def test_no_comment_stands_in_the_data_docs(home: Path, canaries: Canaries) -> None:
    index = build_data_docs(A_WEEK_LATER)
    pages = list(files_in(index.parent))
    assert len(pages) > 5
    assert leaks(pages, canaries) == {}
    index.write_text(index.read_text(encoding="utf-8") + PLANT, encoding="utf-8")
    assert leaks(files_in(index.parent), canaries_of([PLANT]))


def test_no_comment_goes_to_slack(home: Path, canaries: Canaries, monkeypatch: pytest.MonkeyPatch) -> None:
    council, faults = read_council(CHECKOUT / "config")
    assert council, faults
    people = {person.slack for person in council.directory.people.values() if person.slack}
    with FakeSlack(people=people) as slack:
        monkeypatch.setenv("HEARDBACK_SLACK_TOKEN", TOKEN)
        monkeypatch.setenv("HEARDBACK_SLACK_URL", slack.base_url)
        nudge(A_WEEK_LATER)
        posted = json.dumps(slack.posts, ensure_ascii=False)
    assert len(slack.posts) > 3
    assert leaks([("Slack", posted), *files_in(home / "outbox")], canaries) == {}


@pytest.fixture
def prefect_api(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    for name in ("PREFECT_HOME", "PREFECT_API_URL"):
        monkeypatch.setenv(name, "")
        monkeypatch.delenv(name)
    prepare(home)
    with temporary_server(home / "server.log") as wait:
        wait()
        yield os.environ["PREFECT_API_URL"]


def test_no_comment_can_be_asked_of_prefects_api(prefect_api: str, canaries: Canaries, home: Path) -> None:
    answers = {}
    for what in ASKED:
        pages = [httpx.post(f"{prefect_api}/{what}/filter", json={"limit": 200, "offset": n}) for n in (0, 200, 400)]
        assert {page.status_code for page in pages} == {200}, what
        answers[what] = "\n".join(page.text for page in pages)
    answers["events"] = httpx.post(f"{prefect_api}/events/filter", json={"limit": 50}).text
    assert answers["flow_runs"].count("flow_id") > 5
    assert answers["logs"].count("message") > 20
    assert leaks(answers.items(), canaries) == {}
    assert leaks(files_in(home / "prefect"), canaries) == {}, "nor did the asking leave any"


# ---- whatever breaks


def everything_told(
    error: BaseException, desk: Desk, capsys: pytest.CaptureFixture[str], logged: str
) -> dict[str, str]:
    """Whatever anybody could come to see of an error."""
    tell(error if isinstance(error, Exception) else Exception())
    said = capsys.readouterr()
    beside = desk.folder / "home"
    files = {path: kept for path, kept in files_in(beside) if "raw" not in Path(path).parts}
    trace = "".join(traceback.format_exception(error))
    return {"traceback": trace, "repr": repr(error), "told": said.out + said.err, "log": logged, **files}


BREAKING = [
    ValueError(PLANT),
    KeyError(PLANT),
    UnicodeDecodeError("utf-8", PLANT.encode(), 0, 5, PLANT),
    OSError(PLANT),
]
PLACES = [
    (heardback.landing.source_files, "table_of"),
    (heardback.landing.checked, "map_part"),
    (heardback.landing.checked, "hold"),
    (heardback.landing.accepted, "quarantine"),
    (heardback.landing.source_files, "balance_pull"),
    (heardback.landing.batch, "screen_comments"),
    (heardback.landing.batch, "open_loops"),
    (heardback.landing.batch, "_insert"),
]


@pytest.mark.usefixtures("quick_gate")
@pytest.mark.parametrize(("module", "name"), PLACES, ids=lambda place: getattr(place, "__name__", str(place)))
@pytest.mark.parametrize("error", BREAKING, ids=lambda error: type(error).__name__)
def test_whatever_breaks_in_a_pull_no_word_of_it_is_told(
    sqlite_desk: Desk,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
    module: object,
    name: str,
    error: Exception,
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(module, name, broken)
    sqlite_desk.drop("exit", exit_row(1, PLANT), exit_row(2, "More pizza please", date=""))
    with caplog.at_level("DEBUG"), pytest.raises(Exception) as raised:
        pull_source("exit", NOW)
    told = everything_told(raised.value, sqlite_desk, capsys, caplog.text)
    assert leaks(told.items(), canaries_of([PLANT])) == {}


@pytest.mark.usefixtures("quick_gate")
@pytest.mark.parametrize("kind", ["ABORT", "FAIL", "ROLLBACK"])
def test_a_database_that_quotes_the_words_itself_is_not_quoted(
    sqlite_desk: Desk, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture, kind: str
) -> None:
    refuse = f"CREATE TRIGGER quoting BEFORE INSERT ON comment BEGIN SELECT RAISE({kind}, '{PLANT}'); END"
    with sqlite_desk.store.begin() as connection:
        connection.execute(text(refuse))
    sqlite_desk.drop("exit", exit_row(1, PLANT))
    with caplog.at_level("DEBUG"), pytest.raises(HeardbackError) as raised:
        pull_source("exit", NOW)
    told = everything_told(raised.value, sqlite_desk, capsys, caplog.text)
    told = {place: seen for place, seen in told.items() if "heardback.db" not in place}
    assert leaks(told.items(), canaries_of([PLANT])) == {}


@pytest.mark.usefixtures("quick_gate")
@pytest.mark.parametrize("name", ["reading", "transaction"])
def test_whatever_breaks_in_matching_no_word_of_it_is_told(
    sqlite_desk: Desk,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
    name: str,
) -> None:
    sqlite_desk.pull(exit_row(1, PLANT))
    sqlite_desk.drop("log", change_row(1))
    pull_register("log", NOW)

    def broken(*_: object, **__: object) -> None:
        raise ValueError(PLANT)

    monkeypatch.setattr(tasks.match, name, broken)
    with caplog.at_level("DEBUG"), pytest.raises(Fault, match="ValueError in broken") as raised:
        match_new(NOW)
    told = everything_told(raised.value, sqlite_desk, capsys, caplog.text)
    told = {place: seen for place, seen in told.items() if "heardback.db" not in place}
    assert leaks(told.items(), canaries_of([PLANT])) == {}
