"""A large file is mapped, held against its contract and landed part by part, as if it were one piece."""

import gc
import tracemalloc
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

import pandas as pd
import pytest
from sqlalchemy import Engine, event

from config.maps import SourceMap
from heardback.checks.gate import Held, hold
from heardback.domain import packed
from heardback.domain.record import Mapped
from heardback.domain.table import Note, Table, add_up
from heardback.errors import PullRefused
from heardback.landing import checked
from heardback.landing.intake import Arrived
from heardback.matching.grouping import fingerprints
from heardback.sources.connector import Fetched
from heardback.sources.mapping.outline import apply_map, map_part, outline_of
from heardback.store.collecting import passing_over_what_stands
from heardback.store.raw_files import keep
from tasks.pull import intake_of
from tasks.workplace import open_workplace
from tests.council import box_row, exit_row
from tests.desk import Desk, problems_of
from tests.factories import NOW
from tests.sources.samples import RECEIVED, a_directory, a_source, read

WHEN = {"column": "when", "role": "submitted_on"}
STARS = {"column": "stars", "role": "rating", "code": "stars", "scale": {"1": 1, "5": 5}}
FILE = """id,improve,when,stars
1,more seats,01/10/2026,5
2,a longer day,02/10/2026,4
3,warm rooms,soon,9
1,more seats,01/10/2026,5
2,a shorter day,02/10/2026,4
,nobody,03/10/2026,1
7,the door,later,9
8,the bus,05/10/2026,2
8,the bus,05/10/2026,2
Total: 9,,,
"""
KEYLESS = {"natural_key": [], "mode": "append"}


@pytest.fixture(autouse=True)
def _small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("heardback.domain.packed.AT_ONCE", 2)
    monkeypatch.setattr("heardback.landing.checked.MOST_KEPT", 0)


def in_parts(source: SourceMap, table: Table) -> Iterator[Mapped]:
    outline = outline_of(source, table)
    return (map_part(source, part, outline, a_directory(), RECEIVED) for part in table.parts())


def held(parts: Iterable[Mapped], source: SourceMap, table: Table) -> Held:
    return hold(parts, table, source, today=date(2026, 11, 21), max_bad_share=1)


@pytest.mark.parametrize("changes", [{}, KEYLESS], ids=["by id", "without ids"])
def test_a_table_in_parts_is_mapped_as_it_is_at_once(changes: dict[str, object]) -> None:
    """Ids clash, repeat and are missing across the parts; alike rows without ids are numbered through them."""
    source, table = a_source(WHEN, STARS, **changes), read(FILE)
    parts, whole = list(in_parts(source, table)), apply_map(source, table, a_directory(), RECEIVED)
    assert (len(table.frame), len(parts)) == (10, 5)
    for name in ("responses", "comments", "ratings", "choices"):
        frames = [getattr(part, name) for part in parts]
        pd.testing.assert_frame_equal(
            pd.concat([frame for frame in frames if len(frame)] or frames[:1], ignore_index=True),
            getattr(whole, name),
            check_dtype=False,
        )
    told = [(fault.row_number, fault.reason_code) for part in parts for fault in part.faults]
    assert sorted(told) == sorted((fault.row_number, fault.reason_code) for fault in whole.faults)
    assert [row for part in parts for row in part.repeats] == whole.repeats
    assert sorted(map(str, add_up(part.notes for part in parts))) == sorted(map(str, whole.notes))


def test_days_written_both_ways_are_doubted_in_the_parts_that_do_not_show_it() -> None:
    source = a_source(WHEN, dates=["%d/%m/%Y"])
    table = read("id,improve,when\n1,a,04/05/2026\n2,b,06/05/2026\n3,c,07/05/2026\n4,d,03/25/2026\n5,e,20/05/2026\n")
    days = pd.concat([part.responses["submitted_on"] for part in in_parts(source, table)])
    assert days.isna().tolist() == [True, True, True, False, False]
    notes = apply_map(source, table, a_directory(), RECEIVED).notes
    assert {note.code for note in notes} >= {"mixed_dates", "ambiguous_date"}
    assert set(add_up(part.notes for part in in_parts(source, table))) == set(notes)


def test_what_stays_behind_of_the_parts_is_what_stays_behind_of_the_whole() -> None:
    source, table = a_source(WHEN, STARS), read(FILE)
    whole = held([apply_map(source, table, a_directory(), RECEIVED)], source, table)
    found = held(in_parts(source, table), source, table)
    assert (found.quarantined, found.results) == (whole.quarantined, whole.results)
    assert [row.row_number for row in found.quarantined] == [3, 6, 7, 11]
    assert found.repeats == [5, 10]


def test_notes_that_count_rows_are_added_and_all_else_is_said_once() -> None:
    notes = [
        [Note("new_column", "not known"), Note("off_scale", "not on the scale (1 row)", 4, "stars", 1)],
        [Note("new_column", "not known"), Note("off_scale", "not on the scale (3 rows)", 9, "stars", 3)],
    ]
    assert add_up(notes) == [notes[0][0], Note("off_scale", "not on the scale (4 rows)", 4, "stars", 4)]


def test_a_table_without_a_row_is_one_empty_part() -> None:
    table = read("id,improve\n")
    (part,) = in_parts(a_source(), table)
    assert part.responses.empty


def test_ids_that_clash_across_parts_are_quarantined_and_the_account_balances(sqlite_desk: Desk) -> None:
    sqlite_desk.configure(policy={"gate": {"max_bad_share": 1}})
    rows = [exit_row(number, f"number {number} is cold") for number in (1, 2, 3, 4, 5)]
    report = sqlite_desk.pull(*rows, exit_row(1, "something else"), exit_row(2, "number 2 is cold"))
    assert report.fates == {"loop": 4, "quarantine": 2, "duplicate": 1}
    assert problems_of(sqlite_desk.store) == []


@pytest.mark.parametrize(("most_kept", "times"), [(5, 1), (4, 2)])
def test_the_record_of_a_file_that_is_not_among_the_largest_is_made_once(
    sqlite_desk: Desk, monkeypatch: pytest.MonkeyPatch, most_kept: int, times: int
) -> None:
    made: list[pd.Index] = []

    def noting(source: SourceMap, part: Table, *rest: Any) -> Mapped:
        made.append(part.numbers)
        return map_part(source, part, *rest)

    monkeypatch.setattr(checked, "MOST_KEPT", most_kept)
    monkeypatch.setattr(checked, "map_part", noting)
    report = sqlite_desk.pull(*(exit_row(number, f"number {number} is cold") for number in range(5)))
    assert (report.fates, [list(rows) for rows in made]) == ({"loop": 5}, times * [[2, 3], [4, 5], [6]])


def test_alike_rows_without_ids_are_each_somebodys_own_in_whichever_part(sqlite_desk: Desk) -> None:
    sqlite_desk.configure(sources={"box": {"mode": "append"}})
    said = [box_row(words) for words in ("More pizza", "A warm hall", "More pizza", "More pizza", "Less noise")]
    assert sqlite_desk.pull(*said, feed="box", name="1.csv").fates == {"loop": 5}
    assert sqlite_desk.pull(*said, box_row("One more"), feed="box", name="2.csv").fates == {"loop": 6}
    assert sqlite_desk.texts().count("More pizza") == 6
    assert problems_of(sqlite_desk.store) == []


def test_what_earlier_parts_said_is_not_looked_up_again(sqlite_desk: Desk) -> None:
    """Thousands may say the same: to read them again for each part made a row dearer the longer its file was."""
    asked: list[object] = []

    def note(_conn: object, _cursor: object, statement: str, parameters: object, *_rest: object) -> None:
        if "comment.fingerprint IN" in statement:
            asked.append(parameters)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        words = ("Warm rooms please", "Warm rooms please", "Longer hours", "Warm rooms please", "Warm rooms please")
        sqlite_desk.pull(*(exit_row(number, said) for number, said in enumerate(words)))
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    warm, hours = (fingerprints(pd.Series([said]))[0] for said in ("Warm rooms please", "Longer hours"))
    assert [(warm in str(parameters), hours in str(parameters)) for parameters in asked] == [
        (True, False),
        (False, True),
    ]
    assert [(loop.voices, loop.state) for loop in map(sqlite_desk.loop, ("L-0001", "L-0002"))] == [
        (4, "heard"),
        (1, "heard"),
    ]
    assert problems_of(sqlite_desk.store) == []


@pytest.mark.usefixtures("quick_gate")
def test_no_two_parts_are_in_memory_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """A row more takes 250 bytes at the gate, its key among them; its whole record would take a thousand."""
    monkeypatch.setattr(packed, "AT_ONCE", 200)
    assert (room_of(4_000) - room_of(400)) / 3_600 < 350


def room_of(rows: int) -> int:
    """The bytes that mapping a table and holding it against its contract takes at the most, beside the table."""
    source = a_source(WHEN)
    table = read("id,improve,when\n" + "".join(f"{row},seat {row} is cold,01/10/2026\n" for row in range(rows)))
    held(in_parts(source, table), source, table)  # what is made once has been made
    tracemalloc.start()
    try:
        found = held(in_parts(source, table), source, table)
        assert (found.results["rows"], found.quarantined) == (rows, [])
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_a_files_bytes_are_handed_over_once_and_then_come_from_where_they_are_kept(sqlite_desk: Desk) -> None:
    with open_workplace() as work:
        intake = intake_of(work, NOW)
        arrived = Arrived.of(Fetched(b"id\n1\n"), onward=True)
        keep(intake.raw, b"id\n1\n")
        assert (arrived.hand_over(intake), arrived.content) == (b"id\n1\n", None)
        assert arrived.hand_over(intake) == b"id\n1\n"


def test_bytes_that_retention_deleted_before_a_second_try_are_asked_for_anew(sqlite_desk: Desk) -> None:
    with open_workplace() as work:
        intake = intake_of(work, NOW)
        arrived = Arrived.of(Fetched(b"id\n1\n"), onward=True)
        arrived.hand_over(intake)
        with pytest.raises(PullRefused, match="deleted from var/raw") as refusal:
            arrived.hand_over(intake)
    assert (arrived.digest in refusal.value.where, refusal.value.do) == (True, "pull again: it is fetched anew")


def test_a_collector_that_was_told_twice_looks_at_everything_again_all_the_same() -> None:
    with passing_over_what_stands(), passing_over_what_stands():
        assert gc.get_freeze_count() > 0
    assert (gc.get_freeze_count(), gc.isenabled()) == (0, True)


def test_the_collector_looks_at_everything_again_after_a_landing() -> None:
    before = gc.get_freeze_count()
    with pytest.raises(ValueError, match="amid"), passing_over_what_stands():
        assert gc.get_freeze_count() > before
        raise ValueError("amid it")
    assert gc.get_freeze_count() == 0
