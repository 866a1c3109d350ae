"""Many rows at once: what is read back is what the ORM would have written, sealed where it is words."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import Engine, delete, insert, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from heardback.errors import StoreError
from heardback.ledger import SYSTEM, Ledger, Opening
from heardback.store import Comment, HistoryEntry, Membership, Pull, QuarantinedRow, RawFile, Response
from heardback.store.bulk import insert_columns, insert_rows
from heardback.store.sealing import Seal
from heardback.store.session import open_store, reading, transaction

AT = datetime(2026, 11, 21, 9, 0, 1, 250_000, tzinfo=UTC)
SAID = [
    "plain",
    "a\ttab, a \\ and\na line\r\nbreak",
    "\\N",
    "\\.",
    "£ ‘curly’ 😀",
    "a 'quote' \"and\" %s %(x)s :y ?",
    "",
]


def response(uid: str, at: datetime | None = AT) -> dict[str, object]:
    return {
        "response_uid": uid, "source_id": "s", "tool": "limesurvey", "source_record_id": "1",
        "channel": "online_survey",
        "completed_by": "self", "submitted_on": date(2026, 1, 5) if at else None, "submitted_at": at,
        "date_precision": "day", "received_at": AT, "heard_on": date(2026, 1, 5), "service_code": "yjs",
        "completion": "complete", "consent_to_publish": "no", "language": "en-GB", "form_version": "1", "revision": 1,
        "content_hash": "c" * 64, "withdrawn_at": None, "characteristics": {"age": "10-13", "who": "a\tb\\"},
    }  # fmt: skip


def comment(uid: str, said: str) -> dict[str, object]:
    return {
        "comment_uid": uid, "response_uid": "r1", "question_code": "q", "question_text": "Why?",
        "repeat_index": 0, "text": said, "fingerprint": "f" if said else "", "verdict": "clear", "priority": 4,
        "screening_version": "1", "reasons": ["one", "two\\"], "identifying": [], "written_in": "",
    }  # fmt: skip


def said_in(store: Engine) -> list[str]:
    with reading(store) as session:
        return list(session.scalars(select(Comment.text).order_by(Comment.comment_uid)))


def test_every_value_comes_back_as_the_orm_would_have_written_it(store: Engine) -> None:
    comments = [comment(f"c{place}", said) for place, said in enumerate(SAID)]
    with transaction(store) as session:
        insert_rows(session, Response, [response("r1"), response("r2", None)])
        insert_rows(session, Comment, comments)
        written = [row._asdict() for row in session.execute(select(Comment.__table__).order_by(Comment.comment_uid))]
        session.execute(delete(Comment))
        session.execute(insert(Comment), comments)
        assert written == [
            row._asdict() for row in session.execute(select(Comment.__table__).order_by(Comment.comment_uid))
        ]
        dated, undated = session.scalars(select(Response).order_by(Response.response_uid))
        assert (dated.submitted_at, dated.submitted_on, undated.submitted_at) == (AT, date(2026, 1, 5), None)
        assert dated.characteristics == {"age": "10-13", "who": "a\tb\\"}
        assert dated.deletion_code == ""  # left out, so it takes its default
    assert said_in(store) == SAID


def test_a_key_of_the_database_goes_on_from_the_last_one(store: Engine) -> None:
    with transaction(store) as session:
        insert_rows(session, Response, [response("r1")])
        insert_rows(session, Comment, [comment("c1", "a"), comment("c2", "b")])
        ledger = Ledger(session, SYSTEM, AT)
        for uid in ("c1", "c2"):
            ledger.open([Opening("yjs", "online_survey", date(2026, 1, 5), uid)])
        assert session.scalars(select(Membership.membership_id).order_by(Membership.membership_id)).all() == [1, 2]


def test_no_row_is_no_statement(store: Engine) -> None:
    with transaction(store) as session:
        insert_rows(session, Comment, [])
        insert_columns(session, Comment, {})
        insert_columns(session, Comment, {"comment_uid": []})
        assert not session.scalars(select(Comment)).all()


def test_a_row_that_stands_already_is_refused_as_a_whole_and_quotes_nobody(store: Engine) -> None:
    with transaction(store) as session:
        insert_rows(session, Response, [response("r1")])
        insert_rows(session, Comment, [comment("c1", "a")])
    with pytest.raises(StoreError) as refused, transaction(store) as session:
        insert_rows(session, Comment, [comment("c2", "CANARY-bulk"), comment("c1", "CANARY-bulk")])
    assert "CANARY" not in f"{refused.value} {refused.value!r} {refused.value.__cause__}"
    assert said_in(store) == ["a"]


def test_what_is_refused_is_an_error_of_the_database_and_the_transaction_can_go_on(store: Engine) -> None:
    with transaction(store) as session:
        with pytest.raises(DBAPIError), session.begin_nested():
            insert_rows(session, Comment, [comment("c1", "nobody's response")])
        insert_rows(session, RawFile, [{"sha256": "a", "size": 1, "kept_at": AT}])
        assert session.get(RawFile, "a") is not None


@pytest.fixture
def sealed(tmp_path: Path) -> Iterator[Engine]:
    engine = open_store(f"sqlite:///{tmp_path / 'sealed.db'}", Seal((Fernet.generate_key().decode(),)))
    yield engine
    engine.dispose()


def test_words_are_sealed_and_the_same_words_twice_look_different(sealed: Engine) -> None:
    with transaction(sealed) as session:
        insert_rows(session, Response, [response("r1")])
        insert_rows(session, Comment, [comment("c1", "the same"), comment("c2", "the same")])
        first, second = session.execute(text("SELECT text FROM comment ORDER BY comment_uid")).scalars()
        marks = session.execute(text("SELECT fingerprint FROM comment")).scalars().all()
    assert "the same" not in first + second
    assert first != second
    assert marks[0] == marks[1] != "f"
    assert said_in(sealed) == ["the same", "the same"]


def test_cells_are_sealed_each_apart(sealed: Engine) -> None:
    pull = {
        "pull_uid": "p", "source_id": "s", "ordinal": 1, "kind": "responses", "file_name": "f", "file_sha256": "a",
        "cursor": "", "map_sha256": "m", "started_at": AT, "finished_at": AT, "status": "landed", "rows_read": 2,
        "blank_rows": 0, "duplicates": 0, "notes": [], "error": "",
    }  # fmt: skip
    row = {
        "pull_uid": "p", "source_id": "s", "file_name": "f", "sheet": "", "row_number": 2, "cells": {"Why?": "CANARY"},
        "reasons": ["bad"], "state": "open", "decided_by": "", "decided_at": None, "note": "",
    }  # fmt: skip
    with transaction(sealed) as session:
        insert_rows(session, RawFile, [{"sha256": "a", "size": 1, "kept_at": AT}])
        insert_rows(session, Pull, [pull])
        insert_rows(session, QuarantinedRow, [row, row])
        first, second = session.execute(text("SELECT cells FROM quarantined_row")).scalars()
        assert "CANARY" not in str(first)
        assert first != second
        assert [cells["Why?"] for cells in session.scalars(select(QuarantinedRow.cells))] == ["CANARY", "CANARY"]


def test_the_history_still_refuses_a_row_in_the_place_of_another(store: Engine) -> None:
    entry = {
        "sequence": 1, "loop_uid": "L-1", "version": 1, "move": "open", "from_state": "", "to_state": "heard",
        "actor": "a", "role": "system", "at": AT, "on_date": date(2026, 1, 5), "reason": "", "details": {},
        "previous_hash": "", "hash": "h",
    }  # fmt: skip

    def write(session: Session, sequence: int) -> None:
        insert_rows(session, HistoryEntry, [entry | {"sequence": sequence}])

    with pytest.raises(StoreError), transaction(store) as session:
        write(session, 1)  # there is no such loop
