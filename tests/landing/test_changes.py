"""The changes of a register: new ones added, edited ones revised, the rest left alone."""

from datetime import date, timedelta

from sqlalchemy import select

from heardback.store import Change, ChangeRevision, OutboxEvent, QuarantinedRow
from heardback.store.session import reading
from tests.council import change_row
from tests.desk import Desk, problems_of
from tests.factories import NOW

LATER = NOW + timedelta(days=1)


def change(desk: Desk, number: int) -> Change:
    with reading(desk.store) as session:
        return session.get_one(Change, f"log:{number}")


def test_a_new_change_is_recorded_under_its_registers_name_and_announced(desk: Desk) -> None:
    report = desk.pull(change_row(1), change_row(2, Service="all"), feed="log")
    assert (report.rows_read, report.fates) == (2, {"new": 2})
    stored = change(desk, 1)
    assert (stored.title, stored.changed_on, stored.revision) == ("A warm waiting room", date(2026, 10, 1), 1)
    assert change(desk, 2).service_code == "all"
    with reading(desk.store) as session:
        event = session.scalars(select(OutboxEvent)).one()
    assert (event.name, event.payload["changes"]) == ("change.recorded", 2)


def test_an_edited_change_is_revised_and_what_it_said_is_kept(desk: Desk) -> None:
    desk.pull(change_row(1), feed="log")
    before = change(desk, 1)
    report = desk.pull(change_row(1, "We put two heaters in.", Date="2026-10-03"), feed="log", at=LATER)
    assert report.fates == {"edited": 1}
    after = change(desk, 1)
    assert (after.we_did, after.changed_on, after.revision, after.recorded_at) == (
        "We put two heaters in.", date(2026, 10, 3), 2, LATER,
    )  # fmt: skip
    with reading(desk.store) as session:
        old = session.scalars(select(ChangeRevision)).one()
    assert (old.revision, old.pull_uid, old.replaced_at) == (1, before.pull_uid, LATER)
    assert (old.content["we_did"], old.content["changed_on"]) == ("We put a heater in.", "2026-10-01")
    assert problems_of(desk.store) == []


def test_a_change_that_was_edited_twice_keeps_both_earlier_wordings(sqlite_desk: Desk) -> None:
    for day, words in enumerate(("One.", "Two.", "Three.")):
        sqlite_desk.pull(change_row(1, words), feed="log", at=NOW + timedelta(days=day))
    with reading(sqlite_desk.store) as session:
        kept = session.scalars(select(ChangeRevision).order_by(ChangeRevision.revision)).all()
    assert [revision.content["we_did"] for revision in kept] == ["One.", "Two."]
    assert change(sqlite_desk, 1).we_did == "Three."
    assert problems_of(sqlite_desk.store) == []


def test_known_changes_are_left_alone(desk: Desk) -> None:
    desk.pull(change_row(1), feed="log")
    report = desk.pull(change_row(1), change_row(2), feed="log", at=LATER)
    assert report.fates == {"new": 1, "duplicate": 1}
    assert (change(desk, 1).recorded_at, change(desk, 1).revision) == (NOW, 1)
    assert desk.pull(feed="log", at=LATER).status == "unchanged"


def test_a_change_put_back_to_what_it_said_before_is_revised_once_more(sqlite_desk: Desk) -> None:
    for day, words in enumerate(("One.", "Two.", "One.")):
        sqlite_desk.pull(change_row(1, words), feed="log", at=NOW + timedelta(days=day))
    assert (change(sqlite_desk, 1).we_did, change(sqlite_desk, 1).revision) == ("One.", 3)


def test_a_change_that_left_its_register_stays_on_record(sqlite_desk: Desk) -> None:
    sqlite_desk.pull(change_row(1), change_row(2), feed="log")
    sqlite_desk.pull(change_row(2), feed="log", at=LATER)
    assert sqlite_desk.count(Change) == 2


def test_bad_rows_of_a_register_are_set_aside_with_their_reasons(desk: Desk) -> None:
    report = desk.pull(
        change_row(1), change_row("", "No id"), change_row(3, ""), change_row(4, Service="who?"), feed="log"
    )
    assert report.fates == {"new": 1, "quarantine": 3}
    with reading(desk.store) as session:
        rows = session.scalars(select(QuarantinedRow).order_by(QuarantinedRow.row_number)).all()
    assert [row.reasons for row in rows] == [
        ["the change has no id"], ["nothing says what was done"], ["the service is not in services.yaml"],
    ]  # fmt: skip
    assert rows[2].cells["Service"] == "who?"
    assert problems_of(desk.store) == []


def test_a_register_of_bad_rows_alone_lands_in_quarantine(sqlite_desk: Desk) -> None:
    report = sqlite_desk.pull(change_row(1, ""), feed="log")
    assert report.fates == {"quarantine": 1}
    assert sqlite_desk.events() == []


def test_a_register_without_one_of_its_columns_is_refused(sqlite_desk: Desk) -> None:
    report = sqlite_desk.pull({"Ref": "1", "We did": "It"}, feed="log")
    assert (report.status, "is missing" in report.error) == ("failed", True)
    assert sqlite_desk.count(Change) == 0
