"""One real Prefect server for all tests of flows, started as a council starts it; a small council to run them on."""

import os
import socket
import subprocess
import sys
import time
import warnings
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from flows.server_database import put_into
from flows.surroundings import DEFAULTS
from tests.council import box_row, change_row, drop, exit_row, write_council

START_SECONDS = 240
PATIENCE_SECONDS = 60


@dataclass(frozen=True)
class Server:
    """A running Prefect server."""

    url: str
    home: Path

    @property
    def database(self) -> Path:
        return self.home / "prefect.db"

    def ask(self, path: str, **body: object) -> list[dict[str, object]]:
        """Everything at a filter route of its API, page after page."""
        found: list[dict[str, object]] = []
        while page := self._page(path, body, len(found)):
            found += page
        return found

    def _page(self, path: str, body: dict[str, object], offset: int) -> list[dict[str, object]]:
        answer = httpx.post(f"{self.url}{path}", json=body | {"offset": offset}, timeout=30)
        answer.raise_for_status()
        page: list[dict[str, object]] = answer.json()
        return page

    def environment(self) -> dict[str, str]:
        return os.environ | DEFAULTS | {"PREFECT_HOME": str(self.home), "PREFECT_API_URL": self.url}


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    home = tmp_path_factory.mktemp("prefect")
    put_into(home)
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    found = Server(f"http://127.0.0.1:{port}/api", home)
    command = [
        sys.executable,
        "-m",
        "prefect",
        "server",
        "start",
        "--host",
        "127.0.0.1",
        "--port",
        str(port),
        "--no-ui",
    ]
    with (home / "server.log").open("wb") as log:
        process = subprocess.Popen(command, env=found.environment(), stdout=log, stderr=log)
        try:
            _wait_for(found, process)
            yield found
        finally:
            process.terminate()
            process.wait(timeout=PATIENCE_SECONDS)


def _wait_for(server: Server, process: subprocess.Popen[bytes]) -> None:
    latest = time.monotonic() + START_SECONDS
    while time.monotonic() < latest and process.poll() is None:
        try:
            if httpx.get(f"{server.url}/health").is_success:
                return
        except httpx.TransportError:
            time.sleep(0.2)
    raise AssertionError((server.home / "server.log").read_text(encoding="utf-8")[-2000:])


@pytest.fixture(scope="session")
def connected(server: Server) -> Iterator[Server]:
    """This process talks to that server."""
    with pytest.MonkeyPatch.context() as environment:
        for name, value in (DEFAULTS | {"PREFECT_HOME": str(server.home)}).items():
            environment.setenv(name, value)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what Prefect's own dependencies deprecate while they are imported
            from prefect.settings import (
                PREFECT_API_URL,
                PREFECT_HOME,
                PREFECT_RESULTS_LOCAL_STORAGE_PATH,
                temporary_settings,
            )

            import flows.demo  # noqa: F401  # imports every flow
        settings = {
            PREFECT_API_URL: server.url,
            PREFECT_HOME: server.home,
            PREFECT_RESULTS_LOCAL_STORAGE_PATH: server.home / "storage",
        }
        from flows.binding import without_heartbeats

        with temporary_settings(settings), without_heartbeats():
            yield server
            _drain()


def _drain() -> None:
    """What Prefect still has to tell its server, before that goes."""
    from prefect.events.worker import EventsWorker
    from prefect.logging.handlers import APILogWorker

    for waiting in (APILogWorker.drain_all, EventsWorker.drain_all):
        waiting()


@pytest.fixture
def council(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small council with something said, something done, and nothing pulled yet. Returns its folder."""
    config = write_council(tmp_path)
    drop(tmp_path, "exit", [exit_row(1, "The waiting room is freezing in winter"), exit_row(2, "he hits me at home")])
    drop(tmp_path, "box", [box_row("more pool tables please")])
    drop(tmp_path, "log", [change_row(1)])
    monkeypatch.setenv("HEARDBACK_HOME", str(tmp_path / "var"))
    monkeypatch.setenv("HEARDBACK_CONFIG", str(config))
    for name in ("HEARDBACK_DATABASE_URL", "HEARDBACK_SLACK_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path
