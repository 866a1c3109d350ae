"""A form that was copied counts its answers from 1 again: those of other children are not written over."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from heardback.store import SourceState
from tests.council import EXIT, Row, exit_row
from tests.desk import Desk, problems_of
from tests.factories import NOW

LAST_YEAR = [
    "Fix the broken toilet door", "More pizza on Fridays please", "Buses never come on time", "My worker left too soon",
    "The forms are far too long", "Nobody told us the new date", "Open later in the holidays", "Bring back boxing club",
]  # fmt: skip
THIS_YEAR = [
    "Let us choose which films", "Put a light on that path", "Somewhere quiet for prayer", "Cheaper drinks at the desk",
    "We want girls' football again", "Answer when I ring you", "Longer sessions with Dee", "Mend all four swings",
]  # fmt: skip
OTHERS = "answers whose ids are on record are of another day, and say something else altogether"


def answers(said: list[str], day: str) -> list[Row]:
    return [exit_row(number, words, date=day) for number, words in enumerate(said, start=1)]


@pytest.mark.parametrize("mode", ["append", "snapshot"])
def test_the_answers_of_a_copied_form_do_not_write_over_those_of_the_first(desk: Desk, mode: str) -> None:
    desk.configure(sources={"exit": {"mode": mode}})
    desk.pull(*answers(LAST_YEAR, "2025-09-01"), name="2025.csv")
    loops = desk.states()
    report = desk.pull(*answers(THIS_YEAR, "2026-09-01"), name="2026.csv", at=NOW + timedelta(days=1))
    assert (report.status, f"2026.csv: 8 of 8 {OTHERS}" in report.error) == ("failed", True)
    assert "Give another form a source of its own" in report.error
    assert (sorted(desk.texts()), desk.states()) == (sorted(LAST_YEAR), loops)
    assert problems_of(desk.store) == []


def test_a_council_may_say_that_they_are_edits(sqlite_desk: Desk) -> None:
    sqlite_desk.pull(*answers(LAST_YEAR, "2025-09-01"), name="2025.csv")
    sqlite_desk.configure(policy={"gate": {"max_vanished_share": 1}})
    sqlite_desk.pull(*answers(THIS_YEAR, "2026-09-01"), name="2026.csv")
    assert sorted(sqlite_desk.texts()) == sorted(THIS_YEAR)


def test_rows_that_were_numbered_anew_are_refused_where_nothing_else_tells_them_apart(sqlite_desk: Desk) -> None:
    """A sheet without days, into which somebody put a row at the top."""
    questions = [question for question in EXIT["questions"] if question["column"] != "date"]
    sqlite_desk.configure(sources={"exit": {"questions": questions}})
    sqlite_desk.pull(*answers(LAST_YEAR, ""), name="1.csv")
    report = sqlite_desk.pull(*answers(["Paint it yellow", *LAST_YEAR], ""), name="2.csv")
    assert (report.status, f"8 of 8 {OTHERS}" in report.error) == ("failed", True)


@pytest.mark.parametrize(("edited", "noted"), [
    (answers(THIS_YEAR, "2025-09-01"), ""),  # of the same day: they are the same answers
    (answers([f"{words}, and soon" for words in LAST_YEAR], "2026-09-01"), ""),  # a map whose dates were corrected
    (answers(["Help", *LAST_YEAR[1:]], "2026-09-01"), "1 answer of another day and in other words altogether"),
    (answers(["" for _ in LAST_YEAR], "2026-09-01"), ""),
    ([*answers(THIS_YEAR[:2], "2026-09-01"), *answers(LAST_YEAR, "2025-09-01")[2:5]], "2 answers of another day"),
], ids=["other words", "another day", "one other", "taken back", "two others"])  # fmt: skip
def test_edits_are_edits_and_a_few_that_may_be_none_are_noted(sqlite_desk: Desk, edited: list[Row], noted: str) -> None:
    sqlite_desk.configure(sources={"exit": {"mode": "append"}})
    sqlite_desk.pull(*answers(LAST_YEAR, "2025-09-01"), name="2025.csv")
    report = sqlite_desk.pull(*edited, name="2026.csv")
    assert report.status == "landed"
    told = [note for note in report.notes if "taken for edits" in note]
    assert (len(told), all(note.startswith(noted) for note in told)) == (1 if noted else 0, True)


def test_a_fifth_may_be_others(sqlite_desk: Desk) -> None:
    first = [*answers(LAST_YEAR, "2025-09-01"), *(exit_row(n, f"Wish number {n}") for n in range(9, 16))]
    sqlite_desk.pull(*first, name="2025.csv")
    three = answers(THIS_YEAR[:3], "2026-09-01")
    assert sqlite_desk.pull(*three, *first[3:], name="2026-1.csv").status == "landed"
    four = [exit_row(n, words, date="2026-10-01") for n, words in enumerate(["a a", "b b", "c c", "d d"], start=1)]
    assert f"4 of 15 {OTHERS}" in sqlite_desk.pull(*four, *first[4:], name="2026-2.csv").error


ID = {"mode": "append", "natural_key": ["id"]}
NO_ID = {"mode": "append", "natural_key": []}
TWO = {"mode": "append", "natural_key": ["id", "date"]}


@pytest.mark.parametrize(("first", "then", "told"), [
    (NO_ID, ID, "new by id stand on record by what they say"), (ID, TWO, "new by id, date stand on record by id"),
    (ID, NO_ID, "new by what they say stand on record by id"),
], ids=["given", "widened", "taken"])  # fmt: skip
def test_a_map_that_was_given_another_key_has_nothing_heard_a_second_time(
    desk: Desk, first: dict[str, object], then: dict[str, object], told: str
) -> None:
    said = answers(LAST_YEAR, "2025-09-01")
    desk.configure(sources={"exit": first})
    desk.pull(*said, name="1.csv")
    desk.configure(sources={"exit": then})
    report = desk.pull(*said, exit_row(9, "One more"), name="2.csv", at=NOW + timedelta(days=1))
    assert (report.status, f"8 of 9 answers that are {told}" in report.error) == ("failed", True)
    assert sorted(desk.texts()) == sorted(LAST_YEAR)
    desk.configure(sources={"exit": first})
    assert desk.pull(at=NOW + timedelta(days=2)).fates["loop"] == (1 if first is ID else 9)
    assert problems_of(desk.store) == []


def test_what_is_new_under_another_key_lands_and_from_then_on_it_is_the_key(sqlite_desk: Desk) -> None:
    """A header that was reworded is another key by its name; the ids are the same."""
    sqlite_desk.configure(sources={"exit": ID})
    sqlite_desk.pull(*answers(LAST_YEAR, "2025-09-01"), name="1.csv")
    sqlite_desk.configure(sources={"exit": TWO})
    assert sqlite_desk.pull(exit_row(20, "One more"), name="2.csv").fates == {"loop": 1}
    assert sqlite_desk.ask(select(SourceState.known_by).where(SourceState.source_id == "exit")) == ["id, date"]


def test_what_a_file_says_twice_itself_was_not_on_record_before(
    sqlite_desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its parts are held against what stood there before any of them was written."""
    monkeypatch.setattr("heardback.domain.packed.AT_ONCE", 3)
    sqlite_desk.configure(sources={"exit": ID})
    sqlite_desk.pull(*answers(LAST_YEAR, "2025-09-01"), name="1.csv")
    sqlite_desk.configure(sources={"exit": TWO})
    alike = [exit_row(number, "Mend the swings") for number in range(20, 26)]
    assert sqlite_desk.pull(*alike, name="2.csv").fates == {"loop": 6}
