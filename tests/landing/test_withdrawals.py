"""What a snapshot no longer has: its words go, the history stays, and a snapshot cut short is refused."""

import csv
from datetime import timedelta

import pytest
from sqlalchemy import select

from heardback.store import Choice, Rating, Response
from heardback.store.session import reading
from tasks.pull import pull_again
from tasks.quarantine import discard_row, list_quarantine, release_row
from tests.council import EXIT, Row, box_row, exit_row
from tests.desk import Desk, problems_of
from tests.factories import NOW
from tests.ready_made import ReadyMade

ASKS = [
    "Fix the broken toilet door", "More pizza on Fridays please", "Buses never come on time", "My worker left too soon",
    "The forms are far too long", "Nobody told us the new date", "Open later in the holidays", "Bring back boxing club",
    "Let us choose the films", "Put a light on the path",
]  # fmt: skip


MORE = {"match": r"^more/say#\d+$", "role": "comment", "code": "more"}


def rows(*left_out: int, **edits: str) -> list[Row]:
    kept = [exit_row(number, edits.get(f"n{number}", words)) for number, words in enumerate(ASKS, start=1)]
    return [row for number, row in enumerate(kept, start=1) if number not in left_out]


def without(column: str, given: list[Row]) -> list[Row]:
    return [{name: cell for name, cell in row.items() if name != column} for row in given]


def ten_answers(desk: Desk) -> None:
    desk.pull(*rows(), name="2026-09.csv")


@pytest.fixture
def ten(desk: Desk, ready_made: ReadyMade) -> Desk:
    return ready_made.fill(desk, ten_answers)


@pytest.fixture
def sqlite_ten(sqlite_desk: Desk, ready_made: ReadyMade) -> Desk:
    return ready_made.fill(sqlite_desk, ten_answers)


def withdrawn(desk: Desk) -> list[str]:
    with reading(desk.store) as session:
        query = select(Response.source_record_id).where(Response.withdrawn_at.is_not(None))
        return sorted(session.scalars(query))


def test_what_vanished_from_a_snapshot_is_withdrawn_and_its_words_go(ten: Desk) -> None:
    loop_uid = ten.loop_of(ASKS[2]).loop_uid
    report = ten.pull(*rows(3, 7), name="2026-10.csv")
    assert (report.withdrawn, report.fates) == (2, {"duplicate": 8})
    assert withdrawn(ten) == ["3", "7"]
    assert not {ASKS[2], ASKS[6]} & set(ten.texts())
    assert (ten.loop(loop_uid).state, ten.moves(loop_uid)) == ("withdrawn", ["open", "withdraw"])
    assert problems_of(ten.store) == []


def test_what_was_withdrawn_is_not_withdrawn_again(sqlite_ten: Desk) -> None:
    """Nor does it count among those on record, of which a fifth may go."""
    sqlite_ten.pull(*rows(3, 7), name="2026-10.csv")
    report = sqlite_ten.pull(*rows(3, 7, 8), name="2026-11.csv", at=NOW + timedelta(days=30))
    assert (report.withdrawn, withdrawn(sqlite_ten)) == (1, ["3", "7", "8"])
    went = select(Response.withdrawn_at).where(Response.withdrawn_at.is_not(None)).order_by(Response.source_record_id)
    assert sqlite_ten.ask(went) == [NOW, NOW, NOW + timedelta(days=30)]
    assert "2 of 7 responses on record" in sqlite_ten.pull(*rows(3, 7, 8, 9, 10), name="2026-12.csv").error


def test_more_than_a_fifth_gone_refuses_the_snapshot_and_nothing_of_it_is_kept(ten: Desk) -> None:
    before = (ten.texts(), ten.states())
    report = ten.pull(*rows(1, 2, 3), exit_row(11, "A new wish altogether"), name="2026-10.csv")
    assert report.status == "failed"
    assert report.error.startswith("2026-10.csv: 3 of 10 responses on record are not in this snapshot; 20% may go")
    assert (ten.texts(), ten.states(), withdrawn(ten)) == (*before, [])
    assert ten.events()[-1] == "pull.failed"
    assert [pull.status for pull in ten.pulls()].count("failed") == 1


def test_a_file_of_another_survey_does_not_drown_what_vanished_in_what_is_new(sqlite_ten: Desk) -> None:
    report = sqlite_ten.pull(*(exit_row(number, f"Answer {number}") for number in range(100, 200)), name="2026-10.csv")
    assert (report.status, "10 of 10 responses" in report.error) == ("failed", True)


def test_an_edit_that_was_undone_at_the_source_is_undone_here(sqlite_ten: Desk) -> None:
    """The file is byte for byte that of the day before yesterday, and yet it is news."""
    for day, name in enumerate(("2026-10.csv", "2026-11.csv", "2026-12.csv")):
        edited = rows(3, n1="The toilet door is broken AND dirty") if name == "2026-11.csv" else rows()
        sqlite_ten.pull(*edited, name=name, at=NOW + timedelta(days=day))
    assert (withdrawn(sqlite_ten), sorted(sqlite_ten.texts())) == ([], sorted(ASKS))
    assert sqlite_ten.pull_all(at=NOW + timedelta(days=3)).files[-1].status == "unchanged"
    assert problems_of(sqlite_ten.store) == []


def test_a_council_may_allow_more_to_vanish_and_then_it_lands(sqlite_ten: Desk) -> None:
    sqlite_ten.pull(*rows(1, 2, 3), name="2026-10.csv")
    sqlite_ten.configure(policy={"gate": {"max_vanished_share": 0.3}})
    assert sqlite_ten.pull().withdrawn == 3
    assert [pull.status for pull in sqlite_ten.pulls()] == ["landed", "landed"]


@pytest.mark.parametrize("share", [0.2, 1])
def test_an_empty_snapshot_is_refused_whatever_may_vanish(sqlite_ten: Desk, share: float) -> None:
    sqlite_ten.configure(policy={"gate": {"max_vanished_share": share}})
    path = sqlite_ten.drop("exit", exit_row(1), name="2026-10.csv")
    path.write_text(path.read_text(encoding="utf-8").splitlines()[0] + "\n", encoding="utf-8")
    report = sqlite_ten.pull()
    assert (report.status, withdrawn(sqlite_ten)) == ("failed", [])
    assert "10 of 10 responses" in report.error


def test_an_older_snapshot_neither_revises_nor_withdraws(sqlite_ten: Desk) -> None:
    sqlite_ten.pull(*rows(3, n1="The toilet door is broken AND dirty"), name="2026-10.csv")
    report = sqlite_ten.pull_all().files[0]
    assert report.status == "unchanged"
    sqlite_ten.drop("exit", *rows(5, n2="Less pizza"), name="2026-08.csv")  # somebody finds an older one
    report = sqlite_ten.pull_all().files[0]
    assert (report.file, report.fates, report.withdrawn) == ("2026-08.csv", {"duplicate": 9}, 0)
    assert withdrawn(sqlite_ten) == ["3"]
    assert "The toilet door is broken AND dirty" in sqlite_ten.texts()
    assert ASKS[1] in sqlite_ten.texts()
    assert problems_of(sqlite_ten.store) == []


def test_an_export_that_was_saved_twice_edits_and_withdraws_all_the_same(sqlite_ten: Desk) -> None:
    """Of two with the same bytes the first is not the newest: it only adds, and its copy behind it is no repetition."""
    said = rows(3, n1="The toilet door is broken AND dirty")
    sqlite_ten.drop("exit", *said, name="2026-10.csv")
    sqlite_ten.drop("exit", *said, name="2026-10 (1).csv")
    assert (sqlite_ten.pull().withdrawn, withdrawn(sqlite_ten)) == (1, ["3"])
    assert any("AND dirty" in words for words in sqlite_ten.texts())
    assert [report.status for report in sqlite_ten.pull_all().files] == ["unchanged"] * 3
    assert problems_of(sqlite_ten.store) == []


def test_what_only_an_older_snapshot_had_lands_with_a_warning_and_is_withdrawn_by_the_newest(sqlite_ten: Desk) -> None:
    sqlite_ten.drop("exit", *rows(), exit_row(11, "Mend the swings"), name="2026-08.csv")
    older, newest = sqlite_ten.pull_all().files
    assert older.fates == {"loop": 1, "duplicate": 10}
    assert older.notes[-1].startswith("an older snapshot than one that has landed")
    assert (newest.withdrawn, withdrawn(sqlite_ten)) == (1, ["11"])
    assert [file.status for file in sqlite_ten.pull_all().files] == ["unchanged", "unchanged"]


@pytest.mark.parametrize("mode", ["append", "snapshot"])
def test_only_an_older_snapshot_is_told_as_one(sqlite_desk: Desk, mode: str) -> None:
    """A file that came late adds to those before it; one that was written over is not older than itself."""
    sqlite_desk.configure(sources={"exit": {"mode": mode}})
    sqlite_desk.pull(*rows(), name="2026-09.csv")
    if mode == "append":
        sqlite_desk.pull(exit_row(11, "Mend the swings"), name="2026-11.csv")
    sqlite_desk.drop("exit", *rows(), exit_row(12, "Plant a tree"), name="2026-09.csv")
    sqlite_desk.drop("exit", *rows(), exit_row(12, "Plant a tree"), exit_row(13, "Sand it"), name="2026-12.csv")
    first, *_, last = sqlite_desk.pull_all().files
    assert (first.fates, first.notes) == ({"loop": 1, "duplicate": 10}, [])
    assert (last.fates, last.notes) == ({"loop": 1, "duplicate": 11}, [])


@pytest.mark.parametrize("at_fault", [
    [exit_row(3, ASKS[2], date="")], [exit_row(3, ASKS[2], date="2031-01-01")], [exit_row(3), exit_row(3, ASKS[2])],
    [exit_row(3, ASKS[2]), exit_row("Total", date="", service="", name="", status="", share="9")],
    [exit_row(3, ASKS[2]), exit_row("", date="Total", service="", name="", status="", share="9")],
], ids=["no day", "a day to come", "clashing", "a footer", "a footer without an id"])  # fmt: skip
def test_an_id_in_quarantine_has_not_vanished_and_the_others_that_did_are_withdrawn(
    sqlite_ten: Desk, at_fault: list[Row]
) -> None:
    report = sqlite_ten.pull(*rows(3, 7), *at_fault, name="2026-10.csv")
    assert report.fates["quarantine"] >= 1
    assert (report.withdrawn, withdrawn(sqlite_ten)) == (1, ["7"])
    assert problems_of(sqlite_ten.store) == []


MAY_STAND = (
    "not in this snapshot, and not withdrawn: 1 row in quarantine without a readable id may be among them; repair or "
    "discard it"
)


@pytest.mark.parametrize("nameless", [
    exit_row("", ASKS[2]), exit_row("ditto", ASKS[2], date='"'), exit_row(3, ASKS[2], extra="one cell too many"),
], ids=["no id", "a ditto mark", "broken"])  # fmt: skip
def test_nothing_has_vanished_while_a_row_in_quarantine_may_be_anybodys_until_it_is_given_up(
    sqlite_ten: Desk, nameless: Row
) -> None:
    path = sqlite_ten.drop("exit", *rows(3, 7), name="2026-10.csv")
    with path.open("a", encoding="utf-8", newline="") as file:
        csv.writer(file).writerow(nameless.values())
    report = sqlite_ten.pull()
    assert (report.fates, report.withdrawn, withdrawn(sqlite_ten)) == ({"duplicate": 8, "quarantine": 1}, 0, [])
    assert report.notes[-1] == f"2 responses {MAY_STAND}"
    path.with_name("2026-11.csv").write_bytes(path.read_bytes() + b"\n")
    assert (sqlite_ten.pull().withdrawn, withdrawn(sqlite_ten)) == (0, [])
    discard_row(1, "Dee Okoro", NOW, "nobody's")
    path.with_name("2026-12.csv").write_bytes(path.read_bytes() + b"\n\n")
    assert (sqlite_ten.pull().withdrawn, withdrawn(sqlite_ten)) == (2, ["3", "7"])
    assert problems_of(sqlite_ten.store) == []


def test_a_snapshot_of_which_too_much_is_gone_is_refused_whatever_its_bad_rows_are(sqlite_ten: Desk) -> None:
    """Three of ten are gone, one of which the row without an id may be; then four."""
    sqlite_ten.configure(policy={"gate": {"max_bad_share": 1}})
    assert (
        sqlite_ten.pull(*rows(3, 7, 8), exit_row("", ASKS[2]), name="2026-10.csv").notes[-1]
        == f"3 responses {MAY_STAND}"
    )
    report = sqlite_ten.pull(*rows(3, 7, 8, 9), exit_row("", ASKS[2]), name="2026-11.csv")
    assert (report.status, "4 of 10 responses" in report.error) == ("failed", True)


def test_a_row_that_was_repaired_has_not_vanished_while_it_stands_in_quarantine_as_it_was(sqlite_ten: Desk) -> None:
    clashing = [exit_row(11, "Mend the swings"), exit_row(11, "Plant a tree")]
    sqlite_ten.pull(*rows(), *clashing, name="2026-10.csv")
    assert release_row(2, "Dee Okoro", NOW, {"id": "11b"}).fate == "loop"
    assert sqlite_ten.pull(*rows(7), *clashing, name="2026-11.csv").withdrawn == 1
    assert withdrawn(sqlite_ten) == ["7"]
    assert sqlite_ten.pull(*rows(7), name="2026-12.csv").withdrawn == 1
    assert withdrawn(sqlite_ten) == ["11b", "7"]


def test_where_a_map_knows_no_ids_nothing_has_vanished_while_a_row_is_in_quarantine(sqlite_desk: Desk) -> None:
    sqlite_desk.configure(sources={"box": {"mode": "snapshot"}}, policy={"gate": {"max_bad_share": 1}})
    cards = [box_row(words) for words in ASKS]
    sqlite_desk.pull(*cards, feed="box", name="2026-09.csv")
    report = sqlite_desk.pull(*cards[1:], box_row(ASKS[0], date=""), feed="box", name="2026-10.csv")
    assert (report.withdrawn, report.notes[-1]) == (0, f"1 response {MAY_STAND}")
    report = sqlite_desk.pull(*cards[1:], box_row("", date="Total: 9"), feed="box", name="2026-11.csv")
    assert (report.withdrawn, report.fates["quarantine"]) == (1, 1)


def test_a_repaired_row_that_said_nothing_new_is_still_there_as_the_bad_row_that_it_was(sqlite_ten: Desk) -> None:
    """It landed as nothing new, so nothing tells of which answer it is: none goes while it comes with each snapshot."""
    nameless = exit_row("", ASKS[6])
    sqlite_ten.pull(*rows(7), nameless, name="2026-10.csv")
    (row,) = list_quarantine("exit")
    assert release_row(row["quarantine_id"], "Dee Okoro", NOW, {"id": "7"}).fate == "duplicate"
    assert sqlite_ten.pull(*rows(7, 3), nameless, name="2026-11.csv").withdrawn == 0
    assert (withdrawn(sqlite_ten), ASKS[6] in sqlite_ten.texts()) == ([], True)


def test_only_a_snapshot_withdraws(sqlite_desk: Desk) -> None:
    sqlite_desk.pull(*(box_row(words) for words in ASKS), feed="box", name="1.csv")
    assert sqlite_desk.pull(box_row("Another card"), feed="box", name="2.csv").withdrawn == 0
    assert len(sqlite_desk.texts()) == 11


def test_a_response_that_comes_back_is_heard_again(ten: Desk) -> None:
    loop_uid = ten.loop_of(ASKS[2]).loop_uid
    ten.pull(*rows(3), name="2026-10.csv")
    report = ten.pull(*rows(), exit_row(11, "Mend the swings"), name="2026-11.csv", at=NOW + timedelta(days=1))
    assert report.fates == {"loop": 2, "duplicate": 9}
    assert (withdrawn(ten), ten.loop_of(ASKS[2]).loop_uid) == ([], loop_uid)
    assert ten.moves(loop_uid) == ["open", "withdraw", "restore"]
    assert problems_of(ten.store) == []


def test_one_that_comes_back_after_the_time_that_words_are_kept_is_heard_until_the_next_clock(sqlite_ten: Desk) -> None:
    loop_uid = sqlite_ten.loop_of(ASKS[2]).loop_uid
    sqlite_ten.pull(*rows(3), name="2026-10.csv")
    sqlite_ten.pull(*rows(), exit_row(11, "Mend the swings"), name="2026-11.csv", at=NOW + timedelta(days=4 * 365))
    assert (sqlite_ten.loop_of(ASKS[2]).loop_uid, sqlite_ten.loop(loop_uid).state) == (loop_uid, "heard")


def test_a_withdrawn_answer_is_not_an_answer_any_more_when_the_response_comes_back(sqlite_ten: Desk) -> None:
    loop_uid = sqlite_ten.loop_of(ASKS[2]).loop_uid
    sqlite_ten.answer(loop_uid, told=True)
    sqlite_ten.pull(*rows(3), name="2026-10.csv")
    sqlite_ten.pull(*rows(), exit_row(11, "Mend the swings"), name="2026-11.csv")
    loop = sqlite_ten.loop(loop_uid)
    assert (loop.state, loop.outcome, loop.told_on) == ("heard", "", None)


def test_a_disclosure_that_vanished_before_it_was_read_keeps_its_words(desk: Desk) -> None:
    desk.pull(*rows(), exit_row(11, "my dad hits me"), name="2026-09.csv")
    assert desk.pull(*rows(), name="2026-10.csv").withdrawn == 1
    assert desk.loop_of("my dad hits me").state == "withheld"
    assert withdrawn(desk) == ["11"]
    assert problems_of(desk.store) == []


def test_without_ids_a_column_that_is_gone_is_named_and_no_limit_is_to_be_raised(sqlite_desk: Desk) -> None:
    """A form whose language was changed has other headers above the same answers."""
    sqlite_desk.configure(sources={"exit": {"natural_key": []}})
    sqlite_desk.pull(*rows(), name="2026-09.csv")
    path = sqlite_desk.drop("exit", *rows(), name="2026-10.csv")
    path.write_text(path.read_text(encoding="utf-8").replace("share", "zgoda", 1), encoding="utf-8")
    report = sqlite_desk.pull()
    assert report.error.startswith("2026-10.csv: 10 of 10 responses on record are not in this snapshot")
    assert "known by their answers, and 'share' is not among the columns" in report.error
    assert "do not raise gate.max_vanished_share" in report.error


def test_a_comments_column_that_is_gone_takes_back_nothing(sqlite_ten: Desk) -> None:
    """id  improve             id  improve_2
    1   Fix the broken…   →   1   Fix the broken…   is a question renamed, and not ten children who said nothing"""
    before = (sqlite_ten.texts(), sqlite_ten.states())
    path = sqlite_ten.drop("exit", *rows(), name="2026-10.csv")
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join([lines[0].replace("improve", "improve_2"), *lines[1:]]), encoding="utf-8")
    report = sqlite_ten.pull()
    assert report.error.startswith(
        "2026-10.csv: 'improve' is not among the columns, and what 10 responses here said to"
    )
    assert "the nearest header is 'improve_2'" in report.error
    assert (sqlite_ten.texts(), sqlite_ten.states(), withdrawn(sqlite_ten)) == (*before, [])
    assert sqlite_ten.events()[-1] == "pull.failed"


def test_what_was_taken_back_before_is_not_among_what_a_missing_column_would_take(sqlite_ten: Desk) -> None:
    """It left the loop of another who said the same, and that one stands."""
    same = exit_row(11, ASKS[0])
    sqlite_ten.pull(*rows(), same, name="2026-10.csv")
    sqlite_ten.pull(*rows(n1=""), same, name="2026-11.csv")
    report = sqlite_ten.pull(*without("improve", [*rows(), same]), name="2026-12.csv")
    assert "what 10 responses here said to it" in report.error


RETIRED = [{**question, "retired": True} if question.get("column") == "improve" else question
           for question in EXIT["questions"]]  # fmt: skip


def test_what_was_said_to_a_question_that_is_no_longer_asked_stands(ten: Desk) -> None:
    """As the refusal says: retired, its column may go, and nothing of it is told as missing."""
    before = (ten.texts(), ten.states())
    ten.configure(sources={"exit": {"questions": RETIRED}})
    report = ten.pull(*without("improve", rows()), name="2026-10.csv")
    assert (report.status, report.fates, report.notes) == ("landed", {"not_counted": 10}, [])
    assert (ten.texts(), ten.states(), withdrawn(ten)) == (*before, [])
    assert ten.pull(*without("improve", [*rows(), exit_row(11, "")]), name="2026-11.csv").fates["duplicate"] == 10
    assert (ten.texts(), problems_of(ten.store)) == (before[0], [])


def test_a_response_that_goes_takes_along_what_it_said_to_a_retired_question(sqlite_ten: Desk) -> None:
    sqlite_ten.configure(sources={"exit": {"questions": RETIRED}})
    sqlite_ten.pull(*without("improve", rows(1)), name="2026-10.csv")
    assert (len(withdrawn(sqlite_ten)), sqlite_ten.states().count("withdrawn")) == (1, 1)


@pytest.mark.parametrize("gone", ["rate", "helped"])
def test_a_column_of_scores_or_ticks_that_is_gone_takes_none_back(sqlite_desk: Desk, gone: str) -> None:
    answered = [exit_row(number, ASKS[number], rate="4", helped="staff;place") for number in range(3)]
    sqlite_desk.pull(*answered, name="2026-09.csv")
    report = sqlite_desk.pull(*without(gone, answered), name="2026-10.csv")
    assert (report.status, len(report.notes)) == ("landed", 1)
    assert (sqlite_desk.ask(select(Rating.raw_value)), sqlite_desk.count(Choice)) == (["4"] * 3, 6)
    blank = [exit_row(number, ASKS[number], rate="", helped="") for number in range(3)]
    sqlite_desk.pull(*blank, name="2026-11.csv")
    assert (sqlite_desk.count(Rating), sqlite_desk.count(Choice)) == (0, 0)
    assert problems_of(sqlite_desk.store) == []


def test_own_words_stand_where_their_choices_column_is_gone(sqlite_desk: Desk) -> None:
    asked = [{**question, "options": ["staff"], "own_words": True} if question.get("column") == "helped" else question
             for question in EXIT["questions"]]  # fmt: skip
    sqlite_desk.configure(sources={"exit": {"questions": asked}})
    answered = [exit_row(1, ASKS[0], helped="staff;the quiet room")]
    sqlite_desk.pull(*answered, name="2026-09.csv")
    sqlite_desk.pull(*without("helped", answered), name="2026-10.csv")
    assert (sorted(sqlite_desk.texts()), problems_of(sqlite_desk.store)) == ([ASKS[0], "the quiet room"], [])


def test_in_a_part_of_what_there_is_a_repeat_that_was_emptied_is_taken_back(sqlite_desk: Desk) -> None:
    """A part may be one edited record: that none of its repeats has a column says nothing of all the others."""
    sqlite_desk.configure(sources={"exit": {"questions": [*EXIT["questions"], MORE], "mode": "append"}})
    sqlite_desk.pull(exit_row(1, ASKS[0]) | {"more/say#1": "And a warmer hall"}, name="2026-09.csv")
    assert sqlite_desk.pull(exit_row(1, ASKS[0]), name="2026-10.csv").status == "landed"
    assert "And a warmer hall" not in sqlite_desk.texts()


def test_a_repeat_under_another_name_takes_nothing_back_until_the_map_says_that_it_is_another(
    sqlite_desk: Desk,
) -> None:
    asked = [*EXIT["questions"], MORE]
    sqlite_desk.configure(sources={"exit": {"questions": asked, "mode": "append"}})
    sqlite_desk.pull(exit_row(1, ASKS[0]) | {"more/say#1": "And a warmer hall"}, name="2026-09.csv")
    renamed = exit_row(1, ASKS[0]) | {"more/tell#1": "And a warmer hall"}
    report = sqlite_desk.pull(renamed, name="2026-10.csv")
    assert report.error.startswith(r"2026-10.csv: '^more/say#\d+$' is not among the columns, and what 1 response here")
    assert report.error.endswith("Is 'more/tell#1' another question? Say so in the map (role: ignore drops it)")
    assert "And a warmer hall" in sqlite_desk.texts()
    told = {"match": r"^more/tell#", "role": "ignore"}
    sqlite_desk.configure(sources={"exit": {"questions": [*asked, told], "mode": "append"}})
    assert sqlite_desk.pull(name="2026-10.csv").status == "landed"
    assert "And a warmer hall" not in sqlite_desk.texts()


@pytest.mark.parametrize("mode", ["append", "snapshot"])
def test_what_a_match_found_is_not_taken_back_where_its_header_is_reworded(sqlite_desk: Desk, mode: str) -> None:
    asked = [*EXIT["questions"], {"match": "^Anything else", "role": "comment", "code": "more"}]
    lenient = {"gate": {"max_vanished_share": 1}}
    sqlite_desk.configure(sources={"exit": {"questions": asked, "mode": mode}}, policy=lenient)
    sqlite_desk.pull(exit_row(1, ASKS[0]) | {"Anything else?": "And a warmer hall"}, name="2026-09.csv")
    reworded = exit_row(1, ASKS[0]) | {"Is there more?": "And a warmer hall"}
    report = sqlite_desk.pull(reworded, name="2026-10.csv")
    assert report.error.startswith("2026-10.csv: '^Anything else' is not among the columns, and what 1 response here")
    assert "raise gate" not in report.error
    assert "And a warmer hall" in sqlite_desk.texts()
    either = [*EXIT["questions"], {"match": r"^(Anything else\?|Is there more\?)$", "role": "comment", "code": "more"}]
    sqlite_desk.configure(sources={"exit": {"questions": either, "mode": mode}})
    hall = sqlite_desk.loop_of("And a warmer hall").loop_uid
    assert sqlite_desk.pull().status == "landed"
    assert sqlite_desk.moves(hall) == ["open"]


def test_a_repeat_that_nobody_fills_in_any_more_is_taken_back(sqlite_desk: Desk) -> None:
    """Its columns are there only where somebody filled one in, so here the missing column is a blank answer."""
    asked = [*EXIT["questions"], MORE]
    sqlite_desk.configure(sources={"exit": {"questions": asked}})
    more = {"more/say#1": "", "more/say#2": ""}
    said = [row | more for row in rows()]
    said[0]["more/say#2"] = "And a warmer hall"
    sqlite_desk.pull(*said, name="2026-09.csv")
    assert "what 1 response here said to it would go" in sqlite_desk.pull(*rows(), name="2026-10.csv").error
    sqlite_desk.configure(sources={"exit": {"questions": asked}}, policy={"gate": {"max_vanished_share": 1}})
    assert sqlite_desk.pull(*rows(), name="2026-10.csv").status == "landed"
    assert "And a warmer hall" not in sqlite_desk.texts()


def test_a_map_that_loses_a_comments_column_takes_back_nothing_when_files_are_read_again(sqlite_ten: Desk) -> None:
    asked = [{**question, "column": "improv"} if question.get("column") == "improve" else question
             for question in EXIT["questions"]]  # fmt: skip
    before = (sqlite_ten.texts(), sqlite_ten.states())
    sqlite_ten.configure(sources={"exit": {"questions": asked}})
    (report,) = pull_again("exit", NOW + timedelta(days=1)).files
    assert (report.status, "'improv' is not among the columns" in report.error) == ("failed", True)
    assert (sqlite_ten.texts(), sqlite_ten.states()) == before


def test_a_blank_cell_takes_back_what_was_said(sqlite_ten: Desk) -> None:
    loop_uid = sqlite_ten.loop_of(ASKS[2]).loop_uid
    assert sqlite_ten.pull(*rows(n3=""), name="2026-10.csv").status == "landed"
    assert sqlite_ten.loop(loop_uid).state == "withdrawn"


def test_a_held_comment_that_goes_nowhere_does_not_stop_a_form_without_its_question(sqlite_desk: Desk) -> None:
    sqlite_desk.pull(*rows(), exit_row(11, like="my dad hits me"), name="2026-09.csv")
    report = sqlite_desk.pull(*without("like", [*rows(), exit_row(11)]), name="2026-10.csv")
    assert report.status == "landed"
    assert sqlite_desk.loop_of("my dad hits me").state == "withheld"
    assert problems_of(sqlite_desk.store) == []


@pytest.mark.parametrize("mode", ["append", "snapshot"])
def test_a_map_whose_match_finds_nothing_takes_back_nothing_when_files_are_read_again(
    sqlite_desk: Desk, mode: str
) -> None:
    """Half of what is on record is in either file, and half of a snapshot may go."""

    def configure(match: str) -> None:
        others = [question for question in EXIT["questions"] if question["column"] != "improve"]
        asked = {"match": match, "role": "comment", "code": "improve"}
        sqlite_desk.configure(
            sources={"exit": {"questions": [*others, asked], "mode": mode}},
            policy={"gate": {"max_vanished_share": 0.5}},
        )

    configure("^improve$")
    sqlite_desk.pull(*rows()[:5], name="2026-09.csv")
    sqlite_desk.pull(*rows(), name="2026-10.csv")
    configure("^improved$")
    reports = pull_again("exit", NOW + timedelta(days=1)).files
    assert [report.status for report in reports] == ["failed", "failed"]
    assert all("'^improved$' is not among the columns" in report.error for report in reports)
    assert not any("max_vanished_share" in report.error for report in reports)
    assert sqlite_desk.texts() == sorted(ASKS)


def test_a_repeat_that_the_map_has_lost_takes_nothing_back_when_files_are_read_again(sqlite_desk: Desk) -> None:
    """Elsewhere it has no column where nobody filled it in; of the file that is read again somebody did."""
    sqlite_desk.configure(sources={"exit": {"questions": [*EXIT["questions"], MORE], "mode": "append"}})
    sqlite_desk.pull(exit_row(1, ASKS[0]) | {"more/say#1": "And a warmer hall"}, name="2026-09.csv")
    lost = [MORE | {"match": r"^more/sai#\d+$"}, {"match": r"^more/say#", "role": "ignore"}]
    sqlite_desk.configure(sources={"exit": {"questions": [*EXIT["questions"], *lost], "mode": "append"}})
    (report,) = pull_again("exit", NOW + timedelta(days=1)).files
    assert (report.status, "'^more/sai#\\d+$' is not among the columns" in report.error) == ("failed", True)
    assert "And a warmer hall" in sqlite_desk.texts()
