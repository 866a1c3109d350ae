"""Rows in = rows accounted for (G1): whatever row is taken out by hand, reconciling names its pull."""

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session

from heardback.store.reconciliation import balance, orphans
from heardback.store.session import reading
from tests.council import change_row, exit_row
from tests.desk import Desk
from tests.ready_made import ReadyMade

EXIT, LOG = "pull exit-", "pull log-"


def something_in_every_table(desk: Desk) -> None:
    """Something in every table: two pulls of answers, the second an edit of the first, and two of changes."""
    first = exit_row(1, "The room is freezing", rate="5", helped="place")
    desk.pull(first, exit_row(2, "my dad hits me"), exit_row(3, "No day", date=""), name="2026-09.csv")
    desk.pull(first, exit_row(2, "my dad hits me", rate="1"), name="2026-10.csv")
    desk.pull(change_row(1), change_row(2, ""), feed="log", name="1.csv")
    desk.pull(change_row(1, "We put two heaters in."), feed="log", name="2.csv")


@pytest.fixture
def full(desk: Desk, quick_gate: None, ready_made: ReadyMade) -> Desk:
    return ready_made.fill(desk, something_in_every_table)


def found(desk: Desk, by_hand: str = "") -> list[str]:
    """What reconciling finds after a statement as somebody with a console would write it, past every foreign key."""
    console = create_engine(desk.store.url)
    with console.connect() as connection, Session(connection) as session:
        if by_hand and console.dialect.name == "postgresql":
            connection.execute(text("SET LOCAL session_replication_role = replica"))
        if by_hand:
            connection.execute(text(by_hand))
        accounts = balance(session)
        problems = [f"pull {account.pull_uid}: {problem}" for account in accounts for problem in account.problems]
        problems += orphans(session)
        session.rollback()
        connection.rollback()
    console.dispose()
    return problems


def test_every_pull_balances_where_nobody_touched_anything(full: Desk) -> None:
    assert found(full) == []
    with reading(full.store) as session:
        accounts = {(account.source_id, account.file_name): account for account in balance(session)}
    assert accounts["exit", "2026-09.csv"].fates == {"loop": 1, "withheld": 1, "quarantine": 1, "duplicate": 0}
    assert accounts["exit", "2026-10.csv"].fates == {"withheld": 1, "duplicate": 1}
    assert accounts["log", "1.csv"].fates == {"change": 1, "quarantine": 1, "duplicate": 0}
    assert {account.missing for account in accounts.values()} == {0}


EMPTIED = {
    "response": (EXIT, "responses are gone"),
    "comment": (EXIT, "comments are gone"),
    "rating": (EXIT, "ratings are gone"),
    "choice": (EXIT, "choices are gone"),
    "membership": (EXIT, "comments are in no loop"),
    "loop": (EXIT, "comments are in no loop"),
    "revision": (EXIT, "missing"),
    "quarantined_row": (EXIT, "missing"),
    "raw_file": (EXIT, "the raw bytes of 2026-09.csv are not on record"),
    "pull": (EXIT, "its own row is gone"),
    "change": (LOG, "missing"),
    "change_revision": (LOG, "missing"),
}


def test_rows_taken_out_by_hand_are_missed_and_their_pull_is_named(full: Desk) -> None:
    for table, (named, words) in EMPTIED.items():
        lines = found(full, f"DELETE FROM {table}")
        assert any(line.startswith(named) and words in line for line in lines), (table, lines)
    assert found(full) == []


def test_a_pull_of_changes_whose_own_row_is_gone_is_named(full: Desk) -> None:
    lines = found(full, "DELETE FROM pull WHERE source_id = 'log'")
    assert sorted(line.split(": ")[1] for line in lines) == [
        "its own row is gone, 1 rows of it remain",  # the change as it is now
        "its own row is gone, 2 rows of it remain",  # the change as it was, and a row in quarantine
    ]


def test_one_row_among_many_is_missed(full: Desk) -> None:
    problems = found(full, "DELETE FROM comment WHERE text LIKE 'The room%'")
    assert any(line.startswith(EXIT) and "1 comments are gone" in line for line in problems)
    assert any(line.startswith("loop L-0001: 1 of its comments") for line in problems)


def test_a_comment_in_no_loop_is_told_once_of_the_pull_that_brought_it_last(full: Desk) -> None:
    with reading(full.store) as session:
        (newest,) = (account.pull_uid for account in balance(session) if account.file_name == "2026-10.csv")
    whose = "SELECT comment_uid FROM comment WHERE text LIKE 'my dad%'"
    (line,) = found(full, f"DELETE FROM membership WHERE comment_uid IN ({whose})")
    assert line == f"pull {newest}: 1 comments are in no loop"


def test_a_comment_is_missed_beside_one_that_an_edit_took_out(full: Desk) -> None:
    both = exit_row(1, "The room is freezing", rate="5", helped="place", like="The sofa")
    rest = [exit_row(2, "my dad hits me", rate="1"), *(exit_row(n, f"Wish {n} please") for n in range(10, 16))]
    full.pull(both, *rest, name="2026-11.csv")
    full.pull(exit_row(1, "The room is freezing", rate="5", helped="place"), *rest, name="2026-12.csv")
    assert found(full) == []
    assert found(full, "DELETE FROM comment WHERE text LIKE 'The room%'") != []


def test_rows_added_to_a_pulls_number_are_missed(full: Desk) -> None:
    (line,) = found(full, "UPDATE pull SET rows_read = rows_read + 2 WHERE file_name = '2026-10.csv'")
    assert line.startswith(EXIT)
    assert line.endswith("4 rows read, 2 accounted for: 2 missing")


def test_a_pull_that_failed_owes_nobody_an_account(full: Desk) -> None:
    full.drop("exit", exit_row(9), name="2027-01.csv").write_bytes(b"%PDF-1.7")
    full.pull()
    assert found(full) == []
