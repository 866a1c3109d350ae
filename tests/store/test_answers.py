"""Loops as they stood on a past day, read from the history of a real store."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import Engine, select, update
from sqlalchemy.orm import Session

from heardback.domain.lifecycle import APPROVALS, Role
from heardback.domain.measures.past_loops import PastLoop, Told
from heardback.ledger import SYSTEM, Actor, Ledger
from heardback.store import Comment, Loop, Membership, Response
from heardback.store.answers import flagged_today, loops_as_of, taken_back
from heardback.store.session import reading, transaction
from tests.factories import DECIDE, LEAD, MANAGER, NOW, OWN, PROMISE, TELL, a_comment, a_loop

OFFICER = Actor("Priya Nair", Role.PARTICIPATION_OFFICER)
DESCRIBE: tuple[str, dict[str, object]] = ("describe", {"title": "A warm waiting room", "on": date(2026, 9, 5)})
APPROVE: tuple[str, dict[str, object]] = ("approve", {"approval": APPROVALS[0], "on": date(2026, 9, 22)})


def past(store: Engine, loop_uid: str, day: date) -> PastLoop:
    with reading(store) as session:
        return next(loop for loop in loops_as_of(session, day) if loop.loop_uid == loop_uid)


def move(session: Session, loop_uid: str, name: str, actor: Actor = MANAGER, **details: object) -> None:
    Ledger(session, actor, NOW).move(loop_uid, name, **details)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("day", "state", "decided_on", "told_on"),
    [
        (date(2026, 9, 3), "heard", None, None),
        (date(2026, 9, 4), "owned", None, None),
        (date(2026, 9, 20), "owned", None, None),
        (date(2026, 9, 21), "decided", date(2026, 9, 21), None),
        (date(2026, 9, 30), "told", date(2026, 9, 21), date(2026, 9, 30)),
    ],
)
def test_a_loop_stands_where_the_moves_that_had_taken_effect_had_left_it(
    store: Engine, day: date, state: str, decided_on: date | None, told_on: date | None
) -> None:
    with transaction(store) as session:
        loop_uid = a_loop(session, OWN, DECIDE, TELL)
    loop = past(store, loop_uid, day)
    assert (loop.state, loop.decided_on, loop.told_on) == (state, decided_on, told_on)


def test_moves_made_later_change_nothing_of_a_past_day(store: Engine) -> None:
    with transaction(store) as session:
        loop_uid = a_loop(session, OWN, DESCRIBE, PROMISE, APPROVE, TELL)
    with reading(store) as session:
        before = loops_as_of(session, date(2026, 9, 30))
    with transaction(store) as session:
        move(session, loop_uid, "keep", on=date(2026, 10, 2))
        move(session, loop_uid, "tell_again", how="letter", where="home", on=date(2026, 10, 3))
        move(session, loop_uid, "describe", title="Another title", on=date(2026, 10, 4))
        move(session, loop_uid, "reopen", reason="It broke again.", on=date(2026, 10, 5))
        a_loop(session)
    with reading(store) as session:
        assert [loop for loop in loops_as_of(session, date(2026, 9, 30)) if loop.loop_uid == loop_uid] == before
    assert past(store, loop_uid, date(2026, 10, 2)).promise_kept_on == date(2026, 10, 2)
    assert past(store, loop_uid, date(2026, 10, 5)).outcome == ""


def test_the_voices_of_a_merged_loop_are_counted_where_they_went_and_only_from_that_day(store: Engine) -> None:
    with transaction(store) as session:
        kept, gone = a_loop(session, OWN), a_loop(session, OWN)
        Ledger(session, MANAGER, NOW).merge(kept, [gone], on=date(2026, 9, 10), reason="They say the same.")
    assert past(store, kept, date(2026, 9, 9)).voices == 1
    assert past(store, gone, date(2026, 9, 9)).voices == 1
    assert past(store, kept, date(2026, 9, 10)).voices == 2
    with reading(store) as session:
        assert gone not in {loop.loop_uid for loop in loops_as_of(session, date(2026, 9, 10))}


def test_nothing_is_known_of_a_loop_before_it_was_heard(store: Engine) -> None:
    with transaction(store) as session:
        a_loop(session, OWN)
    with reading(store) as session:
        assert loops_as_of(session, date(2026, 8, 31)) == []


def test_every_telling_of_the_answer_is_kept_with_how_where_whom_and_when(store: Engine) -> None:
    with transaction(store) as session:
        loop_uid = a_loop(session, OWN, DECIDE, TELL)
        move(session, loop_uid, "tell_again", how="letter", where="home", whom="her family", on=date(2026, 10, 2))
    assert past(store, loop_uid, date(2026, 10, 2)).told == (
        Told("board", "Marsh Lane office", "", date(2026, 9, 30)),
        Told("letter", "home", "her family", date(2026, 10, 2)),
    )


def test_another_answer_has_been_told_to_nobody_and_approved_by_nobody(store: Engine) -> None:
    with transaction(store) as session:
        loop_uid = a_loop(session, OWN, DECIDE, APPROVE, TELL)
        answer: dict[str, Any] = {
            "outcome": "cannot",
            "wording": "The heater may not be moved.",
            "reason": "Fire rules forbid it.",
        }
        move(session, loop_uid, "revise", on=date(2026, 10, 2), **answer)
    loop = past(store, loop_uid, date(2026, 10, 2))
    assert (loop.told, loop.approvals, loop.told_on) == ((), (), None)
    assert (loop.outcome, loop.wording, loop.reason) == tuple(answer.values())


def test_approvals_carry_who_gave_them_and_end_when_the_title_is_rewritten(store: Engine) -> None:
    with transaction(store) as session:
        loop_uid = a_loop(session, OWN, DECIDE, APPROVE)
        move(session, loop_uid, "approve", OFFICER, approval=APPROVALS[1], on=date(2026, 9, 23))
        move(session, loop_uid, "describe", title="Warmth", on=date(2026, 9, 25))
    approved = ((APPROVALS[0], "Dan Okafor"), (APPROVALS[1], "Priya Nair"))
    assert past(store, loop_uid, date(2026, 9, 24)).approvals == approved
    assert past(store, loop_uid, date(2026, 9, 25)).approvals == ()


def test_a_loop_that_is_withheld_now_is_flagged_until_it_is_released(store: Engine) -> None:
    with transaction(store) as session:
        loop_uid, other = a_loop(session, OWN, DECIDE, TELL), a_loop(session)
        move(session, loop_uid, "withhold", LEAD, reason="A concern was raised.")
    with transaction(store) as session:
        assert flagged_today(session) == {loop_uid}
        move(session, loop_uid, "release", LEAD, reason="Read: not a concern.")
        assert flagged_today(session) == frozenset()
        assert other not in flagged_today(session)


def test_a_comment_that_screening_flagged_flags_its_loop_until_a_lead_has_read_it(store: Engine) -> None:
    with transaction(store) as session:
        loop_uid = a_loop(session)
        session.execute(
            update(Comment).where(Comment.comment_uid == comment_of(session, loop_uid)).values(verdict="flagged")
        )
    with transaction(store) as session:
        assert flagged_today(session) == {loop_uid}
        move(session, loop_uid, "withhold", LEAD, reason="A concern was raised.")
        move(session, loop_uid, "release", LEAD, reason="Read: not a concern.")
        assert flagged_today(session) == frozenset()
        into = a_loop(session, OWN)
        Ledger(session, MANAGER, NOW).merge(into, [loop_uid], reason="They say the same.")
        assert flagged_today(session) == frozenset()  # whoever read it read it, wherever it went since


def test_what_was_withdrawn_or_diverted_since_is_taken_back(store: Engine) -> None:
    with transaction(store) as session:
        withdrawn, diverted, _ = a_loop(session), a_loop(session), a_loop(session)
        move(session, withdrawn, "withdraw", reason="taken back")
        move(session, diverted, "divert", reason="a complaint")
        assert taken_back(session) == {withdrawn, diverted}


def test_no_loop_carries_a_word_of_what_was_said(store: Engine) -> None:
    with transaction(store) as session:
        loop_uid = a_loop(session, OWN, DESCRIBE, DECIDE, APPROVE, TELL)
        words = session.get_one(Comment, comment_of(session, loop_uid)).text
    with reading(store) as session:
        assert words not in repr(loops_as_of(session, date(2026, 11, 10)))


def test_on_its_last_day_a_rebuilt_loop_is_the_loop_that_is_kept(store: Engine) -> None:
    with transaction(store) as session:
        loop_uid = a_loop(session, OWN, DESCRIBE, PROMISE, TELL)
    rebuilt = past(store, loop_uid, NOW.date())
    with reading(store) as session:
        kept = session.get_one(Loop, loop_uid)
        for name in ("state", "title", "owner", "outcome", "wording", "decided_on", "promise_by", "told_on", "voices"):
            assert getattr(rebuilt, name) == getattr(kept, name), name


def comment_of(session: Session, loop_uid: str) -> str:
    return session.scalars(select(Membership.comment_uid).where(Membership.loop_uid == loop_uid)).one()


def test_a_voice_that_came_late_makes_its_loop_as_old_as_itself(sqlite_store: Engine) -> None:
    with transaction(sqlite_store) as session:
        loop_uid, late, day = a_loop(session), a_comment(session), date(2026, 8, 20)
        response = session.get_one(Comment, late).response_uid
        session.execute(update(Response).where(Response.response_uid == response).values(heard_on=day))
        Ledger(session, SYSTEM, NOW).join({loop_uid: [(late, day), (a_comment(session), date(2026, 9, 1))]})
    loop = past(sqlite_store, loop_uid, date(2026, 8, 25))
    assert (loop.state, loop.voices, loop.heard_from) == ("heard", 1, day)
