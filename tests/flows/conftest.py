"""One real Prefect server for all tests of flows, started as a council starts it; a small council to run them on."""

import os
import socket
import subprocess
import sys
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import httpx
import pytest

from flows.server_database import put_into
from flows.surroundings import DEFAULTS
from tests.council import box_row, change_row, drop, exit_row, write_council

START_SECONDS = 240
PATIENCE_SECONDS = 60
BETWEEN_LOOKS = 0.2
Found = TypeVar("Found")


@dataclass(frozen=True)
class Server:
    """A running Prefect server."""

    url: str
    home: Path
    process: subprocess.Popen[bytes]
    client: httpx.Client  # one for all questions: each new one reads all the world's authorities, 0.02 s

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
        answer = self.client.post(f"{self.url}{path}", json=body | {"offset": offset}, timeout=30)
        answer.raise_for_status()
        page: list[dict[str, object]] = answer.json()
        return page

    def until(self, look: Callable[[], Found], seconds: float = PATIENCE_SECONDS) -> Found:
        """What a look finds, as soon as it finds anything; after the deadline, the nothing that it found.

        Between two looks this waits on the server's process: one that has ended tells why at once.
        """
        latest = time.monotonic() + seconds
        while not (found := look()) and time.monotonic() < latest:
            self._must_run_for(BETWEEN_LOOKS)
        return found

    def _must_run_for(self, seconds: float) -> None:
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(seconds)
            raise AssertionError((self.home / "server.log").read_text(encoding="utf-8")[-2000:])

    def is_up(self) -> bool:
        """It answers at all."""
        try:
            return self.client.get(f"{self.url}/health").is_success
        except httpx.TransportError:
            return False

    def environment(self) -> dict[str, str]:
        return os.environ | settings_of(self.home, self.url)


def settings_of(home: Path, url: str) -> dict[str, str]:
    """What tells Prefect in a process where its home and its server are."""
    return DEFAULTS | {"PREFECT_HOME": str(home), "PREFECT_API_URL": url}


@pytest.fixture(scope="package")  # afterwards it would go on looking for work, at 3 % of a processor
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    home = tmp_path_factory.mktemp("prefect")
    put_into(home)
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    url = f"http://127.0.0.1:{port}/api"
    command = [sys.executable, "-m", "prefect", "server", "start", "--no-ui", "--host", "127.0.0.1"]
    with (home / "server.log").open("wb") as log, httpx.Client() as client:
        environment = os.environ | settings_of(home, url)
        process = subprocess.Popen([*command, "--port", str(port)], env=environment, stdout=log, stderr=log)
        found = Server(url, home, process, client)
        try:
            assert found.until(found.is_up, START_SECONDS)
            yield found
        finally:
            process.terminate()
            process.wait(timeout=PATIENCE_SECONDS)


@pytest.fixture(scope="package")
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
    config = a_council(tmp_path)
    monkeypatch.setenv("HEARDBACK_HOME", str(tmp_path / "var"))
    monkeypatch.setenv("HEARDBACK_CONFIG", str(config))
    for name in ("HEARDBACK_DATABASE_URL", "HEARDBACK_SLACK_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


def a_council(folder: Path) -> Path:
    """Write that council, and what it is to pull. Returns its configuration."""
    drop(folder, "exit", [exit_row(1, "The waiting room is freezing in winter"), exit_row(2, "he hits me at home")])
    drop(folder, "box", [box_row("more pool tables please")])
    drop(folder, "log", [change_row(1)])
    return write_council(folder)
