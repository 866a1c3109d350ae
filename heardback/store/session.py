"""Opening the database: one engine, whole transactions, and plain words when it cannot be used."""

from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, inspect, make_url, text
from sqlalchemy.exc import ArgumentError, NoSuchModuleError
from sqlalchemy.orm import Session

from heardback.errors import StoreError
from heardback.store.keys import check_key, note_key
from heardback.store.raw_files import OWNER_ONLY, make_private
from heardback.store.sealing import Seal, lend
from heardback.store.trouble import plain_words, shown

SCHEMA = "0001"  # the newest migration; a test compares it with Alembic's own head
LOCK_WAIT_SECONDS = 15.0
CACHE_KILOBYTES = 64_000  # of a SQLite database's pages kept at hand, at the most
# No column is an hstore, and each connection would ask the server whether it has any.
_FOR_DRIVER: dict[str, dict[str, Any]] = {"postgresql+psycopg": {"use_native_hstore": False}}
# what erasing and sealing write over
HOLDING_WORDS = ("comment", "quarantined_row", "match", "rating", "choice", "response", "revision")


def open_store(url: str, seal: Seal | None = None) -> Engine:
    """An engine on a database of the present schema; a new database is created whole, its words sealed where wanted.

    Raises StoreError where the database cannot be reached, is of another version or is sealed with another key.
    """
    engine = engine_at(url)
    lend(engine, seal)
    with ExitStack() as on_failure:
        on_failure.callback(engine.dispose)
        with plain_words(url):
            _make_ready(engine, url, seal)
        on_failure.pop_all()
    return engine


def _make_ready(engine: Engine, url: str, seal: Seal | None) -> None:
    version = schema_version(engine)
    if version is None:
        migrate(engine)
        note_key(engine, seal)
    elif version != SCHEMA:
        raise _other_version(url, version)
    else:
        check_key(engine, seal)


def migrate(engine: Engine) -> None:
    """Bring a database to the present schema; each migration is one transaction, so it can be run again."""
    from alembic import command  # 0.3 s to import, and needed once in a database's life
    from alembic.config import Config

    configuration = Config()
    configuration.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    with engine.begin() as connection:
        configuration.attributes["connection"] = connection
        command.upgrade(configuration, "head")


def schema_version(engine: Engine) -> str | None:
    """The migration a database stands at, None for a new one."""
    with engine.connect().execution_options(read_only=True) as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        version: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
        return version


@contextmanager
def transaction(engine: Engine) -> Iterator[Session]:
    """A session whose work is kept as a whole or not at all."""
    with plain_words(str(engine.url)), Session(engine, expire_on_commit=False) as session, session.begin():
        session.connection()  # a locked database is found out now, not after the work
        yield session


@contextmanager
def reading(engine: Engine) -> Iterator[Session]:
    """A session that only reads: on SQLite it takes no write lock."""
    quiet = engine.execution_options(read_only=True)
    with plain_words(str(engine.url)), Session(quiet, expire_on_commit=False) as session, session.begin():
        yield session


def scrub(engine: Engine) -> bool:
    """Leave nothing of what was deleted in the database's own files; False where a reader held it up for now.

    On SQLite the write-ahead log still holds earlier pages, and their spare room earlier rows. Costs a second for every
    100 MB. On PostgreSQL it frees the rows; when their pages are written over is for the server to say.
    """
    if engine.dialect.name == "sqlite":
        with plain_words(str(engine.url)), closing(engine.raw_connection()) as connection:
            connection.cursor().execute("VACUUM")
            busy, *_ = connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        return not busy
    with plain_words(str(engine.url)), engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for table in HOLDING_WORDS:
            connection.execute(text(f"VACUUM {table}"))
    return True


def migrate_url(url: str) -> None:
    """Bring the database at a URL to the present schema. Raises StoreError where it stands at an unknown version."""
    from alembic.util.exc import CommandError

    engine = engine_at(url)
    try:
        with plain_words(url):
            migrate(engine)
    except CommandError as error:
        raise StoreError(
            f"the database cannot be brought to version {SCHEMA} ({error})",
            where=shown(url),
            do="restore a backup, or update Heardback",
        ) from None
    finally:
        engine.dispose()


def engine_at(url: str) -> Engine:
    """An engine on a database, whatever is in it. Raises StoreError where the address cannot be used."""
    try:
        parsed = make_url(url)
        if parsed.get_backend_name() == "postgresql" and parsed.drivername == "postgresql":
            parsed = parsed.set(drivername="postgresql+psycopg")
        _make_folder(parsed.database if parsed.get_backend_name() == "sqlite" else None)
        # an error must not quote a statement's values: they may be a child's words
        engine = create_engine(parsed, hide_parameters=True, **_FOR_DRIVER.get(parsed.drivername, {}))
    except (ArgumentError, NoSuchModuleError, ModuleNotFoundError) as error:
        raise StoreError(
            f"the database's address cannot be used ({type(error).__name__})",
            where="HEARDBACK_DATABASE_URL",
            do="use sqlite:///path or postgresql+psycopg://…, the latter with the extra 'postgres' installed",
        ) from None
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    else:
        event.listen(engine, "connect", _prepare_postgresql)
    return engine


def _make_folder(database: str | None) -> None:
    if database and database != ":memory:":
        make_private(Path(database).parent)
        Path(database).touch(mode=OWNER_ONLY)
        # One that was copied here may be open to others. SQLite gives its log and its index the rights of the file.
        with suppress(PermissionError):
            Path(database).chmod(OWNER_ONLY)


def _prepare_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # we begin transactions ourselves, see below
    # secure_delete: what is forgotten is written over, not only unlinked (G14)
    for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON", "secure_delete = ON"):
        connection.execute(f"PRAGMA {pragma}")
    # Ids are hashes, so a landing touches every page of their indexes; of 2 MB, it would read them over and over.
    connection.execute(f"PRAGMA cache_size = -{CACHE_KILOBYTES}")
    connection.execute(f"PRAGMA busy_timeout = {int(LOCK_WAIT_SECONDS * 1000)}")


def _prepare_postgresql(connection: Any, _record: object) -> None:
    # Without it a writer would wait for ever on another that was stopped amid its work.
    connection.execute(f"SET lock_timeout = {int(LOCK_WAIT_SECONDS * 1000)}")
    connection.commit()


def _begin_sqlite(connection: Connection) -> None:
    # A deferred transaction that turns from reading to writing fails at once, whatever the timeout.
    mode = "" if connection.get_execution_options().get("read_only") else " IMMEDIATE"
    connection.exec_driver_sql(f"BEGIN{mode}")


def _other_version(url: str, version: str) -> StoreError:
    if version < SCHEMA:
        what, do = "is of an older version", "back it up, then run `heardback migrate`"
    else:
        what, do = "is of a version that this Heardback does not know", "update Heardback, or restore a backup"
    return StoreError(f"the database {what} ({version}, not {SCHEMA})", where=shown(url), do=do)
