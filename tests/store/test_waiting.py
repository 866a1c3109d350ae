"""What matching and nudging start from: what is open, and what has not been met yet."""

from datetime import date, timedelta

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.event import listen
from sqlalchemy.orm import Session

from heardback.domain.words import Standing
from heardback.errors import NotFound
from heardback.ledger import SYSTEM, Ledger
from heardback.store import Match, Membership, Nudge, NudgedLoop
from heardback.store.matches import judge, propose, suggestions_for
from heardback.store.session import reading, transaction
from heardback.store.waiting import (
    changes_to_match,
    comments_to_match,
    mark_matched,
    mark_met,
    owed,
    rejected_pairs,
    still_open,
    unmoved,
)
from tests.factories import DECIDE, LEAD, MANAGER, NOW, OWN, PROMISE, TELL, a_comment, a_loop
from tests.store.test_evidence import a_change

LATER = NOW + timedelta(days=1)


def member(session: Session, loop_uid: str) -> str:
    query = select(Membership.comment_uid).where(Membership.loop_uid == loop_uid, Membership.left_on.is_(None))
    return session.scalars(query).one()


def a_proposal(session: Session, loop_uid: str, change_uid: str, probability: float = 0.5) -> int:
    row = {
        "loop_uid": loop_uid, "change_uid": change_uid, "comment_uid": member(session, loop_uid), "score": 1.0,
        "probability": probability, "band": "ask", "reasons": [f"{probability}"], "matcher": "1",
    }  # fmt: skip
    return propose(session, [row], NOW)


def test_something_is_owed_until_people_are_told_and_promises_are_kept(store: Engine) -> None:
    with transaction(store) as session:
        waiting = [
            a_loop(session),
            a_loop(session, OWN),
            a_loop(session, OWN, DECIDE),
            a_loop(session, OWN, PROMISE, TELL),
        ]
        a_loop(session, OWN, DECIDE, TELL)
        a_loop(session, OWN, PROMISE, TELL, ("keep", {"on": date(2026, 10, 20)}))
        a_loop(session, ("set_aside", {"reason": "nothing asked"}))
        Ledger(session, LEAD, NOW).move(a_loop(session), "withhold", reason="a concern")
        assert owed(session)["loop_uid"].tolist() == waiting


def test_reminders_are_counted_once_they_were_sent_or_may_have_been(store: Engine) -> None:
    with transaction(store) as session:
        loop_uid, other = a_loop(session), a_loop(session)
        for number, state in enumerate(("sent", "unknown", "failed", "claimed")):
            session.add(
                Nudge(
                    nudge_uid=str(number), kind="digest", recipient="dan", time_window=f"W{number}", state=state,
                    claimed_at=NOW, sent_at=None, channel="", receipt="", error="", via="", attempts=0,
                    stays_as_it_is="",
                )
            )  # fmt: skip
            session.flush()
            session.add(
                NudgedLoop(
                    nudge_uid=str(number), loop_uid=loop_uid, position=0, version=1, rung="owner", shown=True,
                    stands_at=1,
                )
            )  # fmt: skip
        session.flush()
        assert dict(zip(owed(session)["loop_uid"], owed(session)["reminders_sent"], strict=True)) == {
            loop_uid: 2,
            other: 0,
        }


def test_where_few_loops_are_asked_for_no_others_history_is_read(sqlite_store: Engine) -> None:
    """A page, and each message that is written anew, asks for a few among thousands."""
    with transaction(sqlite_store) as session:
        wanted, _other = a_loop(session), a_loop(session)
    asked: list[str] = []
    listen(sqlite_store, "before_cursor_execute", lambda *given: asked.append(str(given[2:4])))
    with reading(sqlite_store) as session:
        assert list(owed(session, [wanted])["loop_uid"]) == [wanted]
    queries = [one for one in asked if "SELECT" in one]
    assert len(queries) == 3
    assert all(wanted in one for one in queries)


def test_nothing_owed_is_an_empty_table_with_its_columns(sqlite_store: Engine) -> None:
    with reading(sqlite_store) as session:
        assert owed(session).empty
        assert {"loop_uid", "heard_from", "reminders_sent"} <= set(owed(session).columns)


def test_only_comments_of_open_loops_are_matched_and_each_loop_once(store: Engine) -> None:
    with transaction(store) as session:
        met, new = a_loop(session), a_loop(session, OWN)
        a_loop(session, OWN, DECIDE)
        Ledger(session, LEAD, NOW).move(a_loop(session), "withhold", reason="a concern")
        mark_matched(session, [met], NOW)
        assert comments_to_match(session)["loop_uid"].tolist() == [new]
        assert sorted(comments_to_match(session, unmatched_only=False)["loop_uid"]) == [met, new]
        mark_matched(session, [met], None)
        assert sorted(comments_to_match(session)["loop_uid"]) == [met, new]


def test_a_comment_that_was_split_off_is_matched_for_the_loop_it_is_in_and_no_longer_for_the_other(
    sqlite_store: Engine,
) -> None:
    with transaction(sqlite_store) as session:
        loop_uid, second = a_loop(session), a_comment(session)
        Ledger(session, SYSTEM, NOW).join({loop_uid: [(second, date(2026, 9, 2))]})
        (first,) = set(session.scalars(select(Membership.comment_uid))) - {second}
        new = Ledger(session, MANAGER, NOW).split(loop_uid, [second])
        found = comments_to_match(session)
        assert dict(zip(found["comment_uid"], found["loop_uid"], strict=True)) == {first: loop_uid, second: new}
        assert len(found) == 2


def test_a_change_is_new_until_its_pull_was_met_whatever_the_clock_says(store: Engine) -> None:
    with transaction(store) as session:
        first = a_change(session, 1)
        pulls = set(changes_to_match(session, unmet_only=True)["pull_uid"])
        second = a_change(session, 2)  # recorded at the same instant, and kept later
        mark_met(session, pulls, LATER)
        assert changes_to_match(session, unmet_only=True)["change_uid"].tolist() == [second]
        assert changes_to_match(session)["change_uid"].tolist() == [first, second]
        mark_met(session, pulls, LATER)
        assert len(changes_to_match(session, unmet_only=True)) == 1


def test_a_rejection_goes_with_its_comment_into_another_loop(store: Engine) -> None:
    with transaction(store) as session:
        change_uid, first, second = a_change(session, 1), a_loop(session), a_loop(session)
        comment = member(session, first)
        a_proposal(session, first, change_uid)
        judge(session, first, change_uid, Standing.REJECTED, "Dan", NOW)
        assert rejected_pairs(session) == {(comment, change_uid)}
        Ledger(session, MANAGER, NOW).merge(second, [first])
        assert rejected_pairs(session) == {(comment, change_uid)}


def test_a_rejection_does_not_reach_a_comment_that_had_left_before(sqlite_store: Engine) -> None:
    with transaction(sqlite_store) as session:
        change_uid, loop_uid, other = a_change(session, 1), a_loop(session), a_comment(session)
        Ledger(session, SYSTEM, NOW).join({loop_uid: [(other, date(2026, 9, 1))]})
        Ledger(session, MANAGER, NOW).split(loop_uid, [other], reason="another wish")
        a_proposal(session, loop_uid, change_uid)
        judge(session, loop_uid, change_uid, Standing.REJECTED, "Dan", LATER)
        assert rejected_pairs(session) == {(member(session, loop_uid), change_uid)}


def test_a_pair_that_still_waits_takes_the_figures_of_today_and_a_judged_one_stays(store: Engine) -> None:
    with transaction(store) as session:
        change_uid, waiting, refused = a_change(session, 1), a_loop(session), a_loop(session)
        assert (a_proposal(session, waiting, change_uid), a_proposal(session, refused, change_uid)) == (1, 1)
        judge(session, refused, change_uid, Standing.REJECTED, "Dan", NOW)
        assert (a_proposal(session, waiting, change_uid, 0.9), a_proposal(session, refused, change_uid, 0.9)) == (0, 0)
    with reading(store) as session:
        (now,), (then,) = suggestions_for(session, waiting), suggestions_for(session, refused)
    assert (now.probability, now.reasons, now.standing) == (0.9, ["0.9"], "proposed")
    assert (then.probability, then.standing, then.judged_by) == (0.5, "rejected", "Dan")


def test_a_person_may_confirm_what_nobody_suggested_but_not_a_change_that_is_not_there(sqlite_store: Engine) -> None:
    with transaction(sqlite_store) as session:
        change_uid, loop_uid = a_change(session, 1), a_loop(session)
        with pytest.raises(NotFound, match="no change log:77"):
            judge(session, loop_uid, "log:77", Standing.CONFIRMED, "Dan", NOW)
        with pytest.raises(NotFound, match="was not suggested"):
            judge(session, loop_uid, change_uid, Standing.REJECTED, "Dan", NOW)
        judge(session, loop_uid, change_uid, Standing.CONFIRMED, "Dan", NOW)
        assert session.scalars(select(Match.matcher)).one() == "person"


def test_only_open_loops_are_offered_anything(sqlite_store: Engine) -> None:
    with transaction(sqlite_store) as session:
        waiting, answered = a_loop(session), a_loop(session, OWN, DECIDE)
        assert still_open(session, {waiting, answered, "L-9999"}) == {waiting}


def test_loops_are_unmoved_while_all_stand_at_the_versions_that_were_seen(store: Engine) -> None:
    with transaction(store) as session:
        first, second = a_loop(session), a_loop(session, OWN)
        assert unmoved(session, {first: 1, second: 2})
        assert not unmoved(session, {first: 1, second: 1})
        assert not unmoved(session, {first: 1, "L-9999": 1})
