"""Claims on messages: one is sent once in its window, whoever claims it and whoever dies (G4)."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from sqlalchemy import Engine, select

from heardback.store import Nudge, NudgedLoop
from heardback.store.nudges import ABANDONED_AFTER, NO_WAY_LEFT, Claim, Line, claim, mark, note_way, unreachable
from heardback.store.session import reading, transaction
from tests.factories import NOW, a_loop

SOON, LATER = NOW + timedelta(seconds=10), NOW + ABANDONED_AFTER


def wanted(*loops: str) -> Claim:
    return Claim(
        "digest-2026-W46-aa", "digest", "amira", "2026-W46", [Line(loop_uid, 1, "owner") for loop_uid in loops]
    )


def claimed(store: Engine, *loops: str, at: object = NOW) -> str:
    with transaction(store) as session:
        return claim(session, wanted(*loops), at).word  # type: ignore[arg-type]


def marked(store: Engine, state: str) -> None:
    with transaction(store) as session:
        mark(session, "digest-2026-W46-aa", state, "C1", "ts", "", NOW)


def test_the_first_to_ask_may_send_and_the_loops_are_on_record(store: Engine) -> None:
    with transaction(store) as session:
        loops = [a_loop(session), a_loop(session)]
    assert claimed(store, *loops) == "claimed"
    with reading(store) as session:
        assert session.scalars(select(NudgedLoop.loop_uid).order_by(NudgedLoop.loop_uid)).all() == loops
        nudge = session.scalars(select(Nudge)).one()
        assert (nudge.state, nudge.recipient, nudge.time_window, nudge.sent_at) == (
            "claimed",
            "amira",
            "2026-W46",
            None,
        )


@pytest.mark.parametrize(
    ("state", "at", "answer"),
    [
        ("sent", SOON, "already_sent"),
        ("sent", LATER, "already_sent"),
        ("claimed", SOON, "being_sent"),
        ("claimed", NOW - timedelta(hours=1), "being_sent"),  # the clock went back an hour (fault 28)
        ("claimed", LATER, "unknown"),  # whoever claimed it has died
        ("unknown", SOON, "unknown"),
        ("failed", SOON, "claimed"),
    ],
)
def test_what_a_later_run_may_do_follows_from_what_became_of_the_earlier(
    store: Engine, state: str, at: object, answer: str
) -> None:
    claimed(store)
    if state != "claimed":
        marked(store, state)
    assert claimed(store, at=at) == answer


def test_one_that_is_looked_for_is_claimed_anew_so_that_two_do_not_look_at_once(sqlite_store: Engine) -> None:
    claimed(sqlite_store)
    assert claimed(sqlite_store, at=LATER) == "unknown"
    assert claimed(sqlite_store, at=LATER + timedelta(seconds=1)) == "being_sent"
    assert claimed(sqlite_store, at=LATER + ABANDONED_AFTER) == "unknown"


def test_a_message_that_certainly_did_not_go_out_is_written_anew_of_the_loops_that_wait_now(store: Engine) -> None:
    with transaction(store) as session:
        first, second = a_loop(session), a_loop(session)
    claimed(store, first)
    marked(store, "failed")
    claimed(store, second, at=SOON)
    with reading(store) as session:
        assert session.scalars(select(NudgedLoop.loop_uid)).all() == [second]


def test_a_mark_says_where_and_when(sqlite_store: Engine) -> None:
    claimed(sqlite_store)
    marked(sqlite_store, "sent")
    with reading(sqlite_store) as session:
        nudge = session.scalars(select(Nudge)).one()
    assert (nudge.state, nudge.channel, nudge.receipt, nudge.sent_at) == ("sent", "C1", "ts", NOW)


def at_once(workers: int, work: Callable[[], str]) -> list[str]:
    barrier = Barrier(workers)

    def wait_and_work() -> str:
        barrier.wait()
        return work()

    with ThreadPoolExecutor(workers) as pool:
        return [future.result() for future in [pool.submit(wait_and_work) for _ in range(workers)]]


def test_of_several_that_claim_at_once_one_may_send(store: Engine) -> None:
    with transaction(store) as session:
        loop_uid = a_loop(session)
    assert sorted(at_once(4, lambda: claimed(store, loop_uid))) == ["being_sent"] * 3 + ["claimed"]
    with reading(store) as session:
        assert len(session.scalars(select(NudgedLoop)).all()) == 1


def test_of_several_that_find_an_abandoned_claim_one_looks_for_it(store: Engine) -> None:
    claimed(store)
    assert sorted(at_once(4, lambda: claimed(store, at=LATER))) == ["being_sent"] * 3 + ["unknown"]


def test_whom_no_way_reached_is_unreachable_until_the_message_is_tried_again(sqlite_store: Engine) -> None:
    with transaction(sqlite_store) as session:
        loop_uid = a_loop(session)

    def out_of_reach() -> dict[str, list[str]]:
        with reading(sqlite_store) as session:
            return unreachable(session, "2026-W46")

    claimed(sqlite_store, loop_uid)
    with transaction(sqlite_store) as session:
        note_way(session, "digest-2026-W46-aa", NO_WAY_LEFT)
    assert out_of_reach() == {}, "nobody knows yet"
    marked(sqlite_store, "failed")
    assert out_of_reach() == {"amira": [loop_uid]}
    assert claimed(sqlite_store, loop_uid, at=LATER) == "claimed"
    assert out_of_reach() == {}
