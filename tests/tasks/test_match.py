"""What is new on either side meets the other, once; a person's no is never asked again."""

from datetime import timedelta

import pytest
from sqlalchemy import select

import tasks.match
from heardback.store import Match, OutboxEvent
from heardback.store.judgements import refused_changes
from heardback.store.session import reading
from tasks.loops import By, merge_loops, move_loop, reject_match
from tasks.match import MatchReport, match_new
from tests.council import change_row, exit_row
from tests.desk import Desk
from tests.factories import LEAD, NOW
from tests.ready_made import ReadyMade

pytestmark = pytest.mark.usefixtures("quick_gate")
FREEZING = "The waiting room is absolutely freezing whenever zebras visit"
HEATER = {"Title": "Warmer waiting room", "You said": "The waiting room is freezing", "Date": "2026-10-01"}
LATER = NOW + timedelta(hours=1)


def matches(desk: Desk) -> list[Match]:
    with reading(desk.store) as session:
        return list(session.scalars(select(Match).order_by(Match.loop_uid, Match.change_uid)))


@pytest.fixture
def heater(desk: Desk, ready_made: ReadyMade) -> Desk:
    """One comment and the change that answers it, beside others that do not."""
    return ready_made.fill(desk, both_sides)


@pytest.fixture
def sqlite_heater(sqlite_desk: Desk, ready_made: ReadyMade) -> Desk:
    return ready_made.fill(sqlite_desk, both_sides)


def both_sides(desk: Desk) -> Desk:
    desk.pull(exit_row(1, FREEZING), exit_row(2, "Serve halal pizza at the Friday club"))
    desk.pull(
        change_row(1, "We put a heater in the waiting room.", **HEATER),
        change_row(
            2, "Bus passes are posted within a week.", Title="Bus passes", **{"You said": "Bus passes came late"}
        ),
        feed="log",
    )
    return desk


def test_a_comment_and_the_change_that_answers_it_find_each_other(heater: Desk) -> None:
    report = match_new(NOW)
    assert report == MatchReport(comments=2, changes=2, loops_with_a_suggestion=1, loops_without=1, proposed=1)
    (found,) = matches(heater)
    assert (found.loop_uid, found.change_uid, found.standing) == ("L-0001", "log:1", "proposed")
    assert 0.35 <= found.probability <= 1
    with reading(heater.store) as session:
        assert (
            session.scalars(select(OutboxEvent.payload).where(OutboxEvent.name == "match.proposed")).one()["matches"]
            == 1
        )


def test_the_second_run_has_nothing_to_do(heater: Desk) -> None:
    match_new(NOW)
    before = heater.events()
    assert match_new(NOW) == MatchReport(0, 0, 0, 0, 0)
    assert match_new(LATER) == MatchReport(0, 0, 0, 0, 0)
    assert heater.events() == before


def test_reasons_hold_none_of_the_comments_own_words(sqlite_heater: Desk) -> None:
    match_new(NOW)
    (found,) = matches(sqlite_heater)
    said = " ".join(found.reasons).lower()
    assert "waiting" in said
    assert not any(word in said for word in ("zebra", "absolutely", "visit"))


def test_a_new_change_meets_old_loops(sqlite_desk: Desk) -> None:
    sqlite_desk.pull(exit_row(1, FREEZING))
    assert match_new(NOW).proposed == 0
    sqlite_desk.pull(change_row(1, "We put a heater in the waiting room.", **HEATER), feed="log")
    assert match_new(NOW) == MatchReport(0, 1, 1, 0, 1)  # at the same instant: it is not told by the clock


def test_an_edited_change_meets_old_loops(heater: Desk) -> None:
    match_new(NOW)
    heater.pull(
        change_row(1, "We put a heater in the waiting room.", **HEATER),
        change_row(
            2, "There is halal pizza at the Friday club now.", Title="Halal pizza", **{"You said": "Halal pizza please"}
        ),
        feed="log",
        name="export-2.csv",
        at=LATER,
    )
    assert match_new(LATER).changes == 1
    assert {(match.loop_uid, match.change_uid) for match in matches(heater)} == {
        ("L-0001", "log:1"),
        ("L-0002", "log:2"),
    }


def test_an_edited_change_that_fits_better_is_shown_with_todays_figures(sqlite_heater: Desk) -> None:
    match_new(NOW)
    before = matches(sqlite_heater)[0].probability
    worse = {**HEATER, "Title": "Room", "You said": "Freezing"}
    sqlite_heater.pull(change_row(1, "Heating.", **worse), feed="log", name="export-2.csv", at=LATER)
    match_new(LATER)
    after = matches(sqlite_heater)
    assert len(after) == 1
    assert after[0].probability != before or after[0].reasons == []


def test_a_rejected_pair_is_never_offered_again(heater: Desk) -> None:
    match_new(NOW)
    reject_match("L-0001", "log:1", By("Amira Sayed"), NOW)
    heater.pull(
        change_row(1, "We put two heaters in the waiting room.", **HEATER), feed="log", name="export-2.csv", at=LATER
    )
    assert match_new(LATER).proposed == 0
    (found,) = matches(heater)
    assert (found.standing, found.judged_by) == ("rejected", "Amira Sayed")


def test_a_rejected_pair_is_not_offered_again_where_its_loop_was_merged(sqlite_heater: Desk) -> None:
    match_new(NOW)
    reject_match("L-0001", "log:1", By("Amira Sayed"), NOW)
    merge_loops("L-0002", ["L-0001"], By("Amira Sayed"), NOW, "the same evening")
    sqlite_heater.pull(
        change_row(1, "Two heaters in the waiting room.", **HEATER), feed="log", name="export-2.csv", at=LATER
    )
    match_new(LATER)
    assert [(match.loop_uid, match.standing) for match in matches(sqlite_heater)] == [("L-0001", "rejected")]


def test_what_is_held_back_answered_or_not_counted_is_not_matched(sqlite_desk: Desk) -> None:
    sqlite_desk.pull(exit_row(1, FREEZING + " and my dad hits me"), exit_row(2, FREEZING), exit_row(3, "nothing"))
    sqlite_desk.answer("L-0002")
    sqlite_desk.pull(change_row(1, "We put a heater in the waiting room.", **HEATER), feed="log")
    assert match_new(NOW).comments == 0
    sqlite_desk.move("L-0001", "release", LEAD, reason="read")
    assert match_new(NOW).comments == 1


def test_a_loop_held_back_while_we_matched_is_offered_nothing(
    sqlite_heater: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    find = tasks.match.match

    def and_meanwhile(*given: object) -> object:
        found = find(*given)  # type: ignore[arg-type]
        sqlite_heater.move("L-0001", "withhold", LEAD, reason="a concern was raised")
        monkeypatch.setattr(tasks.match, "match", find)
        return found

    monkeypatch.setattr(tasks.match, "match", and_meanwhile)
    assert match_new(NOW).proposed == 0
    assert matches(sqlite_heater) == []


def test_a_confirmed_match_is_the_persons_own(sqlite_heater: Desk) -> None:
    match_new(NOW)
    loop = move_loop("L-0001", "match", By("Amira Sayed"), NOW, change="log:1")
    assert (loop["state"], loop["change_uid"]) == ("matched", "log:1")
    (found,) = matches(sqlite_heater)
    assert (found.standing, found.judged_by) == ("confirmed", "Amira Sayed")


def test_without_changes_or_comments_there_is_nothing_to_match(sqlite_desk: Desk) -> None:
    assert match_new(NOW) == MatchReport(0, 0, 0, 0, 0)
    sqlite_desk.pull(exit_row(1, FREEZING))
    assert match_new(NOW) == MatchReport(1, 0, 0, 1, 0)


def test_a_refusal_is_on_the_changes_record_and_a_suggestion_alone_is_none(heater: Desk) -> None:
    match_new(NOW)
    with reading(heater.store) as session:
        assert refused_changes(session).empty
    reject_match("L-0001", "log:1", By("Amira Sayed"), NOW)
    with reading(heater.store) as session:
        assert refused_changes(session).to_dict("records") == [{"change_uid": "log:1", "known_on": ""}]
