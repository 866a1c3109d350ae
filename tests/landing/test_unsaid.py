"""What a file has no column for stays as it was said, and an edit makes no answer younger."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from heardback.store import Response
from heardback.store.session import reading
from tests.council import Row, exit_row
from tests.desk import Desk, problems_of
from tests.factories import NOW

ASKED = [
    {"column": "id", "role": "record_id"},
    {"column": "date", "role": "submitted_on"},
    {"column": "at", "role": "submitted_at", "dates": ["ISO8601"]},
    {"column": "service", "role": "service"},
    {"column": "status", "role": "completion", "values": {"part": "partial", "test": "test"}},
    {"column": "who", "role": "completed_by", "values": {"me": "self"}},
    {"column": "share", "role": "consent_publish", "true_values": ["Yes"], "false_values": ["No"]},
    {"column": "tongue", "role": "language", "values": {"Cymraeg": "cy"}},
    {"column": "age", "role": "characteristic", "code": "age", "options": ["10-13", "14-17"]},
    {"column": "sex", "role": "characteristic", "code": "sex", "options": ["girl", "boy"]},
    {"column": "improve", "role": "comment", "code": "improve"},
]
SAID = {
    "id": "1", "date": "2026-09-01", "at": "2026-09-01T10:00:00Z", "service": "youth", "status": "part", "who": "me",
    "share": "Yes", "tongue": "Cymraeg", "age": "10-13", "sex": "girl", "improve": "Mend the swings",
}  # fmt: skip
LATER = NOW + timedelta(days=40)


def ask(desk: Desk) -> None:
    desk.configure(sources={"exit": {"service": "yjs", "questions": ASKED}})


def on_record(desk: Desk) -> dict[str, Any]:
    with reading(desk.store) as session:
        response = session.scalars(select(Response)).one()
        left_out = {"revision", "content_hash", "form_version", "_sa_instance_state"}
        return {name: value for name, value in vars(response).items() if name not in left_out}


def without(*columns: str, **edits: str) -> Row:
    return {name: cell for name, cell in {**SAID, **edits}.items() if name not in columns}


def test_a_column_that_is_gone_says_nothing(desk: Desk) -> None:
    ask(desk)
    desk.pull(SAID, name="1.csv")
    before = on_record(desk)
    assert (before["service_code"], before["consent_to_publish"], before["language"]) == ("youth", "yes", "cy")
    asked_no_more = ("date", "at", "service", "status", "who", "share", "tongue", "age", "sex")
    assert desk.pull(without(*asked_no_more), name="2.csv", at=LATER).fates == {"loop": 1}
    assert on_record(desk) == before
    assert problems_of(desk.store) == []


def test_a_blank_answer_takes_back_and_so_does_one_of_two_bands(sqlite_desk: Desk) -> None:
    ask(sqlite_desk)
    sqlite_desk.pull(SAID, name="1.csv")
    sqlite_desk.pull(without("sex", age="", share="", who=""), name="2.csv")
    after = on_record(sqlite_desk)
    assert (after["characteristics"], after["consent_to_publish"]) == ({"sex": "girl"}, "not_asked")
    assert after["completed_by"] == "unknown"


def test_new_words_go_to_the_service_that_the_answer_was_about(sqlite_desk: Desk) -> None:
    ask(sqlite_desk)
    sqlite_desk.pull(without(improve=""), name="1.csv")
    assert sqlite_desk.pull(without("service"), name="2.csv").fates == {"loop": 1}
    assert sqlite_desk.loop_of("Mend the swings").service_code == "youth"


def test_what_was_a_test_stays_one(sqlite_desk: Desk) -> None:
    ask(sqlite_desk)
    sqlite_desk.pull(without(status="test"), name="1.csv")
    assert sqlite_desk.pull(without("status", "sex"), name="2.csv").fates == {"not_counted": 1}
    assert sqlite_desk.texts() == []


@pytest.mark.parametrize("day", ["", "2026-10-01"])
def test_an_edit_makes_no_answer_younger(desk: Desk, day: str) -> None:
    """Without a day an answer was heard when it first came: changes made since then may answer it."""
    ask(desk)
    desk.pull(without(date="", at=""), name="1.csv")
    assert on_record(desk)["heard_on"] == NOW.date()
    assert desk.pull(without(at="", date=day, improve="Mend them"), name="2.csv", at=LATER).fates == {"loop": 1}
    after = on_record(desk)
    assert after["received_at"] == NOW
    assert after["heard_on"] == (date.fromisoformat(day) if day else NOW.date())


@pytest.mark.parametrize("key", [["id"], []])
def test_the_columns_of_a_question_may_stand_in_another_order(sqlite_desk: Desk, key: list[str]) -> None:
    several = [{"column": "id", "role": "record_id"}, {"match": "^(improve|like)$", "role": "comment", "code": "said"}]
    sqlite_desk.configure(sources={"exit": {"natural_key": key, "service": "yjs", "questions": several}})
    row = exit_row(1, "Mend the swings", like="The football")
    sqlite_desk.pull(row, name="1.csv")
    turned = {name: row[name] for name in reversed(list(row))}
    assert sqlite_desk.pull(turned, name="2.csv").fates == {"duplicate": 1}
