"""Erased on request: no trace of the words on the disk or in a table, none comes back, and the figures stay (G13)."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import Engine, MetaData, Table, func, insert, select, update

from heardback.errors import MoveRefused, NotAllowed, NotFound
from heardback.store import (
    AccessEntry,
    Choice,
    Comment,
    Erasure,
    HistoryEntry,
    Loop,
    Match,
    Membership,
    QuarantinedRow,
    Rating,
    RawFile,
    Response,
    Revision,
)
from heardback.store.answers import loops_as_of
from heardback.store.pull_records import note_raw_file
from heardback.store.raw_files import keep
from heardback.store.rotation import rotate
from heardback.store.sealing import Seal
from heardback.store.session import reading, transaction
from tasks.board import write_public_board
from tasks.erase import Erased, erase_by_code, erase_response
from tasks.forget import forget
from tasks.hold import lift_hold, place_hold
from tasks.quarantine import discard_row, list_quarantine, show_row
from tasks.safeguarding import settle_reading
from tests.council import EXIT, exit_row
from tests.desk import Desk, problems_of
from tests.factories import NOW
from tests.ready_made import ReadyMade

pytestmark = pytest.mark.usefixtures("quick_gate")
CANARY = "zebra-canary is freezing here"
CODE = "Blue-Otter-7"
LATER = NOW + timedelta(days=1)
TABLES: dict[str, dict[str, Table]] = {}  # by kind of database: to look them up takes 0.1 s
BAD_ROWS = {"gate": {"max_bad_share": 1, "max_vanished_share": 1}}
WITH_CODE = {"exit": {"questions": [*EXIT["questions"], {"column": "code", "role": "deletion_code"}]}}


def readable(desk: Desk, words: str = "zebra-canary") -> list[str]:
    """Every file outside the council's own inbox in which the words stand, in UTF-8 or UTF-16."""
    forms = [words.encode(), words.encode("utf-16-le"), words.encode("utf-16-be")]
    files = [path for path in desk.folder.rglob("*") if path.is_file() and "inbox" not in path.parts]
    return sorted(path.name for path in files if any(form in path.read_bytes() for form in forms))


def in_tables(desk: Desk, words: str = "zebra-canary") -> list[str]:
    """The tables in which the words stand, whatever the database."""
    tables = _tables_of(desk.store)
    with desk.store.connect() as connection:
        return sorted(name for name, table in tables.items() if words in repr(connection.execute(select(table)).all()))


def _tables_of(store: Engine) -> dict[str, Table]:
    """Every table that there really is, modelled or not: the same in each new SQLite and in each new PostgreSQL."""
    kind = store.dialect.name
    if kind not in TABLES:
        found = MetaData()
        found.reflect(store)
        TABLES[kind] = dict(found.tables)
    return TABLES[kind]


def uid_of(desk: Desk, record: str) -> str:
    with reading(desk.store) as session:
        return session.scalars(select(Response.response_uid).where(Response.source_record_id == record)).one()


def erase(named: str, at: datetime = LATER, by: str = "ruth") -> Erased:
    return erase_response(named, by, at, "the young person asked")


def fill(desk: Desk) -> None:
    """Three answers, of which one holds the words: in a comment, a choice, a quarantined earlier version, a match."""
    desk.configure(policy=BAD_ROWS)
    desk.pull(exit_row(1, CANARY, date=""), exit_row(2, "More pizza please"), name="export-1.csv")
    desk.pull(
        exit_row(1, CANARY, helped="zebra-canary;other", rate="5", like="zebra-canary again"),
        exit_row(2, "More pizza please"),
        exit_row(3, "The bus is late"),
        name="export-2.csv",
        at=NOW + timedelta(hours=1),
    )


@pytest.fixture
def full(desk: Desk, ready_made: ReadyMade) -> Desk:
    return ready_made.fill(desk, fill)


def test_after_it_no_trace_of_the_words_is_on_the_disk_or_in_a_table(full: Desk) -> None:
    assert {"comment", "quarantined_row"} <= set(in_tables(full))
    assert len(readable(full)) >= 2
    erased = erase("exit:1")
    assert (erased.comments, len(erased.quarantined), len(erased.raw_files), erased.scrubbed) == (2, 1, 2, True)
    assert in_tables(full) == []
    assert readable(full) == []
    assert full.texts() == ["", "", "More pizza please", "The bus is late"]


def test_what_a_match_found_in_them_goes_too(full: Desk) -> None:
    full.drop("log", {"Ref": "1", "Service": "yjs", "Date": "2026-10-01", "Title": "Warm", "You said": "Cold",
                      "We did": "We put a heater in.", "Status": "done"})  # fmt: skip
    full.pull(feed="log")
    loop = full.loop_of(CANARY)
    with transaction(full.store) as session:
        comment = session.scalars(select(Comment.comment_uid).where(Comment.text == CANARY)).one()
        row = {"loop_uid": loop.loop_uid, "change_uid": "log:1", "comment_uid": comment, "probability": 0.9, "score": 1}
        more = {"band": "sure", "reasons": ["both say zebra-canary"], "matcher": "1", "standing": "proposed"}
        session.execute(insert(Match), [{**row, **more, "proposed_at": NOW, "judged_by": "", "judged_at": None}])
    erase("exit:1")
    assert in_tables(full) == []


def test_the_figures_the_account_and_the_history_stay(full: Desk) -> None:
    before = full.count(HistoryEntry)
    erase("exit:1")
    assert problems_of(full.store) == []
    assert full.count(HistoryEntry) > before
    with reading(full.store) as session:
        gone = session.get_one(Response, uid_of_erased(full))
        assert (gone.service_code, gone.heard_on.isoformat(), gone.source_record_id) == ("yjs", "2026-09-01", "")
        assert gone.withdrawn_at == LATER
        assert session.scalars(select(Rating.score).where(Rating.response_uid == gone.response_uid)).all() == [1.0]
        choices = session.scalars(select(Choice.option_code).where(Choice.response_uid == gone.response_uid)).all()
        assert list(choices) == ["", ""]


def test_what_was_known_on_an_earlier_day_is_counted_as_before(full: Desk) -> None:
    """G11: the voice of a shared loop too."""
    full.configure(policy=BAD_ROWS, sources={"exit": {"mode": "append"}})
    full.pull(exit_row(4, CANARY), name="export-3.csv", at=NOW + timedelta(hours=2))
    with reading(full.store) as session:
        shared = session.scalars(
            select(Membership.loop_uid).group_by(Membership.loop_uid).having(func.count() > 1)
        ).one()
    full.answer(shared)
    with reading(full.store) as session:
        before = loops_as_of(session, NOW.date())
    erase("exit:4")
    with reading(full.store) as session:
        assert loops_as_of(session, NOW.date()) == before


def loops_of(desk: Desk) -> list[Loop]:
    with reading(desk.store) as session:
        return list(session.scalars(select(Loop)))


def uid_of_erased(desk: Desk) -> str:
    with reading(desk.store) as session:
        return session.scalars(select(Erasure.response_uid)).one()


def test_no_hash_of_what_was_said_is_left_to_be_guessed_at(full: Desk) -> None:
    erase("exit:1")
    with reading(full.store) as session:
        of_it = Revision.response_uid == uid_of_erased(full)
        assert set(session.scalars(select(Revision.content_hash).where(of_it))) == {""}
        assert session.get_one(Response, uid_of_erased(full)).content_hash == ""
        assert set(session.scalars(select(Comment.fingerprint).where(Comment.text == ""))) == {""}


@pytest.mark.parametrize(
    "rows",
    [
        (exit_row(1, CANARY), exit_row(2, "More pizza please")),
        (exit_row(1, "zebra-canary in other words"), exit_row(3, "The bus is late")),
        (exit_row(1, "zebra-canary, in other words", date=""), exit_row(2, "More pizza please")),
        (exit_row(1, CANARY), exit_row(1, CANARY), exit_row(4, "Another")),
    ],
    ids=["the same", "edited", "a bad row", "twice"],
)
def test_no_later_file_brings_it_back_and_every_row_is_accounted_for(
    full: Desk, rows: tuple[dict[str, str], ...]
) -> None:
    erase("exit:1")
    report = full.pull(*rows, name="export-3.csv", at=LATER + timedelta(hours=1))
    assert (report.status, sum(report.fates.values())) == ("landed", len(rows))
    assert any("erased on request" in note for note in report.notes)
    assert in_tables(full) == []
    assert readable(full) == [], "the bytes of that file neither"
    assert problems_of(full.store) == []
    assert full.count(Erasure) == 1


def test_the_same_file_again_brings_nothing_back(full: Desk) -> None:
    erase("exit:1")
    assert [file.status for file in full.pull_all(at=LATER).files] == ["unchanged", "unchanged"]
    assert readable(full) == []


def test_others_files_stay_where_it_does_not_stand_in_them(full: Desk) -> None:
    full.pull(exit_row(2, "More pizza please"), exit_row(3, "The bus is late"), name="export-9.csv", at=LATER)
    kept = [path.name for path in (full.folder / "home" / "raw").rglob("*") if path.is_file()]
    assert len(kept) == 3
    assert len(erase("exit:3").raw_files) == 2
    left = [path.name for path in (full.folder / "home" / "raw").rglob("*") if path.is_file()]
    assert len(left) == 1
    assert full.count(RawFile) == 3, "that they came, and their hashes, stays on record"


def test_a_map_that_changed_since_leaves_nobody_sure_so_every_file_goes(full: Desk) -> None:
    full.configure(policy=BAD_ROWS, sources={"exit": {"name": "Another name"}})
    assert len(erase("exit:3").raw_files) == 2
    assert in_tables(full, "bus is late") == []


@pytest.mark.parametrize(
    ("written", "instead", "status"),
    [
        ("Somebody,done", "Some,body,done", "landed"),  # a row in which no cell can be told from another
        ("id,date", "number,date", "failed"),
        ("id,date", '"id,date', "failed"),
    ],
    ids=["a broken row", "another header", "no table"],
)
def test_a_file_of_which_nobody_can_say_what_stands_in_it_goes_too(
    sqlite_desk: Desk, written: str, instead: str, status: str
) -> None:
    sqlite_desk.configure(policy=BAD_ROWS, sources={"exit": {"mode": "append"}})
    sqlite_desk.pull(exit_row(1, "The room is cold"), exit_row(2, "More pizza please"))
    path = sqlite_desk.drop("exit", exit_row(1, CANARY), exit_row(2, "More pizza please"), name="export-2.csv")
    path.write_text(path.read_text(encoding="utf-8").replace(written, instead, 1), encoding="utf-8")
    assert sqlite_desk.pull(at=NOW + timedelta(hours=1)).status == status
    assert len(readable(sqlite_desk)) == 1
    assert len(erase("exit:1").raw_files) == 2
    assert readable(sqlite_desk) == []


def test_its_quarantined_rows_are_discarded_and_what_was_settled_before_stays_so(full: Desk) -> None:
    full.pull(exit_row(1, CANARY + "!", date=""), exit_row(2, "More pizza please"), name="export-3.csv", at=LATER)
    newer = max(row["quarantine_id"] for row in list_quarantine("exit"))
    discard_row(newer, "Dee Okoro", LATER, "it came without a day")
    erase("exit:1", LATER + timedelta(hours=1))
    settled = [
        (row["decided_by"], row["note"], [entry["action"] for entry in show_row(row["quarantine_id"])["audit"]])
        for row in list_quarantine("exit", "discarded")
    ]
    assert settled == [
        ("Ruth Abara", "erased on request", ["discarded"]),
        ("Dee Okoro", "it came without a day", ["discarded"]),
    ]
    assert list_quarantine("exit") == []
    assert in_tables(full) == []


def test_a_refused_file_that_may_hold_it_goes_with_the_next_run_of_forget(full: Desk) -> None:
    erase("exit:1")
    full.configure(policy={"gate": {"max_bad_share": 0}, "retention": {"max_share": 1}})
    report = full.pull(exit_row(1, CANARY), exit_row(7, "Bad", date=""), name="export-3.csv", at=LATER)
    assert report.status == "failed"
    assert len(readable(full)) == 1
    left = [due for due in forget(LATER, dry_run=True).why if due.kind == "raw files"]
    assert [due.rule for due in left] == ["an erased response stands in it, or may"]
    forget(LATER)
    assert readable(full) == []


def test_who_erased_what_and_why_is_on_record_for_good(full: Desk) -> None:
    uid = uid_of(full, "1")
    erase("exit:1")
    with reading(full.store) as session:
        erasure = session.get_one(Erasure, uid)
        assert (erasure.actor, erasure.reason, erasure.at) == ("Ruth Abara", "the young person asked", LATER)
        asked = session.scalars(select(AccessEntry).where(AccessEntry.wanted == "erase")).one()
        assert (asked.actor, asked.about, asked.allowed) == ("Ruth Abara", uid, True)
    with pytest.raises(Exception, match="append-only"), full.store.begin() as connection:
        connection.execute(update(Erasure).values(actor="nobody"))


@pytest.mark.parametrize("who", ["dee", "amira", "priya", "a stranger"])
def test_whoever_may_not_is_refused_and_that_is_on_record(full: Desk, who: str) -> None:
    with pytest.raises(NotAllowed):
        erase("exit:1", by=who)
    assert CANARY in full.texts()
    with reading(full.store) as session:
        assert session.scalars(select(AccessEntry.allowed).where(AccessEntry.wanted == "erase")).all() == [False]


def test_a_stranger_is_not_told_whether_a_response_is_there(full: Desk) -> None:
    for named in ("exit:1", "exit:999"):
        with pytest.raises(NotAllowed):
            erase(named, by="a stranger")


def test_it_is_named_by_its_id_the_beginning_of_it_or_its_loop(full: Desk) -> None:
    uid, loop = uid_of(full, "3"), full.loop_of("The bus").loop_uid
    for named, record in ((uid_of(full, "1")[:12], "1"), (loop.lower(), "3")):
        before = uid_of(full, record)
        assert erase(named).response_uid == before
    assert uid not in {"", uid[:12]}
    for unknown in ("exit:999", "exit:", "abc", "%%%%%%%%", "L-0999", ""):
        with pytest.raises(NotFound):
            erase(unknown)


def test_a_loop_of_several_says_which_they_are(desk: Desk) -> None:
    desk.pull(exit_row(1, "The room is very cold"), exit_row(2, "The room is very cold!"))
    with pytest.raises(NotFound, match="2 responses are called so") as told:
        erase("L-0001")
    assert uid_of(desk, "1")[:12] in str(told.value)


def test_its_voice_leaves_a_shared_loop_and_the_others_answer_stands(desk: Desk) -> None:
    desk.pull(exit_row(1, "The room is very cold"), exit_row(2, "The room is very cold!"))
    desk.answer("L-0001", told=True)
    erase("exit:1")
    assert (desk.loop("L-0001").state, desk.loop("L-0001").voices) == ("told", 1)
    assert desk.states() == ["told", "withdrawn"]
    assert problems_of(desk.store) == []


def test_its_entry_is_gone_from_the_next_board(full: Desk, tmp_path: Path) -> None:
    loop = full.loop_of(CANARY).loop_uid
    full.answer(loop, told=True)
    full.move(loop, "describe", title="A warmer waiting room")
    for approval, by in (("identifying_details_removed", "Amira"), ("cleared_for_disclosure", "Ben")):
        from heardback.domain.lifecycle import Role
        from heardback.ledger import Actor

        full.move(loop, "approve", Actor(by, Role.SERVICE_MANAGER), approval=approval)
    assert write_public_board(NOW.date(), str(tmp_path / "board")).shown == 1
    erase("exit:1")
    written = write_public_board(LATER.date(), str(tmp_path / "board"))
    assert written.shown == 0
    assert not any("A warmer waiting room" in path.read_text() for path in written.paths if path.suffix == ".html")


def test_what_is_held_back_waits_until_a_trained_person_has_settled_it(desk: Desk) -> None:
    desk.pull(exit_row(1, "zebra-canary hits me"))
    with pytest.raises(MoveRefused, match="no trained person has settled"):
        erase("exit:1")
    assert desk.texts() == ["zebra-canary hits me"]
    settle_reading("L-0001", "ruth", "referred", NOW, reference="MASH-1")
    erase("exit:1")
    assert desk.states() == ["withdrawn"]
    assert in_tables(desk) == []


@pytest.mark.parametrize(("day", "stays"), [(LATER, 1), (LATER + timedelta(minutes=1), 0)])
def test_the_bytes_of_a_pull_that_was_killed_before_it_landed_go_too_once_nobody_can_be_landing_them(
    sqlite_desk: Desk, day: datetime, stays: int
) -> None:
    sqlite_desk.pull(exit_row(1, "The room is cold"), exit_row(2, "More pizza please"))
    kept = sqlite_desk.folder / "home" / "raw"
    with transaction(sqlite_desk.store) as session:
        content = b"id,improve\n1,zebra-canary is freezing here\n"
        note_raw_file(session, keep(kept, content), len(content), NOW)
    erase("exit:1", day)
    assert len(readable(sqlite_desk)) == stays


@pytest.mark.parametrize("key", [["id"], []], ids=["by its id", "by what it says"])
def test_killed_between_the_rows_and_the_files_it_is_finished_by_the_same_command(
    sqlite_desk: Desk, monkeypatch: pytest.MonkeyPatch, key: list[str]
) -> None:
    import tasks.erase

    sqlite_desk.configure(sources={"exit": {"natural_key": key}})
    sqlite_desk.pull(exit_row(1, CANARY), exit_row(2, "More pizza please"))
    uid = uid_of(sqlite_desk, "1")
    with monkeypatch.context() as killed:
        killed.setattr(tasks.erase, "forget_raw_files", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            erase(uid)
    assert readable(sqlite_desk) != []
    again = erase(uid, LATER + timedelta(days=1))
    assert len(again.raw_files) == 1
    assert readable(sqlite_desk) == []
    assert sqlite_desk.count(Erasure) == 1


def test_without_ids_the_row_is_known_by_what_it_says(sqlite_desk: Desk) -> None:
    anonymous = {"exit": {"natural_key": [], "mode": "snapshot"}}
    sqlite_desk.configure(policy=BAD_ROWS, sources=anonymous)
    rows = [exit_row("", CANARY), exit_row("", "More pizza please"), exit_row("", "The bus is late")]
    sqlite_desk.pull(*rows[1:])
    sqlite_desk.pull(*rows, name="export-2.csv", at=NOW + timedelta(hours=1))
    assert [len(erase(sqlite_desk.loop_of(CANARY).loop_uid).raw_files)] == [1]
    report = sqlite_desk.pull(*rows, exit_row("", "Another"), name="export-3.csv", at=LATER)
    assert report.fates == {"duplicate": 3, "loop": 1}
    assert in_tables(sqlite_desk) == readable(sqlite_desk) == []


def test_it_works_the_same_where_words_are_sealed(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    key = Fernet.generate_key().decode()
    monkeypatch.setenv("HEARDBACK_SECRET_TEXT_KEY", key)
    rotate(desk.store, Seal.of(key), desk.folder / "home" / "raw")
    desk.configure(policy=BAD_ROWS)
    cold = [exit_row(2, "The room is very cold"), exit_row(3, "The room is very cold!")]
    desk.pull(exit_row(1, CANARY, date=""), *cold)
    desk.pull(exit_row(1, CANARY), *cold, name="export-2.csv", at=NOW + timedelta(hours=1))
    assert sorted(loop.voices for loop in loops_of(desk)) == [1, 2], "the same words are found, sealed as they are"
    assert readable(desk) == []
    erased = erase("exit:1")
    assert (erased.comments, len(erased.quarantined), len(erased.raw_files)) == (1, 1, 2)
    report = desk.pull(exit_row(1, "again"), exit_row(2, "More"), name="export-3.csv", at=LATER + timedelta(hours=1))
    assert report.fates["duplicate"] == 1
    assert "again" not in desk.texts()
    assert problems_of(desk.store) == []


# ---- by a code of their own


def fill_with_codes(desk: Desk) -> None:
    desk.configure(policy=BAD_ROWS, sources=WITH_CODE)
    desk.pull(
        exit_row(1, CANARY, code=CODE),
        exit_row(2, "More pizza please", code=""),
        exit_row(3, "The bus is late", code="abc12"),
        exit_row(4, "One", code="same same"),
        exit_row(5, "Two", code="Same-Same"),
        exit_row(6, "Three", code="bad-row-code", date=""),
    )


@pytest.fixture
def coded(sqlite_desk: Desk, ready_made: ReadyMade, monkeypatch: pytest.MonkeyPatch) -> Desk:
    monkeypatch.setenv("HEARDBACK_SECRET_CODE_KEY", "k" * 32)
    return ready_made.fill(sqlite_desk, fill_with_codes)


def test_a_code_is_stored_as_a_hash_that_says_nothing_without_its_key(coded: Desk) -> None:
    with reading(coded.store) as session:
        query = select(Response.deletion_code).order_by(Response.source_record_id)
        hashes = session.scalars(query).all()
        assert [len(one) for one in hashes] == [64, 0, 0, 64, 64], "none, and one too short, are not kept"
        assert hashes[3] == hashes[4]
        assert "code" not in session.scalars(select(QuarantinedRow)).one().cells
    for code in (CODE, "blueotter7", "bad-row-code"):
        assert in_tables(coded, code) == []
        assert [name for name in readable(coded, code) if "heardback.db" in name] == []


@pytest.mark.parametrize("typed", [CODE, " blue otter 7 ", "BLUEOTTER7"])
def test_its_writer_has_it_erased_by_the_code_however_it_is_typed(coded: Desk, typed: str) -> None:
    assert erase_by_code(typed, "ruth", LATER).comments == 1
    assert in_tables(coded) == readable(coded) == []
    with reading(coded.store) as session:
        assert session.scalars(select(AccessEntry.about)).all() == ["a deletion code"]
        assert session.scalars(select(Erasure.reason)).all() == ["by its writer's code"]
    with pytest.raises(NotFound, match="no response has this code"):
        erase_by_code(typed, "ruth", LATER)


def test_a_code_that_several_chose_erases_nobodys_words(coded: Desk) -> None:
    with pytest.raises(MoveRefused, match="2 responses have this code"):
        erase_by_code("samesame", "ruth", LATER)
    assert len([text for text in coded.texts() if text]) == 5


@pytest.mark.parametrize("code", ["abc12", "", "wrong-code", "------"])
def test_a_code_that_nobody_has_or_that_is_too_short_finds_nothing(coded: Desk, code: str) -> None:
    with pytest.raises(NotFound):
        erase_by_code(code, "ruth", LATER)


def test_another_key_finds_nothing(coded: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HEARDBACK_SECRET_CODE_KEY", "j" * 32)
    with pytest.raises(NotFound):
        erase_by_code(CODE, "ruth", LATER)


@pytest.mark.parametrize(("key", "what"), [("", "not set"), ("short", "too short")])
def test_without_a_key_nothing_with_codes_lands(
    sqlite_desk: Desk, monkeypatch: pytest.MonkeyPatch, key: str, what: str
) -> None:
    monkeypatch.setenv("HEARDBACK_SECRET_CODE_KEY", key)
    sqlite_desk.configure(sources=WITH_CODE)
    report = sqlite_desk.pull(exit_row(1, CANARY, code=CODE))
    assert report.status == "failed"
    assert f"hashed with is {what}" in report.error
    assert CODE not in report.error
    assert sqlite_desk.texts() == []


def test_a_code_is_no_part_of_what_was_said(coded: Desk) -> None:
    rows = [exit_row(2, "More pizza please", code="now-there-is-one")]
    report = coded.pull(*rows, name="export-2.csv", at=LATER)
    assert report.fates == {"duplicate": 1}


# ---- what is held


def test_what_is_held_is_erased_by_nobody_and_by_no_clock(full: Desk) -> None:
    full.configure(policy={**BAD_ROWS, "retention": {"max_share": 1}})
    place_hold("exit:1", "ruth", NOW, "an inquiry")
    with pytest.raises(MoveRefused, match="under a legal hold") as told:
        erase("exit:1")
    assert "--lift" in told.value.do
    gone = forget(datetime(2032, 1, 1, tzinfo=UTC))
    assert (len(gone.comments), gone.raw_files, gone.quarantined) == (2, [], [])
    assert full.texts() == ["", "", "zebra-canary again", CANARY]
    assert [(hold["what"], hold["id"], hold["by"]) for hold in gone.kept.holds] == [
        ("response", uid_of(full, "1"), "Ruth Abara")
    ]
    lift_hold("exit:1", "ruth", LATER, "the inquiry is over")
    assert forget(LATER, dry_run=True).kept.holds == []
    erase("exit:1")
    assert in_tables(full) == []


def test_a_held_source_keeps_all_that_it_has(full: Desk) -> None:
    full.configure(policy={**BAD_ROWS, "retention": {"max_share": 1}})
    place_hold("exit", "ruth", NOW, "an inquiry")
    with pytest.raises(MoveRefused, match="legal hold"):
        erase("exit:2")
    gone = forget(datetime(2032, 1, 1, tzinfo=UTC))
    assert (gone.comments, gone.raw_files, gone.quarantined, gone.verdicts) == ([], [], [], [])


def test_a_hold_needs_a_right_and_a_reason_and_is_placed_once(full: Desk) -> None:
    with pytest.raises(NotAllowed):
        place_hold("exit", "dee", NOW, "an inquiry")
    with pytest.raises(MoveRefused, match="for a reason"):
        place_hold("exit", "ruth", NOW, " ")
    with pytest.raises(MoveRefused, match="not held"):
        lift_hold("exit", "ruth", NOW, "never was")
    place_hold("exit", "ruth", NOW, "an inquiry")
    with pytest.raises(MoveRefused, match="held already"):
        place_hold("exit", "ruth", NOW, "again")
    erase_me = "exit:2"
    lift_hold("exit", "ruth", NOW, "over")
    erase(erase_me)
    with pytest.raises(NotFound, match="nothing left to hold"):
        place_hold(uid_of_erased(full), "ruth", NOW, "too late")
