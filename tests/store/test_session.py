"""Opening a store: new, locked, of another version, or not a database at all; each said in plain words."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, event, text
from sqlalchemy.exc import DBAPIError

import heardback.store.session as session_module
from heardback.errors import StoreError
from heardback.store import Base, HistoryEntry
from heardback.store.session import SCHEMA, migrate, migrate_url, open_store, reading, schema_version, transaction
from tests.factories import a_loop


def url_of(path: Path) -> str:
    return f"sqlite:///{path}"


def test_the_migrations_make_exactly_the_tables_of_the_models(store: Engine) -> None:
    with store.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []


def test_the_schema_named_in_the_code_is_the_newest_migration() -> None:
    configuration = Config()
    configuration.set_main_option("script_location", str(Path(session_module.__file__).parent / "migrations"))
    assert ScriptDirectory.from_config(configuration).get_current_head() == SCHEMA


def test_migrating_twice_changes_nothing(store: Engine) -> None:
    migrate(store)
    assert schema_version(store) == SCHEMA


def test_a_new_sqlite_database_is_readable_by_its_owner_alone(tmp_path: Path) -> None:
    open_store(url_of(tmp_path / "new" / "heardback.db")).dispose()
    assert (tmp_path / "new" / "heardback.db").stat().st_mode & 0o777 == 0o600


def test_a_database_of_an_older_version_says_what_to_do(tmp_path: Path) -> None:
    path = tmp_path / "old.db"
    open_store(url_of(path)).dispose()
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '0000'")
    with pytest.raises(StoreError, match="older version") as refused:
        open_store(url_of(path))
    assert "heardback migrate" in refused.value.do
    assert "old.db" in refused.value.where


def test_a_database_that_is_refused_is_let_go_of(tmp_path: Path) -> None:
    path = tmp_path / "old.db"
    let_go: list[Engine] = []
    note = let_go.append  # one object, for `remove` to find again
    open_store(url_of(path)).dispose()
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '0000'")
    event.listen(Engine, "engine_disposed", note)
    try:
        with pytest.raises(StoreError):
            open_store(url_of(path))
    finally:
        event.remove(Engine, "engine_disposed", note)
    assert [engine.url.database for engine in let_go] == [str(path)]


def test_a_database_of_a_newer_version_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "newer.db"
    open_store(url_of(path)).dispose()
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(StoreError, match="does not know"):
        open_store(url_of(path))
    with pytest.raises(StoreError, match="cannot be brought"):
        migrate_url(url_of(path))


def test_a_file_that_is_no_database_is_named(tmp_path: Path) -> None:
    path = tmp_path / "notes.db"
    path.write_text("Dear diary, this is not a database but it is quite long enough to be taken for one. " * 20)
    with pytest.raises(StoreError, match="not a database"):
        open_store(url_of(path))


def test_an_address_that_means_nothing_is_refused_without_showing_a_password() -> None:
    with pytest.raises(StoreError, match="cannot be used") as refused:
        open_store("oracle+nothing://me:secret@host/db")
    assert "secret" not in str(refused.value)


def test_a_locked_database_is_said_to_be_locked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session_module, "LOCK_WAIT_SECONDS", 0.05)
    path = tmp_path / "heardback.db"
    engine = open_store(url_of(path))
    with closing(sqlite3.connect(path, isolation_level=None)) as holder:
        holder.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreError, match="locked by another process") as refused, transaction(engine):
            pass
        assert "run this again" in refused.value.do
        with reading(engine) as session:  # readers are not held up
            assert session.scalar(text("SELECT count(*) FROM loop")) == 0
    engine.dispose()


def test_an_error_of_the_database_never_carries_the_values_of_a_statement(sqlite_store: Engine) -> None:
    with pytest.raises(StoreError) as refused, transaction(sqlite_store) as session:
        session.execute(text("INSERT INTO comment (comment_uid, text) VALUES ('c', 'my secret words')"))
    assert "secret words" not in str(refused.value)
    assert refused.value.__cause__ is None


@pytest.mark.parametrize("statement", ["UPDATE history SET reason = 'x'", "DELETE FROM history"])
def test_the_database_itself_refuses_to_change_the_history(store: Engine, statement: str) -> None:
    with transaction(store) as session:
        a_loop(session)
    with pytest.raises(DBAPIError, match="append-only"), store.begin() as connection:
        connection.execute(text(statement))


def test_replacing_a_history_row_on_sqlite_is_refused_too(sqlite_store: Engine) -> None:
    with transaction(sqlite_store) as session:
        a_loop(session)
    columns = ", ".join(column.name for column in HistoryEntry.__table__.columns)
    with pytest.raises(DBAPIError, match="append-only"), sqlite_store.begin() as connection:
        connection.execute(text(f"INSERT OR REPLACE INTO history ({columns}) SELECT {columns} FROM history"))


def test_truncating_the_history_on_postgresql_is_refused_too(postgresql_url: str) -> None:
    engine = open_store(postgresql_url)
    with pytest.raises(DBAPIError, match="append-only"), engine.begin() as connection:
        connection.execute(text("TRUNCATE history CASCADE"))
    engine.dispose()
