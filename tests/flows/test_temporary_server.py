"""The server of one run: there while it is needed, gone afterwards, and plain about why it did not come up."""

import os
import select
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import httpx
import pytest

from flows import server_database
from flows.surroundings import prepare
from flows.temporary_server import temporary_server


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("PREFECT_HOME", "PREFECT_API_URL"):
        monkeypatch.setenv(name, "")
        monkeypatch.delenv(name)
    prepare(tmp_path)
    return tmp_path / "prefect"


def test_the_server_answers_while_it_is_needed_and_is_gone_afterwards(home: Path) -> None:
    with temporary_server(home / "server.log") as wait:
        wait()
        url = os.environ["PREFECT_API_URL"]
        assert httpx.get(f"{url}/health").json() is True
    assert "PREFECT_API_URL" not in os.environ
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"{url}/health")


STARTING = """
import signal, sys
from pathlib import Path
from flows.temporary_server import temporary_server
with temporary_server(Path(sys.argv[1])):
    print(flush=True)
    signal.pause()
"""


@pytest.mark.skipif(sys.platform != "linux", reason="children are found, and waited for, as Linux does it")
def test_a_server_ends_with_the_process_that_started_it_though_that_was_killed(home: Path) -> None:
    command = [sys.executable, "-c", STARTING, str(home / "server.log")]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as starter:
        assert starter.stdout
        starter.stdout.readline()
        (server,) = Path(f"/proc/{starter.pid}/task/{starter.pid}/children").read_text(encoding="ascii").split()
        watched = os.pidfd_open(int(server))
        starter.kill()
    ended, _, _ = select.select([watched], [], [], 30)
    os.close(watched)
    assert ended


def test_a_server_that_does_not_come_up_says_the_end_of_its_log(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PREFECT_SERVER_API_KEEPALIVE_TIMEOUT", "nonsense")
    with (
        pytest.raises(RuntimeError, match=r"did not start:\n(?s:.)*nonsense"),
        temporary_server(home / "server.log") as wait,
    ):
        wait()


def test_a_new_home_gets_the_database_that_setup_migrated(home: Path) -> None:
    assert server_database.ready_made().exists(), "make run and make test prepare it"
    with closing(sqlite3.connect(home / "prefect.db")) as database:
        assert database.execute("SELECT count(*) FROM alembic_version").fetchone() == (1,)
        assert database.execute("SELECT count(*) FROM flow_run").fetchone() == (0,)


def test_a_home_with_a_database_keeps_it(home: Path) -> None:
    (home / "prefect.db").write_bytes(b"a council's own")
    prepare(home.parent)
    assert (home / "prefect.db").read_bytes() == b"a council's own"
