"""Steps find their council by the environment: the sample's configuration, a home and a store of the test's own.

And what tests of messages begin with: two loops that wait, each for its owner, and a Slack on the loopback.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine

from heardback.store.session import open_store
from tasks.nudge import nudge
from tests.council import exit_row
from tests.desk import Desk
from tests.messages.slack_server import TOKEN, FakeSlack
from tests.ready_made import ReadyMade

TUESDAY = datetime(2026, 9, 8, 10, 0, tzinfo=UTC)  # 11:00 in London, a week after it was said
FREEZING, PIZZA = "The room is freezing zebra", "More pizza please, zebras"
POSTED = "posted.json"
CONFIG = Path(__file__).parents[2] / "config"


@pytest.fixture
def workplace(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    """The store of the council in which steps work, once on SQLite and once on PostgreSQL."""
    yield from _at_work(database_url, tmp_path, monkeypatch)


@pytest.fixture
def sqlite_workplace(sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    yield from _at_work(sqlite_url, tmp_path, monkeypatch)


def _at_work(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    monkeypatch.setenv("HEARDBACK_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("HEARDBACK_CONFIG", str(CONFIG))
    monkeypatch.setenv("HEARDBACK_DATABASE_URL", database_url)
    monkeypatch.delenv("HEARDBACK_SLACK_TOKEN", raising=False)
    engine = open_store(database_url)
    yield engine
    engine.dispose()


def two_loops(desk: Desk) -> None:
    """L-0001 waits for Amira (Youth Justice), L-0002 for Ben (Youth Clubs)."""
    desk.pull(exit_row(1, FREEZING), exit_row(2, PIZZA, service="youth"), at=TUESDAY)


@pytest.fixture
def waiting_anywhere(desk: Desk, ready_made: ReadyMade) -> Desk:
    """Two loops that wait, on either database: for what rests on keys, locks and conditional updates."""
    return ready_made.fill(desk, two_loops)


@pytest.fixture
def sqlite_waiting(sqlite_desk: Desk, ready_made: ReadyMade) -> Desk:
    return ready_made.fill(sqlite_desk, two_loops)


@pytest.fixture
def slack(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeSlack]:
    """A Slack that steps post to."""
    with a_slack(monkeypatch) as server:
        yield server


@contextmanager
def a_slack(environment: pytest.MonkeyPatch) -> Iterator[FakeSlack]:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"):
        environment.delenv(name, raising=False)
    with FakeSlack() as server:
        environment.setenv("HEARDBACK_SLACK_TOKEN", TOKEN)
        environment.setenv("HEARDBACK_SLACK_URL", server.base_url)
        yield server


def two_digests(desk: Desk) -> None:
    """Both loops' owners have a digest in Slack, which is kept beside the desk for the Slack of another test."""
    two_loops(desk)
    with pytest.MonkeyPatch.context() as environment, a_slack(environment) as server:
        assert nudge(TUESDAY).sent == ["amira", "ben"]
        (desk.folder / POSTED).write_text(json.dumps(server.posts), encoding="utf-8")


@pytest.fixture
def nudged(sqlite_desk: Desk, slack: FakeSlack, ready_made: ReadyMade) -> Desk:
    """L-0001 waits for Amira, L-0002 for Ben; each has a digest in Slack."""
    return _nudged(ready_made.fill(sqlite_desk, two_digests), slack)


@pytest.fixture
def nudged_anywhere(desk: Desk, slack: FakeSlack, ready_made: ReadyMade) -> Desk:
    """The same on either database: for what rests on keys, locks and conditional updates."""
    return _nudged(ready_made.fill(desk, two_digests), slack)


def _nudged(desk: Desk, slack: FakeSlack) -> Desk:
    slack.remember(json.loads((desk.folder / POSTED).read_text(encoding="utf-8")))
    return desk
