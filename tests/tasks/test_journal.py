"""Staff's own notes: each line becomes its owner's moves, or is named and leaves no trace."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from heardback.errors import NotFound, Unreadable
from heardback.store import HistoryEntry, Match
from heardback.store.session import reading
from tasks.journal import read_journal, record_journal
from tests.council import change_row, exit_row
from tests.desk import Desk, problems_of
from tests.factories import NOW
from tests.ready_made import ReadyMade

pytestmark = pytest.mark.usefixtures("quick_gate")


def place(row: int, question: str = "improve") -> dict[str, Any]:
    return {"source": "exit", "file": "export-1.csv", "row": row, "question": question}


def line(*rows: int, **more: Any) -> dict[str, Any]:
    return {
        "comments": [place(row) for row in rows], "title": "A warm room", "outcome": "done", "decided_on": "2026-09-21",
        "wording": "We put a heater in.",
        "approved": {"identifying_details_removed": "amira", "cleared_for_disclosure": "priya"},
    } | more  # fmt: skip


TOLD = {"how": "board", "where": "Reception", "whom": "everybody", "on": "2026-09-30"}


@pytest.fixture
def said(desk: Desk, ready_made: ReadyMade) -> Desk:
    """Rows 2 to 6: two wishes, another, one withheld, one of another service."""
    return ready_made.fill(desk, with_answers)


@pytest.fixture
def sqlite_said(sqlite_desk: Desk, ready_made: ReadyMade) -> Desk:
    return ready_made.fill(sqlite_desk, with_answers)


def with_answers(desk: Desk) -> Desk:
    rows = ["The room is freezing", "It is far too cold in here", "More pizza please", "my dad hits me with a zebra"]
    answers = [exit_row(number, words) for number, words in enumerate(rows, start=1)]
    desk.pull(*answers, exit_row(5, "Fix the door", service="youth"))
    desk.pull(change_row(1), feed="log")
    return desk


def journal(desk: Desk, *lines: dict[str, Any] | str) -> Path:
    path = desk.folder / "journal.jsonl"
    path.write_text("\n".join(text if isinstance(text, str) else json.dumps(text) for text in lines), encoding="utf-8")
    return path


def test_a_line_becomes_its_owners_moves_on_their_days(said: Desk) -> None:
    report = record_journal(str(journal(said, line(2, 3, change="log:1", told=TOLD, agreed="yes"))), NOW)
    assert (report.recorded, report.refused) == (1, [])
    loop = said.loop("L-0001")
    assert (loop.state, loop.voices, loop.owner, loop.title, loop.change_uid) == (
        "agreed",
        2,
        "amira",
        "A warm room",
        "log:1",
    )
    assert (loop.owned_on, loop.decided_on, loop.told_on) == (date(2026, 9, 3), date(2026, 9, 21), date(2026, 9, 30))
    assert said.moves("L-0001") == [
        "open",
        "absorb",
        "own",
        "describe",
        "match",
        "decide",
        "approve",
        "approve",
        "tell",
        "agree",
    ]
    assert said.states()[1] == "merged"
    assert problems_of(said.store) == []


def test_a_refused_line_leaves_no_trace_and_its_number_is_named(said: Desk) -> None:
    before = said.count(HistoryEntry)
    path = journal(said, line(2, told={**TOLD, "on": "2026-09-20"}), line(4), line(3, outcome="cannot"))
    report = record_journal(str(path), NOW)
    assert report.recorded == 1
    first, second = report.refused
    assert first.startswith(f"{path}:1: L-0001: 'tell' on 2026-09-20 is before what came first")
    assert second.startswith(f"{path}:3: 'decide' needs: reason")
    assert said.states() == ["heard", "heard", "decided", "withheld", "heard"]
    assert said.count(HistoryEntry) == before + len(["own", "describe", "decide", "approve", "approve"])
    assert problems_of(said.store) == []


@pytest.mark.parametrize(
    ("entry", "why"),
    [
        (line(2, change="log:77"), "there is no change log:77"),
        (line(77), "no comment landed from here"),
        (line(2, 6), "belongs to youth"),
        (line(5), "is not allowed from 'withheld'"),
        (line(2, outcome="maybe"), "there is no outcome 'maybe'"),
        (line(2, outcome="will"), "needs: by_date"),
    ],
)
def test_whatever_is_wrong_with_one_line_the_next_is_recorded(
    sqlite_said: Desk, entry: dict[str, Any], why: str
) -> None:
    path = journal(sqlite_said, entry, line(4))
    report = record_journal(str(path), NOW)
    assert report.recorded == 1
    assert report.refused[0].startswith(f"{path}:1: ")
    assert why in report.refused[0]
    assert "zebra" not in report.refused[0]
    assert (sqlite_said.loop("L-0001").state, sqlite_said.count(Match)) == ("heard", 0)


def test_the_same_notes_twice_change_nothing(sqlite_said: Desk) -> None:
    path = str(journal(sqlite_said, line(2, told=TOLD)))
    record_journal(path, NOW)
    before = sqlite_said.count(HistoryEntry)
    report = record_journal(path, NOW)
    assert (report.recorded, len(report.refused), sqlite_said.count(HistoryEntry)) == (0, 1, before)


def test_an_answer_that_those_told_refuse_is_reopened(sqlite_said: Desk) -> None:
    record_journal(str(journal(sqlite_said, line(2, told=TOLD, agreed="no"))), NOW)
    assert sqlite_said.loop("L-0001").state == "reopened"


def test_a_promise_and_its_keeping_are_recorded(sqlite_said: Desk) -> None:
    promise = line(2, outcome="will", by_date="2026-10-30", kept_on="2026-10-20", told=TOLD)
    record_journal(str(journal(sqlite_said, promise)), NOW)
    loop = sqlite_said.loop("L-0001")
    assert (loop.promise_by, loop.promise_kept_on) == (date(2026, 10, 30), date(2026, 10, 20))


def test_what_a_trained_person_read_is_released_in_their_name(sqlite_said: Desk) -> None:
    read = {"read": place(5), "outcome": "not_a_concern", "reason": "a game", "on": "2026-09-02"}
    assert record_journal(str(journal(sqlite_said, read, line(5))), NOW).refused == []
    assert sqlite_said.moves("L-0004")[:2] == ["open_withheld", "release"]


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("{not json", "not JSON"),
        ("[]", "should be a valid dictionary"),
        (json.dumps(line(2) | {"mood": "good"}), "'mood'"),
        (json.dumps(line()), "'comments'"),
        (json.dumps(line(2, decided_on="zebra day")), "'decided_on'"),
    ],
)
def test_a_line_that_cannot_be_read_is_named_before_anything_is_recorded(
    sqlite_said: Desk, text: str, what: str
) -> None:
    path = journal(sqlite_said, line(2), text)
    with pytest.raises(Unreadable) as refused:
        record_journal(str(path), NOW)
    assert refused.value.where == f"{path}:2"
    assert what in refused.value.what
    assert "zebra" not in str(refused.value)
    assert sqlite_said.states()[0] == "heard"


def test_blank_lines_and_unusual_separators_are_no_lines_of_their_own(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    entry = json.dumps(line(2, reason="one\u2028two"), ensure_ascii=False)
    path.write_text("\ufeff" + entry + "\n\n" + entry + "\n", encoding="utf-8")
    assert [number for number, _ in read_journal(path)] == [1, 3]


def test_a_file_that_is_not_there_or_not_text_is_named(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="does not exist"):
        read_journal(tmp_path / "journal.jsonl")
    (tmp_path / "journal.jsonl").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(Unreadable, match="not UTF-8"):
        read_journal(tmp_path / "journal.jsonl")


def test_nobody_approves_what_the_notes_do_not_say_they_approved(said: Desk) -> None:
    record_journal(str(journal(said, line(2, approved={}), line(4, approved={"cleared_for_disclosure": "priya"}))), NOW)
    with reading(said.store) as session:
        approvals = session.scalars(select(HistoryEntry).where(HistoryEntry.move == "approve")).all()
        assert [(entry.actor, entry.role, entry.details) for entry in approvals] == [
            ("Priya Nair", "participation_officer", {"approval": "cleared_for_disclosure"})
        ]


def test_an_approval_by_nobody_in_the_directory_is_refused(said: Desk) -> None:
    report = record_journal(str(journal(said, line(2, approved={"cleared_for_disclosure": "zed"}))), NOW)
    assert report.recorded == 0
    assert "'zed' is nobody in services.yaml" in report.refused[0]
    with reading(said.store) as session:
        assert session.scalars(select(HistoryEntry).where(HistoryEntry.move == "approve")).all() == []


def test_an_approval_of_something_else_is_named_with_its_line(said: Desk) -> None:
    with pytest.raises(Unreadable, match=r"journal\.jsonl:1.*approved"):
        read_journal(journal(said, line(2, approved={"everything": "priya"})))
