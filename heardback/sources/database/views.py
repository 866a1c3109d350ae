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
from heardback.sources.database.queries import one_statement

ROWS_AT_ONCE = 1000
SECONDS_TO_CONNECT = 10
# Said before the question. SQL Server has no such word; there, the login alone keeps it so.
READ_ONLY: Mapping[str, tuple[str, ...]] = {
    "sqlite": ("PRAGMA query_only = ON",),
    "postgresql": ("SET TRANSACTION READ ONLY", "SET LOCAL statement_timeout = {milliseconds}"),
    "mysql": ("SET SESSION TRANSACTION READ ONLY", "SET SESSION max_execution_time = {milliseconds}"),
    "mariadb": ("SET SESSION TRANSACTION READ ONLY", "SET SESSION max_statement_time = {seconds}"),
    "oracle": ("SET TRANSACTION READ ONLY",),
}
# A line that is cut without a word, as firewalls do, is noticed within a minute and a half.
KEPT_ALIVE = {
    "keepalives": 1, "keepalives_idle": 30, "keepalives_interval": 10, "keepalives_count": 6,
    "tcp_user_timeout": 90_000,
}  # fmt: skip
GRACE = 30  # seconds beyond timeout_seconds: the database is to end its query before we end the line
CONNECT: Mapping[str, Mapping[str, int]] = {
    "psycopg": {"connect_timeout": SECONDS_TO_CONNECT, **KEPT_ALIVE},
    "psycopg2": {"connect_timeout": SECONDS_TO_CONNECT, **KEPT_ALIVE},
    "pymysql": {"connect_timeout": SECONDS_TO_CONNECT},
}
INSTALL: Mapping[str, str] = {
    "psycopg": "pip install 'heardback[postgres]'",
    "pymysql": "pip install pymysql",
    "mysqldb": "pip install mysqlclient",
    "pyodbc": "pip install pyodbc, and Microsoft's ODBC driver",
    "oracledb": "pip install oracledb",
}
REFUSED, NO_DATABASE = "the database does not let us in", "there is no such database"
TOO_LONG = "the query took longer than timeout_seconds"
STOPPED = "the database was stopped, or ended the line, amid the query"
NO_TABLE, NO_COLUMN = "the query names a table or view that is not there", "the query names a column that is not there"
NOT_ALLOWED = "the login may not read what the query names"
NO_SQL = "the query is no SQL that this database understands"
NO_DATE = (
    "a date or time among the answers is none that can be read here (infinity, 24:00, before the year 1 or after "
    "9999): cast its column to text in the query"
)
NO_HOST, NO_ANSWER = "no computer of this name is known", "nobody answers at the database's host and port"
SQL_STATES = {
    "57014": TOO_LONG,
    "57P01": STOPPED,
    "57P02": STOPPED,
    "08006": STOPPED,
    "25006": "the query would change something",
    "28P01": REFUSED,
    "28000": REFUSED,
    "3D000": NO_DATABASE,
    "42P01": NO_TABLE,
    "42S02": NO_TABLE,
    "42703": NO_COLUMN,
    "42S22": NO_COLUMN,
    "42883": "the query names a function that is not there, or not for these kinds",
    "42501": NOT_ALLOWED,
    "42601": NO_SQL,
}
# Of MySQL and MariaDB, where one state stands for several of them.
MYSQL_CODES = {
    1064: NO_SQL, 1142: NOT_ALLOWED, 1143: NOT_ALLOWED, 1370: NOT_ALLOWED, 1969: TOO_LONG, 3024: TOO_LONG,
    1927: STOPPED, 2006: STOPPED, 2013: STOPPED,
}  # fmt: skip
LINE_LOST = re.compile(r"^(?:consuming input failed: )?(?:server closed the connection|SSL connection has been closed"
                       r"|SSL SYSCALL error|could not receive data from server|terminating connection)")  # fmt: skip
# Of a line that was never open drivers tell no code. Their words, which name the user, are not repeated.
NOT_OPENED = (
    (re.compile(r"password authentication failed|no password supplied|no pg_hba\.conf entry|Access denied for user"
                r"|role \".*\" (?:does not exist|is not permitted)|Login failed for user|ORA-01017"), REFUSED),
    (re.compile(r"database \".*\" does not exist|Unknown database|Cannot open database"), NO_DATABASE),
    (re.compile(r"resolve host|translate host name|Name or service not known|getaddrinfo failed"), NO_HOST),
    (re.compile(r"[Cc]onnection refused|timeout expired|timed out"), NO_ANSWER),
)  # fmt: skip
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
    engine, reached = _engine(url, setting, seconds), False
    try:
        with engine.connect() as connection:
            reached = True
            for statement in READ_ONLY.get(_kind_of(engine), ()):
                connection.exec_driver_sql(statement.format(seconds=seconds, milliseconds=seconds * 1000))
            yield connection
    except (SQLAlchemyError, UnicodeError) as error:
        raise (_unavailable(error, url) if reached else _not_opened(error, url, setting)) from None
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


def _kind_of(engine: Engine) -> str:
    """MariaDB answers under MySQL's name as well, and has words of its own."""
    return "mariadb" if getattr(engine.dialect, "is_mariadb", False) else engine.dialect.name


def _engine(url: URL, setting: str, seconds: int) -> Engine:
    driver = url.drivername.partition("+")[2]
    try:
        driver = url.get_driver_name()
        connect = {**CONNECT.get(driver, {}), **({"read_timeout": seconds + GRACE} if driver == "pymysql" else {})}
        return create_engine(url, poolclass=NullPool, hide_parameters=True, connect_args=connect)
    except (ImportError, NoSuchModuleError):
        raise SourceUnavailable(
            f"the driver for {url.drivername}:// is not installed",
            where=setting,
            do=f"install it beside Heardback: {INSTALL.get(driver, 'SQLAlchemy names the package of each')}",
            permanent=True,
        ) from None


def _unavailable(error: Exception, url: URL) -> SourceUnavailable:
    """What the database said, as far as it cannot hold anybody's words: the error's text may quote a cell."""
    return SourceUnavailable(
        _reason(error) or f"the database ends the question with an error ({_kind(error)})",
        where=_where(url),
        do="try the query at the database with the same login; then correct the map's connect: section or the URL",
    )


def _not_opened(error: Exception, url: URL, setting: str) -> SourceUnavailable:
    said = str(getattr(error, "orig", error))
    known = why_not_opened(said) or _reason(error)
    return SourceUnavailable(
        known or "the database cannot be reached, or does not let us in",
        where=_where(url),
        do=f"check the URL in the secret {setting}: user, password, host, port and database",
        permanent=known in (REFUSED, NO_DATABASE),
    )


def why_not_opened(said: str) -> str:
    """What a driver means that could not connect; '' for what nobody has seen yet."""
    return next((what for words, what in NOT_OPENED if words.search(said)), "")


def _where(url: URL) -> str:
    return " at ".join(filter(None, [url.database, url.host]))


def _reason(error: Exception) -> str:
    original = getattr(error, "orig", error)
    state, said = str(getattr(original, "sqlstate", "")), str(original)
    if state in SQL_STATES:
        return f"{SQL_STATES[state]} ({state})"
    if (code := _mysql_code(original)) in MYSQL_CODES:
        return f"{MYSQL_CODES[code]} ({code})"
    if type(original).__name__ == "DataError" and state in ("", "None"):  # psycopg's own, of a value that came whole
        return NO_DATE
    return STOPPED if LINE_LOST.match(said) else said if SQLITE_SAYS.match(said) else ""


def _mysql_code(original: object) -> int:
    """MySQL's drivers give their errors a number first; 0 where there is none."""
    first = next(iter(getattr(original, "args", ())), 0)
    return first if isinstance(first, int) else 0


def _kind(error: Exception) -> str:
    original = getattr(error, "orig", error)
    return str(getattr(original, "sqlstate", "") or type(original).__name__)
