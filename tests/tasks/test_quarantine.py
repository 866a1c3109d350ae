"""Bad rows: looked at, repaired and released, or discarded with a reason; their pull balances all the time."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from hashlib import sha256
from threading import Barrier

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from heardback.errors import MoveRefused, NotAllowed, NotFound, PullRefused
from heardback.landing.second_chance import Release
from heardback.landing.urgent import REASON as URGENT
from heardback.store import Change, QuarantinedRow, Response
from heardback.store.session import reading, transaction
from heardback.store.waiting import changes_to_match, mark_met
from tasks.quarantine import discard_row, list_quarantine, release_row, release_rows, show_row
from tests.council import EXIT, LOG, box_row, change_row, exit_row
from tests.desk import Desk, problems_of
from tests.factories import NOW
from tests.ready_made import ReadyMade

pytestmark = pytest.mark.usefixtures("quick_gate")
FREEZING, LATER = "The room is freezing", NOW + timedelta(days=30)
DAY = {"date": "2026-09-03"}


def a_row_without_a_day(desk: Desk) -> None:
    """Row 3 of an export has no day: Q-1."""
    desk.pull(exit_row(1, "More pizza please"), exit_row(2, FREEZING, date="", name="Zebra Name"))


@pytest.fixture
def bad(desk: Desk, ready_made: ReadyMade) -> Desk:
    return ready_made.fill(desk, a_row_without_a_day)


@pytest.fixture
def sqlite_bad(sqlite_desk: Desk, ready_made: ReadyMade) -> Desk:
    return ready_made.fill(sqlite_desk, a_row_without_a_day)


def states(desk: Desk) -> list[str]:
    with reading(desk.store) as session:
        return list(session.scalars(select(QuarantinedRow.state).order_by(QuarantinedRow.quarantine_id)))


def test_the_list_gives_reasons_and_no_cell(sqlite_bad: Desk) -> None:
    (row,) = list_quarantine()
    assert (row["source_id"], row["row_number"], row["reasons"]) == ("exit", 3, ["a required cell is empty"])
    assert "cells" not in row
    assert list_quarantine("box") == []
    assert states(sqlite_bad) == ["open"]


def test_a_disclosure_in_a_bad_row_is_told_at_once_without_a_word_of_it(sqlite_desk: Desk) -> None:
    """One has no day, one is broken, and one is harmless; an export that brings them again tells it once."""
    sqlite_desk.configure(policy={"gate": {"max_bad_share": 1}})
    told = "My uncle hits me when we get home"
    rows = [exit_row(1, told, date=""), exit_row(2, FREEZING, date=""), exit_row(4, "More pizza")]
    path = sqlite_desk.drop("exit", *rows)
    with path.open("a", encoding="utf-8") as file:  # the comment has a comma that nobody quoted, and a name before it
        file.write(f"3,2026-09-01,yjs,Somebody,done,,,When I get home, {told},,Yes,,\n")
    (report,) = sqlite_desk.pull_all().files
    assert [URGENT in row["reasons"] for row in list_quarantine()] == [True, False, True]
    assert [note for note in report.notes if "trained reader" in note] == [
        "2 rows in quarantine may need a trained reader: heardback quarantine list --reason 'trained reader'"
    ]
    assert "uncle" not in f"{report}{list_quarantine()}"
    again = sqlite_desk.pull(*rows, exit_row(5, "Longer days"), name="later.csv")
    assert [note for note in again.notes if "trained reader" in note] == []
    assert problems_of(sqlite_desk.store) == []


def test_one_row_is_shown_with_its_cells_to_whoever_asks_and_without_identity(sqlite_bad: Desk) -> None:
    row = show_row(1, text_to="dee", at=NOW)
    assert row["cells"]["improve"] == FREEZING
    assert "name" not in row["cells"]
    with pytest.raises(NotFound, match="no quarantined row Q-9"):
        show_row(9)


def test_a_repaired_row_lands_where_it_belongs_and_its_pull_still_balances(bad: Desk) -> None:
    release = release_row(1, "Dee Okoro", LATER, DAY)
    assert (release.fate, release.reasons, states(bad)) == ("loop", [], ["released"])
    assert bad.loop_of(FREEZING).heard_from == date(2026, 9, 3)
    assert problems_of(bad.store) == []
    (row,) = list_quarantine(state="released")
    assert (row["decided_by"], row["note"]) == ("Dee Okoro", "date repaired")


def test_a_row_that_is_still_bad_stays_and_says_why(sqlite_bad: Desk) -> None:
    release = release_row(1, "Dee Okoro", LATER, {"improve": "Something else"})
    assert (release.fate, release.reasons, states(sqlite_bad)) == ("quarantine", ["a required cell is empty"], ["open"])
    assert problems_of(sqlite_bad.store) == []


def test_a_pull_that_there_is_not_has_no_rows_to_list_or_to_release(sqlite_bad: Desk) -> None:
    for ask in (
        lambda: list_quarantine(pull_uid="exit-0"),
        lambda: release_rows("Dee Okoro", LATER, pull_uid="exit-0"),
    ):
        with pytest.raises(NotFound, match="there is no pull 'exit-0'"):
            ask()
    assert len(list_quarantine(pull_uid=sqlite_bad.pulls()[0].pull_uid)) == 1


def test_a_released_disclosure_is_withheld(sqlite_desk: Desk) -> None:
    sqlite_desk.pull(exit_row(1, "More pizza please"), exit_row(2, "my dad hits me", date=""))
    assert release_row(1, "Dee Okoro", LATER, DAY).fate == "withheld"
    assert sqlite_desk.states() == ["heard", "withheld"]


def test_a_discarded_row_stays_in_its_pulls_account_with_the_reason(sqlite_bad: Desk) -> None:
    assert discard_row(1, "Dee Okoro", LATER, "scribbles").fate == "quarantine"
    assert (states(sqlite_bad), problems_of(sqlite_bad.store)) == (["discarded"], [])
    (row,) = list_quarantine(state="discarded")
    assert (row["decided_by"], row["note"]) == ("Dee Okoro", "scribbles")


@pytest.mark.parametrize("repairs", [DAY, {}])
def test_a_row_is_settled_once(sqlite_bad: Desk, repairs: dict[str, str]) -> None:
    discard_row(1, "Dee Okoro", LATER, "scribbles")
    with pytest.raises(MoveRefused, match="Q-1 was discarded by Dee Okoro already"):
        release_row(1, "data team", LATER, repairs)
    with pytest.raises(MoveRefused, match="already"):
        discard_row(1, "data team", LATER, "again")
    assert states(sqlite_bad) == ["discarded"]


def test_a_repair_of_a_column_that_is_not_there_is_refused(sqlite_bad: Desk) -> None:
    with pytest.raises(NotFound, match="no column 'day'") as refused:
        release_row(1, "Dee Okoro", LATER, {"day": "2026-09-03"})
    assert "date" in refused.value.do
    assert FREEZING not in str(refused.value)


@pytest.mark.parametrize("repairs", [{}, {"improve": "warmer"}, {"cell 3": "yjs", "cell 4": "warmer"}])
def test_a_row_whose_cells_cannot_be_told_apart_is_corrected_in_its_file(
    sqlite_desk: Desk, repairs: dict[str, str]
) -> None:
    path = sqlite_desk.drop("exit", exit_row(1, FREEZING))
    path.write_text(path.read_text(encoding="utf-8") + "2,2026-09-01,yjs\n", encoding="utf-8")
    sqlite_desk.pull()
    with pytest.raises(PullRefused, match="could not be told apart"):
        release_row(1, "Dee Okoro", LATER, repairs)
    assert states(sqlite_desk) == ["open"]


def test_a_row_of_a_register_is_corrected_in_the_register(sqlite_desk: Desk) -> None:
    sqlite_desk.pull(change_row(1), change_row(2, ""), feed="log")
    with pytest.raises(PullRefused, match="put right in the register"):
        release_row(1, "Dee Okoro", LATER, {"We did": "Something"})


def test_an_old_row_does_not_write_over_what_came_since(bad: Desk) -> None:
    bad.pull(exit_row(1, "More pizza please"), exit_row(2, "It is warm now"), at=NOW + timedelta(days=1))
    assert release_row(1, "Dee Okoro", LATER, DAY).fate == "duplicate"
    assert "It is warm now" in bad.texts()
    assert problems_of(bad.store) == []


def test_an_old_row_does_not_bring_back_what_was_taken_back_since(sqlite_desk: Desk) -> None:
    others = [exit_row(number, f"Wish {number}, please") for number in range(10, 16)]
    sqlite_desk.pull(exit_row(2, FREEZING), *others)
    sqlite_desk.pull(exit_row(2, FREEZING, date=""), *others, at=NOW + timedelta(days=1))
    sqlite_desk.pull(*others, at=NOW + timedelta(days=2))
    assert release_row(1, "Dee Okoro", LATER, DAY).fate == "duplicate"
    assert FREEZING not in sqlite_desk.texts()
    assert problems_of(sqlite_desk.store) == []


def test_a_released_card_without_a_day_was_heard_when_its_file_came(sqlite_desk: Desk) -> None:
    undated = [{"column": "date", "role": "submitted_on"}, {"column": "said", "role": "comment", "code": "said"}]
    sqlite_desk.configure(sources={"box": {"questions": undated}})
    sqlite_desk.pull(box_row("Fix the door"), box_row("More pizza please", date='"'), feed="box")
    assert release_row(1, "Dee Okoro", LATER, {"date": ""}).fate == "loop"
    assert sqlite_desk.loop_of("More pizza").heard_from == date(2026, 11, 10)


def test_a_row_repaired_here_and_at_the_source_is_one_row(bad: Desk) -> None:
    """Identity does not count, so dropping it changes no hash."""
    release_row(1, "Dee Okoro", LATER, DAY)
    report = bad.pull(exit_row(1, "More pizza please"), exit_row(2, FREEZING, **DAY), exit_row(3), at=LATER)
    assert report.fates == {"duplicate": 2, "not_counted": 1}
    assert bad.count(Response) == 3


def test_a_day_after_the_file_came_is_no_day_however_late_it_is_released(sqlite_desk: Desk) -> None:
    sqlite_desk.pull(exit_row(1, "More pizza please"), exit_row(2, FREEZING, date="2026-11-20"))
    release = release_row(1, "Dee Okoro", LATER, {})
    assert (release.fate, release.reasons) == ("quarantine", ["the date lies in the future"])


# ---- many at once, and what is on record of it


def audit(number: int = 1) -> list[tuple[str, str, str]]:
    return [(entry["action"], entry["actor"], entry["note"]) for entry in show_row(number)["audit"]]


def fates(releases: list[Release]) -> list[tuple[int, str]]:
    return [(release.quarantine_id, release.fate) for release in releases]


@pytest.fixture
def many(desk: Desk) -> Desk:
    """Rows 2 to 4 of an export have no service, which their map requires."""
    asks = [{**one, "required": True} if one["role"] == "service" else one for one in EXIT["questions"]]
    desk.configure(policy={"gate": {"max_bad_share": 1}}, sources={"exit": {"questions": asks}})
    desk.pull(*(exit_row(number, f"Wish number {number}", service="") for number in range(5, 8)))
    return desk


def test_all_rows_of_a_pull_or_with_a_reason_run_again_under_a_corrected_map(many: Desk) -> None:
    assert len(list_quarantine(reason="REQUIRED cell")) == 3
    assert len(list_quarantine(reason="no such reason")) == 0
    service = {**EXIT, "service": "yjs"}
    many.configure(policy={"gate": {"max_bad_share": 1}}, sources={"exit": service})
    (pull_uid,) = {row["pull_uid"] for row in list_quarantine()}
    released = release_rows("Dee Okoro", LATER, pull_uid=pull_uid, reason="required")
    assert fates(released) == [(1, "loop"), (2, "loop"), (3, "loop")]
    assert (list_quarantine(), problems_of(many.store)) == ([], [])
    assert {"Wish number 5", "Wish number 6", "Wish number 7"} <= set(many.texts())
    assert audit(2) == [("released", "Dee Okoro", "")]


def test_a_row_that_fails_again_stays_with_its_new_reasons_while_others_land(desk: Desk) -> None:
    desk.configure(policy={"gate": {"max_bad_share": 1}})
    desk.pull(exit_row(1, "Cold", date=""), exit_row(2, "Dark", date="2031-01-01"), exit_row(3, "Damp", date=""))
    undated = [{**one, "required": False} if one["column"] == "date" else one for one in EXIT["questions"]]
    desk.configure(policy={"gate": {"max_bad_share": 1}}, sources={"exit": {"questions": undated}})
    released = release_rows("Dee Okoro", LATER, source_id="exit")
    assert fates(released) == [(1, "loop"), (2, "quarantine"), (3, "loop")]
    (row,) = list_quarantine()
    assert (row["quarantine_id"], row["reasons"]) == (2, ["the date lies in the future"])
    assert audit(2) == [("stayed", "Dee Okoro", "")]
    assert show_row(2)["audit"][0]["reasons"] == ["the date lies in the future"]
    assert problems_of(desk.store) == []


def test_new_reasons_take_the_place_of_the_old_ones(sqlite_bad: Desk) -> None:
    assert list_quarantine()[0]["reasons"] == ["a required cell is empty"]
    release = release_row(1, "Dee Okoro", LATER, {"date": "2031-01-01"})
    assert release.reasons == ["the date lies in the future"]
    (row,) = list_quarantine()
    assert row["reasons"] == ["the date lies in the future"]
    with reading(sqlite_bad.store) as session:
        assert session.get_one(QuarantinedRow, 1).cells["date"] == ""  # what came is kept as it came


def test_the_audit_names_the_cells_that_were_changed_by_hashes_and_no_word(sqlite_bad: Desk) -> None:
    release_row(1, "Dee Okoro", LATER, {**DAY, "improve": "Zebra words that nobody may see", "service": "yjs"})
    (entry,) = show_row(1)["audit"]
    assert [sorted(cell) for cell in entry["changed"]] == [["after", "before", "column"]] * 2
    assert [cell["column"] for cell in entry["changed"]] == ["date", "improve"]  # the service was yjs before
    assert entry["changed"][0]["after"] == sha256(b"1\x1fdate\x1f2026-09-03").hexdigest()
    assert entry["changed"][0]["before"] == sha256(b"1\x1fdate\x1f").hexdigest()
    assert (entry["at"], len(entry["map_sha256"])) == (LATER, 64)
    assert not any(words in str(entry) for words in ("Zebra", "freezing", "2026-09-03"))


def test_everything_that_was_done_with_a_row_stays_on_record(sqlite_bad: Desk) -> None:
    release_row(1, "Dee Okoro", LATER, {})
    release_row(1, "data team", LATER + timedelta(days=1), DAY)
    assert audit() == [("stayed", "Dee Okoro", ""), ("released", "data team", "date repaired")]


@pytest.mark.parametrize("statement", ["UPDATE quarantine_entry SET actor = 'Nobody'", "DELETE FROM quarantine_entry"])
def test_the_audit_can_only_grow(bad: Desk, statement: str) -> None:
    release_row(1, "Dee Okoro", LATER, {})
    with pytest.raises(DBAPIError, match="append-only"), bad.store.begin() as connection:
        connection.execute(text(statement))
    assert audit() == [("stayed", "Dee Okoro", "")]


def test_words_are_shown_only_on_request(sqlite_bad: Desk) -> None:
    shown = show_row(1)
    assert FREEZING not in str(shown)
    assert (shown["characters"]["improve"], shown["characters"]["date"]) == (len(FREEZING), 0)


@pytest.mark.parametrize("reason", ["", "  "])
def test_discarding_needs_a_reason(sqlite_bad: Desk, reason: str) -> None:
    with pytest.raises(MoveRefused, match="for a reason"):
        discard_row(1, "Dee Okoro", LATER, reason)
    assert states(sqlite_bad) == ["open"]


def test_releasing_twice_is_refused_and_lands_nothing_more(bad: Desk) -> None:
    release_row(1, "Dee Okoro", LATER, DAY)
    with pytest.raises(MoveRefused, match="Q-1 was released by Dee Okoro already"):
        release_row(1, "data team", LATER, DAY)
    assert release_rows("data team", LATER, source_id="exit") == []
    assert (bad.count(Response), problems_of(bad.store)) == (2, [])


def test_two_who_release_rows_of_one_pull_at_once_lose_none(desk: Desk) -> None:
    desk.configure(policy={"gate": {"max_bad_share": 1}})
    desk.pull(*(exit_row(number, f"Wish number {number}", date="") for number in range(1, 7)))
    start = Barrier(2)

    def work(numbers: tuple[int, ...]) -> list[str]:
        start.wait()
        return [release_row(number, "Dee Okoro", LATER, DAY).fate for number in numbers]

    with ThreadPoolExecutor(2) as pool:
        ended = list(pool.map(work, [(1, 2, 3), (4, 5, 6)]))
    assert ended == [["loop"] * 3] * 2
    assert (desk.count(Response), problems_of(desk.store)) == (6, [])


def test_two_who_release_the_same_row_at_once_land_it_once(desk: Desk) -> None:
    desk.pull(exit_row(1, "More pizza please"), exit_row(2, FREEZING, date=""))
    start = Barrier(2)

    def work(name: str) -> str:
        start.wait()
        try:
            return release_row(1, name, LATER, DAY).fate
        except MoveRefused:
            return "refused"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(work, ["Dee Okoro", "data team"])) == ["loop", "refused"]
    assert (desk.count(Response), problems_of(desk.store)) == (2, [])


def test_rows_of_one_id_that_clash_stay_together_and_one_of_them_may_be_chosen(desk: Desk) -> None:
    desk.configure(policy={"gate": {"max_bad_share": 1}})
    desk.pull(exit_row(1, "Cold"), exit_row(1, "Warm"), exit_row(2, "Damp"))
    assert fates(release_rows("Dee Okoro", LATER, source_id="exit")) == [(1, "quarantine"), (2, "quarantine")]
    assert release_row(2, "Dee Okoro", LATER, {}).fate == "loop"
    discard_row(1, "Dee Okoro", LATER, "typed twice")
    assert (sorted(desk.texts()), problems_of(desk.store)) == (["Damp", "Warm"], [])


def test_a_row_repaired_into_the_id_of_another_row_of_its_file_does_not_write_over_it(desk: Desk) -> None:
    desk.configure(policy={"gate": {"max_bad_share": 1}})
    desk.pull(exit_row(1, "Cold"), exit_row("", "Warm"), exit_row("", "Cold"), exit_row(2, "Damp"))
    taken = release_row(1, "Dee Okoro", LATER, {"id": "1"})
    assert (taken.fate, taken.reasons) == ("quarantine", ["the same id stands in the file with other answers"])
    assert release_row(2, "Dee Okoro", LATER, {"id": "1"}).fate == "duplicate"
    assert release_row(1, "Dee Okoro", LATER, {"id": "3"}).fate == "loop"
    assert (sorted(desk.texts()), problems_of(desk.store)) == (["Cold", "Damp", "Warm"], [])


def test_a_released_row_wakes_matching(sqlite_bad: Desk) -> None:
    before = sqlite_bad.events().count("comments.landed")
    release_row(1, "Dee Okoro", LATER, DAY)
    assert sqlite_bad.events().count("comments.landed") == before + 1


def test_a_rule_on_the_whole_table_says_nothing_of_one_row(sqlite_desk: Desk) -> None:
    rule = {"expect": "expect_table_row_count_to_be_between", "kwargs": {"min_value": "2"}, "reason": "too few rows"}
    sqlite_desk.configure(sources={"exit": {"expectations": [rule]}})
    sqlite_desk.pull(exit_row(1, "More pizza please"), exit_row(2, FREEZING, date=""))
    assert release_row(1, "Dee Okoro", LATER, DAY).fate == "loop"


def a_rule_on(column: str) -> dict[str, object]:
    kwargs = {"regex": "^[0-9]+$"}
    return {"expect": "expect_column_values_to_match_regex", "column": column, "kwargs": kwargs, "reason": "no number"}


def test_a_cell_that_a_check_asks_about_is_kept_and_repaired_though_it_is_no_answer(sqlite_desk: Desk) -> None:
    asked = [*EXIT["questions"], {"column": "card", "role": "ignore"}]
    sqlite_desk.configure(sources={"exit": {"questions": asked, "expectations": [a_rule_on("card")]}})
    sqlite_desk.pull(*(exit_row(number, f"Wish {number}", card=card) for number, card in ((1, "7"), (2, "seven"))))
    assert release_row(1, "Dee Okoro", LATER, {}).reasons == ["no number"]
    assert release_row(1, "Dee Okoro", LATER, {"card": "8"}).fate == "loop"
    assert problems_of(sqlite_desk.store) == []


def test_a_check_on_identity_keeps_none_of_it_and_no_row_for_good(sqlite_desk: Desk) -> None:
    sqlite_desk.configure(sources={"exit": {"expectations": [a_rule_on("name")]}})
    sqlite_desk.pull(exit_row(1, "Wish 1", name="7"), exit_row(2, "Wish 2", name="Zebra Name"))
    assert "name" not in show_row(1)["characters"]
    assert release_row(1, "Dee Okoro", LATER, {}).fate == "loop"


def test_nothing_runs_again_without_saying_which(sqlite_bad: Desk) -> None:
    with pytest.raises(NotFound, match="nothing says which rows"):
        release_rows("Dee Okoro", LATER)
    assert states(sqlite_bad) == ["open"]


# ---- rows of a register


def test_a_row_of_a_register_lands_under_a_corrected_map_and_meets_the_comments(desk: Desk) -> None:
    desk.pull(change_row(1), change_row(2, Status="Finished at last"), feed="log")
    mark_met_now(desk)
    assert release_rows("Dee Okoro", LATER, source_id="log")[0].reasons == [
        "the status is not in the register's statuses"
    ]
    desk.configure(registers=[{**LOG, "statuses": {"Finished at last": "done"}}])
    assert fates(release_rows("Dee Okoro", LATER, source_id="log")) == [(1, "change")]
    with reading(desk.store) as session:
        assert list(changes_to_match(session, unmet_only=True)["change_uid"]) == ["log:1", "log:2"]
    assert (desk.count(Change), problems_of(desk.store), desk.events()[-1]) == (2, [], "change.recorded")


def test_a_registers_old_row_does_not_write_over_what_came_since(desk: Desk) -> None:
    desk.pull(change_row(1), change_row(2, "Old words", Status="Finished"), feed="log")
    desk.pull(change_row(1), change_row(2, "New words"), feed="log", at=NOW + timedelta(days=1))
    desk.configure(registers=[{**LOG, "statuses": {"Finished": "done"}}])
    assert fates(release_rows("Dee Okoro", LATER, source_id="log")) == [(1, "duplicate")]
    with reading(desk.store) as session:
        assert session.get_one(Change, "log:2").we_did == "New words"
    assert problems_of(desk.store) == []


def mark_met_now(desk: Desk) -> None:
    with transaction(desk.store) as session:
        mark_met(session, [pull.pull_uid for pull in desk.pulls()], NOW)


@pytest.mark.parametrize("who", ["Amira Sayed", "Priya Nair", "Ruth Abara", "Nobody At All"])
def test_who_is_not_of_the_data_team_repairs_and_discards_nothing(sqlite_bad: Desk, who: str) -> None:
    for attempt in (
        lambda: release_row(1, who, LATER, DAY),
        lambda: release_rows(who, LATER, source_id="exit"),
        lambda: discard_row(1, who, LATER, "scribbles"),
    ):
        with pytest.raises(NotAllowed):
            attempt()
    assert states(sqlite_bad) == ["open"]
