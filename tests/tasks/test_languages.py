"""A comment that is not in English lands like any other, and everybody who decides on it is told so."""

import pytest
from sqlalchemy import select

from heardback.domain import languages
from heardback.messages.desk_page import Reader, loop_page, queue_page
from heardback.store import Comment, Match
from heardback.store.retention import forget_comments
from heardback.store.session import reading, transaction
from tasks.match import match_new
from tasks.nudge import nudge
from tasks.own_loops import own_loop
from tasks.safeguarding import reading_queue
from tasks.shown_loops import show_loop
from tasks.status import status
from tests.council import change_row, exit_row
from tests.desk import Desk
from tests.factories import NOW
from tests.ready_made import ReadyMade
from tests.tasks.conftest import TUESDAY

pytestmark = pytest.mark.usefixtures("quick_gate")
POLISH, ENGLISH = "W poczekalni jest zawsze zimno, kaloryfer zepsuty", "the radiator by the window is broken"
READER = Reader("Northmere", "")


def both(desk: Desk) -> None:
    """L-0001 in Polish, L-0002 in English, and a change that holds a word of the first."""
    desk.pull(exit_row(1, POLISH), exit_row(2, ENGLISH))
    desk.pull(change_row(1, "Kaloryfer: we mended it.", Title="Kaloryfer zepsuty", **{"You said": "Zimno"}), feed="log")


@pytest.fixture
def landed(sqlite_desk: Desk, ready_made: ReadyMade) -> Desk:
    return ready_made.fill(sqlite_desk, both)


def tags(desk: Desk) -> list[str]:
    return sorted(desk.ask(select(Comment.written_in)))


def test_its_language_is_known_from_when_it_lands(desk: Desk, ready_made: ReadyMade) -> None:
    assert tags(ready_made.fill(desk, both)) == ["", "pl"]


def test_an_edit_is_read_anew(landed: Desk) -> None:
    landed.pull(exit_row(1, "It is always cold in the waiting room"), exit_row(2, ENGLISH), name="export-2.csv")
    assert tags(landed) == ["", ""]


def test_a_council_that_does_not_name_the_language_is_told_that_it_is_not_english(sqlite_desk: Desk) -> None:
    sqlite_desk.configure(policy={"matching": {"languages": ["so", "ur"]}})
    sqlite_desk.pull(exit_row(1, POLISH))
    assert tags(sqlite_desk) == ["und"]


def test_status_counts_languages(landed: Desk) -> None:
    assert status(NOW).languages == {"Polish": 1}


def test_the_reading_queue_says_that_the_phrases_cannot_read_it(landed: Desk) -> None:
    found = reading_queue("ruth", NOW)
    assert {item["loop_uid"]: item["written_in"] for item in found["queue"]} == {"L-0001": "Polish", "L-0002": ""}
    page = queue_page(READER, found["waiting"], found["queue"])
    assert page.count("written in Polish, which the phrases cannot read") == 1
    assert page.count("which the phrases cannot read") == 1


def test_what_the_phrases_cannot_read_is_read_before_what_they_let_pass_and_after_what_they_found(
    sqlite_desk: Desk,
) -> None:
    sqlite_desk.pull(exit_row(1, ENGLISH), exit_row(2, POLISH), exit_row(3, "my dad hits me"))
    assert [item["loop_uid"] for item in reading_queue("ruth", NOW)["queue"]] == ["L-0003", "L-0002", "L-0001"]


def test_the_loop_says_so_to_whoever_looks(landed: Desk) -> None:
    assert [show_loop(number).written for number in ("L-0001", "L-0002")] == ["in Polish", ""]
    page = loop_page(READER, own_loop("amira", "L-0001", NOW))
    assert "Written in Polish: ask for a translation before you decide" in page
    assert "Written in" not in loop_page(READER, own_loop("amira", "L-0002", NOW))


def test_a_digest_says_so_beside_the_loop(landed: Desk) -> None:
    nudge(TUESDAY)
    sent = "".join(path.read_text(encoding="utf-8") for path in (landed.folder / "home" / "outbox").glob("*.json"))
    assert "L-0001" in sent
    assert "L-0002" in sent
    assert (
        sent.count("Written in Polish: ask for a translation before you decide") == 2
    )  # the row, and the line for ears


def test_with_the_words_the_language_is_forgotten(landed: Desk) -> None:
    with transaction(landed.store) as session:
        forget_comments(session, list(session.scalars(select(Comment.comment_uid))))
    assert tags(landed) == ["", ""]
    assert status(NOW).languages == {}


def test_what_tells_languages_apart_is_let_go_before_matching(landed: Desk) -> None:
    """56 MB, while the encoder takes more: the largest of what a run holds at once."""
    before = languages._reader()
    match_new(NOW)
    assert languages._reader() is not before


def test_a_suggestion_says_so_among_its_reasons(landed: Desk) -> None:
    match_new(NOW)
    with reading(landed.store) as session:
        reasons = {match.loop_uid: match.reasons for match in session.scalars(select(Match))}
    assert reasons["L-0001"][-1] == "written in Polish, of which little can be compared: ask for a translation"
    assert not any("written in" in line for line in reasons.get("L-0002", []))
