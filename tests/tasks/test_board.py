"""The public board, written from a real store with the sample council's configuration."""

from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from heardback.reports.board import Refusal
from heardback.store.session import transaction
from tasks.board import BoardWritten, write_public_board
from tests.factories import DECIDE, LEAD, MANAGER, NOW, OWN, a_loop
from tests.reports.pages import read
from tests.tasks.answered_loops import OFFICER, TITLE, WORDING, an_answered_loop, move

NOVEMBER = date(2026, 11, 10)


def board(out: Path, as_of: date = NOVEMBER) -> tuple[BoardWritten, str]:
    written = write_public_board(as_of, str(out))
    path, *_ = written.paths
    return written, path.read_text("utf-8")


def test_an_answer_that_two_people_approved_is_shown_with_its_role_place_and_date(
    workplace: Engine, tmp_path: Path
) -> None:
    with transaction(workplace) as session:
        loop_uid = an_answered_loop(session, MANAGER, OFFICER)
    written, page = board(tmp_path)
    assert (written.shown, written.refused) == (1, [])
    for words in (
        TITLE,
        WORDING,
        loop_uid,
        "Youth Justice Service",
        "Operations Manager, Youth Justice Service",
        "Marsh Lane office, 30 September 2026",
        "Decided on 21 September 2026",
    ):
        assert words in read(page).text
    assert "freezing" not in page


def test_an_answer_without_two_approvals_by_two_people_is_refused_by_number(workplace: Engine, tmp_path: Path) -> None:
    with transaction(workplace) as session:
        none, one, same = (an_answered_loop(session, *by) for by in ((), (MANAGER,), (MANAGER, MANAGER)))
    written, page = board(tmp_path)
    reason = "it lacks two approvals by two different people"
    assert written.refused == [Refusal(none, reason), Refusal(one, reason), Refusal(same, reason)]
    assert (written.shown, TITLE in page) == (0, False)


def test_an_answer_that_was_flagged_since_is_gone_from_every_board_past_ones_too(
    workplace: Engine, tmp_path: Path
) -> None:
    with transaction(workplace) as session:
        loop_uid = an_answered_loop(session, MANAGER, OFFICER)
    assert TITLE in board(tmp_path / "before")[1]
    with transaction(workplace) as session:
        move(session, loop_uid, "withhold", LEAD, reason="A concern was raised.")
    past, page = board(tmp_path / "past", date(2026, 10, 1))
    assert past.refused == [Refusal(loop_uid, "a safeguarding flag is open on one of its comments")]
    assert TITLE not in page
    now, page = board(tmp_path / "now")
    assert (now.shown, TITLE in page) == (0, False)


def test_an_answer_whose_comment_was_withdrawn_since_is_kept_off(workplace: Engine, tmp_path: Path) -> None:
    with transaction(workplace) as session:
        loop_uid = an_answered_loop(session, MANAGER, OFFICER)
        move(session, loop_uid, "withdraw", reason="deleted where it came from")
    written, page = board(tmp_path, date(2026, 10, 1))
    assert written.refused == [Refusal(loop_uid, "it has been withdrawn or diverted since")]
    assert TITLE not in page


def test_an_approved_answer_that_was_reworded_waits_for_two_new_approvals(workplace: Engine, tmp_path: Path) -> None:
    with transaction(workplace) as session:
        loop_uid = an_answered_loop(session, MANAGER, OFFICER)
        move(session, loop_uid, "describe", title="Something nobody approved", on=date(2026, 10, 3))
    written, page = board(tmp_path)
    assert [refusal.loop_uid for refusal in written.refused] == [loop_uid]
    assert "Something nobody approved" not in page
    assert TITLE in board(tmp_path, date(2026, 10, 2))[1]


def test_the_board_of_a_past_day_is_the_same_bytes_after_later_moves(workplace: Engine, tmp_path: Path) -> None:
    with transaction(workplace) as session:
        loop_uid = an_answered_loop(session, MANAGER, OFFICER)
        other = a_loop(session, OWN)
    _, before = board(tmp_path, date(2026, 9, 30))
    with transaction(workplace) as session:
        move(session, loop_uid, "agree", on=date(2026, 10, 2))
        move(session, other, "decide", outcome="cannot", wording="It is too dear to do.", reason="dear", on=NOVEMBER)
    assert board(tmp_path, date(2026, 9, 30))[1] == before
    assert board(tmp_path)[1] != before


def test_a_partly_says_why_the_rest_cannot_be_had(workplace: Engine, tmp_path: Path) -> None:
    with transaction(workplace) as session:
        loop_uid = an_answered_loop(session)
        words: dict[str, Any] = {
            "outcome": "partly",
            "wording": WORDING,
            "reason": "The boiler is shared with the court.",
        }
        move(session, loop_uid, "revise", on=date(2026, 10, 2), **words)
        move(session, loop_uid, "approve", approval="identifying_details_removed", on=date(2026, 10, 2))
        move(session, loop_uid, "approve", OFFICER, approval="cleared_for_disclosure", on=date(2026, 10, 2))
    assert "The boiler is shared with the court." in board(tmp_path)[1]


def test_whoever_was_not_told_still_waits(workplace: Engine, tmp_path: Path) -> None:
    with transaction(workplace) as session:
        for _ in range(12):
            a_loop(session, OWN, DECIDE)
        for _ in range(5):
            an_answered_loop(session)
        for _ in range(3):
            a_loop(session, ("set_aside", {"reason": "asks for nothing", "on": NOW.date()}))
    cells = [cell.text for cell in read(board(tmp_path)[1]).all("td")]
    # heard 17, the three set aside left out; answered and told 5; none of them refused; 12 still wait
    assert cells[:4] == ["about 15", "fewer than 10", "none", "about 10"]
