"""Own words beside options: heard like any comment where the map says so, looked through where it does not."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from heardback.store import Choice, Comment, Loop, Response
from heardback.store.retention import forget_comments
from heardback.store.session import reading, transaction
from tasks.erase import erase_response
from tasks.pull import pull_again
from tasks.quarantine import list_quarantine, release_row
from tests.council import EXIT, box_row, exit_row
from tests.desk import Desk, problems_of
from tests.factories import LEAD, NOW
from tests.journeys.canaries import canaries_of, columns_of, files_in, found_in
from tests.sources.samples import a_workbook

LATER = NOW + timedelta(days=3)
OPTIONS = ["Staff", "Place"]
HARM, COLD = "at home my dad hits me when I am late", "the zebra room near the stairs is always cold"
OTHERS = [exit_row(number, f"Something else is wrong here: {number}", helped="Staff") for number in range(90, 96)]


def helped(**keys: Any) -> dict[str, Any]:
    """The exit map, with these keys at its choice."""
    questions = [question for question in EXIT["questions"] if question["column"] != "helped"]
    asked = {"column": "helped", "role": "choice", "code": "helped", "multi": "delimited", "delimiter": ";"}
    return {"sources": {"exit": {"questions": [*questions, asked | {"options": OPTIONS} | keys]}}}


def said(desk: Desk) -> list[tuple[str, str]]:
    with reading(desk.store) as session:
        return sorted(tuple(row) for row in session.execute(select(Comment.question_code, Comment.text)))


def options(desk: Desk) -> list[str]:
    return sorted(desk.ask(select(Choice.option_code)))


def test_own_words_are_screened_told_and_in_a_loop_of_their_own(desk: Desk) -> None:
    desk.configure(**helped(own_words=True))
    report = desk.pull(
        exit_row(1, helped=f"Staff;{HARM}"), exit_row(2, helped=f"{COLD};Place"), exit_row(3, helped="Staff;Place")
    )
    assert report.fates == {"loop": 1, "withheld": 1, "not_counted": 1}
    assert said(desk) == [("helped_other", HARM), ("helped_other", COLD)]
    assert [desk.loop_of(HARM).state, desk.loop_of(COLD).state] == ["withheld", "heard"]
    assert desk.events().count("safeguarding.raised") == 1
    assert options(desk) == ["other", "other", "place", "place", "staff", "staff"]
    assert report.notes == []
    assert problems_of(desk.store) == []


def test_own_words_stand_in_the_text_of_a_comment_and_nowhere_else(sqlite_desk: Desk) -> None:
    sqlite_desk.configure(**helped(own_words=True))
    sqlite_desk.pull(exit_row(1, helped=f"Staff;{HARM}"), exit_row(2, helped=f"{COLD};Place"))
    assert nowhere_else(sqlite_desk, HARM, COLD)


def nowhere_else(desk: Desk, *words: str) -> bool:
    """Whether words stand in no column but those made for words, and in no file but the raw ones and the export."""
    database, canaries = str(desk.store.url.database), canaries_of(words)
    desk.store.dispose()
    places = [("database", text) for _, text in columns_of(Path(database))]
    places += [found for found in files_in(desk.folder / "home") if "/raw/" not in found[0]]
    return not any(found_in(text, canaries) for name, text in places if not name.startswith(database))


def test_own_words_that_say_the_same_join_one_loop_and_an_edit_is_a_revision(sqlite_desk: Desk) -> None:
    sqlite_desk.configure(**helped(own_words=True))
    sqlite_desk.pull(exit_row(1, helped=COLD), exit_row(2, helped=f"Staff;{COLD}"), *OTHERS)
    assert sqlite_desk.count(Loop) == 1 + len(OTHERS)
    sqlite_desk.pull(exit_row(1, helped=HARM), exit_row(2, helped=f"Staff;{COLD}"), *OTHERS, name="export-2.csv")
    assert sqlite_desk.loop_of(HARM).state == "withheld"
    assert problems_of(sqlite_desk.store) == []


@pytest.mark.parametrize(("cell", "told"), [(f"Staff;{HARM}", True), (f"Staff;{COLD}", False), ("Staff", False)])
def test_words_that_nobody_hears_are_told_by_count_and_row_where_screening_would_hold_them(
    sqlite_desk: Desk, cell: str, told: bool
) -> None:
    sqlite_desk.configure(**helped())
    report = sqlite_desk.pull(exit_row(1, "The room is freezing"), exit_row(2, helped=cell), exit_row(3, helped=cell))
    (note,) = [note for note in report.notes if "trained reader" in note] or [""]
    assert bool(note) is told
    if told:
        assert note.endswith("then run heardback pull exit --again (2 rows): 'helped', first in row 3")
        assert "`own_words: yes`" in note
    assert nowhere_else(sqlite_desk, HARM, COLD)
    assert not [text for text in sqlite_desk.texts() if text in (HARM, COLD)]


@pytest.mark.parametrize(("cell", "told"), [(HARM, True), (COLD, False), ("2", False), ("", False)])
def test_a_question_that_the_map_does_not_know_is_looked_through_and_kept_nowhere(
    sqlite_desk: Desk, cell: str, told: bool
) -> None:
    report = sqlite_desk.pull(exit_row(1, "The room is freezing", more=""), exit_row(2, more=cell))
    (note,) = [note for note in report.notes if "trained reader" in note] or [""]
    assert bool(note) is told
    if told:
        assert note.endswith("then run heardback pull exit --again (1 row): 'more', first in row 3")
        assert "a column that the map does not know" in note
    assert HARM not in sqlite_desk.texts()
    assert nowhere_else(sqlite_desk, HARM, COLD)


def test_words_of_tests_and_of_what_is_known_are_not_told_again(sqlite_desk: Desk) -> None:
    sqlite_desk.configure(**helped())
    a_test, told = exit_row(1, helped=HARM, status="test"), exit_row(3, helped=HARM)
    first = sqlite_desk.pull(a_test, *OTHERS)
    second = sqlite_desk.pull(a_test, told, *OTHERS, name="export-2.csv")
    third = sqlite_desk.pull(a_test, told, *OTHERS[1:], name="export-3.csv")
    assert ["trained reader" in str(report.notes) for report in (first, second, third)] == [False, True, False]


def test_a_quarantined_row_with_own_words_that_may_be_a_disclosure_says_so(sqlite_desk: Desk) -> None:
    sqlite_desk.configure(**helped())
    report = sqlite_desk.pull(
        exit_row(1, date="", helped=f"Staff;{HARM}"), exit_row(2, date="", helped="Staff"), *OTHERS
    )
    assert "1 row in quarantine may need a trained reader" in str(report.notes)


def test_a_corrected_map_hears_what_has_landed_when_it_is_read_again(desk: Desk) -> None:
    desk.configure(**helped())
    desk.pull(exit_row(1, helped=f"Staff;{HARM}"), exit_row(2, "Too few chairs", helped=f"{COLD};Place"), *OTHERS)
    chairs = desk.loop_of("Too few chairs").loop_uid
    desk.answer(chairs)
    came = desk.ask(select(Response.received_at).order_by(Response.source_record_id))
    desk.configure(**helped(own_words=True))
    assert desk.pull_all().files[-1].status == "unchanged"
    (report,) = pull_again("exit", LATER).files
    assert (report.status, report.rows_read, report.fates) == ("landed", 2, {"loop": 1, "withheld": 1})
    assert desk.loop_of(HARM).state == "withheld"
    assert desk.loop_of(COLD).state == "heard"
    assert desk.loop(chairs).state == "decided"
    assert desk.events().count("safeguarding.raised") == 1
    assert options(desk).count("other") == 2
    assert [file.status for file in pull_again("exit", NOW).files] == ["unchanged"]
    assert desk.pull_all().files[-1].status == "unchanged"
    desk.configure(**helped(own_words=True, options=[*OPTIONS, COLD]))  # it was an option all along
    assert [file.fates for file in pull_again("exit", LATER + timedelta(days=1)).files] == [{"loop": 1}]
    assert COLD not in desk.texts()
    assert desk.ask(select(Response.received_at).order_by(Response.source_record_id)) == came
    assert problems_of(desk.store) == []


def test_what_is_read_again_never_goes_back_behind_a_newer_answer(sqlite_desk: Desk) -> None:
    sqlite_desk.configure(**helped())
    sqlite_desk.pull(exit_row(1, "It is cold", helped=HARM), exit_row(2, "Too few chairs", helped=COLD), *OTHERS)
    sqlite_desk.pull(exit_row(1, "It is warm", helped="Staff"), exit_row(2, "Too few chairs", helped=COLD), *OTHERS,
                     name="export-2.csv")  # fmt: skip
    sqlite_desk.configure(**helped(own_words=True))
    assert [file.fates for file in pull_again("exit", NOW).files] == [{"loop": 1}, {}]
    assert {"It is warm", COLD} <= set(sqlite_desk.texts())
    assert HARM not in sqlite_desk.texts()
    assert problems_of(sqlite_desk.store) == []


def test_what_was_withdrawn_stays_so_and_a_row_that_stood_twice_is_read_once(sqlite_desk: Desk) -> None:
    sqlite_desk.configure(**helped())
    twice, gone = exit_row(1, helped=COLD), exit_row(2, helped=HARM)
    sqlite_desk.pull(twice, twice, gone, *OTHERS)
    sqlite_desk.pull(twice, *OTHERS, name="export-2.csv")
    sqlite_desk.configure(**helped(own_words=True))
    assert [(file.rows_read, file.fates) for file in pull_again("exit", NOW).files] == [(1, {"loop": 1})]
    assert HARM not in sqlite_desk.texts()
    assert problems_of(sqlite_desk.store) == []


def test_bad_rows_beside_what_is_read_again_refuse_nothing(sqlite_desk: Desk) -> None:
    bad = [exit_row(number, date="") for number in (7, 8)]
    exit_map = helped()["sources"]["exit"]
    sqlite_desk.configure(sources={"exit": exit_map | {"max_bad_share": 1}})
    sqlite_desk.pull(exit_row(1, helped=COLD), *bad)
    sqlite_desk.configure(sources={"exit": helped(own_words=True)["sources"]["exit"] | {"max_bad_share": 0}})
    assert [file.fates for file in pull_again("exit", NOW).files] == [{"loop": 1}]
    assert len(list_quarantine("exit")) == 2
    assert problems_of(sqlite_desk.store) == []


def test_a_file_that_the_map_no_longer_fits_is_told_and_the_next_is_read(sqlite_desk: Desk) -> None:
    sqlite_desk.configure(**box())
    sqlite_desk.pull(box_row(COLD), feed="box")
    sqlite_desk.pull(box_row(COLD) | {"where": "Hub"}, feed="box", name="export-2.csv")
    heard = box(own_words=True)["sources"]["box"]
    where = {"column": "where", "role": "characteristic", "code": "where", "options": ["Hub"], "required": True}
    sqlite_desk.configure(sources={"box": heard | {"questions": [*heard["questions"], where]}})
    refused, landed = pull_again("box", NOW).files
    assert (refused.status, landed.fates) == ("failed", {"loop": 1})
    assert "the column 'where' (characteristic) is missing" in refused.error
    assert sqlite_desk.texts() == [COLD]


def test_what_is_read_again_says_nothing_of_how_a_source_stands(sqlite_desk: Desk) -> None:
    many = [exit_row(number, f"Something is wrong here: {number}") for number in range(10, 70)]
    sqlite_desk.configure(**helped())
    sqlite_desk.pull(exit_row(1, helped=COLD), *many)
    sqlite_desk.configure(**helped(own_words=True), policy={"gate": {"max_vanished_share": 1}})
    pull_again("exit", NOW)
    assert sqlite_desk.pull_all().files[-1].status == "unchanged"
    sqlite_desk.pull(exit_row(1, helped=COLD), *many[:30], name="export-2.csv")
    assert "snapshot.shortened" in sqlite_desk.events()


def box(**keys: Any) -> dict[str, Any]:
    """The boxes' map: no ids, files that append."""
    questions = [
        {"column": "date", "role": "submitted_on", "required": True},
        {"column": "said", "role": "choice", "code": "said", "options": ["Staff"], **keys},
    ]
    return {"sources": {"box": {"questions": questions, "mode": "append"}}}


def test_each_of_two_who_said_the_same_is_heard_again_though_no_id_tells_them_apart(sqlite_desk: Desk) -> None:
    sqlite_desk.configure(**box())
    sqlite_desk.pull(box_row(COLD), box_row("Staff"), feed="box")
    sqlite_desk.pull(box_row(COLD), feed="box", name="export-2.csv")
    sqlite_desk.configure(**box(own_words=True))
    assert [file.fates for file in pull_again("box", NOW).files] == [{"loop": 1}, {"loop": 1}]
    assert sqlite_desk.texts() == [COLD, COLD]
    assert sqlite_desk.count(Response) == 3
    assert sqlite_desk.pull(box_row("Staff"), box_row(COLD), feed="box", name="export-3.csv").fates["loop"] == 1
    assert sqlite_desk.texts() == [COLD, COLD, COLD]
    assert problems_of(sqlite_desk.store) == []


@pytest.mark.parametrize("key", [[], ["id"]])
def test_the_next_export_brings_the_own_words_that_a_corrected_map_hears(sqlite_desk: Desk, key: list[str]) -> None:
    def configure(own_words: bool) -> None:
        exit_map = helped(own_words=own_words)["sources"]["exit"] | {"natural_key": key}
        sqlite_desk.configure(sources={"exit": exit_map})

    configure(own_words=False)
    sqlite_desk.pull(exit_row(1, "Too few chairs", helped=COLD), *OTHERS)
    chairs = sqlite_desk.loop_of("Too few chairs").loop_uid
    sqlite_desk.answer(chairs)
    configure(own_words=True)
    report = sqlite_desk.pull(exit_row(1, "Too few chairs", helped=COLD), *OTHERS, exit_row(2), name="export-2.csv")
    assert report.fates == {"loop": 1, "duplicate": 6, "not_counted": 1}
    assert (sqlite_desk.loop_of(COLD).state, sqlite_desk.loop(chairs).state) == ("heard", "decided")
    assert problems_of(sqlite_desk.store) == []


def test_rows_in_several_parts_of_a_file_are_told_in_one_sum(
    sqlite_desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("heardback.domain.packed.AT_ONCE", 2)
    sqlite_desk.configure(**helped())
    report = sqlite_desk.pull(*(exit_row(number, helped=f"Staff;{HARM} {number}") for number in range(5)))
    (note,) = [note for note in report.notes if "trained reader" in note]
    assert note.endswith("--again (5 rows): 'helped', first in row 2")


def test_words_that_retention_has_taken_do_not_come_back(sqlite_desk: Desk) -> None:
    sqlite_desk.configure(**helped())
    sqlite_desk.pull(exit_row(1, "Too few chairs", helped=COLD), *OTHERS)
    with transaction(sqlite_desk.store) as session:
        forget_comments(session, list(session.scalars(select(Comment.comment_uid))))
    sqlite_desk.configure(**helped(own_words=True))
    assert [file.status for file in pull_again("exit", NOW).files] == ["unchanged"]
    assert not any(sqlite_desk.texts())


def test_words_that_a_map_left_out_by_mistake_are_there_again_under_the_corrected_one(desk: Desk) -> None:
    desk.pull(exit_row(1, "Too few chairs"), exit_row(2, "Too few beds"), *OTHERS)
    beds = desk.loop_of("Too few beds").loop_uid
    desk.move(beds, "withdraw", reason="the young person asked")
    asked = [question for question in EXIT["questions"] if question["column"] != "improve"]
    desk.configure(sources={"exit": {"questions": asked}})
    assert [file.fates for file in pull_again("exit", LATER).files] == [{"not_counted": 2 + len(OTHERS)}]
    assert not any(desk.texts())
    desk.configure()
    assert [file.fates for file in pull_again("exit", LATER).files] == [{"loop": 1 + len(OTHERS)}]
    assert desk.loop_of("Too few chairs").state == "heard"
    assert (desk.loop(beds).state, "Too few beds" in desk.texts()) == ("withdrawn", False)
    assert problems_of(desk.store) == []


def test_what_retention_has_taken_since_a_map_left_it_out_stays_away(sqlite_desk: Desk) -> None:
    sqlite_desk.pull(exit_row(1, "Too few chairs"), *OTHERS)
    asked = [question for question in EXIT["questions"] if question["column"] != "improve"]
    sqlite_desk.configure(sources={"exit": {"questions": asked}})
    pull_again("exit", LATER)
    sqlite_desk.configure()
    assert [file.status for file in pull_again("exit", NOW + timedelta(days=4 * 365)).files] == ["unchanged"]
    assert not any(sqlite_desk.texts())


@pytest.mark.parametrize(("late", "stands"), [(True, ("told", "")), (False, ("reopened", "Too few chairs"))])
def test_the_next_export_brings_nothing_back_that_is_older_than_words_are_kept(
    sqlite_desk: Desk, late: bool, stands: tuple[str, str]
) -> None:
    """Its answer says more by the corrected map; what retention took of it is no edit, and its loop stays told."""
    day = NOW + timedelta(days=4 * 365 if late else 1)
    sqlite_desk.configure(**helped())
    sqlite_desk.pull(exit_row(1, "Too few chairs", helped=COLD), exit_row(2, like="The food"), *OTHERS)
    chairs = sqlite_desk.loop_of("Too few chairs").loop_uid
    sqlite_desk.answer(chairs, told=True)
    with transaction(sqlite_desk.store) as session:
        forget_comments(session, list(session.scalars(select(Comment.comment_uid))))
    sqlite_desk.configure(**helped(own_words=True))
    answered = exit_row(1, "Too few chairs", helped=COLD), exit_row(2, like=HARM), *OTHERS
    sqlite_desk.pull(*answered, name="export-2.csv", at=day)
    assert (
        sqlite_desk.loop(chairs).state,
        "Too few chairs" if "Too few chairs" in sqlite_desk.texts() else "",
    ) == stands
    assert sqlite_desk.loop_of(HARM).state == "withheld"
    assert problems_of(sqlite_desk.store) == []


def test_a_file_that_is_kept_no_longer_is_told_and_stops_nothing(sqlite_desk: Desk) -> None:
    sqlite_desk.configure(**helped())
    sqlite_desk.pull(exit_row(1, helped=COLD), *OTHERS)
    sqlite_desk.configure(**helped(own_words=True))
    for path in (sqlite_desk.folder / "home" / "raw").glob("*/*"):
        path.unlink()
    assert [(file.status, file.fates) for file in pull_again("exit", NOW).files] == [("gone", {})]


def test_a_repaired_row_is_not_read_again_as_it_came(sqlite_desk: Desk) -> None:
    sqlite_desk.configure(**helped())
    sqlite_desk.pull(exit_row(1, "Cold", date="", helped=COLD), *OTHERS)
    (row,) = list_quarantine("exit")
    release_row(row["quarantine_id"], "Dee Okoro", NOW, {"date": "2026-09-03", "improve": "Warm"})
    heard = helped(own_words=True)["sources"]["exit"]["questions"]
    without_dates = [{key: said for key, said in question.items() if key != "required"} for question in heard]
    sqlite_desk.configure(sources={"exit": {"questions": without_dates}})
    assert [file.status for file in pull_again("exit", NOW).files] == ["unchanged"]
    assert not {"Cold", COLD} & set(sqlite_desk.texts())


def test_no_childs_words_are_put_in_the_place_of_anothers_where_a_map_reads_another_list(sqlite_desk: Desk) -> None:
    columns = {"id": "record_id", "improve": "comment"}
    exit_map = {"natural_key": ["id"], "service": "yjs", "mode": "append", "questions": [
        {"column": column, "role": role, "code": column} for column, role in columns.items()]}  # fmt: skip

    def configure(records: str, **keys: Any) -> None:
        file = {"path": "../inbox/exit/*.json", "records": records}
        sqlite_desk.configure(sources={"exit": exit_map | {"file": file} | keys})

    answers = {
        "first": [{"id": "1", "card": "C1", "improve": "Too few chairs"}],
        "second": [{"id": "2", "card": "C2", "improve": "Too few beds"}],
    }
    path = sqlite_desk.folder / "inbox" / "exit" / "answers.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(answers), encoding="utf-8")
    configure("first")
    assert sqlite_desk.pull_all().files[-1].fates == {"loop": 1}
    configure("second")
    (report,) = pull_again("exit", LATER).files
    assert report.error.startswith("exit: 1 row would be other records than those on record from it")
    assert sqlite_desk.texts() == ["Too few chairs"]
    renamed = [exit_map["questions"][0], exit_map["questions"][1] | {"code": "better"}]
    configure("first", natural_key=["id", "improve"], questions=renamed)  # and the same record id
    assert [file.fates for file in pull_again("exit", LATER).files] == [{"loop": 1}]
    assert said(sqlite_desk) == [("better", "Too few chairs"), ("improve", "")]
    by_card = [{"column": "card", "role": "record_id"}, {"column": "id", "role": "key"}, renamed[1] | {"code": "best"}]
    configure("first", questions=by_card)  # and the same key
    assert [file.fates for file in pull_again("exit", LATER).files] == [{"loop": 1}]


def test_rows_of_another_sheet_are_nobodys_newer_words_though_no_id_tells_them_apart(sqlite_desk: Desk) -> None:
    header = ["date", "said"]
    book = a_workbook({
        "June": [header, ["2026-06-01", "Too few chairs"]], "July": [header, ["2026-07-01", "Too few beds"]],
    })  # fmt: skip
    path = sqlite_desk.folder / "inbox" / "box" / "cards.xlsx"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(book)
    for sheet in ("June", "July"):
        shape = {"path": "../inbox/box/*.xlsx", "sheet": sheet}
        sqlite_desk.configure(sources={"box": {"file": shape, "mode": "append"}})
        reports = [sqlite_desk.pull(feed="box"), *pull_again("box", LATER).files]
        assert [report.status for report in reports] == ["landed" if sheet == "June" else "unchanged", "unchanged"]
    assert sqlite_desk.texts() == ["Too few chairs"]


def test_a_row_that_was_released_as_it_came_is_read_again(sqlite_desk: Desk) -> None:
    def configure(**keys: Any) -> None:
        asked = helped(**keys)["sources"]["exit"]["questions"]
        dates_may_be_blank = [{key: said for key, said in question.items() if key != "required"} for question in asked]
        sqlite_desk.configure(sources={"exit": {"questions": dates_may_be_blank}})

    sqlite_desk.configure(**helped())
    sqlite_desk.pull(exit_row(1, date="", helped=HARM), *OTHERS)
    configure()
    (row,) = list_quarantine("exit")
    release_row(row["quarantine_id"], "Dee Okoro", NOW, {})
    configure(own_words=True)
    assert [file.fates for file in pull_again("exit", NOW).files] == [{"withheld": 1}]
    assert problems_of(sqlite_desk.store) == []


@pytest.mark.parametrize("mode", [{}, {"mode": "snapshot"}])
def test_an_export_that_comes_again_with_own_words_in_it_is_known_though_no_id_tells(
    sqlite_desk: Desk, mode: dict[str, str]
) -> None:
    questions = box(own_words=True)["sources"]["box"]["questions"]
    sqlite_desk.configure(sources={"box": {"questions": questions, **mode}})
    cards = [box_row(f"{COLD} {number}") for number in "abcdefghijkl"]
    assert sqlite_desk.pull(*cards, feed="box").fates == {"loop": 12}
    assert sqlite_desk.pull(*cards, box_row("Staff"), feed="box", name="export-2.csv").fates == {
        "duplicate": 12, "not_counted": 1,
    }  # fmt: skip
    assert problems_of(sqlite_desk.store) == []


def test_own_words_that_are_erased_take_the_file_that_they_stood_in_with_them_though_no_id_names_it(
    sqlite_desk: Desk,
) -> None:
    sqlite_desk.configure(**box(own_words=True))
    sqlite_desk.pull(box_row(COLD), box_row("Staff"), feed="box")
    sqlite_desk.pull(box_row("Staff"), feed="box", name="export-2.csv")
    (said,) = sqlite_desk.ask(select(Comment.response_uid))
    assert len(erase_response(said, LEAD.name, NOW, "the young person asked").raw_files) == 1
    kept = [path.read_bytes() for path in (sqlite_desk.folder / "home" / "raw").glob("*/*")]
    assert len(kept) == 1
    assert b"zebra" not in kept[0]
