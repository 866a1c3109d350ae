"""A pull killed anywhere and started again ends as if nobody had killed it (faults 1 to 4: G1, G2, G3)."""

import os
import signal
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, select

from heardback.store import Base, Loop, OutboxEvent, Pull, RawFile, Revision, SourceState
from heardback.store.session import open_store, reading
from tests.council import exit_row
from tests.desk import Desk, desk_at, problems_of
from tests.journeys.killing import CHECKPOINTS, pull_and_die

# What counts up by itself may have gaps after a roll-back.
NUMBERED = {"membership_id", "rating_id", "choice_id", "event_id", "quarantine_id"}
FREEZING = "The room is freezing"
MANY = [exit_row(number, f"Wish number {number} is not like the others", rate="5") for number in range(10, 20)]
PIZZA = exit_row(3, "More pizza", helped="staff;room")
FIRST = [exit_row(1, FREEZING), exit_row(2, "Less noise"), PIZZA, exit_row(7, "No day", date=""), *MANY]
# Edits 1, drops 2 and 7, says 3 twice, joins the loop that 1 leaves, hears a disclosure, and counts one as nothing.
SECOND = [exit_row(1, "It is too dark"), PIZZA, PIZZA, *MANY]
SECOND += [
    exit_row(4, FREEZING),
    exit_row(5, "the ROOM is freezing!"),
    exit_row(6, "my dad hits me"),
    exit_row(8, "no"),
]
LENIENT = {"gate": {"max_bad_share": 0.5, "max_vanished_share": 0.5}}


@dataclass(frozen=True)
class Ending:
    """Every row of every table, without the numbers that may have gaps; and the files that are kept."""

    tables: dict[str, list[tuple[Any, ...]]]
    raw: dict[str, bytes]


@pytest.fixture(scope="module")
def unkilled(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ending]:
    """How it ends where nobody kills it."""
    folder = tmp_path_factory.mktemp("unkilled")
    (folder / "heardback.db").write_bytes(sqlite_template.read_bytes())
    url = f"sqlite:///{folder / 'heardback.db'}"
    store = open_store(url)
    with pytest.MonkeyPatch.context() as environment, desk_at(folder, store, url, environment) as desk:
        prepare(desk)
        assert run(desk) == 0
        yield ending_of(desk)
    store.dispose()


def prepare(desk: Desk) -> None:
    desk.configure(policy=LENIENT)
    desk.drop("exit", *FIRST, name="1.csv")
    desk.drop("exit", *SECOND, name="2.csv")


def run(desk: Desk, checkpoint: str = "", file: str = "", nth: int = 1) -> int | None:
    environment = {name: value for name, value in os.environ.items() if name.startswith("HEARDBACK_")}
    return pull_and_die(environment, checkpoint, file, nth)


def ending_of(desk: Desk) -> Ending:
    raw = {path.name: path.read_bytes() for path in (desk.folder / "home" / "raw").rglob("*") if len(path.name) == 64}
    return Ending({table.name: rows_of(desk.store, table) for table in Base.metadata.sorted_tables}, raw)


def rows_of(store: Engine, table: Any) -> list[tuple[Any, ...]]:
    with reading(store) as session:
        columns = [column for column in table.columns if column.name not in NUMBERED]
        return sorted((tuple(row) for row in session.execute(select(*columns))), key=repr)


def assert_sound(desk: Desk) -> None:
    """What is on record, however little, is whole: reconciled, verified, with its bytes, its events and its cursor."""
    assert problems_of(desk.store) == []
    kept = ending_of(desk).raw
    with reading(desk.store) as session:
        landed = list(session.scalars(select(Pull).where(Pull.status == "landed").order_by(Pull.file_name)))
        events = list(session.scalars(select(OutboxEvent.name)))
        state = session.get(SourceState, "exit")
        on_record = set(session.scalars(select(RawFile.sha256)))
    assert events.count("pull.completed") == len(landed)
    assert events.count("safeguarding.raised") == len([pull for pull in landed if pull.file_name == "2.csv"])
    assert (state.cursor if state else "") == (landed[-1].file_name if landed else "")
    assert {pull.file_sha256 for pull in landed} <= on_record <= set(kept)
    assert all(sha256(content).hexdigest() == name for name, content in kept.items())


def test_the_run_that_nobody_kills_has_something_of_everything(unkilled: Ending) -> None:
    fates = [row[Revision.__table__.columns.keys().index("fate")] for row in unkilled.tables["revision"]]
    assert {fate: fates.count(fate) for fate in set(fates)} == {"loop": 16, "withheld": 1, "not_counted": 1}
    states = [row[Loop.__table__.columns.keys().index("state")] for row in unkilled.tables["loop"]]
    assert {state: states.count(state) for state in set(states)} == {
        "heard": 13, "withdrawn": 1, "withheld": 1, "not_counted": 1,
    }  # fmt: skip
    assert [len(unkilled.tables[name]) for name in ("pull", "quarantined_row", "raw_file")] == [2, 1, 2]
    assert len(unkilled.raw) == 2


@pytest.mark.parametrize("checkpoint", CHECKPOINTS)
def test_a_pull_killed_in_its_first_file_and_again_in_its_second_ends_as_if_nobody_had(
    sqlite_desk: Desk, unkilled: Ending, checkpoint: str
) -> None:
    kill_twice(sqlite_desk, unkilled, checkpoint)


@pytest.mark.parametrize("checkpoint", CHECKPOINTS[::3])  # the checkpoints lie in our code, the same for either store
def test_so_it_does_where_postgresql_has_to_notice_that_nobody_is_there(
    postgresql_desk: Desk, unkilled: Ending, checkpoint: str
) -> None:
    kill_twice(postgresql_desk, unkilled, checkpoint)


def kill_twice(desk: Desk, unkilled: Ending, checkpoint: str) -> None:
    prepare(desk)
    for file in ("2.csv",) if checkpoint.endswith("note_source") else ("1.csv", "2.csv"):
        assert run(desk, checkpoint, file) == -signal.SIGKILL
        assert_sound(desk)
    assert run(desk) == 0
    assert ending_of(desk) == unkilled
    assert_sound(desk)


def test_a_pull_killed_at_one_statement_after_another_ends_as_if_nobody_had(desk: Desk, unkilled: Ending) -> None:
    """Each run dies at a later statement than the one before it, until one has come through."""
    prepare(desk)
    stride = 2 if desk.store.dialect.name == "sqlite" else 5  # the same statements, at twice the cost
    statement, kills = 1, 0
    while run(desk, "statement", nth=statement) == -signal.SIGKILL:
        statement, kills = statement + stride, kills + 1
        assert_sound(desk)
    assert kills > 20 / stride
    assert run(desk) == 0
    assert ending_of(desk) == unkilled
