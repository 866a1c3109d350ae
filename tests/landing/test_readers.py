"""A large file's comments are read by processes beside the pull, and come out as if it had read them itself."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from select import select
from typing import Any, cast

import pandas as pd
import pytest
from sqlalchemy import text

from heardback.landing import readers as module
from heardback.landing.readers import Answer, Readers, how_many, reading_beside
from heardback.landing.reading import Reading, reading_of
from heardback.store.session import open_store
from tasks.workplace import open_workplace
from tests.council import exit_row
from tests.desk import Desk, desk_at, problems_of
from tests.landing.whoever_reads import BREAK, DIE, HOLD, HOLD_STILL, MEET, PLANTED, STOP, WhoeverReads

SAID = (
    "More pizza please", "my step dad hits me", "The staff are great", "more pizza, please!", "Ask for Mrs Okafor",
    "Chcemy dłuższe godziny otwarcia w sobotę", "idk", "I want to complain about a worker", "Warm rooms",
)  # fmt: skip
ON_LINUX = pytest.mark.skipif(sys.platform != "linux", reason="elsewhere it waits to be continued")


class Waiting(Readers):
    """Reads nothing here that a reader could read: what they say is what counts."""

    def _read(self, answer: Answer, _texts: pd.Series) -> pd.DataFrame:
        return answer.result(60)


class Dead(Readers):
    """Whose readers are killed as soon as they are there."""

    def __init__(self, reading: Reading, count: int) -> None:
        super().__init__(reading, count)
        for process in self._processes:
            process.kill()


@pytest.fixture
def gate(tmp_path: Path) -> Path:
    os.mkfifo(tmp_path / "gate")
    return tmp_path / "gate"


def read_beside(gate: Path, *said: str) -> pd.DataFrame:
    """What became of texts that were given to one reader, each by itself."""
    readers = Readers(cast(Reading, WhoeverReads(gate, os.getpid())), 1)
    try:
        return readers.begin(pd.Series(said, index=range(7, 7 + len(said)), dtype="str"))()
    finally:
        readers.stop()


@pytest.mark.parametrize(("bid", "what"), [(DIE, "killed"), (STOP, "stuck"), (BREAK, "failing")])
def test_what_a_reader_had_when_it_failed_is_read_here_and_nothing_of_it_is_told(
    gate: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
    bid: str,
    what: str,
) -> None:
    monkeypatch.setattr(module, "PIECE", 1)
    monkeypatch.setattr(module, "PATIENCE", 0.1 if bid == STOP else 60)
    read = read_beside(gate, bid, MEET)
    assert read["text"].to_dict() == {7: bid, 8: MEET}
    assert set(read["reader"]) == {os.getpid()}
    assert [record.getMessage() for record in caplog.records] == [
        "a reader ended or was too slow: 1 comments are read without it"
    ]
    assert PLANTED not in "".join(capfd.readouterr())


def test_a_reader_reads_in_a_process_of_its_own_and_knows_no_secret(
    gate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HEARDBACK_DATABASE_URL", "postgresql://somewhere")
    monkeypatch.setattr(module, "PIECE", 2)
    monkeypatch.setattr(Readers, "_read", Waiting._read)
    read = read_beside(gate, "a", "b", "c", "d", "e")
    assert read["text"].tolist() == ["a", "b", "c", "d", "e"]
    assert read.index.tolist() == [7, 8, 9, 10, 11]
    assert os.getpid() not in set(read["reader"])
    assert read["secrets"].tolist() == [[]] * 5


@pytest.mark.parametrize("bid", [HOLD, pytest.param(HOLD_STILL, marks=ON_LINUX)])
def test_a_reader_is_gone_when_whoever_started_it_was_killed(gate: Path, bid: str) -> None:
    """Also one that somebody stopped, which would not see that its questions have ended."""
    script = (
        "import os, pandas, sys; from pathlib import Path; from tests.landing.whoever_reads import WhoeverReads;"
        "from heardback.landing.readers import Readers;"
        "Readers(WhoeverReads(Path(sys.argv[1]), os.getpid()), 1).begin(pandas.Series([sys.argv[2]]));"
        "sys.stdin.read()"
    )
    parent = subprocess.Popen([sys.executable, "-c", script, str(gate), bid], stdin=subprocess.PIPE, cwd=Path.cwd())
    with parent, gate.open("rb", buffering=0) as held:
        assert held.read(1) == b"."
        parent.kill()
        ended, _, _ = select([held], [], [], 30)
        assert ended and held.read(1) == b""


@pytest.mark.parametrize(
    ("rows", "cores", "readers"),
    [(20_000, 8, 0), (20_001, 1, 0), (20_001, 2, 1), (1_000_000, 3, 2), (1_000_000, 64, 2)],
)
def test_only_a_large_file_has_readers_and_one_core_is_left_to_the_rest(rows: int, cores: int, readers: int) -> None:
    assert how_many(rows, cores) == readers


def test_where_no_other_core_is_allowed_nothing_is_started(sqlite_desk: Desk) -> None:
    allowed = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(allowed)})
    try:
        with open_workplace() as work, reading_beside(reading_of(work.council), 1_000_000) as reading:
            assert reading == reading_of(work.council)
    finally:
        os.sched_setaffinity(0, allowed)


def test_each_part_waits_until_the_next_is_being_read() -> None:
    made: list[int] = []

    def parts() -> Iterator[int]:
        for part in range(3):
            made.append(part)
            yield part

    readers = Readers(cast(Reading, None), 0)
    assert [(part, list(made)) for part in readers.ahead(parts())] == [(0, [0, 1]), (1, [0, 1, 2]), (2, [0, 1, 2])]


def everything_in(desk: Desk) -> dict[str, list[Any]]:
    """Every row of every table, in the order in which it was written."""
    with desk.store.connect() as connection:
        tables = connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")).scalars()
        return {name: list(connection.execute(text(f'SELECT * FROM "{name}"')).all()) for name in tables}


def landed(folder: Path, template: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, list[Any]]:
    """All that a pull of what was SAID leaves in a new database."""
    folder.mkdir()
    database = folder / "heardback.db"
    database.touch(mode=0o600)
    database.write_bytes(template.read_bytes())
    store = open_store(f"sqlite:///{database}")
    try:
        with desk_at(folder, store, f"sqlite:///{database}", monkeypatch) as desk:
            desk.pull(*(exit_row(number, said) for number, said in enumerate(SAID)))
            assert (problems_of(store), len(desk.texts())) == ([], len(SAID))
            return everything_in(desk)
    finally:
        store.dispose()


def test_a_file_lands_the_same_whoever_reads_it_and_whether_or_not_they_live(
    tmp_path: Path, sqlite_template: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file of three parts, whose comments are read two by two."""
    monkeypatch.setattr("heardback.domain.packed.AT_ONCE", 4)
    alone = landed(tmp_path / "alone", sqlite_template, monkeypatch)
    for name, number in (("LARGE", 4), ("PIECE", 2)):
        monkeypatch.setattr(module, name, number)
    monkeypatch.setattr(module, "_cores", lambda: 2)
    for readers in (Waiting, Dead):
        monkeypatch.setattr(module, "Readers", readers)
        assert landed(tmp_path / readers.__name__, sqlite_template, monkeypatch) == alone
    assert {(row.verdict, row.written_in) for row in alone["comment"]} >= {
        ("clear", ""),
        ("flagged", ""),
        ("clear", "pl"),
    }
