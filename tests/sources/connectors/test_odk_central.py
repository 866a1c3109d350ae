"""ODK Central, pulled for real: nothing lost, nothing twice, edits and deletions followed."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import select

from heardback.store import Comment, RawFile, Response, Revision
from heardback.store.session import reading
from tests.desk import Desk, problems_of
from tests.sources.connectors.http_tool import Answer
from tests.sources.connectors.odk_server import PASSWORD, SECRETS, TOKEN, CentralTool, connect
from tests.sources.connectors.toolside import BUSY, Toolside, toolside

pytestmark = pytest.mark.usefixtures("quick_gate")
ASKS = ["Fix the broken toilet door", "More pizza on Fridays please", "Buses never come on time", "Open later please",
        "The forms are far too long"]  # fmt: skip
FORM: dict[str, Any] = {
    "source": "odk", "name": "Leaving us", "tool": "odk", "channel": "exit_questionnaire", "dates": ["ISO8601"],
    "natural_key": ["__id"], "questions": [
        {"column": "__id", "role": "record_id"},
        {"column": "__system/submissionDate", "role": "submitted_at"},
        {"column": "service", "role": "service"},
        {"column": "about/rating", "role": "rating", "code": "rate", "scale": {"1": 1, "5": 5}},
        {"column": "about/helped", "role": "choice", "code": "helped", "multi": "delimited", "delimiter": " "},
        {"column": "about/improve", "role": "comment", "code": "improve", "text": "What should change?"},
        {"match": r"^moments/moment#\d+$", "role": "comment", "code": "moments", "text": "What stays with you?"},
        {"column": "consent", "role": "consent_publish", "true_values": ["yes"], "false_values": ["no"]},
    ],
}  # fmt: skip


def uuid(number: int) -> str:
    return f"uuid:{number:08d}-0000-4000-8000-000000000000"


@pytest.fixture
def tool() -> Iterator[CentralTool]:
    """Five submissions, one a day from 1 August on, the last at an odd millisecond."""
    with CentralTool() as central:
        for number, words in enumerate(ASKS, start=1):
            central.send(number, words, f"2026-08-0{number}T09:00:00.081Z")
        yield central


@pytest.fixture
def side(sqlite_desk: Desk, tool: CentralTool, monkeypatch: pytest.MonkeyPatch) -> Toolside:
    return toolside(sqlite_desk, monkeypatch, {**FORM, "connect": {"to": "odk-central", **connect(tool)}}, SECRETS)


def test_everything_comes_first_and_then_only_what_is_new(side: Toolside, tool: CentralTool) -> None:
    assert side.pull().fates == {"loop": 5}
    assert tool.asked[-1].query.get("$filter") is None
    again = side.pull(1)
    assert (again.fates, side.desk.texts()) == ({"duplicate": 2}, sorted(ASKS))  # those of the last day, known
    assert "__system/deletedAt ge 2026-08-04T09:00:00.000Z" in tool.asked[-1].query["$filter"]
    assert side.pull(2).status == "unchanged"
    assert (side.desk.count(Response), side.desk.count(Revision)) == (5, 5)
    assert problems_of(side.desk.store) == []


def test_groups_ratings_choices_and_repeats_are_where_the_map_says(side: Toolside, tool: CentralTool) -> None:
    tool.send(6, "Mend the swings", "2026-10-06T23:30:00.000Z", helped="worker place",
              moments=["canoeing", "the trip to Avalon"], consent="no")  # fmt: skip
    side.pull()
    response = side.responses()[uuid(6)]
    assert str(response.submitted_on) == "2026-10-07"  # in London the day had turned
    assert response.consent_to_publish == "no"
    with reading(side.desk.store) as session:
        query = select(Comment.question_code, Comment.repeat_index, Comment.text)
        said = list(session.execute(query.where(Comment.response_uid == response.response_uid)).tuples())
    expected = [
        ("improve", 0, "Mend the swings"), ("moments", 0, "canoeing"), ("moments", 1, "the trip to Avalon"),
    ]  # fmt: skip
    assert sorted(said) == expected


def test_an_edit_is_a_revision_and_reopens_the_loop_where_the_words_changed(side: Toolside, tool: CentralTool) -> None:
    side.pull()
    loops = {number: side.desk.loop_of(ASKS[number - 1]).loop_uid for number in (1, 2)}
    for loop_uid in loops.values():
        side.desk.answer(loop_uid, told=True)
    tool.submissions[uuid(1)].edit("Fix BOTH toilet doors", at="2026-11-10T12:00:00.000Z")
    tool.submissions[uuid(2)].answers["about"]["rating"] = 1
    tool.submissions[uuid(2)].edit(ASKS[1], at="2026-11-10T12:00:01.000Z")
    report = side.pull(1)
    assert report.fates == {"loop": 2, "duplicate": 2}
    assert [side.desk.loop(loops[number]).state for number in (1, 2)] == ["reopened", "told"]
    assert [side.responses()[uuid(number)].revision for number in (1, 2, 3)] == [2, 2, 1]
    assert (side.desk.count(Response), "Fix BOTH toilet doors" in side.desk.texts()) == (5, True)
    assert problems_of(side.desk.store) == []


def test_a_further_row_of_a_repeat_is_a_further_comment(side: Toolside, tool: CentralTool) -> None:
    sent = tool.send(6, None, "2026-10-06T09:00:00.000Z", moments=["canoeing please"])
    side.pull()
    sent.moments.append("the film night")
    sent.updated = "2026-11-10T12:00:00.000Z"
    side.pull(1)
    assert {"canoeing please", "the film night"} < set(side.desk.texts())


def test_a_deletion_takes_the_words_back_and_keeps_the_loops_audit(
    desk: Desk, tool: CentralTool, monkeypatch: pytest.MonkeyPatch
) -> None:
    side = toolside(desk, monkeypatch, {**FORM, "connect": {"to": "odk-central", **connect(tool)}}, SECRETS)
    side.pull()
    loop_uid = desk.loop_of(ASKS[0]).loop_uid
    tool.submissions[uuid(1)].deleted = "2026-11-10T12:00:00.000Z"
    report = side.pull(1)
    assert (report.rows_read, report.fates, report.withdrawn) == (3, {"duplicate": 2, "not_counted": 1}, 1)
    assert (ASKS[0] in desk.texts(), sorted(side.responses())) == (False, [uuid(number) for number in (2, 3, 4, 5)])
    assert (desk.loop(loop_uid).state, desk.moves(loop_uid)) == ("withdrawn", ["open", "withdraw"])
    assert desk.fates()[1] == ("not_counted", "deleted where it came from")
    tool.send(6, "Mend the swings", "2026-11-11T12:00:00.000Z")
    assert side.pull(2).fates == {"duplicate": 1, "loop": 1}  # the deletion is listed once more, and changes nothing
    assert problems_of(desk.store) == []


def test_a_submission_deleted_before_it_was_ever_pulled_leaves_nothing(side: Toolside, tool: CentralTool) -> None:
    side.pull()
    gone = tool.send(6, "Never mind this", "2026-11-10T12:00:00.000Z")
    gone.deleted = "2026-11-10T12:05:00.000Z"
    report = side.pull(1)
    assert (report.fates, report.withdrawn) == ({"duplicate": 3}, 0)
    assert "Never mind this" not in side.desk.texts()
    assert problems_of(side.desk.store) == []


def test_a_restored_submission_is_heard_again_when_everything_is_next_asked_for(
    side: Toolside, tool: CentralTool
) -> None:
    side.pull()
    loop_uid = side.desk.loop_of(ASKS[0]).loop_uid
    tool.submissions[uuid(1)].deleted = "2026-11-10T12:00:00.000Z"
    side.pull(1)
    tool.submissions[uuid(1)].deleted = None
    side.pull(2)
    assert side.desk.loop(loop_uid).state == "withdrawn"
    assert side.pull(8).fates == {"duplicate": 4, "loop": 1}
    assert side.desk.moves(loop_uid) == ["open", "withdraw", "restore"]
    assert problems_of(side.desk.store) == []


def test_what_was_purged_while_nobody_looked_is_withdrawn_when_everything_is_next_asked_for(
    side: Toolside, tool: CentralTool
) -> None:
    side.pull()
    del tool.submissions[uuid(3)]
    assert (side.pull(1).withdrawn, side.pull(6.9).withdrawn) == (0, 0)
    assert (side.pull(7).withdrawn, sorted(side.responses())) == (1, [uuid(number) for number in (1, 2, 4, 5)])
    assert problems_of(side.desk.store) == []


def test_a_whole_that_lost_too_much_lands_nothing_and_is_asked_for_again(side: Toolside, tool: CentralTool) -> None:
    side.pull()
    before = side.cursor
    for number in (1, 2):
        del tool.submissions[uuid(number)]
    for day in (7, 8):
        report = side.pull(day)
        assert (report.status, "2 of 5 responses" in report.error) == ("failed", True)
    assert (side.cursor, len(side.responses())) == (before, 5)


def test_a_server_that_breaks_amid_the_pages_leaves_the_cursor_where_it_was(side: Toolside, tool: CentralTool) -> None:
    tool.between = lambda page: BUSY if page > 1 else None
    report = side.pull()
    assert (report.status, "503" in report.error) == ("failed", True)
    assert (side.cursor, side.desk.count(RawFile), side.desk.count(Response)) == ("", 0, 0)
    tool.between = lambda _page: None
    assert side.pull().fates == {"loop": 5}
    at_first = side.cursor
    tool.send(6, "Mend the swings", "2026-11-10T12:00:00.000Z")
    tool.between = lambda _page: BUSY
    assert (side.pull(1).status, side.cursor) == ("failed", at_first)
    tool.between = lambda _page: None
    assert side.pull(1).fates == {"duplicate": 2, "loop": 1}
    assert side.cursor > at_first


def test_a_server_too_old_to_know_deletions_is_told_from_one_that_is_busy(side: Toolside, tool: CentralTool) -> None:
    tool.between = lambda _page: Answer({"message": "references fields not supported", "code": 501.5}, 501)
    error = side.pull().error
    assert "does not know what it was asked (501" in error
    assert len(tool.asked) == 2  # a session and one question: nothing is asked twice


def test_fewer_than_it_states_lands_nothing(side: Toolside, tool: CentralTool) -> None:
    tool.misbehave("overstates")
    report = side.pull()
    assert (report.status, "states 6 answers and hands over 5" in report.error) == ("failed", True)
    assert (side.desk.count(RawFile), side.desk.count(Response), side.cursor) == (0, 0, "")


@pytest.mark.parametrize("skips", [False, True], ids=["skip token", "skip"])
def test_what_is_sent_between_two_pages_comes_now_or_next_time(side: Toolside, tool: CentralTool, skips: bool) -> None:
    """An old server's pages move by one: a submission stands on two of them, and is one all the same."""
    tool.skips = skips

    def send_another(page: int) -> Answer | None:
        if page == 2:
            tool.send(6, "Mend the swings", "2026-11-10T09:29:59.000Z")
        return None

    tool.between = send_another
    report = side.pull()
    assert (report.status, report.fates["loop"], report.fates.get("duplicate", 0)) == ("landed", 5, int(skips))
    assert side.pull(1).fates["loop"] == 1
    assert sorted(side.desk.texts()) == sorted([*ASKS, "Mend the swings"])
    assert problems_of(side.desk.store) == []


def test_what_is_deleted_between_two_pages_of_an_old_server_fails_and_then_comes_whole(
    side: Toolside, tool: CentralTool
) -> None:
    """Everything behind it moves up by one, over the edge of the page that was read: one is missed."""
    tool.skips = True

    def delete_one(page: int) -> Answer | None:
        if page == 2:
            tool.submissions[uuid(5)].deleted = "2026-11-10T09:29:59.000Z"
        return None

    tool.between = delete_one
    assert side.pull().status == "failed"
    assert side.pull().fates == {"loop": 4}


def test_a_submission_that_stands_on_two_pages_hides_none_that_is_missing(side: Toolside, tool: CentralTool) -> None:
    """One comes before the second page and goes before the third: 5 4, 4 3, 1 are five rows, and 2 is not there."""
    tool.skips = True

    def come_and_go(page: int) -> Answer | None:
        if page == 2:
            tool.send(6, "Mend the swings", "2026-11-10T09:29:59.000Z")
        elif page == 3:
            del tool.submissions[uuid(6)]
        return None

    tool.between = come_and_go
    report = side.pull()
    assert (report.status, "states 5 answers and hands over 4" in report.error) == ("failed", True)


def test_an_id_that_is_none_is_no_fault_of_ours(side: Toolside, tool: CentralTool) -> None:
    tool.between = lambda _page: Answer({"@odata.count": 1, "value": [{"__id": {"a": 1}}]})
    assert side.pull().status == "failed"


def test_a_repeat_that_was_emptied_takes_back_its_comments(side: Toolside, tool: CentralTool) -> None:
    sent = tool.send(6, "Mend the swings", "2026-10-06T09:00:00.000Z", moments=["canoeing"])
    side.pull()
    assert "canoeing" in side.desk.texts()
    sent.moments.clear()
    sent.updated = "2026-11-10T12:00:00.000Z"
    assert side.pull(1).status == "landed"
    assert "canoeing" not in side.desk.texts()


def test_what_shares_the_instant_of_the_last_row_is_not_lost(
    sqlite_desk: Desk, tool: CentralTool, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = {"to": "odk-central", **connect(tool), "overlap_days": "0"}
    side = toolside(sqlite_desk, monkeypatch, {**FORM, "connect": settings}, SECRETS)
    side.pull()
    tool.send(6, "Mend the swings", "2026-08-05T09:00:00.081Z")
    assert side.pull(1).fates == {"duplicate": 1, "loop": 1}
    assert "Mend the swings" in side.desk.texts()


def test_an_encrypted_submission_waits_in_quarantine_and_is_no_empty_form(side: Toolside, tool: CentralTool) -> None:
    tool.send(6, "sealed", "2026-10-06T09:00:00.000Z", status="notDecrypted")
    assert side.pull().fates == {"loop": 5, "quarantine": 1}
    assert side.reasons() == [["the submission is encrypted: ODK Central does not hand over what it says"]]


def test_an_empty_form_is_no_failure_and_what_comes_after_it_lands(side: Toolside, tool: CentralTool) -> None:
    kept, tool.submissions = tool.submissions, {}
    report = side.pull()
    assert (report.status, report.rows_read) == ("landed", 0)
    tool.submissions = kept
    assert side.pull(1).fates == {"loop": 5}


def test_nobody_who_answered_is_known_beyond_the_raw_bytes_and_no_secret_even_there(
    side: Toolside, tool: CentralTool
) -> None:
    side.pull()
    raw = b"".join(path.read_bytes() for path in (side.desk.folder / "home" / "raw").rglob("*") if path.is_file())
    assert b"canary-username" in raw
    assert PASSWORD.encode() not in raw
    assert TOKEN.encode() not in raw
    database = b"".join(path.read_bytes() for path in side.desk.folder.glob("heardback.db*"))
    assert ASKS[0].encode() in database
    for hidden in (b"canary", b"51.507345", PASSWORD.encode(), TOKEN.encode()):
        assert hidden not in database


def test_a_map_that_knows_submissions_by_another_id_is_refused_before_anything_is_asked(
    sqlite_desk: Desk, tool: CentralTool, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrong = {**FORM, "natural_key": ["service"], "connect": {"to": "odk-central", **connect(tool)}}
    report = toolside(sqlite_desk, monkeypatch, wrong, SECRETS).pull()
    assert "write natural_key: [__id] in the map" in report.error
    assert tool.asked == []
