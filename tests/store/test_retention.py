"""What has been kept long enough goes, wherever it lies; what nobody has read stays (G14)."""

import os
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, select, text, update

import heardback.store.session as session_module
from heardback.domain.lifecycle import Role
from heardback.ledger import SYSTEM, Actor, Ledger, Opening
from heardback.store import Comment, Match, Membership, Pull, QuarantinedRow, RawFile, Response, raw_files
from heardback.store.retention import (
    comments_due,
    comments_with_words,
    forget_comments,
    forget_quarantine,
    forget_raw_files,
    forget_strays,
    quarantine_due,
    raw_files_due,
)
from heardback.store.session import open_store, reading, scrub, transaction
from heardback.store.verification import find_tampering
from tests.factories import HEARD, LEAD, NOW, a_comment, a_loop, a_pull
from tests.store.test_evidence import a_change
from tests.store.test_waiting import a_proposal, member

AFTER = HEARD + timedelta(days=1)
CANARY = "canary-7f3a-the-words-of-a-child"


def due(store: Engine, before: date = AFTER) -> list[str]:
    with reading(store) as session:
        return comments_due(session, before)


def a_held_loop(store: Engine) -> str:
    with transaction(store) as session:
        opening = Opening("yjs", "feedback_box", HEARD, a_comment(session), "open_withheld", {"reasons": ["harm"]})
        return Ledger(session, SYSTEM, NOW).open([opening])[0]


def test_words_are_due_from_the_day_after_their_time_and_only_once(store: Engine) -> None:
    with transaction(store) as session:
        loop_uid = a_loop(session)
        comment_uid = session.scalars(select(Membership.comment_uid).where(Membership.loop_uid == loop_uid)).one()
    assert due(store, HEARD) == []
    assert due(store) == [comment_uid]
    with transaction(store) as session:
        assert comments_with_words(session) == 1
        forget_comments(session, [comment_uid])
    assert due(store) == []
    with reading(store) as session:
        assert comments_with_words(session) == 0
        comment = session.get_one(Comment, comment_uid)
        assert (comment.text, comment.fingerprint, comment.reasons, comment.identifying) == ("", "", [], [])
        assert find_tampering(session) == []


def test_with_its_words_goes_what_a_match_found_in_them_and_nobody_else_s(sqlite_store: Engine) -> None:
    with transaction(sqlite_store) as session:
        first, second = a_loop(session), a_loop(session)
        for number, loop_uid in enumerate((first, second)):
            a_proposal(session, loop_uid, a_change(session, number))
    with transaction(sqlite_store) as session:
        forget_comments(session, [member(session, first)])
    with reading(sqlite_store) as session:
        kept = {match.loop_uid: match.reasons for match in session.scalars(select(Match))}
    assert kept == {first: [], second: ["0.5"]}


def test_what_is_behind_an_open_flag_is_never_due_and_what_was_released_is(store: Engine) -> None:
    loop_uid = a_held_loop(store)
    assert due(store, date(2099, 1, 1)) == []
    with transaction(store) as session:
        Ledger(session, LEAD, NOW).move(loop_uid, "release", reason="read")
    assert len(due(store)) == 1


def test_a_flag_raised_later_stops_the_clock_too(sqlite_store: Engine) -> None:
    with transaction(sqlite_store) as session:
        Ledger(session, LEAD, NOW).move(a_loop(session), "withhold", reason="a concern")
    assert due(sqlite_store) == []


def test_what_was_taken_back_at_its_source_is_due_as_soon_as_it_was_read(sqlite_store: Engine) -> None:
    loop_uid = a_held_loop(sqlite_store)
    with transaction(sqlite_store) as session:
        session.execute(update(Response).values(withdrawn_at=NOW))
    assert due(sqlite_store, HEARD) == []
    with transaction(sqlite_store) as session:
        Ledger(session, Actor("Ruth", Role.SAFEGUARDING_LEAD), NOW).move(loop_uid, "release", reason="read")
    assert len(due(sqlite_store, HEARD)) == 1


def test_raw_files_go_by_when_they_came_and_their_hash_stays(store: Engine, tmp_path: Path) -> None:
    digest = raw_files.keep(tmp_path, b"a file")
    with transaction(store) as session:
        session.add(RawFile(sha256=digest, size=6, kept_at=NOW))
    with reading(store) as session:
        assert raw_files_due(session, NOW, tmp_path) == []
        assert raw_files_due(session, NOW + timedelta(seconds=1), tmp_path) == [digest]
        forget_raw_files(tmp_path, [digest, "f" * 64])
        assert raw_files_due(session, NOW + timedelta(seconds=1), tmp_path) == []
        assert session.get(RawFile, digest) is not None


def test_files_of_a_killed_run_half_written_or_not_on_record_go_after_a_day(
    sqlite_store: Engine, tmp_path: Path
) -> None:
    names = ("abcd.123.part", "whole-and-not-on-record", "on-record")
    written = datetime(2026, 11, 9, 9, 0, tzinfo=UTC)
    folder = tmp_path / "raw" / "ab"
    folder.mkdir(parents=True)
    for name in names:
        (folder / name).write_bytes(b"half a fi")
        os.utime(folder / name, (written.timestamp(), written.timestamp()))
    with transaction(sqlite_store) as session:
        session.add(RawFile(sha256="on-record", size=9, kept_at=written))
    for hours, left in ((23, set(names)), (25, {"on-record"})):
        with reading(sqlite_store) as session:
            forget_strays(session, tmp_path / "raw", written + timedelta(hours=hours))
        assert {path.name for path in folder.iterdir()} == left


def test_a_file_that_a_run_renames_while_strays_are_looked_for_stops_nothing(
    sqlite_store: Engine, tmp_path: Path
) -> None:
    (tmp_path / "ab").mkdir()
    (tmp_path / "ab" / "abcd.123.part").symlink_to(tmp_path / "gone")  # there to be found, and not to be looked at
    with reading(sqlite_store) as session:
        forget_strays(session, tmp_path, datetime(2026, 11, 9, 9, 0, tzinfo=UTC))


def test_cells_in_quarantine_go_by_their_pull_and_the_reasons_stay(store: Engine) -> None:
    with transaction(store) as session:
        pull = a_pull(session, rows_read=1)
        session.add(
            QuarantinedRow(
                pull_uid=pull.pull_uid, source_id="exit", file_name="a.csv", sheet="", row_number=2,
                cells={"said": CANARY}, reasons=["no day"], state="open", decided_by="", decided_at=None, note="",
            )
        )  # fmt: skip
    with transaction(store) as session:
        assert quarantine_due(session, NOW) == []
        numbers = quarantine_due(session, NOW + timedelta(seconds=1))
        forget_quarantine(session, numbers)
        assert len(numbers) == 1
    with reading(store) as session:
        assert quarantine_due(session, NOW + timedelta(seconds=1)) == []
        row = session.scalars(select(QuarantinedRow)).one()
        assert (row.cells, row.reasons, session.scalar(select(func.count()).select_from(Pull))) == ({}, ["no day"], 1)


def on_disk(folder: Path) -> int:
    return sum(path.read_bytes().count(b"canary-7f3a") for path in folder.iterdir() if path.is_file())


def test_after_forgetting_the_words_are_in_no_file_of_the_database(sqlite_store: Engine, tmp_path: Path) -> None:
    with transaction(sqlite_store) as session:
        pull = a_pull(session)
        long_and_short = [a_comment(session, CANARY * (1 + number % 40), pull=pull) for number in range(200)]
        session.add(
            QuarantinedRow(
                pull_uid=pull.pull_uid, source_id="exit", file_name="a.csv", sheet="", row_number=2,
                cells={"said": CANARY}, reasons=[], state="open", decided_by="", decided_at=None, note="",
            )
        )  # fmt: skip
    assert on_disk(tmp_path) > 200
    with transaction(sqlite_store) as session:
        forget_comments(session, long_and_short)
        forget_quarantine(session, quarantine_due(session, NOW + timedelta(days=1)))
    assert scrub(sqlite_store)
    assert on_disk(tmp_path) == 0


def test_deleted_words_are_written_over_even_where_no_room_is_left_to_scrub(
    sqlite_store: Engine, tmp_path: Path
) -> None:
    with transaction(sqlite_store) as session:
        comments = [a_comment(session, CANARY * 30) for _ in range(50)]
    with transaction(sqlite_store) as session:
        forget_comments(session, comments)
        assert session.scalar(text("PRAGMA secure_delete")) == 1
    sqlite_store.dispose()  # the last connection moves the log into the database and deletes it
    assert on_disk(tmp_path) == 0


def test_a_reader_that_holds_the_log_open_is_said_and_the_next_run_finishes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session_module, "LOCK_WAIT_SECONDS", 0.05)
    store = open_store(f"sqlite:///{tmp_path / 'heardback.db'}")
    with transaction(store) as session:
        comment_uid = a_comment(session, CANARY)
    with reading(store) as session:
        assert comments_with_words(session) == 1
        with transaction(store) as writer:
            forget_comments(writer, [comment_uid])
        assert not scrub(store)
    assert scrub(store)
    assert on_disk(tmp_path) == 0
    store.dispose()


def test_scrubbing_works_on_either_database(store: Engine) -> None:
    with transaction(store) as session:
        a_loop(session)
    assert scrub(store)
