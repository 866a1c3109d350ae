"""The month in the board's channel: once, from figures after disclosure control, and only while it is news."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from heardback.errors import DeliveryError
from heardback.store import Comment, Nudge
from heardback.store.session import reading, transaction
from tasks.board_summary import exceptions, is_news
from tasks.channels import check_posted
from tasks.report import ReportWritten, write_report
from tasks.workplace import open_workplace
from tests.council import exit_row
from tests.desk import Desk
from tests.messages.slack_server import FakeSlack, Trouble
from tests.ready_made import ReadyMade

pytestmark = pytest.mark.usefixtures("quick_gate")
FIFTH, SEPTEMBER = datetime(2026, 10, 5, 6, 0, tzinfo=UTC), "2026-09"
LATER = timedelta(hours=1)


def twelve_loops(desk: Desk) -> None:
    """Of September, three of them answered and told; the board has a channel."""
    rows = [exit_row(number, f"Room {number} is as cold as zebra {number * 7919}") for number in range(1, 13)]
    desk.pull(*rows, at=datetime(2026, 9, 20, tzinfo=UTC))
    for number in (1, 2, 3):
        desk.answer(f"L-{number:04d}", told=True)
    desk.configure(policy={"report": {"board_channel": "CBOARD"}})


@pytest.fixture
def heard(sqlite_desk: Desk, ready_made: ReadyMade) -> Desk:
    return ready_made.fill(sqlite_desk, twelve_loops)


def written(desk: Desk, at: datetime = FIFTH, month: str = SEPTEMBER) -> ReportWritten:
    return write_report(month, at.date(), str(desk.folder / "out"), at)


def said(post: dict[str, Any]) -> str:
    return json.dumps(post, ensure_ascii=False)


def test_the_board_is_told_the_first_sentence_and_figures_that_passed_the_gate(heard: Desk, slack: FakeSlack) -> None:
    report = written(heard)
    (post,) = slack.posts
    assert (report.told, post["channel"]) == ("sent", "CBOARD")
    assert report.sentence in post["text"]
    assert "What came of what was said: September 2026" in post["text"]
    assert "Closed (decided and told): c (of 12)." in post["text"]  # three of twelve: too few to show
    assert " 3 " not in post["text"] and "zebra" not in said(post)


def test_written_again_it_is_not_posted_again(heard: Desk, slack: FakeSlack) -> None:
    assert [written(heard).told, written(heard, FIFTH + LATER).told] == ["sent", "already_sent"]
    assert len(slack.posts) == 1
    with reading(heard.store) as session:
        (claimed,) = session.scalars(select(Nudge))
    assert (claimed.kind, claimed.time_window, claimed.state) == ("board", SEPTEMBER, "sent")


def test_what_slack_refused_is_tried_when_the_pack_is_written_again(heard: Desk, slack: FakeSlack) -> None:
    slack.troubles.append(Trouble("refuse", error="not_in_channel"))
    assert written(heard).told == "failed"
    assert written(heard, FIFTH + LATER).told == "sent"
    assert len(slack.posts) == 1


def test_a_post_whose_answer_was_lost_is_looked_for_and_not_repeated(heard: Desk, slack: FakeSlack) -> None:
    slack.troubles.append(Trouble("drop", accepts=True))
    assert written(heard).told == "unknown"
    assert written(heard, FIFTH + LATER).told == "sent"
    assert len(slack.posts) == 1


def test_without_a_channel_nothing_is_posted_and_without_a_token_it_lies_in_the_outbox(heard: Desk) -> None:
    assert written(heard).told == "sent"
    (letter,) = (heard.folder / "home" / "outbox").glob("board-2026-09-*.json")
    assert json.loads(letter.read_text("utf-8"))["channel"]
    heard.configure(policy={"report": {"board_channel": ""}})
    assert written(heard, FIFTH + LATER).told == ""


@pytest.mark.parametrize(
    ("month", "as_of", "today", "news"),
    [
        ("2026-09", date(2026, 10, 5), date(2026, 10, 5), True),
        ("2025-12", date(2026, 1, 31), date(2026, 1, 31), True),
        ("2026-08", date(2026, 10, 5), date(2026, 10, 5), False),  # an older month
        ("2026-09", date(2026, 10, 5), date(2026, 11, 5), False),  # a past day, rebuilt
        ("2026-10", date(2026, 10, 5), date(2026, 10, 5), False),  # a month that is not over
    ],
)
def test_only_the_month_that_has_just_ended_is_news(month: str, as_of: date, today: date, news: bool) -> None:
    assert is_news(month, as_of, today) is news


def test_an_old_pack_that_is_rebuilt_tells_nobody(heard: Desk, slack: FakeSlack) -> None:
    assert write_report(SEPTEMBER, FIFTH.date(), str(Path(heard.folder) / "out"), FIFTH + timedelta(days=60)).told == ""
    assert slack.posts == []


@pytest.mark.parametrize("told", ["failed", "unknown"])
def test_whoever_runs_it_hears_where_the_channel_was_not_reached(told: str) -> None:
    with pytest.raises(DeliveryError, match="the pack is written; its message did not reach"):
        check_posted(told, "the pack", again="once more")
    for well in ("sent", "already_sent", ""):
        check_posted(well, "the pack", again="once more")


def test_without_a_channel_what_it_would_read_lies_in_the_outbox_as_a_page(heard: Desk, slack: FakeSlack) -> None:
    """Without the exception list: whoever has no channel finds it in the pack, and deciding it anew is dear."""
    heard.configure(policy={"report": {"board_channel": ""}})
    report = written(heard)
    path = heard.folder / "home" / "outbox" / "board-summary.html"
    page = path.read_text("utf-8")
    assert (report.told, slack.posts) == ("", [])
    assert report.sentence in page
    assert "on the exception list" not in page
    assert "zebra" not in page


def exceptions_without_owners(desk: Desk) -> list[str]:
    """With nobody left to answer, every open loop is an exception."""
    with open_workplace() as work, reading(desk.store) as session:
        nobody = work.council.directory.model_copy(update={"people": {}})
        work = replace(work, council=replace(work.council, directory=nobody))
        return [loop.loop_uid for loop in exceptions(session, work, FIFTH)]


def test_what_is_behind_a_safeguarding_flag_is_no_exception_that_a_channel_is_told_of(heard: Desk) -> None:
    """A comment that screening flags later may stand in a loop that is open; withdrawn loops wait for nobody."""
    assert exceptions_without_owners(heard) == [f"L-{number:04d}" for number in range(4, 13)]
    heard.move("L-0004", "withdraw", reason="taken back")
    with transaction(heard.store) as session:
        cold = Comment.text.startswith("Room 5 ")
        session.execute(update(Comment).where(cold).values(verdict="flagged"))
    assert exceptions_without_owners(heard) == [f"L-{number:04d}" for number in range(6, 13)]
