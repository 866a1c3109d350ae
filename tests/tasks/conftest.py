"""Steps find their council by the environment: the sample's configuration, a home and a store of the test's own."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from heardback.store.session import open_store

CONFIG = Path(__file__).parents[2] / "config"


@pytest.fixture
def workplace(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    """The store of the council in which steps work, once on SQLite and once on PostgreSQL."""
    yield from _at_work(database_url, tmp_path, monkeypatch)


@pytest.fixture
def sqlite_workplace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    yield from _at_work(f"sqlite:///{tmp_path / 'heardback.db'}", tmp_path, monkeypatch)


def _at_work(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    monkeypatch.setenv("HEARDBACK_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("HEARDBACK_CONFIG", str(CONFIG))
    monkeypatch.setenv("HEARDBACK_DATABASE_URL", database_url)
    monkeypatch.delenv("HEARDBACK_SLACK_TOKEN", raising=False)
    engine = open_store(database_url)
    yield engine
    engine.dispose()
