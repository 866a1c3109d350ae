"""A dry run names every open loop, whatever became of it: who would be told what, or why nobody is."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from heardback.domain.lifecycle import Role
from heardback.ledger import Actor
from heardback.store import Nudge
from tasks.loops import By, move_loop
from tasks.nudge import nudge
from tests.council import SERVICES, exit_row
from tests.desk import Desk
from tests.factories import LEAD
from tests.ready_made import ReadyMade
from tests.tasks.conftest import TUESDAY

pytestmark = pytest.mark.usefixtures("quick_gate")
WEEK = timedelta(days=7)
HEARD = (
    "The door", "The lift", "The bus", "The food", "The room", "The forms", "The wait", "The phone", "The park",
    "The film", "The desk", "The tea", "he hits me quagga", "a formal complaint please", "nothing", "The hall",
)  # fmt: skip
AMIRA = By("amira")
OFFICER = Actor("Amira Sayed", Role.SERVICE_MANAGER)


def in_every_state(desk: Desk) -> None:
    """L-0001 to L-0016, one in each state that a loop can be in; L-0016 is heard at the clubs, which are Ben's."""
    rows = [exit_row(number, said) for number, said in enumerate(HEARD[:-1], 1)]
    desk.pull(*rows, exit_row(16, HEARD[-1], service="youth"), at=TUESDAY)
    desk.move("L-0002", "own", owner="amira", at=TUESDAY, on=date(2026, 9, 2))
    for number in (3, 4, 5, 6):
        uid = f"L-{number:04d}"
        outcome = {"outcome": "will", "by_date": "2026-09-04"} if number in (5, 6) else {"outcome": "done"}
        desk.move(uid, "own", owner="amira", at=TUESDAY, on=date(2026, 9, 2))
        desk.move(uid, "decide", at=TUESDAY, on=date(2026, 9, 3), wording="We did.", **outcome)
    for number in (4, 5):
        desk.move(f"L-{number:04d}", "tell", how="board", where="Reception", at=TUESDAY, on=date(2026, 9, 4))
    desk.move("L-0006", "keep", at=TUESDAY, on=date(2026, 9, 4))
    desk.move("L-0006", "tell", how="board", where="Reception", at=TUESDAY, on=date(2026, 9, 4))
    move_loop("L-0007", "snooze", AMIRA, TUESDAY, until=date(2026, 9, 11))
    move_loop("L-0008", "pause", AMIRA, TUESDAY, until=date(2026, 9, 14), reason="the panel")
    desk.move("L-0009", "set_aside", at=TUESDAY, reason="asks for nothing")
    desk.move("L-0010", "withdraw", at=TUESDAY, reason="taken back")
    desk.move("L-0011", "keep_from_service", LEAD, TUESDAY, reason="about staff")
    desk.move("L-0003", "reopen", OFFICER, TUESDAY, reason="it is broken again")
    desk.move("L-0012", "merge", at=TUESDAY, into="L-0001")


@pytest.fixture
def council(sqlite_desk: Desk, ready_made: ReadyMade) -> Desk:
    sqlite_desk.configure(policy={"nudge": {"digest_cap": 3}})
    return ready_made.fill(sqlite_desk, in_every_state)


def foretold(at: datetime = TUESDAY) -> dict[str, tuple[str, list[str]]]:
    return {item["loop"]: (item["verdict"], item["to"]) for item in explained(at).values()}


def explained(at: datetime = TUESDAY) -> dict[str, dict[str, Any]]:
    items = nudge(at, dry_run=True).explanations
    assert len({item["loop"] for item in items}) == len(items), "each once"
    assert all(item["why"] for item in items)
    return {item["loop"]: item for item in items}


def test_every_open_loop_is_named_once_and_nothing_that_is_closed(council: Desk) -> None:
    assert foretold() == {
        "L-0001": ("told", ["amira"]),
        "L-0002": ("told", ["amira"]),
        "L-0003": ("counted", ["amira"]),
        "L-0005": ("told", ["amira"]),
        "L-0007": ("snoozed", []),
        "L-0008": ("paused", []),
        "L-0011": ("told", ["ruth"]),
        "L-0013": ("not_open", []),
        "L-0014": ("not_open", []),
        "L-0016": ("told", ["ben"]),
    }


def test_what_each_would_be_told_is_the_messages_own_line_and_no_word_that_was_said(council: Desk) -> None:
    found = explained()
    assert found["L-0002"]["what"] == (
        "L-0002, 1 comment heard 1 Sep: 1 person said this, due in 15 working days, by 29 Sep. "
        "Next: decide what will happen, and record it"
    )
    assert (found["L-0003"]["what"], found["L-0013"]["what"]) == ("", "")
    assert found["L-0008"]["why"] == "waits for others, its clock stands until 14 September"
    assert found["L-0013"]["why"].startswith("held back for a trained reader")
    assert found["L-0014"]["why"] == "a complaint, in its own procedure"
    assert "quagga" not in str(found)


def test_whoever_was_told_in_this_window_would_not_be_told_again(council: Desk) -> None:
    nudge(TUESDAY)
    rows = [exit_row(number, said) for number, said in enumerate(HEARD[:-1], 1)]
    rows += [exit_row(16, HEARD[-1], service="youth"), exit_row(17, "The stairs")]
    council.pull(*rows, name="export-2.csv", at=TUESDAY + timedelta(hours=1))
    report = nudge(TUESDAY + timedelta(days=1), dry_run=True)
    found = {item["loop"]: (item["verdict"], item["to"], item["why"]) for item in report.explanations}
    assert found["L-0001"] == found["L-0003"] == ("not_now", [], "told in this window before")
    assert found["L-0017"] == ("not_now", [], "came after this window's message; in the next one")
    assert (report.recipients, report.already_sent) == ({}, ["amira", "ben", "ruth"])
    assert council.count(Nudge) == 3
    assert nudge(TUESDAY + WEEK, dry_run=True).recipients == {"amira": 7, "ben": 1, "ruth": 1}


def test_who_is_away_who_has_left_and_what_nobody_answers_for_say_so(council: Desk) -> None:
    away = {**SERVICES["people"]["amira"], "away": [{"first": "2026-09-07", "last": "2026-09-09"}]}
    people = {**SERVICES["people"], "amira": away}
    council.configure(
        services={"people": people}, policy={"nudge": {"board_after": 6, "deputy_after": 3, "head_after": 5}}
    )
    found = explained()
    assert (found["L-0001"]["verdict"], found["L-0001"]["to"]) == ("away", [])
    assert found["L-0001"]["why"] == "amira is away until 10 September, and told then"
    assert foretold()["L-0016"] == ("told", ["ben"])


def test_what_is_on_the_boards_list_says_so_beside_who_is_told(council: Desk) -> None:
    council.configure(policy={"nudge": {"digest_cap": 20, "deputy_after": 1, "head_after": 1, "board_after": 1}})
    for week in range(5, 8):
        nudge(TUESDAY + week * WEEK)
    report = nudge(TUESDAY + 8 * WEEK, dry_run=True)
    listed = {item["loop"]: item["why"] for item in report.explanations if item["loop"] in report.exceptions}
    assert "L-0016" in listed
    assert all(why.endswith("; on the board's exception list") for why in listed.values())


@pytest.mark.parametrize(
    ("at", "why"),
    [
        (TUESDAY - timedelta(days=1), "not due: nudge day is Tuesday, 8 September"),
        (TUESDAY + timedelta(hours=8), "outside office hours: 09:30 to 16:00"),
        (TUESDAY + timedelta(days=4), "outside office hours: Saturday is not a working day"),
    ],
)
def test_outside_the_window_each_loop_says_why_and_what_is_put_off_says_that(
    council: Desk, at: datetime, why: str
) -> None:
    found = explained(at)
    assert (found["L-0001"]["verdict"], found["L-0001"]["why"]) == ("not_now", why)
    assert found["L-0008"]["verdict"] == "paused"
    assert found["L-0013"]["verdict"] == "not_open"
