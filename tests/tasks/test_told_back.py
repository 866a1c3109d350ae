"""A group's own list for its next meeting, and that it was told there."""

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import Engine, update

from heardback.domain.lifecycle import Role
from heardback.errors import NotAllowed, NotFound
from heardback.store import HistoryEntry, Loop, Response
from heardback.store.session import reading, transaction
from tasks.loops import By
from tasks.told_back import ListWritten, record_meeting, write_list
from tests.factories import DECIDE, LEAD, MANAGER, NOW, OWN, a_loop
from tests.reports.pages import check_asks_for_nothing, check_is_accessible, read
from tests.reports.test_documents import check_is_tagged
from tests.tasks.answered_loops import OFFICER, approve, move

FORUM, HALL, MET = "parents_forum", "Orchard Family Hub", date(2026, 10, 20)
OFFICERS = By("lovelace", Role.PARTICIPATION_OFFICER, MET)
REFUSED = (
    "decide",
    {"outcome": "cannot", "wording": "The clock tower stays shut.", "reason": "Unsafe.", "on": date(2026, 9, 21)},
)


def titled(title: str) -> tuple[str, dict[str, object]]:
    return ("describe", {"title": title, "on": date(2026, 9, 5)})


@pytest.fixture
def loops(sqlite_workplace: Engine) -> dict[str, str]:
    """What the forum said: answered, refused, unchecked, waiting with a title and without, withheld; all untold."""
    with transaction(sqlite_workplace) as session:
        found = {
            "answered": a_loop(session, OWN, titled("A warm waiting room"), DECIDE),
            "refused": a_loop(session, OWN, titled("Open the clock tower"), REFUSED),
            "unchecked": a_loop(session, OWN, titled("Nobody checked this"), DECIDE),
            "waiting": a_loop(session, OWN, titled("Later closing on Fridays")),
            "untitled": a_loop(session),
            "withheld": a_loop(session, OWN, titled("Behind a flag")),
        }
        approve(session, found["answered"], MANAGER, OFFICER)
        approve(session, found["refused"], MANAGER, OFFICER)
        move(session, found["withheld"], "withhold", LEAD, reason="A concern was raised.")
        session.execute(update(Response).values(source_id="parents-tell-us"))
        found["others"] = a_loop(session, OWN, titled("Said by somebody else"))
    return found


def written(folder: Path, as_of: date = MET, since: date | None = None) -> tuple[ListWritten, str]:
    found = write_list(FORUM, as_of, str(folder), since)
    return found, found.paths[0].read_text("utf-8")


def test_the_list_names_what_was_answered_refused_and_what_waits(loops: dict[str, str], tmp_path: Path) -> None:
    found, page = written(tmp_path)
    assert found.shown == [loops["answered"], loops["refused"]]
    assert found.waiting == [loops["waiting"]]
    assert found.kept_off == {loops["unchecked"]: "it lacks two approvals by two different people"}
    said = read(page).text
    for words in (
        "A warm waiting room", "We put a heater in the waiting room.", "Open the clock tower",
        "The clock tower stays shut.", "Later closing on Fridays", "Parents' and Carers' Forum",
        "Operations Manager, Youth Justice Service is working on it.", "The first list for this group.",
        "Other things you told us that wait, and that nobody has put into a few words yet: fewer than 10.",
        "Answers that are still being checked before we show them: fewer than 10.",
    ):  # fmt: skip
        assert words in said
    for words in ("Nobody checked this", "Behind a flag", "Said by somebody else", "freezing"):
        assert words not in page


def test_page_and_paper_are_accessible_and_the_same_each_time(loops: dict[str, str], tmp_path: Path) -> None:
    first, page = written(tmp_path / "first")
    again, _ = written(tmp_path / "again")
    check_is_accessible(read(page))
    check_asks_for_nothing(read(page))
    check_is_tagged(first.paths[1])
    assert [path.name for path in first.paths] == ["told-back-parents_forum.html", "told-back-parents_forum.pdf"]
    assert [path.read_bytes() for path in first.paths] == [path.read_bytes() for path in again.paths]
    assert loops["waiting"] in page


def test_what_was_told_at_the_meeting_is_told_and_what_was_not_shown_is_not(
    sqlite_workplace: Engine, loops: dict[str, str]
) -> None:
    told = record_meeting(FORUM, HALL, OFFICERS, NOW)
    assert (sorted(told.told), told.told_again) == ([loops["answered"], loops["refused"]], [])
    with reading(sqlite_workplace) as session:
        states = {loop.loop_uid: (loop.state, loop.told_on) for loop in session.query(Loop)}
        (entry,) = session.query(HistoryEntry).filter_by(loop_uid=loops["answered"], move="tell")
    assert states[loops["answered"]] == ("told", MET)
    assert (states[loops["unchecked"]][0], states[loops["waiting"]][0]) == ("decided", "owned")
    assert entry.details == {"how": "session", "where": HALL, "whom": "Parents' and Carers' Forum"}


def test_said_twice_it_is_recorded_once(loops: dict[str, str]) -> None:
    record_meeting(FORUM, HALL, OFFICERS, NOW)
    again = record_meeting(FORUM, HALL, OFFICERS, NOW)
    assert (again.told, again.told_again, again.known) == ([], [], 2)
    assert loops["answered"]


def test_the_next_list_begins_after_the_meeting_on_record(loops: dict[str, str], tmp_path: Path) -> None:
    record_meeting(FORUM, HALL, OFFICERS, NOW)
    found, page = written(tmp_path, date(2026, 11, 10))
    assert found.since == MET
    assert (found.shown, found.waiting) == ([], [loops["waiting"]])
    assert "Since we last met on 20 October 2026." in read(page).text
    earlier, _ = written(tmp_path / "earlier", date(2026, 11, 10), date(2026, 9, 10))
    assert earlier.shown == [loops["answered"], loops["refused"]]


def test_a_meeting_recorded_twice_or_late_changes_no_other_list(
    sqlite_workplace: Engine, loops: dict[str, str], tmp_path: Path
) -> None:
    second = By("lovelace", Role.PARTICIPATION_OFFICER, date(2026, 11, 9))
    before, _ = written(tmp_path / "before")
    record_meeting(FORUM, HALL, OFFICERS, NOW)
    between, _ = written(tmp_path / "between", date(2026, 11, 9))
    with transaction(sqlite_workplace) as session:
        approve(session, loops["unchecked"], MANAGER, OFFICER)
    assert record_meeting(FORUM, HALL, second, NOW).told == [loops["unchecked"]]
    again = record_meeting(FORUM, HALL, second, NOW)
    # what the first meeting was told is not said to have been told once more at the second
    assert (again.told, again.told_again, again.known) == ([], [], 1)
    assert [written(tmp_path / "later", day)[0].since for day in (MET, date(2026, 11, 9))] == [None, MET]
    assert (before.since, between.since) == (None, MET)


def test_somebody_without_the_role_tells_nobody(sqlite_workplace: Engine, loops: dict[str, str]) -> None:
    with pytest.raises(NotAllowed):
        record_meeting(FORUM, HALL, By("amadi", Role.PARTICIPATION_OFFICER, MET), NOW)
    with reading(sqlite_workplace) as session:
        assert session.get_one(Loop, loops["answered"]).state == "decided"


def test_a_group_that_there_is_not_is_named_with_those_there_are(sqlite_workplace: Engine, tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="no group 'nobody'") as refused:
        write_list("nobody", MET, str(tmp_path))
    assert "parents_forum" in str(refused.value)
    assert sqlite_workplace.dialect.name == "sqlite"
