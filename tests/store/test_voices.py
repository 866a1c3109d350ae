"""The table that every measure reads, rebuilt as of any day: today's is what the loops' rows say (G11)."""

from datetime import date, timedelta

import pandas as pd
import pytest
from sqlalchemy import Engine, select, update

from heardback.domain.measures.voices import check_columns
from heardback.ledger import SYSTEM, Ledger
from heardback.store import Loop, Membership, Response
from heardback.store.session import reading, transaction
from heardback.store.voices import KEPT, voices_and_loops
from tests.factories import DECIDE, HEARD, LEAD, MANAGER, NOW, OWN, PROMISE, TELL, a_comment, a_loop

TODAY = NOW.date()
SHOWN = ["state", *KEPT]


def voices(store: Engine, day: date = TODAY) -> pd.DataFrame:
    with reading(store) as session:
        return voices_and_loops(session, day)[0]


def plain(value: object) -> object:
    """A cell as the loop's row has it."""
    if value is pd.NaT:
        return None
    return value.date() if isinstance(value, pd.Timestamp) else value


@pytest.fixture
def full(store: Engine) -> Engine:
    """Loops in every kind of state, one of two voices, one merged, one split."""
    with transaction(store) as session:
        a_loop(session, OWN, DECIDE, TELL, ("agree", {"on": date(2026, 10, 7)}))
        a_loop(session, OWN, DECIDE, TELL, ("reopen", {"reason": "cold again", "on": date(2026, 10, 9)}))
        a_loop(session, OWN, PROMISE, TELL, ("keep", {"on": date(2026, 10, 20)}))
        a_loop(session, OWN, ("set_aside", {"reason": "asks for nothing", "on": date(2026, 9, 8)}))
        withheld, kept, gone = a_loop(session), a_loop(session), a_loop(session)
        Ledger(session, LEAD, NOW).move(withheld, "withhold", reason="a concern")
        ledger = Ledger(session, SYSTEM, NOW)
        ledger.join({kept: [(a_comment(session), HEARD), (a_comment(session), HEARD)]})
        Ledger(session, MANAGER, NOW).merge(kept, [gone], on=date(2026, 9, 10))
        members = session.scalars(select(Membership.comment_uid).where(Membership.loop_uid == kept)).all()
        Ledger(session, MANAGER, NOW).split(kept, members[1:2], reason="another wish")
        ledger.move(a_loop(session, OWN), "withdraw", reason="deleted")
    return store


def test_today_every_voice_stands_as_its_loops_row_says(full: Engine) -> None:
    with reading(full) as session:
        query = (
            select(Membership.comment_uid, Loop.loop_uid, *(getattr(Loop, name) for name in SHOWN))
            .join(Loop, Loop.loop_uid == Membership.loop_uid)
            .where(Membership.left_on.is_(None))
            .order_by(Membership.comment_uid)
        )
        rows = [tuple(row) for row in session.execute(query)]
    rebuilt = voices(full)[["comment_uid", "loop_uid", *SHOWN]].to_dict("records")
    assert [tuple(map(plain, row.values())) for row in rebuilt] == rows
    assert len(rows) == 10


def test_it_has_the_columns_that_measures_want_and_one_for_each_characteristic(store: Engine) -> None:
    with transaction(store) as session:
        a_loop(session)
        session.execute(update(Response).values(characteristics={"age_band": "11-15"}))
        a_loop(session)
    table = check_columns(voices(store))
    assert table["char_age_band"].tolist() == ["11-15", ""]


def test_no_comments_at_all_are_an_empty_table(sqlite_store: Engine) -> None:
    assert check_columns(voices(sqlite_store)).empty


@pytest.mark.parametrize("day", [HEARD, date(2026, 9, 9), date(2026, 9, 25), date(2026, 10, 8)])
def test_merges_splits_and_later_moves_do_not_change_the_past(store: Engine, day: date) -> None:
    with transaction(store) as session:
        first, second = a_loop(session, OWN), a_loop(session, OWN)
        third = a_loop(session, OWN, DECIDE, TELL)
        Ledger(session, SYSTEM, NOW).join({first: [(a_comment(session), HEARD)]})
    before = voices(store, day)
    with transaction(store) as session:
        ledger = Ledger(session, MANAGER, NOW)
        ledger.merge(first, [second])
        members = session.scalars(select(Membership.comment_uid).where(Membership.loop_uid == first)).all()
        ledger.split(first, members[:1], reason="another wish")
        ledger.move(third, "reopen", reason="cold again", on=date(2026, 10, 9))
        Ledger(session, LEAD, NOW).move(first, "withhold", reason="a concern")
    pd.testing.assert_frame_equal(voices(store, day), before)
    assert not voices(store).equals(before)


def test_every_comment_stands_once_whatever_became_of_it(full: Engine) -> None:
    for day in (HEARD, date(2026, 9, 10), TODAY - timedelta(days=1), TODAY):
        assert voices(full, day)["comment_uid"].is_unique
        assert len(voices(full, day)) == 10


def test_nothing_is_known_before_it_was_heard(sqlite_store: Engine) -> None:
    with transaction(sqlite_store) as session:
        a_loop(session)
    assert voices(sqlite_store, HEARD - timedelta(days=1)).empty


def test_a_voice_that_came_late_counts_from_the_day_it_was_heard(sqlite_store: Engine) -> None:
    """Fault 43: the loop that it joined was opened by a comment of a later day."""
    with transaction(sqlite_store) as session:
        loop_uid = a_loop(session)
        late, day = a_comment(session), date(2026, 8, 20)
        session.execute(
            update(Response).where(Response.response_uid == late.replace("comment", "response")).values(heard_on=day)
        )
        Ledger(session, SYSTEM, NOW).join({loop_uid: [(late, day), (a_comment(session), HEARD)]})
    (voice,) = voices(sqlite_store, date(2026, 8, 25)).to_dict("records")
    assert (voice["comment_uid"], voice["state"], voice["scope"], voice["reopened"]) == (late, "heard", "in", False)
    assert len(voices(sqlite_store)) == 3


@pytest.mark.parametrize(
    ("move", "scope"),
    [("withhold", "withheld"), ("withdraw", "withdrawn"), ("divert", "diverted"), ("set_aside", "not_counted")],
)
def test_the_scope_says_why_a_voice_is_outside_the_rates(sqlite_store: Engine, move: str, scope: str) -> None:
    with transaction(sqlite_store) as session:
        actor = LEAD if move == "withhold" else MANAGER
        loop_uid = a_loop(session)
        Ledger(session, actor, NOW).move(loop_uid, move, reason="because")
    assert voices(sqlite_store)["scope"].tolist() == [scope]
    assert voices(sqlite_store, TODAY - timedelta(days=1))["scope"].tolist() == ["in"]


def test_once_reopened_is_remembered(sqlite_store: Engine) -> None:
    with transaction(sqlite_store) as session:
        a_loop(session, OWN, DECIDE, TELL, ("reopen", {"reason": "cold", "on": date(2026, 10, 9)}))
    assert voices(sqlite_store)["reopened"].tolist() == [True]
    assert voices(sqlite_store, date(2026, 10, 8))["reopened"].tolist() == [False]
