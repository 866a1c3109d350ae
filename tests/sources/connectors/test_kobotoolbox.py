"""KoboToolbox, pulled for real: what is new each time; edits and deletions when everything is asked for."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import select

from heardback.store import Choice, Comment, RawFile, Response
from heardback.store.session import reading
from tests.desk import Desk, problems_of
from tests.sources.connectors.http_tool import Answer
from tests.sources.connectors.kobo_server import SECRETS, TOKEN, KoboTool, connect
from tests.sources.connectors.toolside import BUSY, Toolside, toolside

pytestmark = pytest.mark.usefixtures("quick_gate")
ASKS = ["Fix the broken toilet door", "More pizza on Fridays please", "Buses never come on time", "Open later please",
        "The forms are far too long"]  # fmt: skip
PROJECT: dict[str, Any] = {
    "source": "kobo", "name": "Leaving us", "tool": "kobo", "channel": "exit_questionnaire", "dates": ["ISO8601"],
    "natural_key": ["_id"], "questions": [
        {"column": "_id", "role": "record_id"},
        {"column": "_submission_time", "role": "submitted_at", "required": True},
        {"column": "service", "role": "service"},
        {"column": "helped", "role": "choice", "code": "helped", "multi": "delimited", "delimiter": " "},
        {"column": "say/comment", "role": "comment", "code": "say", "text": "What should change?", "required": True},
        {"match": r"^moments/moment#\d+$", "role": "comment", "code": "moments", "text": "What stays with you?"},
        {"column": "say/consent", "role": "consent_publish", "true_values": ["yes"], "false_values": ["no"]},
    ],
}  # fmt: skip


@pytest.fixture
def tool() -> Iterator[KoboTool]:
    """Five submissions, 101 to 105, one a day from 1 August on."""
    with KoboTool() as kobo:
        for number, words in enumerate(ASKS, start=1):
            kobo.send(100 + number, words, f"2026-08-0{number}T09:00:00")
        yield kobo


@pytest.fixture
def side(sqlite_desk: Desk, tool: KoboTool, monkeypatch: pytest.MonkeyPatch) -> Toolside:
    return toolside(sqlite_desk, monkeypatch, connected(tool), SECRETS)


def connected(tool: KoboTool, mode: str = "append", **settings: str) -> dict[str, Any]:
    return {**PROJECT, "mode": mode, "connect": {"to": "kobotoolbox", **connect(tool), **settings}}


def test_everything_comes_first_and_then_only_what_is_new(side: Toolside, tool: KoboTool) -> None:
    assert side.pull().fates == {"loop": 5}
    assert "query" not in tool.asked[-1].query
    assert side.pull(1).fates == {"duplicate": 2}
    assert json.loads(tool.asked[-1].query["query"]) == {"_submission_time": {"$gte": "2026-08-04T09:00:00"}}
    assert side.pull(2).status == "unchanged"
    tool.send(106, "Mend the swings", "2026-11-12T09:00:00")
    assert side.pull(3).fates == {"duplicate": 2, "loop": 1}
    assert side.desk.texts() == sorted([*ASKS, "Mend the swings"])
    assert problems_of(side.desk.store) == []


def test_instants_are_utc_choices_are_split_and_repeats_are_comments(side: Toolside, tool: KoboTool) -> None:
    tool.send(106, "Mend the swings", "2026-10-06T23:30:00", helped="wrk act", say__consent="yes",
              moments=[{"moments/moment": "canoeing"}, {"moments/moment": "the film night"}])  # fmt: skip
    side.pull()
    response = side.responses()["106"]
    assert (str(response.submitted_on), response.consent_to_publish) == ("2026-10-07", "yes")
    with reading(side.desk.store) as session:
        options = session.scalars(select(Choice.option_code).where(Choice.response_uid == response.response_uid))
        assert sorted(options) == ["act", "wrk"]
        said = session.scalars(select(Comment.text).where(Comment.response_uid == response.response_uid))
        assert sorted(said) == ["Mend the swings", "canoeing", "the film night"]


def test_two_submissions_that_share_a_uuid_are_two(side: Toolside, tool: KoboTool) -> None:
    tool.send(106, "Mend the swings", "2026-10-06T10:00:00", _uuid="101")
    assert side.pull().fates == {"loop": 6}


def test_an_edit_shows_when_everything_is_asked_for_and_reopens_its_loop(side: Toolside, tool: KoboTool) -> None:
    side.pull()
    loop_uid = side.desk.loop_of(ASKS[0]).loop_uid
    side.desk.answer(loop_uid, told=True)
    tool.edit(101, "Fix BOTH toilet doors")
    side.pull(1)
    assert side.desk.loop(loop_uid).state == "told"
    assert side.pull(7).fates == {"duplicate": 4, "loop": 1}
    assert (side.desk.loop(loop_uid).state, side.responses()["101"].revision) == ("reopened", 2)
    assert (side.desk.count(Response), problems_of(side.desk.store)) == (5, [])


def test_a_deletion_shows_when_everything_is_asked_for_and_never_in_a_part(
    desk: Desk, tool: KoboTool, monkeypatch: pytest.MonkeyPatch
) -> None:
    side = toolside(desk, monkeypatch, connected(tool), SECRETS)
    side.pull()
    loop_uid = desk.loop_of(ASKS[4]).loop_uid
    tool.delete(105)
    assert (side.pull(1).withdrawn, len(side.responses())) == (0, 5)
    report = side.pull(7)
    assert (report.withdrawn, report.fates, sorted(side.responses())) == (
        1, {"duplicate": 4}, ["101", "102", "103", "104"]
    )  # fmt: skip
    assert (desk.moves(loop_uid), ASKS[4] in desk.texts()) == (["open", "withdraw"], False)
    assert problems_of(desk.store) == []


def test_everything_is_news_again_where_its_bytes_are_those_of_an_earlier_week(side: Toolside, tool: KoboTool) -> None:
    """What came and went in between is in neither of them, and has to go."""
    side.pull()
    tool.send(106, "Mend the swings", "2026-11-11T09:00:00")
    side.pull(1.5)
    tool.delete(106)
    report = side.pull(7)
    assert (report.status, report.withdrawn, "Mend the swings" in side.desk.texts()) == ("landed", 1, False)


def test_a_snapshot_is_asked_for_whole_each_time(
    sqlite_desk: Desk, tool: KoboTool, monkeypatch: pytest.MonkeyPatch
) -> None:
    side = toolside(sqlite_desk, monkeypatch, connected(tool, mode="snapshot"), SECRETS)
    side.pull()
    tool.delete(105)
    assert side.pull(1).withdrawn == 1


def test_a_part_in_which_nobody_answered_a_question_lands(
    sqlite_desk: Desk, tool: KoboTool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Kobo leaves unanswered questions out; that the column is required says something of the whole alone."""
    side = toolside(sqlite_desk, monkeypatch, connected(tool, overlap_days="0"), SECRETS)
    tool.send(106, "", "2026-11-09T09:00:00", helped="wrk")
    side.pull()
    tool.send(107, "", "2026-11-12T09:00:00", helped="act")
    report = side.pull(4)
    assert (report.status, report.fates) == ("landed", {"duplicate": 1, "not_counted": 1})


def test_a_question_that_is_gone_from_everything_stops_the_pull(side: Toolside, tool: KoboTool) -> None:
    for record in tool.records:
        record["say/remark"] = record.pop("say/comment")
    report = side.pull()
    assert (report.status, "the nearest header is 'say/remark'" in report.error) == ("failed", True)


def test_a_part_without_a_row_is_no_alarm(sqlite_desk: Desk, tool: KoboTool, monkeypatch: pytest.MonkeyPatch) -> None:
    side = toolside(sqlite_desk, monkeypatch, connected(tool), SECRETS, volume={"many_rows": 2})
    side.pull()
    tool.delete(104)
    tool.delete(105)
    report = side.pull(1)
    assert (report.status, report.rows_read, len(side.responses())) == ("landed", 0, 5)
    assert "source.emptied" not in sqlite_desk.events()


def test_a_server_that_breaks_amid_the_pages_leaves_the_cursor_where_it_was(side: Toolside, tool: KoboTool) -> None:
    tool.between = lambda page: BUSY if page > 2 else None
    assert side.pull().status == "failed"
    assert (side.cursor, side.desk.count(RawFile), side.desk.count(Response)) == ("", 0, 0)
    tool.between = lambda _page: None
    assert side.pull().fates == {"loop": 5}


def test_fewer_than_it_states_lands_nothing(side: Toolside, tool: KoboTool) -> None:
    tool.misbehave("overstates")
    report = side.pull()
    assert (report.status, "hands over 5" in report.error) == ("failed", True)
    assert (side.desk.count(RawFile), side.cursor) == (0, "")


def test_what_is_sent_between_two_pages_comes_with_the_last(side: Toolside, tool: KoboTool) -> None:
    def send_another(page: int) -> Answer | None:
        if page == 2:
            tool.send(106, "Mend the swings", "2026-11-10T09:29:59")
        return None

    tool.between = send_another
    assert side.pull().fates == {"loop": 6}


def test_what_is_deleted_between_two_pages_fails_and_then_comes_whole(side: Toolside, tool: KoboTool) -> None:
    def delete_one(page: int) -> Answer | None:
        if page == 2:
            tool.delete(101)
        return None

    tool.between = delete_one
    assert side.pull().status == "failed"
    assert side.pull().fates == {"loop": 4}


def test_a_server_that_gives_fewer_at_once_than_it_is_asked_for_still_gives_all(
    sqlite_desk: Desk, tool: KoboTool, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(200, 1_300):
        tool.send(number, "", "2026-08-06T09:00:00", helped="act")
    side = toolside(sqlite_desk, monkeypatch, connected(tool, page_size="1000"), SECRETS)
    assert side.pull().rows_read == 1_105
    assert tool.pages == 2


def test_what_shares_the_instant_of_the_last_row_is_not_lost(
    sqlite_desk: Desk, tool: KoboTool, monkeypatch: pytest.MonkeyPatch
) -> None:
    side = toolside(sqlite_desk, monkeypatch, connected(tool, overlap_days="0"), SECRETS)
    side.pull()
    tool.send(106, "Mend the swings", "2026-08-05T09:00:00")
    assert side.pull(1).fates == {"duplicate": 1, "loop": 1}


def test_nobody_who_answered_is_known_beyond_the_raw_bytes(side: Toolside, tool: KoboTool) -> None:
    side.pull()
    raw = b"".join(path.read_bytes() for path in (side.desk.folder / "home" / "raw").rglob("*") if path.is_file())
    assert b"canary-submitter" in raw
    assert TOKEN.encode() not in raw
    database = b"".join(path.read_bytes() for path in side.desk.folder.glob("heardback.db*"))
    assert ASKS[0].encode() in database
    for hidden in (b"canary", b"51.507345", TOKEN.encode()):
        assert hidden not in database
