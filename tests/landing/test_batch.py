"""What a batch leaves behind: every row one fate, every comment one loop, nothing twice (G1)."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

import pytest
from sqlalchemy import Engine, event, select

from heardback.store import Choice, Comment, HistoryEntry, Loop, Membership, OutboxEvent, Rating, Response
from heardback.store.session import reading
from tests.council import box_row, change_row, exit_row
from tests.desk import Desk, problems_of

FREEZING = "The waiting room is freezing"


def test_every_comment_is_in_exactly_one_loop(sqlite_desk: Desk) -> None:
    report = sqlite_desk.pull(
        exit_row(1, FREEZING, like="please keep the pool table"),
        exit_row(2, "Longer opening hours please", like="nothing"),
        exit_row(3, "my dad hits me"),
    )
    assert (report.rows_read, report.comments) == (3, 5)
    assert problems_of(sqlite_desk.store) == []
    assert sqlite_desk.states() == ["heard", "heard", "withheld", "heard", "not_counted"]


def test_what_reads_like_praise_in_another_language_is_heard(sqlite_desk: Desk) -> None:
    """The phrases of praise are English; "the house and the tower are very cold" may have one in Welsh."""
    sqlite_desk.configure(screening={"praise": ["lovely", "iawn"]})
    sqlite_desk.pull(exit_row(1, "Mae’r tŷ a’r tŵr yn oer iawn"), exit_row(2, "The staff are lovely"))
    assert sqlite_desk.states() == ["heard", "not_counted"]


def test_identical_words_to_one_service_share_a_loop(desk: Desk) -> None:
    desk.pull(
        exit_row(1, FREEZING), exit_row(2, "the waiting ROOM is freezing!!"), exit_row(3, FREEZING, date="2026-09-05")
    )
    loop = desk.loop("L-0001")
    assert (loop.voices, loop.heard_from, loop.heard_to) == (3, date(2026, 9, 1), date(2026, 9, 5))
    assert desk.count(Loop) == 1
    assert desk.moves("L-0001") == ["open", "join"]


def test_identical_words_to_two_services_do_not_share_a_loop(sqlite_desk: Desk) -> None:
    sqlite_desk.pull(exit_row(1, FREEZING), exit_row(2, FREEZING, service="youth"))
    with reading(sqlite_desk.store) as session:
        found = session.execute(select(Loop.service_code, Loop.voices).order_by(Loop.loop_uid)).all()
    assert [tuple(row) for row in found] == [("yjs", 1), ("youth", 1)]


def test_words_heard_again_later_join_the_loop_while_it_is_open(desk: Desk) -> None:
    desk.pull(exit_row(1, FREEZING))
    desk.pull(exit_row(1, FREEZING), exit_row(2, FREEZING), name="export-2.csv")
    assert (desk.count(Loop), desk.loop("L-0001").voices) == (1, 2)


def test_words_heard_again_after_the_answer_open_a_loop_of_their_own(sqlite_desk: Desk) -> None:
    sqlite_desk.pull(exit_row(1, FREEZING))
    sqlite_desk.answer("L-0001", told=True)
    sqlite_desk.pull(exit_row(1, FREEZING), exit_row(2, FREEZING), name="export-2.csv")
    assert sqlite_desk.states() == ["told", "heard"]


def matched_and_said_again(desk: Desk, **policy: str) -> None:
    desk.configure(policy={"matching": policy})
    desk.pull(change_row(1), feed="log")
    desk.pull(exit_row(1, FREEZING))
    desk.move("L-0001", "own", owner="amira")
    desk.move("L-0001", "match", change="log:1")
    desk.pull(exit_row(1, FREEZING), exit_row(2, FREEZING), name="export-2.csv")


def test_words_heard_again_are_linked_to_no_change_that_nobody_read_them_beside(sqlite_desk: Desk) -> None:
    matched_and_said_again(sqlite_desk)
    assert (sqlite_desk.states(), sqlite_desk.loop("L-0001").voices) == (["matched", "heard"], 1)


def test_where_the_policy_links_repeats_the_history_says_that_it_was_the_policy(sqlite_desk: Desk) -> None:
    matched_and_said_again(sqlite_desk, repeats="link")
    assert (sqlite_desk.states(), sqlite_desk.loop("L-0001").voices) == (["matched"], 2)
    with reading(sqlite_desk.store) as session:
        last = session.scalars(select(HistoryEntry).order_by(HistoryEntry.sequence.desc())).first()
    assert last is not None
    assert (last.move, last.details) == ("join", {"voices": 1, "linked_by_policy": True})


@pytest.mark.parametrize("words", ["my dad hits me", "nothing", "lovely", "this is a formal complaint", "Pizza"])
def test_what_is_owed_no_answer_or_says_too_little_is_never_grouped(sqlite_desk: Desk, words: str) -> None:
    sqlite_desk.pull(exit_row(1, words), exit_row(2, words))
    assert [loop.voices for loop in (sqlite_desk.loop("L-0001"), sqlite_desk.loop("L-0002"))] == [1, 1]


def test_two_children_who_write_the_same_without_an_id_are_both_kept(sqlite_desk: Desk) -> None:
    report = sqlite_desk.pull(box_row("More pizza please"), box_row("More pizza please"), feed="box")
    assert report.fates == {"loop": 2}
    assert sqlite_desk.loop("L-0001").voices == 2


def test_a_test_response_lands_and_none_of_its_comments_do(sqlite_desk: Desk) -> None:
    report = sqlite_desk.pull(exit_row(1, "my dad hits me", status="test"), exit_row(2, FREEZING))
    assert report.fates == {"loop": 1, "not_counted": 1}
    assert (sqlite_desk.count(Response), sqlite_desk.texts(), sqlite_desk.states()) == (2, [FREEZING], ["heard"])
    assert sqlite_desk.fates()[0] == ("not_counted", "test")
    assert "safeguarding.raised" not in sqlite_desk.events()


def test_a_response_without_a_comment_is_kept_and_not_counted(desk: Desk) -> None:
    desk.pull(exit_row(1, rate="5", helped="place; people"), exit_row(2))
    assert desk.fates() == [("not_counted", "no comment"), ("not_counted", "empty")]
    assert (desk.count(Rating), desk.count(Choice), desk.count(Comment), desk.count(Loop)) == (1, 2, 0, 0)
    assert problems_of(desk.store) == []


def test_a_score_that_nobody_knows_is_none(desk: Desk) -> None:
    desk.pull(exit_row(1, rate="9"), exit_row(2, rate="5"))
    assert desk.ask(select(Rating.score).order_by(Rating.raw_value.desc())) == [None, 1.0]


@pytest.mark.parametrize(
    ("improve", "like", "fate", "reason"),
    [
        ("my dad hits me", "this is a formal complaint", "withheld", ""),
        (FREEZING, "my dad hits me", "withheld", ""),
        ("this is a formal complaint", FREEZING, "diverted", ""),
        ("nothing", FREEZING, "loop", ""),
        ("nothing", "lovely", "not_counted", "no answer given"),
        ("this is a formal complaint, he hits me", "", "withheld", ""),
    ],
)
def test_a_rows_fate_is_the_gravest_of_its_comments(
    sqlite_desk: Desk, improve: str, like: str, fate: str, reason: str
) -> None:
    sqlite_desk.pull(exit_row(1, improve, like=like))
    assert sqlite_desk.fates() == [(fate, reason)]


def test_where_everything_is_held_every_comment_waits_for_a_reader(sqlite_desk: Desk) -> None:
    sqlite_desk.configure(policy={"screening": {"hold": "all"}})
    sqlite_desk.pull(exit_row(1, FREEZING, like="nothing"))
    assert sqlite_desk.states() == ["withheld", "withheld"]
    assert sqlite_desk.events().count("safeguarding.raised") == 2
    why = [details["reasons"] for details in sqlite_desk.ask(select(HistoryEntry.details))]
    assert why == [["held for a trained reader"]] * 2


def test_an_alarm_for_a_disclosure_carries_no_word_of_it(sqlite_desk: Desk) -> None:
    sqlite_desk.pull(exit_row(1, "my dad hits me with a zebra"))
    with reading(sqlite_desk.store) as session:
        event = session.scalars(select(OutboxEvent).where(OutboxEvent.name == "safeguarding.raised")).one()
    assert event.payload == {"resource": "heardback.loop.L-0001", "priority": 1}


def test_landing_the_same_rows_again_lands_nothing(desk: Desk) -> None:
    rows = [exit_row(1, FREEZING, rate="5"), exit_row(2, "my dad hits me")]
    desk.pull(*rows)
    before = (desk.texts(), desk.states(), desk.events())
    report = desk.pull(*reversed(rows), name="export-2.csv")  # other bytes, the same answers
    assert (report.status, report.fates, report.comments) == ("landed", {"duplicate": 2}, 0)
    assert (desk.texts(), desk.states()) == before[:2]
    assert desk.events() == [*before[2], "pull.completed"]
    assert desk.count(Rating) == 1


def test_a_row_that_stands_twice_in_a_file_is_a_duplicate(sqlite_desk: Desk) -> None:
    report = sqlite_desk.pull(exit_row(1, FREEZING), exit_row(1, FREEZING))
    assert report.fates == {"loop": 1, "duplicate": 1}


def test_a_file_of_bad_rows_alone_lands_all_of_them_in_quarantine(desk: Desk) -> None:
    desk.configure(policy={"gate": {"max_bad_share": 1}})
    report = desk.pull(exit_row(1, FREEZING, date=""), exit_row("", "No id"))
    assert report.fates == {"quarantine": 2}
    assert problems_of(desk.store) == []


def test_a_card_without_a_day_ages_from_the_day_it_came(sqlite_desk: Desk) -> None:
    undated = [{"column": "date", "role": "submitted_on"}, {"column": "said", "role": "comment", "code": "said"}]
    sqlite_desk.configure(sources={"box": {"questions": undated}})
    sqlite_desk.pull(box_row("More pizza please", date=""), feed="box")
    with reading(sqlite_desk.store) as session:
        response = session.scalars(select(Response)).one()
    assert (response.heard_on, response.submitted_on) == (date(2026, 11, 10), None)
    assert response.date_precision == "unknown"
    assert sqlite_desk.loop("L-0001").heard_from == date(2026, 11, 10)


def test_a_batch_named_after_its_day_was_heard_on_that_day(sqlite_desk: Desk) -> None:
    undated = [{"column": "date", "role": "submitted_on"}, {"column": "said", "role": "comment", "code": "said"}]
    shape = {"path": "../inbox/box/*.csv", "date_in_name": r"(\d{4}-\d\d-\d\d)"}
    sqlite_desk.configure(sources={"box": {"questions": undated, "file": shape}})
    rows = [box_row("More pizza please", date=""), box_row("Less noise please", date="2026-10-01")]
    sqlite_desk.pull(*rows, feed="box", name="box-2026-10-05.csv")
    with reading(sqlite_desk.store) as session:
        query = select(Response.heard_on, Response.date_precision).order_by(Response.heard_on)
        assert [tuple(row) for row in session.execute(query)] == [
            (date(2026, 10, 1), "day"),
            (date(2026, 10, 5), "batch"),
        ]


def test_membership_begins_on_the_day_it_was_said(sqlite_desk: Desk) -> None:
    sqlite_desk.pull(exit_row(1, FREEZING), exit_row(2, FREEZING, date="2026-09-05"))
    with reading(sqlite_desk.store) as session:
        days = session.scalars(select(Membership.joined_on).order_by(Membership.joined_on)).all()
    assert days == [date(2026, 9, 1), date(2026, 9, 5)]


def test_a_batch_that_lands_in_parts_is_as_if_it_had_landed_at_once(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("heardback.domain.packed.AT_ONCE", 2)
    said = [exit_row(1, FREEZING), exit_row(2, "my dad hits me"), exit_row(3, ""), exit_row(4, "more pool tables")]
    report = desk.pull(*said, exit_row(5, FREEZING, like="a longer day please"))
    assert (report.rows_read, report.comments) == (5, 5)
    assert report.fates == {"loop": 3, "withheld": 1, "not_counted": 1}
    assert desk.states() == ["heard", "withheld", "heard", "heard"]
    assert desk.loop_of("a longer day").loop_uid == "L-0004"
    assert (desk.loop("L-0001").voices, desk.moves("L-0001")) == (2, ["open", "join"])
    assert problems_of(desk.store) == []


def test_what_was_edited_is_found_in_whichever_part_it_lands(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    before = [exit_row(number, f"room number {number} is freezing") for number in range(1, 6)]
    desk.pull(*before)
    monkeypatch.setattr("heardback.domain.packed.AT_ONCE", 2)
    edited = [exit_row(number, f"room number {number} is a boiler") for number in (1, 5)]
    desk.pull(edited[0], *before[1:4], edited[1], exit_row(6, FREEZING), exit_row(7, FREEZING), name="export-2.csv")
    still = [f"room number {number} is freezing" for number in (2, 3, 4)]
    boiling = [f"room number {number} is a boiler" for number in (1, 5)]
    assert desk.texts() == sorted([*still, *boiling, FREEZING, FREEZING])
    assert desk.loop_of("room number 3").voices == 1
    assert problems_of(desk.store) == []


@pytest.mark.usefixtures("quick_gate")
def test_one_more_voice_costs_the_database_no_more_for_the_loops_that_are_open(sqlite_desk: Desk) -> None:
    """Counted in hundreds of SQLite's own steps: it went through every open loop to see who says the same."""
    sqlite_desk.configure(sources={"box": {"mode": "append"}})
    steps = []
    for name, said in (("1.csv", 200), ("2.csv", 1000), ("3.csv", 200)):
        with counted_steps() as count:
            sqlite_desk.pull(
                *(box_row(f"{name} wants {number} more chairs") for number in range(said)), feed="box", name=name
            )
        steps.append(len(count))
    assert steps[2] < steps[0] * 1.1


@contextmanager
def counted_steps() -> Iterator[list[None]]:
    """One entry for each hundred steps of SQLite's machine, on connections that are opened meanwhile."""
    count: list[None] = []

    def watch(connection: Any, _record: object) -> None:
        connection.set_progress_handler(lambda: count.append(None), 100)

    event.listen(Engine, "connect", watch)
    try:
        yield count
    finally:
        event.remove(Engine, "connect", watch)
