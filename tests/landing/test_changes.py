"""The changes of a register: new ones added, edited ones revised, the rest left alone."""

import sqlite3
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from heardback.landing import register_files
from heardback.store import Change, ChangeRevision, OutboxEvent, QuarantinedRow
from heardback.store.session import reading
from heardback.store.waiting import changes_to_match
from tasks.quarantine import discard_row
from tests.council import LOG, Row, change_row
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


# ---- what left a register, and came back

MAY_STAND = (
    "not in this register, and not marked: 1 row in quarantine without a readable id may be among them; repair or "
    "discard it"
)
SNAPSHOT = {"registers": [{**LOG, "mode": "snapshot"}]}


def left(desk: Desk) -> list[str]:
    with reading(desk.store) as session:
        query = select(Change.record_id).where(Change.left_at.is_not(None)).order_by(Change.record_id)
        return list(session.scalars(query))


def many(*left_out: int, **edits: str) -> list[Row]:
    """Ten changes but for some."""
    return [change_row(n, edits.get(f"n{n}", f"We did {n}.")) for n in range(10) if n not in left_out]


def test_a_change_that_left_a_snapshot_is_marked_and_keeps_what_it_said(desk: Desk) -> None:
    desk.configure(**SNAPSHOT)
    desk.pull(*many(), feed="log", name="1.csv")
    report = desk.pull(*many(3), feed="log", name="2.csv", at=LATER)
    assert (report.fates, report.notes) == (
        {"duplicate": 9}, ["no longer in the register; marked and kept (1 change)"],
    )  # fmt: skip
    assert (left(desk), change(desk, 3).we_did, change(desk, 3).left_at) == (["3"], "We did 3.", LATER)
    assert (desk.count(Change), problems_of(desk.store)) == (10, [])
    with reading(desk.store) as session:
        assert "log:3" not in set(changes_to_match(session)["change_uid"])


def test_a_change_that_comes_back_is_marked_no_longer(desk: Desk) -> None:
    desk.configure(**SNAPSHOT)
    for number, rows in enumerate((many(), many(3, 4), many(4), many(n4="We did it again."))):
        report = desk.pull(*rows, feed="log", name=f"{number}.csv", at=NOW + timedelta(days=number))
    assert (left(desk), change(desk, 4).revision, change(desk, 3).revision) == ([], 2, 1)
    assert "in the register again (1 change)" in report.notes
    assert problems_of(desk.store) == []


def test_more_than_a_fifth_of_a_register_gone_at_once_is_refused(desk: Desk) -> None:
    desk.configure(**SNAPSHOT)
    desk.pull(*many(), feed="log", name="1.csv")
    report = desk.pull(*many(1, 2, 3, n5="Edited."), feed="log", name="2.csv", at=LATER)
    assert report.status == "failed"
    assert "3 of 10 changes on record are no longer in this register; 20% may go" in report.error
    assert (left(desk), change(desk, 5).we_did, desk.events()[-1]) == ([], "We did 5.", "pull.failed")


def test_an_empty_register_is_refused_whatever_may_go(sqlite_desk: Desk) -> None:
    sqlite_desk.configure(**SNAPSHOT, policy={"gate": {"max_vanished_share": 1}})
    sqlite_desk.pull(*many(), feed="log", name="1.csv")
    path = sqlite_desk.drop("log", change_row(1), name="2.csv")
    path.write_text(path.read_text(encoding="utf-8").splitlines()[0] + "\n", encoding="utf-8")
    assert sqlite_desk.pull(feed="log", at=LATER).status == "failed"
    assert left(sqlite_desk) == []


def test_a_bad_row_with_an_id_has_not_left_and_one_without_hides_what_has(sqlite_desk: Desk) -> None:
    sqlite_desk.configure(**SNAPSHOT)
    sqlite_desk.pull(*many(), feed="log", name="1.csv")
    spoiled = [*many(3, 4), change_row(3, Date="soon")]
    sqlite_desk.pull(*spoiled, feed="log", name="2.csv", at=LATER)
    assert left(sqlite_desk) == ["4"]
    no_id = [*many(4, 5), change_row("", "No id")]
    report = sqlite_desk.pull(*no_id, feed="log", name="3.csv", at=LATER + timedelta(days=1))
    assert (left(sqlite_desk), report.notes[-1]) == (["4"], f"1 change {MAY_STAND}")
    report = sqlite_desk.pull(*no_id, change_row(11), feed="log", name="4.csv", at=LATER + timedelta(days=2))
    assert (left(sqlite_desk), f"1 change {MAY_STAND}" in report.notes) == (["4"], True)
    discard_row(2, "Dee Okoro", LATER, "a heading")
    sqlite_desk.pull(*no_id, change_row(12), change_row(11), feed="log", name="5.csv", at=LATER + timedelta(days=3))
    assert (left(sqlite_desk), problems_of(sqlite_desk.store)) == (["4", "5"], [])


def test_a_register_of_which_too_much_is_gone_is_refused_whatever_its_bad_rows_are(sqlite_desk: Desk) -> None:
    sqlite_desk.configure(**SNAPSHOT)
    sqlite_desk.pull(*many(), feed="log", name="1.csv")
    assert sqlite_desk.pull(*many(3, 4, 5), change_row(""), feed="log", name="2.csv", at=LATER).status == "landed"
    report = sqlite_desk.pull(*many(3, 4, 5, 6), change_row(""), feed="log", name="3.csv", at=LATER)
    assert (report.status, "4 of 10 changes on record" in report.error) == ("failed", True)


def test_a_broken_row_is_set_aside_and_hides_what_has_left(sqlite_desk: Desk) -> None:
    sqlite_desk.configure(**SNAPSHOT)
    sqlite_desk.pull(*many(), feed="log", name="1.csv")
    path = sqlite_desk.drop("log", *many(3), name="2.csv")
    path.write_text(path.read_text(encoding="utf-8") + "3,yjs\n", encoding="utf-8")
    assert sqlite_desk.pull(feed="log", at=LATER).fates == {"duplicate": 9, "quarantine": 1}
    reasons = sqlite_desk.ask(select(QuarantinedRow.reasons))
    assert (left(sqlite_desk), reasons) == ([], [["the row has 2 cells where the header has 7"]])
    assert problems_of(sqlite_desk.store) == []


def test_a_row_that_nobody_accounts_for_stops_the_whole_register(
    sqlite_desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(register_files, "bad_rows", lambda *_: [])
    report = sqlite_desk.pull(change_row(1), change_row(2, ""), feed="log")
    assert (report.status, "2 rows read, 1 accounted for" in report.error) == ("failed", True)
    assert (sqlite_desk.count(Change), sqlite_desk.events()) == (0, ["pull.failed"])


def test_an_older_file_of_a_snapshot_neither_edits_nor_marks(sqlite_desk: Desk) -> None:
    sqlite_desk.configure(**SNAPSHOT)
    sqlite_desk.pull(*many(n5="The newest words."), feed="log", name="2026-10.csv")
    sqlite_desk.drop("log", *many(7, n5="Old words."), change_row(99, "Only here."), name="2026-08.csv")
    older, newest = sqlite_desk.pull_all("log", LATER).files
    assert (older.fates, newest.status) == ({"new": 1, "duplicate": 9}, "landed")
    # what only the old file had has left by the newest, which is read once more
    assert (left(sqlite_desk), change(sqlite_desk, 5).we_did) == (["99"], "The newest words.")
    assert problems_of(sqlite_desk.store) == []


def test_what_leaves_a_register_that_grows_by_files_is_not_marked(sqlite_desk: Desk) -> None:
    sqlite_desk.pull(*many(), feed="log", name="1.csv")
    sqlite_desk.pull(change_row(11), feed="log", name="2.csv", at=LATER)
    assert (left(sqlite_desk), sqlite_desk.count(Change)) == ([], 11)


# ---- what was promised and is done


def test_a_change_that_was_planned_and_is_done_is_a_revision_and_is_told(desk: Desk) -> None:
    desk.pull(change_row(1, Status="planned"), change_row(2, Status="planned"), feed="log")
    report = desk.pull(change_row(1), change_row(2), feed="log", at=LATER)
    assert (report.fates, report.notes) == ({"edited": 2}, ["went from planned to done (2 changes)"])
    assert (change(desk, 1).status, change(desk, 1).revision) == ("done", 2)
    with reading(desk.store) as session:
        old = session.scalars(select(ChangeRevision).where(ChangeRevision.change_uid == "log:1")).one()
    assert old.content["status"] == "planned"
    assert desk.events().count("change.recorded") == 2


def test_the_lineage_of_an_action_plan_is_revised_with_it(sqlite_desk: Desk) -> None:
    lineage = {"owner": "Owner", "due": "Due", "recommendation": "Rec", "action": "Action", "evidence": "Evidence"}
    sqlite_desk.configure(registers=[{**LOG, "columns": {**LOG["columns"], **lineage}}])
    plan = {"Owner": "Dan", "Due": "2026-12-01", "Rec": "Warm it", "Action": "A heater", "Evidence": ""}
    sqlite_desk.pull(change_row(1, **plan), feed="log")
    sqlite_desk.pull(change_row(1, **{**plan, "Due": "2027-01-15", "Evidence": "Seen"}), feed="log", at=LATER)
    stored = change(sqlite_desk, 1)
    assert (stored.owner, stored.due_on, stored.recommendation, stored.action, stored.evidence) == (
        "Dan", date(2027, 1, 15), "Warm it", "A heater", "Seen",
    )  # fmt: skip
    with reading(sqlite_desk.store) as session:
        old = session.scalars(select(ChangeRevision)).one().content
    assert (old["due_on"], old["evidence"], old["recommendation"]) == ("2026-12-01", "", "Warm it")


def test_one_id_twice_with_other_content_sets_both_aside_and_with_the_same_is_counted_once(desk: Desk) -> None:
    report = desk.pull(
        change_row(1), change_row(1, "Otherwise"), change_row(2), change_row(2), change_row(3), feed="log"
    )
    assert report.fates == {"new": 2, "duplicate": 1, "quarantine": 2}
    assert (desk.count(Change), problems_of(desk.store)) == (2, [])


def test_a_bad_row_keeps_only_the_cells_that_the_map_names(sqlite_desk: Desk) -> None:
    sqlite_desk.pull({**change_row(1, ""), "Officer's mobile": "07700 900123"}, feed="log")
    with reading(sqlite_desk.store) as session:
        cells = session.scalars(select(QuarantinedRow)).one().cells
    assert set(cells) == set(LOG["columns"].values())


def test_a_bad_row_that_every_export_brings_is_set_aside_once(desk: Desk) -> None:
    desk.configure(**SNAPSHOT)
    bad = change_row(50, Date="soon")
    desk.pull(*many(), bad, feed="log", name="1.csv")
    report = desk.pull(*many(n1="Edited."), bad, feed="log", name="2.csv", at=LATER)
    assert report.fates == {"edited": 1, "duplicate": 10}
    report = desk.pull(*many(n1="Edited."), change_row(50, Date="later"), feed="log", name="3.csv", at=LATER)
    assert report.fates == {"duplicate": 10, "quarantine": 1}
    assert (desk.count(QuarantinedRow), problems_of(desk.store)) == (2, [])


# ---- by a connector


def test_a_register_in_a_database_is_asked_as_a_source_is(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "changes.db"
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("CREATE TABLE log (Ref, Service, Date, Title, You_said, We_did, Status)")
        database.execute("INSERT INTO log VALUES ('1', 'yjs', '2026-10-01', 'Warm', 'Cold', 'A heater', 'planned')")
    monkeypatch.setenv("HEARDBACK_SECRET_LOG", f"sqlite:///{path}")
    by_sql = {key: value for key, value in LOG.items() if key != "file"} | {
        "connect": {"to": "sql", "url": "HEARDBACK_SECRET_LOG", "query": "SELECT * FROM log", "key": "Ref"},
        "columns": {**LOG["columns"], "you_said": "You_said", "we_did": "We_did"},
    }
    desk.configure(registers=[by_sql])
    (first,) = desk.pull_all("log").files
    assert (first.status, first.fates) == ("landed", {"new": 1}), first.error
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("UPDATE log SET Status = 'done'")
    (second,) = desk.pull_all("log", LATER).files
    assert (second.fates, change(desk, 1).status, change(desk, 1).we_did) == ({"edited": 1}, "done", "A heater")
    assert desk.pull_all("log", LATER + timedelta(days=1)).files[0].status == "unchanged"
    assert problems_of(desk.store) == []
