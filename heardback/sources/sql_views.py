"""A database opened for one question: read-only where it can be, and silent about what its errors quote."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import Connection, CursorResult, Engine, bindparam, create_engine, make_url, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SQLAlchemyError
from sqlalchemy.pool import NullPool
from sqlalchemy.types import NULLTYPE

from heardback.errors import SourceUnavailable
from heardback.sources.sql_queries import one_statement

ROWS_AT_ONCE = 1000
SECONDS_TO_CONNECT = 10
# Said before the question. SQL Server has no such word; there, the login alone keeps it so.
READ_ONLY: Mapping[str, tuple[str, ...]] = {
    "sqlite": ("PRAGMA query_only = ON",),
    "postgresql": ("SET TRANSACTION READ ONLY", "SET LOCAL statement_timeout = {milliseconds}"),
    "mysql": ("SET SESSION TRANSACTION READ ONLY",),
    "mariadb": ("SET SESSION TRANSACTION READ ONLY",),
    "oracle": ("SET TRANSACTION READ ONLY",),
}
CONNECT: Mapping[str, Mapping[str, int]] = {
    "psycopg": {"connect_timeout": SECONDS_TO_CONNECT},
    "psycopg2": {"connect_timeout": SECONDS_TO_CONNECT},
    "pymysql": {"connect_timeout": SECONDS_TO_CONNECT},
}
SQL_STATES = {
    "57014": "the query took longer than timeout_seconds",
    "25006": "the query would change something",
    "28P01": "the database does not let us in",
    "28000": "the database does not let us in",
    "3D000": "there is no such database",
    "42P01": "the query names a table or view that is not there",
    "42703": "the query names a column that is not there",
    "42501": "the login may not read what the query names",
    "42601": "the query is no SQL that this database understands",
}
# SQLite tells no code for these. The texts are its own; anything else could quote a cell.
SQLITE_SAYS = re.compile(
    r"^(no such (?:table|column|function): \w[\w.]*|near \"[^\"]{1,40}\": syntax error|database is locked"
    r"|unable to open database file|file is not a database|attempt to write a readonly database)$"
)


@contextmanager
def open_view(address: str, setting: str, folder: Path, seconds: int) -> Iterator[Connection]:
    """A connection that reads, in a transaction that is rolled back. `address` is the SQLAlchemy URL.

    A SQLite file is relative to `folder`; `setting` names the secret in messages. Raises SourceUnavailable for
    whatever goes wrong, also amid the rows.
    """
    url = _url(address, setting, folder)
    engine, reached = _engine(url, setting), False
    try:
        with engine.connect() as connection:
            reached = True
            for statement in READ_ONLY.get(engine.dialect.name, ()):
                connection.exec_driver_sql(statement.format(milliseconds=seconds * 1000))
            yield connection
    except (SQLAlchemyError, UnicodeError) as error:
        raise _unavailable(error, url, reached) from None
    finally:
        engine.dispose()


def ask(connection: Connection, query: str, asked: Mapping[str, object]) -> CursorResult[Any]:
    """Put the question; the rows come in parts, so that they are never all held at once."""
    # Without a type of SQLAlchemy's, the database makes of a bound text what it is compared with.
    bound = [bindparam(name, value, type_=NULLTYPE) for name, value in asked.items()]
    streaming = connection.execution_options(stream_results=True, yield_per=ROWS_AT_ONCE)
    return streaming.execute(text(one_statement(query)).bindparams(*bound))


def _url(address: str, setting: str, folder: Path) -> URL:
    try:
        url = make_url(address)
    except (ArgumentError, ValueError):
        raise SourceUnavailable(
            "this is no SQLAlchemy URL",
            where=setting,
            do="write it as postgresql+psycopg://user:password@host/database",
            permanent=True,
        ) from None
    if url.drivername == "postgresql":
        return url.set(drivername="postgresql+psycopg")  # the driver of our extra, not the one of SQLAlchemy's old days
    if url.get_backend_name() != "sqlite":
        return url
    path = quote((folder / (url.database or "")).as_posix())
    return url.set(database=f"file:{path}", query={"mode": "ro", "uri": "true"})


def _engine(url: URL, setting: str) -> Engine:
    try:
        driver = url.get_driver_name()
        return create_engine(url, poolclass=NullPool, hide_parameters=True, connect_args=CONNECT.get(driver, {}))
    except (ImportError, NoSuchModuleError):
        raise SourceUnavailable(
            f"the driver for {url.drivername}:// is not installed",
            where=setting,
            do="install it beside Heardback (PostgreSQL: pip install 'heardback[postgres]')",
            permanent=True,
        ) from None


def _unavailable(error: Exception, url: URL, reached: bool) -> SourceUnavailable:
    """What the database said, as far as it cannot hold anybody's words: the error's text may quote a cell."""
    otherwise = (
        f"the database ends the question with an error ({_kind(error)})"
        if reached
        else "the database cannot be reached, or does not let us in"
    )
    return SourceUnavailable(
        _reason(error) or otherwise,
        where=" at ".join(filter(None, [url.database, url.host])),
        do="try the query at the database with the same login; then correct the map's connect: section or the URL",
    )


def _reason(error: Exception) -> str:
    original = getattr(error, "orig", error)
    state, said = str(getattr(original, "sqlstate", "")), str(original)
    if state in SQL_STATES:
        return f"{SQL_STATES[state]} ({state})"
    return said if SQLITE_SAYS.match(said) else ""


def _kind(error: Exception) -> str:
    original = getattr(error, "orig", error)
    return str(getattr(original, "sqlstate", "") or type(original).__name__)
