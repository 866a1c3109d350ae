"""Whoever edits the history behind the ledger's back is found, and the row is named (G13)."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import Connection, Engine, text

from heardback.store.session import reading, transaction
from heardback.store.verification import count_entries, find_tampering
from tests.factories import DECIDE, OWN, TELL, a_loop

GUARDS = {
    "sqlite": ("DROP TRIGGER history_no_update", "DROP TRIGGER history_no_delete"),
    "postgresql": ("DROP TRIGGER history_no_change ON history",),
}


@pytest.fixture
def story(store: Engine) -> Engine:
    """A store whose history has five entries: loop L-0001 opened and L-0002 opened, owned, decided and told."""
    with transaction(store) as session:
        a_loop(session)
        a_loop(session, OWN, DECIDE, TELL)
    return store


@contextmanager
def behind_the_ledgers_back(store: Engine) -> Iterator[Connection]:
    with store.begin() as connection:
        for statement in GUARDS[store.dialect.name]:
            connection.execute(text(statement))
        yield connection


def found_in(store: Engine) -> list[str]:
    with reading(store) as session:
        return [str(place) for place in find_tampering(session)]


def test_an_untouched_history_is_sound(story: Engine) -> None:
    assert found_in(story) == []
    with reading(story) as session:
        assert count_entries(session) == 5


@pytest.mark.parametrize(
    "edit",
    [
        "reason = 'because I say so'",
        "actor = 'Somebody Else'",
        "on_date = '2026-09-20'",
        'details = \'{"outcome": "cannot"}\'',
        "to_state = 'told'",
        "hash = 'ffff'",
    ],
)
def test_an_edited_row_is_named(story: Engine, edit: str) -> None:
    with behind_the_ledgers_back(story) as connection:
        connection.execute(text(f"UPDATE history SET {edit} WHERE sequence = 4"))
    assert any(line.startswith("history row 4 (L-0002)") for line in found_in(story))


def test_a_row_edited_together_with_its_own_hash_breaks_the_next_link(story: Engine) -> None:
    with behind_the_ledgers_back(story) as connection:
        connection.execute(text("UPDATE history SET hash = 'ffff', previous_hash = 'eeee' WHERE sequence = 3"))
    assert any(line.startswith("history row 4 (L-0002): does not follow") for line in found_in(story))


def test_a_missing_row_in_the_middle_is_named(story: Engine) -> None:
    with behind_the_ledgers_back(story) as connection:
        connection.execute(text("DELETE FROM history WHERE sequence = 3"))
    assert "history row 3: missing; the next one is row 4" in found_in(story)


def test_a_cut_tail_is_named(story: Engine) -> None:
    with behind_the_ledgers_back(story) as connection:
        connection.execute(text("DELETE FROM history WHERE sequence = 5"))
    assert "history row 5: missing; the history should end with row 5" in found_in(story)


def test_a_history_that_is_gone_altogether_is_seen(story: Engine) -> None:
    with behind_the_ledgers_back(story) as connection:
        connection.execute(text("DELETE FROM history"))
    assert "history row 1: missing; the history should end with row 5" in found_in(story)


def test_a_loop_moved_beside_the_ledger_is_named(story: Engine) -> None:
    with story.begin() as connection:
        connection.execute(text("UPDATE loop SET state = 'agreed' WHERE loop_uid = 'L-0002'"))
    assert found_in(story) == [
        "loop L-0002: stands at 'agreed', version 4; its history says 'told', version 4",
    ]


def test_a_head_that_was_set_back_is_seen(story: Engine) -> None:
    with story.begin() as connection:
        connection.execute(text("UPDATE chain_head SET sequence = 4"))
    assert any("should end with row 4" in line for line in found_in(story))
