"""A view of a database: on SQLite and on a real PostgreSQL, pulled twice, edited, refused, and never written to."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, create_engine, make_url, text
from sqlalchemy.dialects import mysql
from sqlalchemy.exc import OperationalError

from heardback.errors import HeardbackError, SourceUnavailable, Unreadable
from heardback.sources.connector import Asking, Fetched
from heardback.sources.connectors.sql import CONNECTOR, Sql
from heardback.sources.database import views as sql_views
from heardback.sources.database.views import NO_ANSWER, NO_DATABASE, NO_HOST, REFUSED, open_view, why_not_opened
from heardback.store import SourceState
from heardback.store.session import reading
from tasks.configuration import check_configuration
from tests.desk import Desk, problems_of
from tests.factories import NOW
from tests.sources.connectors.asking import asking_of

SECRET = "HEARDBACK_SECRET_VIEW"  # noqa: S105 - a name
QUERY = "SELECT id, heard_on AS date, said AS improve, 'yjs' AS service FROM box_view"
CHANGED = (
    "SELECT id, heard_on AS date, said AS improve, 'yjs' AS service, changed FROM box_view WHERE changed >= :cursor"
)
WHOLE = {"to": "sql", "url": SECRET, "query": QUERY, "key": "id"}
ONWARD = {"to": "sql", "url": SECRET, "query": CHANGED, "key": "id", "cursor_column": "changed"}
ROWS = [
    (1, "2026-09-01", "The room is freezing", "2026-09-01 10:00:00.000001"),
    (2, "2026-09-02", "more pizza please", "2026-09-02 10:00:00.000002"),
]


@pytest.fixture(params=["sqlite", "postgresql"])
def view(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    """A database of somebody else's with a view in it; its URL is the secret."""
    url = f"sqlite:///{tmp_path / 'box.db'}"
    if request.param == "postgresql":
        url = request.getfixturevalue("postgresql_url")
    monkeypatch.setenv(SECRET, url)
    engine = create_engine(url)
    with engine.begin() as connection:
        kind = "TIMESTAMP" if request.param == "postgresql" else "TEXT"
        connection.execute(text(f"CREATE TABLE box (id INTEGER, heard_on DATE, said TEXT, changed {kind})"))
        connection.execute(text("CREATE VIEW box_view AS SELECT * FROM box"))
    add(engine, *ROWS)
    yield engine
    engine.dispose()


def add(view: Engine, *rows: tuple[int, str, str, str]) -> None:
    with view.begin() as connection:
        for row in rows:
            values = dict(zip(("id", "heard", "said", "changed"), row, strict=True))
            connection.execute(text("INSERT INTO box VALUES (:id, :heard, :said, :changed)"), values)


def say(view: Engine, statement: str) -> None:
    with view.begin() as connection:
        connection.execute(text(statement))


def url_of(view: Engine) -> str:
    return view.url.render_as_string(hide_password=False)


def fetch(view: Engine | str, connect: dict[str, Any] = WHOLE, mode: str = "append", **more: Any) -> Fetched:
    url = view if isinstance(view, str) else url_of(view)
    asking: Asking = asking_of(connect, {SECRET: url}, **more)
    asking = replace(asking, feed=asking.feed.model_copy(update={"mode": mode}))
    settings = Sql.model_validate({key: value for key, value in connect.items() if key != "to"})
    (drop,) = CONNECTOR.drops(settings, asking)
    assert drop.name == "exit 2026-11-10T093000.csv"
    return drop.fetch()


def configure(desk: Desk, connect: dict[str, Any], mode: str = "snapshot") -> None:
    desk.configure(sources={"exit": {"file": {"path": ""}, "connect": connect, "mode": mode}},
                   policy={"gate": {"max_vanished_share": 0.5}})  # fmt: skip


def cursor_of(desk: Desk) -> str:
    with reading(desk.store) as session:
        return session.get_one(SourceState, "exit").cursor


def test_the_rows_come_as_csv_in_the_order_of_their_key(view: Engine) -> None:
    add(view, (0, "2026-09-03", 'said "so", twice\nover', "2026-09-03 00:00:00"))
    assert fetch(view).content.decode() == (
        "id,date,improve,service\r\n"
        '0,2026-09-03,"said ""so"", twice\nover",yjs\r\n'
        "1,2026-09-01,The room is freezing,yjs\r\n"
        "2,2026-09-02,more pizza please,yjs\r\n"
    )


def test_an_unchanged_view_gives_the_same_bytes_in_whatever_order_its_rows_lie(view: Engine) -> None:
    before = fetch(view).content
    say(view, "DELETE FROM box")
    add(view, *reversed(ROWS))
    assert fetch(view).content == before


def test_an_empty_view_is_a_header_and_no_row(view: Engine) -> None:
    say(view, "DELETE FROM box")
    assert fetch(view) == Fetched(b"id,date,improve,service\r\n", "", whole=None)


@pytest.mark.usefixtures("quick_gate")
def test_a_view_lands_and_lands_no_second_time(sqlite_desk: Desk, view: Engine) -> None:
    configure(sqlite_desk, WHOLE)
    first, second = sqlite_desk.pull_all(), sqlite_desk.pull_all(at=NOW + timedelta(days=1))
    assert (first.files[0].rows_read, first.files[0].fates) == (2, {"loop": 2})
    assert [file.status for file in second.files] == ["unchanged"]
    assert sqlite_desk.texts() == ["The room is freezing", "more pizza please"]
    assert problems_of(sqlite_desk.store) == []


@pytest.mark.usefixtures("quick_gate")
def test_what_was_edited_or_deleted_in_a_whole_view_is_edited_or_withdrawn_here(
    sqlite_desk: Desk, view: Engine
) -> None:
    configure(sqlite_desk, WHOLE)
    sqlite_desk.pull_all()
    say(view, "UPDATE box SET said = 'The room is still freezing' WHERE id = 1")
    say(view, "DELETE FROM box WHERE id = 2")
    sqlite_desk.pull_all(at=NOW + timedelta(days=1))
    assert "The room is still freezing" in sqlite_desk.texts()
    assert "more pizza please" not in sqlite_desk.texts()
    assert problems_of(sqlite_desk.store) == []


@pytest.mark.usefixtures("quick_gate")
def test_a_view_with_a_cursor_is_asked_on_from_where_its_rows_landed(sqlite_desk: Desk, view: Engine) -> None:
    configure(sqlite_desk, ONWARD, mode="append")
    assert sqlite_desk.pull_all().files[0].fates == {"loop": 2}
    assert "2026-09-02" in cursor_of(sqlite_desk)
    add(view, (3, "2026-09-04", "less noise please", "2026-09-04 10:00:00"))
    second = sqlite_desk.pull_all(at=NOW + timedelta(days=1)).files[0]
    assert (second.rows_read, second.fates) == (2, {"loop": 1, "duplicate": 1})  # the one at the cursor, again
    assert len(sqlite_desk.texts()) == 3  # and what was not asked for has not vanished
    assert "2026-09-04" in cursor_of(sqlite_desk)
    assert problems_of(sqlite_desk.store) == []


def test_what_a_tool_gives_as_changed_since_are_edits_however_much_they_change(sqlite_desk: Desk, view: Engine) -> None:
    """In a whole export as many others under known ids would be another form's."""
    add(view, (3, "2026-09-03", "Open later", "2026-09-03 10:00:00"))
    configure(sqlite_desk, ONWARD, mode="append")
    sqlite_desk.pull()
    say(view, "UPDATE box SET heard_on = '2026-09-08', said = 'Nobody rang', changed = '2026-09-08 10:00:00'")
    assert sqlite_desk.pull(at=NOW + timedelta(days=1)).fates == {"loop": 3}
    assert sqlite_desk.texts() == ["Nobody rang"] * 3


def test_the_cursor_asks_for_what_is_at_it_and_above(view: Engine) -> None:
    first = fetch(view, ONWARD)
    assert first.content.count(b"\r\n") == 3
    second = fetch(view, ONWARD, cursor=first.cursor)
    assert second.content.count(b"\r\n") == 2
    assert b"more pizza" in second.content
    assert (second.cursor, second.whole) == (first.cursor, False)


@pytest.mark.usefixtures("quick_gate")
def test_a_failure_leaves_the_cursor_where_it_was(sqlite_desk: Desk, view: Engine) -> None:
    configure(sqlite_desk, ONWARD, mode="append")
    sqlite_desk.pull_all()
    before = cursor_of(sqlite_desk)
    say(view, "ALTER TABLE box RENAME TO elsewhere")
    say(view, "DROP VIEW box_view")
    failed = sqlite_desk.pull_all(at=NOW + timedelta(days=1))
    assert failed.failed
    assert "box_view" in failed.files[0].error or "42P01" in failed.files[0].error
    assert cursor_of(sqlite_desk) == before


def test_a_snapshot_is_asked_for_from_the_first_cursor_each_time(view: Engine) -> None:
    first = fetch(view, ONWARD)
    again = fetch(view, ONWARD, mode="snapshot", cursor=first.cursor)
    assert (again.content, again.whole) == (first.content, None)


def test_a_number_is_a_cursor_too(view: Engine) -> None:
    query = "SELECT id, said FROM box_view WHERE id >= :cursor"
    connect = {"to": "sql", "url": SECRET, "query": query, "key": "id", "cursor_column": "id", "cursor_from": "0"}
    first = fetch(view, connect)
    assert first.cursor == '["int", "2"]'
    assert fetch(view, connect, cursor=first.cursor).content == b"id,said\r\n2,more pizza please\r\n"


def test_more_than_the_limit_is_refused(view: Engine) -> None:
    add(view, *((number, "2026-09-01", "x" * 40_000, "2026-09-01 00:00:00") for number in range(10, 40)))
    with pytest.raises(Unreadable, match="over 1 MB") as refused:
        fetch(view, max_megabytes=1)
    assert "xx" not in str(refused.value)


@pytest.mark.parametrize(("query", "by_sqlite", "by_postgresql"), [
    ("SELECT id FROM nowhere", "no such table: nowhere", "a table or view that is not there (42P01)"),
    ("SELECT mood FROM box", "no such column: mood", "a column that is not there (42703)"),
    ("SELECT id FROM FROM box", 'near "FROM": syntax error', "no SQL that this database understands (42601)"),
])  # fmt: skip
def test_a_wrong_query_is_told_what_is_wrong(view: Engine, query: str, by_sqlite: str, by_postgresql: str) -> None:
    with pytest.raises(SourceUnavailable) as refused:
        fetch(view, {**WHOLE, "query": query})
    assert (by_sqlite if view.dialect.name == "sqlite" else by_postgresql) in refused.value.what
    assert refused.value.__suppress_context__


def test_a_database_never_quotes_what_somebody_said(view: Engine) -> None:
    if view.dialect.name == "sqlite":
        say(view, "INSERT INTO box VALUES (9, '2026-09-01', CAST(x'66726565ff7a' AS TEXT), '')")
    column = "said" if view.dialect.name == "sqlite" else "CAST(said AS INTEGER) AS said"
    with pytest.raises(SourceUnavailable, match="ends the question with an error") as refused:
        fetch(view, {**WHOLE, "query": f"SELECT id, {column} FROM box_view"})
    assert "free" not in str(refused.value)
    assert refused.value.__suppress_context__


def test_a_query_longer_than_its_time_is_ended_by_postgresql(postgresql_url: str) -> None:
    with pytest.raises(SourceUnavailable, match="longer than timeout_seconds"):
        fetch(postgresql_url, {**WHOLE, "query": "SELECT 1 AS id, pg_sleep(30)", "timeout_seconds": 1})


@pytest.mark.parametrize(
    "value", ["'infinity'::date", "'-infinity'::timestamptz", "'0044-03-15 BC'::date", "'24:00'::time"]
)
def test_a_date_that_cannot_be_read_here_is_told_by_what_to_do(postgresql_url: str, value: str) -> None:
    with pytest.raises(SourceUnavailable, match="cast its column to text"):
        fetch(postgresql_url, {**WHOLE, "query": f"SELECT 1 AS id, {value} AS until"})


def test_a_line_that_the_database_ends_amid_the_rows_is_told_and_gives_none(postgresql_url: str) -> None:
    ends = (
        "SELECT id, CASE id WHEN 2000 THEN pg_terminate_backend(pg_backend_pid()) END FROM generate_series(1, 3000) id"
    )
    with pytest.raises(SourceUnavailable, match=r"ended the line, amid the query \(57P01\)"):
        fetch(postgresql_url, {**WHOLE, "query": ends})


class OperationalMistake(Exception):
    """As PyMySQL raises it: a number, and words that may quote a cell."""


@pytest.mark.parametrize(("code", "said"), [
    (1969, "longer than timeout_seconds"), (3024, "longer than timeout_seconds"),
    (1142, "may not read"), (1064, "no SQL that this database understands"), (2013, "ended the line, amid the query"),
    (1366, "with an error"),
])  # fmt: skip
def test_what_mysql_and_mariadb_say_is_told_by_its_number(
    monkeypatch: pytest.MonkeyPatch, code: int, said: str
) -> None:
    engine = PlayingMariaDb(says=OperationalMistake(code, "freezing"))
    monkeypatch.setattr(sql_views, "create_engine", engine.created)
    with pytest.raises(SourceUnavailable, match=said) as refused, opened():
        raise AssertionError
    assert "freezing" not in str(refused.value)


def opened(seconds: int = 7) -> Any:
    return open_view("mysql+playing://u:hunter2@db/cases", SECRET, Path(), seconds)


class PlayingMariaDb:
    """What a driver's engine looks like once a MariaDB, or a MySQL, has answered; it notes what it is told."""

    def __init__(self, *, is_mariadb: bool = True, says: Exception | None = None) -> None:
        self.dialect = mysql.dialect(is_mariadb=is_mariadb)
        self.told: list[str] = []
        self.says = says

    def created(self, _url: object, **settings: Any) -> "PlayingMariaDb":
        self.settings = settings["connect_args"]
        return self

    def connect(self) -> "PlayingMariaDb":
        return self

    def __enter__(self) -> "PlayingMariaDb":
        return self

    def __exit__(self, *_: object) -> None: ...

    def dispose(self) -> None: ...

    def exec_driver_sql(self, statement: str) -> None:
        self.told.append(statement)
        if self.says:
            raise OperationalError(statement, None, self.says)


@pytest.mark.parametrize(("is_mariadb", "limit"), [
    (True, "SET SESSION max_statement_time = 7"), (False, "SET SESSION max_execution_time = 7000"),
])  # fmt: skip
def test_mysql_and_mariadb_are_told_to_read_only_and_for_how_long(
    monkeypatch: pytest.MonkeyPatch, is_mariadb: bool, limit: str
) -> None:
    engine = PlayingMariaDb(is_mariadb=is_mariadb)
    monkeypatch.setattr(sql_views, "create_engine", engine.created)
    monkeypatch.setattr("sqlalchemy.engine.URL.get_driver_name", lambda _url: "pymysql")
    with opened():
        assert engine.told == ["SET SESSION TRANSACTION READ ONLY", limit]
    assert engine.settings["read_timeout"] > 7  # a database that was frozen ends nothing by itself


@pytest.mark.parametrize("view", ["postgresql"], indirect=True)  # SQLite has no functions that write
def test_a_query_that_writes_behind_a_function_is_ended(view: Engine) -> None:
    say(view, "CREATE FUNCTION empty_box() RETURNS INTEGER AS 'DELETE FROM box; SELECT 1' LANGUAGE SQL")
    with pytest.raises(SourceUnavailable, match=r"would change something \(25006\)"):
        fetch(view, {**WHOLE, "query": "SELECT empty_box() AS id"})
    assert fetch(view).content.count(b"\r\n") == 3


def test_sqlite_is_opened_so_that_nothing_can_be_written_or_made(tmp_path: Path) -> None:
    with pytest.raises(SourceUnavailable, match="unable to open database file"):
        fetch(f"sqlite:///{tmp_path / 'not-there.db'}")
    assert list(tmp_path.iterdir()) == []


def test_a_sqlite_file_is_relative_to_the_configuration(tmp_path: Path) -> None:
    engine = create_engine(f"sqlite:///{tmp_path / 'a box #1.db'}")
    say(engine, "CREATE TABLE box_view (id INTEGER, heard_on DATE, said TEXT)")
    engine.dispose()
    assert fetch("sqlite:///../a box #1.db", folder=tmp_path / "config").content == b"id,date,improve,service\r\n"


@pytest.mark.parametrize(("url", "said"), [
    ("my-hunter2-database", "no SQLAlchemy URL"),
    ("oracle+nothing://u:hunter2@h/d", "driver for oracle+nothing:// is not installed"),
    ("mysql+pymysql://u:hunter2@h/d", "driver for mysql+pymysql:// is not installed"),
    ("postgresql+psycopg://u:hunter2@127.0.0.1:1/d?sslpassword=hunter2", "nobody answers"),
    ("postgresql+psycopg://u:hunter2@db.nowhere.invalid/d", "no computer of this name is known"),
])  # fmt: skip
def test_an_address_that_leads_nowhere_is_named_without_its_password(url: str, said: str) -> None:
    with pytest.raises(HeardbackError) as refused:
        fetch(url)
    assert said in refused.value.what
    assert "hunter2" not in str(refused.value) + refused.value.do
    assert refused.value.__suppress_context__


@pytest.mark.parametrize(("scheme", "install"), [
    ("mysql+pymysql", "pip install pymysql"), ("mssql+pyodbc", "pip install pyodbc"),
    ("oracle+nothing", "SQLAlchemy names"),
])  # fmt: skip
def test_a_driver_that_is_missing_is_named_with_how_to_install_it(scheme: str, install: str) -> None:
    with pytest.raises(SourceUnavailable, match="is not installed") as refused:
        fetch(f"{scheme}://u:hunter2@h/d")
    assert install in refused.value.do
    assert refused.value.permanent


@pytest.mark.parametrize(("otherwise", "said"), [
    ({"username": "hunter2"}, "does not let us in"),
    ({"database": "hunter2"}, "there is no such database"),
])  # fmt: skip
def test_a_login_that_postgresql_refuses_is_told_by_the_secret_that_holds_it(
    postgresql_url: str, otherwise: dict[str, str], said: str
) -> None:
    with pytest.raises(SourceUnavailable, match=said) as refused:
        fetch(make_url(postgresql_url).set(**otherwise).render_as_string(hide_password=False))
    assert SECRET in refused.value.do
    assert refused.value.permanent


@pytest.mark.parametrize(("words", "meant"), [  # as psycopg, PyMySQL, pyodbc and oracledb write them
    ('connection failed: FATAL:  password authentication failed for user "reader"', REFUSED),
    ('FATAL:  no pg_hba.conf entry for host "10.1.2.3", user "reader", database "d", no encryption', REFUSED),
    ("(1045, \"Access denied for user 'reader'@'localhost' (using password: YES)\")", REFUSED),
    ("('28000', \"[28000] [Microsoft][ODBC Driver 18] Login failed for user 'reader'. (18456)\")", REFUSED),
    ("ORA-01017: invalid username/password; logon denied", REFUSED),
    ("(1049, \"Unknown database 'd'\")", NO_DATABASE),
    ("(2003, \"Can't connect to MySQL server on 'db' (timed out)\")", NO_ANSWER),
    ("(2003, \"Can't connect to MySQL server on 'db' ([Errno -2] Name or service not known)\")", NO_HOST),
    ("something new", ""),
])  # fmt: skip
def test_what_drivers_say_of_a_line_that_does_not_open(words: str, meant: str) -> None:
    assert why_not_opened(words) == meant


def test_settings_that_cannot_work_are_named_by_their_line(sqlite_desk: Desk) -> None:
    configure(sqlite_desk, {"to": "sql", "url": "postgresql://u:hunter2@h/d", "query": "DELETE FROM box",
                            "key": "id", "kee": "id"})  # fmt: skip
    faults = check_configuration().faults
    path = sqlite_desk.folder / "config" / "sources" / "exit.yaml"
    lines = path.read_text(encoding="utf-8").splitlines()
    place = {key: next(n for n, line in enumerate(lines, 1) if line.startswith(f"  {key}:"))
             for key in ("url", "query", "kee")}  # fmt: skip
    assert [fault.split(": ", 1)[0] for fault in faults] == [f"{path}:{place[key]}" for key in ("url", "query", "kee")]
    assert "never the secret" in faults[0]
    assert "begin with SELECT" in faults[1]
    assert "unknown key 'kee'" in faults[2]
    assert "hunter2" not in "".join(faults)


@pytest.mark.parametrize("connect", [
    {**WHOLE, "cursor_column": "changed"}, {**WHOLE, "query": CHANGED}, {**WHOLE, "key": []},
])  # fmt: skip
def test_a_cursor_and_its_place_in_the_query_go_together(sqlite_desk: Desk, connect: dict[str, Any]) -> None:
    configure(sqlite_desk, connect)
    assert len(check_configuration().faults) == 1
