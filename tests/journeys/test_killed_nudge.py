"""Nudging killed anywhere and started again tells each owner once (faults 5 to 7). Pairs: bench/crash_matrix.py."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from heardback.store import Nudge
from heardback.store.session import reading
from tests.council import exit_row
from tests.desk import Desk
from tests.journeys.nudge_killing import CHECKPOINTS, killed_and_restarted
from tests.messages.slack_server import TOKEN, FakeSlack
from tests.ready_made import ReadyMade

pytestmark = pytest.mark.usefixtures("quick_gate")
TUESDAY = datetime(2026, 9, 8, 10, 0, tzinfo=UTC)
# Where it matters most: Slack has it and we do not know; while it is looked for; when it was found and is not marked.
DOUBLES = [
    (("after post", 1), ("before look", 1)),
    (("before mark", 2), ("before mark", 1)),
    (("before commit", 3), ("after commit", 2)),
]


def two_loops(desk: Desk) -> None:
    """L-0001 waits for Amira, L-0002 for Ben."""
    desk.pull(exit_row(1, "The room is freezing"), exit_row(2, "Pizza", service="youth"), at=TUESDAY)


@pytest.fixture
def environment(
    sqlite_desk: Desk, ready_made: ReadyMade, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[dict[str, str], FakeSlack]]:
    ready_made.fill(sqlite_desk, two_loops)
    with FakeSlack() as slack:
        monkeypatch.setenv("HEARDBACK_SLACK_TOKEN", TOKEN)
        monkeypatch.setenv("HEARDBACK_SLACK_URL", slack.base_url)
        cleared = {name: "" for name in os.environ if name.lower() in ("http_proxy", "https_proxy")}
        yield {name: value for name, value in os.environ.items() if name.startswith("HEARDBACK_")} | cleared, slack


def assert_told_once(desk: Desk, slack: FakeSlack) -> None:
    assert sorted(post["channel"] for post in slack.posts) == ["DUAMIRA", "DUBEN"]
    with reading(desk.store) as session:
        assert set(session.scalars(select(Nudge.state))) == {"sent"}


@pytest.mark.parametrize("checkpoint", CHECKPOINTS[1::4], ids=str)
def test_5_6_a_run_killed_anywhere_and_started_again_tells_each_owner_once(
    sqlite_desk: Desk, environment: tuple[dict[str, str], FakeSlack], checkpoint: tuple[str, int]
) -> None:
    kills = killed_and_restarted(environment[0], TUESDAY, checkpoint)
    assert kills == (0 if "look" in checkpoint[0] else 1)
    assert_told_once(sqlite_desk, environment[1])


@pytest.mark.parametrize("pair", DOUBLES, ids=str)
def test_7_and_killed_again_while_it_makes_sure(
    sqlite_desk: Desk, environment: tuple[dict[str, str], FakeSlack], pair: tuple[tuple[str, int], ...]
) -> None:
    assert killed_and_restarted(environment[0], TUESDAY, *pair) == 2
    assert_told_once(sqlite_desk, environment[1])


def test_the_page_of_previews_is_there_after_all(
    sqlite_desk: Desk, environment: tuple[dict[str, str], FakeSlack]
) -> None:
    killed_and_restarted(environment[0], TUESDAY, ("before end", 1))
    assert Path(sqlite_desk.folder / "home" / "outbox" / "preview.html").exists()
