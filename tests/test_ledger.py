"""The one door: what each move needs, what it leaves behind, and that nothing passes beside it."""

from datetime import date, timedelta

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from heardback.domain.lifecycle import Role
from heardback.errors import MoveRefused, NotFound, StaleVersion
from heardback.ledger import SYSTEM, Actor, Ledger, Opening
from heardback.store import HistoryEntry, Loop, Membership, OutboxEvent
from heardback.store.session import transaction
from tests.factories import DECIDE, HEARD, LEAD, MANAGER, NOW, OWN, PROMISE, TELL, a_comment, a_loop


def history(session: Session, loop_uid: str) -> list[str]:
    query = select(HistoryEntry.move).where(HistoryEntry.loop_uid == loop_uid).order_by(HistoryEntry.sequence)
    return list(session.scalars(query))


def current_loop(session: Session, comment_uid: str) -> str:
    query = select(Membership.loop_uid).where(Membership.comment_uid == comment_uid, Membership.left_on.is_(None))
    return session.scalars(query).one()


def event_names(session: Session) -> list[str]:
    return list(session.scalars(select(OutboxEvent.name).order_by(OutboxEvent.event_id)))


def test_a_loop_goes_from_heard_to_agreed_and_every_step_is_in_its_history(store: Engine) -> None:
    with transaction(store) as session:
        loop_uid = a_loop(session, OWN, DECIDE, TELL, ("agree", {"on": date(2026, 10, 7)}))
        loop = session.get_one(Loop, loop_uid)
        assert (loop.state, loop.version, loop.outcome) == ("agreed", 5, "done")
        assert (loop.owned_on, loop.decided_on) == (date(2026, 9, 4), date(2026, 9, 21))
        assert (loop.told_on, loop.agreed_on) == (date(2026, 9, 30), date(2026, 10, 7))
        assert history(session, loop_uid) == ["open", "own", "decide", "tell", "agree"]


def test_a_decision_and_a_telling_leave_their_events_in_the_same_transaction(store: Engine) -> None:
    with transaction(store) as session:
        loop_uid = a_loop(session, OWN, DECIDE, TELL)
    with transaction(store) as session:
        rows = session.execute(select(OutboxEvent.name, OutboxEvent.resource, OutboxEvent.payload)).all()
    assert [row.name for row in rows] == ["loop.decided", "loop.told"]
    assert {row.resource for row in rows} == {f"heardback.loop.{loop_uid}"}
    assert rows[0].payload["outcome"] == "done"


def test_a_transaction_that_fails_keeps_neither_move_nor_history_nor_event(store: Engine) -> None:
    with transaction(store) as session:
        loop_uid = a_loop(session, OWN)
    with pytest.raises(RuntimeError, match="power cut"), transaction(store) as session:
        Ledger(session, MANAGER, NOW).move(loop_uid, DECIDE[0], **DECIDE[1])  # type: ignore[arg-type]
        raise RuntimeError("power cut")
    with transaction(store) as session:
        assert session.get_one(Loop, loop_uid).state == "owned"
        assert history(session, loop_uid) == ["open", "own"]
        assert event_names(session) == []


def test_a_move_that_the_table_does_not_have_is_refused_with_what_is_allowed(sqlite_store: Engine) -> None:
    with transaction(sqlite_store) as session:
        loop_uid = a_loop(session)
        with pytest.raises(MoveRefused, match="'tell' is not allowed from 'heard'") as refused:
            Ledger(session, MANAGER, NOW).move(loop_uid, "tell", how="board", where="reception")
        assert "own" in refused.value.do


def test_a_refused_move_leaves_the_loop_as_it_was(sqlite_store: Engine) -> None:
    with transaction(sqlite_store) as session:
        loop_uid = a_loop(session, OWN)
        with pytest.raises(MoveRefused, match="needs: reason"):
            Ledger(session, MANAGER, NOW).move(loop_uid, "decide", outcome="cannot", wording="We can't.")
        assert session.get_one(Loop, loop_uid).version == 2
        assert history(session, loop_uid) == ["open", "own"]


@pytest.mark.parametrize(
    ("outcome", "details", "missing"),
    [
        ("done", {}, "wording"),
        ("will", {"wording": "We will."}, "by_date"),
        ("cannot", {"wording": "We can't."}, "reason"),
    ],
)
def test_a_decision_needs_what_its_outcome_requires(
    sqlite_store: Engine, outcome: str, details: dict[str, str], missing: str
) -> None:
    with transaction(sqlite_store) as session:
        loop_uid = a_loop(session, OWN)
        with pytest.raises(MoveRefused, match=missing):
            Ledger(session, MANAGER, NOW).move(loop_uid, "decide", outcome=outcome, **details)


def test_only_the_safeguarding_lead_releases_what_was_withheld(sqlite_store: Engine) -> None:
    with transaction(sqlite_store) as session:
        opening = Opening("yjs", "feedback_box", HEARD, a_comment(session), "open_withheld", {"reasons": ["harm"]})
        (loop_uid,) = Ledger(session, SYSTEM, NOW).open([opening])
        with pytest.raises(MoveRefused, match="may not be made by service_manager"):
            Ledger(session, MANAGER, NOW).move(loop_uid, "release", reason="looks fine")
        assert Ledger(session, LEAD, NOW).move(loop_uid, "release", reason="read").state == "heard"
        assert event_names(session) == ["safeguarding.raised"]


def test_a_press_on_a_stale_version_is_refused_and_says_where_the_loop_stands(sqlite_store: Engine) -> None:
    with transaction(sqlite_store) as session:
        loop_uid = a_loop(session, OWN)
        with pytest.raises(StaleVersion, match=r"is owned \(version 2, not 1\)"):
            Ledger(session, MANAGER, NOW).move(loop_uid, DECIDE[0], version=1, **DECIDE[1])  # type: ignore[arg-type]


def test_a_move_may_take_effect_earlier_than_it_is_recorded_but_never_later(sqlite_store: Engine) -> None:
    with transaction(sqlite_store) as session:
        loop_uid = a_loop(session)
        ledger = Ledger(session, MANAGER, NOW)
        with pytest.raises(MoveRefused, match="in the future"):
            ledger.move(loop_uid, "own", owner="dan", on=NOW.date() + timedelta(days=1))
        with pytest.raises(MoveRefused, match="before what came first"):
            ledger.move(loop_uid, "own", owner="dan", on=HEARD - timedelta(days=1))
        ledger.move(loop_uid, "own", owner="dan", on=HEARD)
        entry = session.scalars(select(HistoryEntry).where(HistoryEntry.move == "own")).one()
        assert (entry.on_date, entry.at) == (HEARD, NOW)


def test_a_decision_cannot_take_effect_before_the_loop_was_owned(sqlite_store: Engine) -> None:
    with transaction(sqlite_store) as session:
        loop_uid = a_loop(session, OWN)
        with pytest.raises(MoveRefused, match="before what came first"):
            Ledger(session, MANAGER, NOW).move(loop_uid, "decide", outcome="done", wording="Done.", on=date(2026, 9, 3))


def test_a_loop_that_does_not_exist_is_named(sqlite_store: Engine) -> None:
    with transaction(sqlite_store) as session, pytest.raises(NotFound, match="no loop L-9999"):
        Ledger(session, MANAGER, NOW).move("L-9999", "own", owner="dan")


def test_merging_carries_every_voice_and_the_days_on_which_they_were_heard(store: Engine) -> None:
    with transaction(store) as session:
        kept, other = a_loop(session), a_loop(session)
        Ledger(session, SYSTEM, NOW).join({other: [(a_comment(session), date(2026, 10, 2))]})
        loop = Ledger(session, MANAGER, NOW).merge(kept, [other], reason="the same cold room")
        assert (loop.voices, loop.heard_from, loop.heard_to) == (3, HEARD, date(2026, 10, 2))
        assert session.get_one(Loop, other).state == "merged"
        in_kept = select(func.count()).where(Membership.loop_uid == kept, Membership.left_on.is_(None))
        assert session.scalar(in_kept) == 3
        assert (history(session, kept), history(session, other)) == (["open", "absorb"], ["open", "join", "merge"])


def test_no_loop_takes_in_another_on_a_day_before_its_own_last_move(sqlite_store: Engine) -> None:
    """The other loop's last move was before that day; the history of neither may run backwards."""
    with transaction(sqlite_store) as session:
        kept, other = a_loop(session, OWN), a_loop(session)
        with pytest.raises(MoveRefused, match="'absorb' on 2026-09-03 is before what came first"):
            Ledger(session, MANAGER, NOW).merge(kept, [other], on=date(2026, 9, 3))
        assert (history(session, kept), history(session, other)) == (["open", "own"], ["open"])


def test_loops_of_two_services_are_not_merged(sqlite_store: Engine) -> None:
    with transaction(sqlite_store) as session:
        kept, other = a_loop(session), a_loop(session, service="youth")
        with pytest.raises(MoveRefused, match="belongs to youth"):
            Ledger(session, MANAGER, NOW).merge(kept, [other])


def test_splitting_gives_the_named_comments_a_loop_of_their_own(store: Engine) -> None:
    with transaction(store) as session:
        loop_uid, second = a_loop(session), a_comment(session)
        Ledger(session, SYSTEM, NOW).join({loop_uid: [(second, HEARD)]})
        new = Ledger(session, MANAGER, NOW).split(loop_uid, [second], reason="another wish")
        assert current_loop(session, second) == new
        assert (session.get_one(Loop, loop_uid).voices, session.get_one(Loop, new).voices) == (1, 1)


def test_a_split_that_would_leave_nothing_is_refused(sqlite_store: Engine) -> None:
    with transaction(sqlite_store) as session:
        loop_uid = a_loop(session)
        member = session.scalars(select(Membership.comment_uid)).one()
        with pytest.raises(MoveRefused, match="1 of 1 comments"):
            Ledger(session, MANAGER, NOW).split(loop_uid, [member])


def test_reopening_forgets_the_answer_and_keeps_it_in_the_history(store: Engine) -> None:
    with transaction(store) as session:
        loop_uid = a_loop(session, OWN, DECIDE, TELL, ("reopen", {"reason": "still cold", "on": date(2026, 10, 9)}))
        loop = session.get_one(Loop, loop_uid)
        assert (loop.state, loop.outcome, loop.decided_on, loop.told_on) == ("reopened", "", None, None)
        decided = session.scalars(select(HistoryEntry).where(HistoryEntry.move == "decide")).one()
        assert decided.details["wording"] == "We put a heater in the waiting room."
        assert event_names(session)[-1] == "loop.reopened"


def test_a_promise_keeps_its_day_and_the_day_on_which_it_was_kept(store: Engine) -> None:
    with transaction(store) as session:
        loop_uid = a_loop(session, OWN, PROMISE, ("keep", {"on": date(2026, 10, 20)}))
        loop = session.get_one(Loop, loop_uid)
        assert (loop.promise_by, loop.promise_kept_on) == (date(2026, 10, 30), date(2026, 10, 20))
        assert loop.state == "decided"


def test_an_approval_must_say_what_was_approved(sqlite_store: Engine) -> None:
    officer = Actor("Priya Nair", Role.PARTICIPATION_OFFICER)
    with transaction(sqlite_store) as session:
        loop_uid = a_loop(session, OWN, DECIDE)
        with pytest.raises(MoveRefused, match="says what was approved"):
            Ledger(session, officer, NOW).move(loop_uid, "approve", approval="looks nice")
        Ledger(session, officer, NOW).move(loop_uid, "approve", approval="cleared_for_disclosure")
        assert history(session, loop_uid)[-1] == "approve"


def test_loops_are_numbered_in_order_and_numbers_are_never_used_twice(store: Engine) -> None:
    with transaction(store) as session:
        openings = [Opening("yjs", "feedback_box", HEARD, a_comment(session)) for _ in range(3)]
        first = Ledger(session, SYSTEM, NOW).open(openings)
    with transaction(store) as session:
        later = Ledger(session, SYSTEM, NOW).open([Opening("yjs", "feedback_box", HEARD, a_comment(session))])
    assert (first, later) == (["L-0001", "L-0002", "L-0003"], ["L-0004"])
