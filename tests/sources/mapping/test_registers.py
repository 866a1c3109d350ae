"""Registers of changes: rows of one shape, bad ones told apart with their reasons, an action plan's lineage kept."""

from datetime import date
from typing import Any

import pandas as pd
import pytest

from config.registers import RegisterMap
from heardback.errors import PullRefused
from heardback.sources.mapping.registers import ReadRegister, read_register
from heardback.sources.tables.reading import read_table
from tests.sources.samples import a_directory

PLAN: dict[str, Any] = {
    "register": "plan",
    "name": "Action plan",
    "dates": ["%d/%m/%Y"],
    "statuses": {"Done": "done", "Under way": "planned", "Not accepted": "refused"},
    "file": {"path": "plan.csv", "encodings": ["utf-8-sig", "cp1252"]},
    "columns": {
        "id": "No", "service": "Service", "date": "When", "we_did": "Progress", "status": "Status", "owner": "Owner",
        "due": "Due", "recommendation": "Recommendation", "action": "Action", "evidence": "Evidence",
    },
}  # fmt: skip
HEADER = ",".join(PLAN["columns"].values())
GOOD = "YI-1,yjs,18/03/2026,A heater is in,Done,Team manager,31/03/2026,Warm the room,Buy a heater,Seen on 20 March"


def read(*rows: str, encoding: str = "utf-8", header: str = HEADER, **extra: Any) -> ReadRegister:
    register = RegisterMap.model_validate(PLAN | extra)
    table = read_table("\n".join([header, *rows, ""]).encode(encoding), "plan.csv", register.file)
    return read_register(register, table, a_directory(), date(2026, 11, 21))


def row(number: str = "YI-2", **cells: str) -> str:
    """The good row with other cells, by header."""
    names = HEADER.split(",")
    values = dict(zip(names, GOOD.split(","), strict=True)) | {"No": number} | cells
    return ",".join(values[name] for name in names)


def reasons(found: ReadRegister) -> dict[int, list[str]]:
    told: dict[int, list[str]] = {}
    for fault in found.faults:
        told.setdefault(fault.row_number, []).append(fault.reason)
    return told


def test_an_action_plans_recommendation_action_owner_due_date_and_evidence_are_kept() -> None:
    (change,) = read(GOOD).changes.to_dict("records")
    assert (change["recommendation"], change["action"], change["owner"]) == (
        "Warm the room", "Buy a heater", "Team manager",
    )  # fmt: skip
    assert (change["due_on"], change["evidence"]) == (pd.Timestamp(2026, 3, 31), "Seen on 20 March")
    assert (change["changed_on"], change["status"], change["service_code"]) == (
        pd.Timestamp(2026, 3, 18),
        "done",
        "yjs",
    )
    assert (change["row_number"], change["record_id"]) == (2, "YI-1")


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        ({"When": "soon"}, "the date cannot be read"),
        ({"When": "31/02/2026"}, "the date cannot be read"),
        ({"Due": "31/11/2026"}, "the due date cannot be read"),
        ({"Due": "Q3 2026"}, "the due date cannot be read"),
        ({"When": "22/11/2026"}, "what is done is dated in the future"),
        ({"Service": "the old baths"}, "the service is not in services.yaml"),
        ({"Status": "Paused"}, "the status is not in the register's statuses"),
        ({"Progress": ""}, "nothing says what was done"),
        ({"Progress": "ditto"}, "a ditto mark stands for what was meant: ask whoever typed it"),
    ],
)
def test_a_bad_row_is_told_apart_with_its_reason(cells: dict[str, str], reason: str) -> None:
    found = read(GOOD, row(**cells))
    assert reasons(found) == {3: [reason]}
    assert list(found.changes["record_id"]) == ["YI-1"]


@pytest.mark.parametrize(
    "cells",
    [
        {"When": "22/11/2026", "Status": "Under way"},  # what is planned may lie ahead
        {"When": "", "Status": "Under way", "Progress": ""},
        {"Due": ""},
        {"Due": "ASAP"},
        {"Due": "ongoing"},
        {"When": "2026-03-18"},
        {"When": "46099"},  # Excel's number of that day
        {"Status": "done"},
        {"Status": ""},
        {"Service": "all"},
    ],
)
def test_a_row_that_can_stand_is_not_told_apart(cells: dict[str, str]) -> None:
    found = read(row(**cells))
    assert (reasons(found), len(found.changes)) == ({}, 1)


def test_what_is_due_in_a_month_is_due_by_its_end_and_a_date_that_cannot_be_read_is_told_by_its_header() -> None:
    due = {"Due": "September 2026", "When": "March 2026"}
    found = read(row("1", **due), row("2", Due="February 2028"), row("3", When="soon"), dates=["%d/%m/%Y", "%B %Y"])
    assert list(found.changes["due_on"]) == [pd.Timestamp(2026, 9, 30), pd.Timestamp(2028, 2, 29)]
    assert found.changes["changed_on"].iloc[0] == pd.Timestamp(2026, 3, 1)
    assert [note.column for note in found.notes] == ["When"]


@pytest.mark.parametrize("written", ["end of March 2027", "By the end of March 2027", "by 31/03/2027"])
def test_what_is_due_by_the_end_of_a_month_is_due_by_its_last_day(written: str) -> None:
    found = read(row(Due=written), dates=["%d/%m/%Y", "%B %Y"])
    assert list(found.changes["due_on"]) == [pd.Timestamp(2027, 3, 31)]


def test_a_due_day_in_words_alone_is_none_and_is_told() -> None:
    found = read(row("1", Due="ASAP"), row("2", Due="when there is money"))
    assert found.changes["due_on"].isna().all()
    assert [(note.column, note.rows) for note in found.notes] == [("Due", 2)]


def test_one_id_with_different_content_sets_both_aside_and_with_the_same_is_one_change() -> None:
    found = read(GOOD, row("YI-1", Progress="A second heater is in"), row("YI-2"), row("YI-2"))
    clash = "the same id stands in the register with other content"
    assert reasons(found) == {2: [clash], 3: [clash]}
    assert (list(found.changes["record_id"]), found.repeats) == (["YI-2"], [5])


def test_every_row_is_a_change_a_fault_or_a_repeat() -> None:
    found = read(GOOD, GOOD, row("YI-2", When="soon"), row(""), row(""), row("YI-3"))
    rows = [*found.changes["row_number"], *reasons(found), *found.repeats]
    assert sorted(rows) == [2, 3, 4, 5, 6, 7]


def test_rows_without_an_id_are_bad_and_then_nobody_can_say_what_has_gone() -> None:
    assert not read(GOOD).nameless
    found = read(GOOD, row(""))
    assert (reasons(found), found.nameless) == ({3: ["the change has no id"]}, {3})
    ragged = read(GOOD, "YI-9,yjs")
    assert ragged.nameless == {3}
    assert read(GOOD, row("YI-9", When='""""')).nameless == {3}


def test_ids_are_of_good_and_bad_rows_alike() -> None:
    assert read(GOOD, row("YI-2", When="soon")).ids == {"YI-1", "YI-2"}


def test_a_register_in_windows_letters_is_read_as_its_map_says() -> None:
    found = read(row(Progress="It’s warm – at last"), encoding="cp1252")
    assert list(found.changes["we_did"]) == ["It’s warm – at last"]


def test_the_hash_is_of_everything_but_the_id() -> None:
    first, second, third = read(GOOD, row("YI-2"), row("YI-3", Evidence="None yet")).changes["content_hash"]
    assert first == second != third
    assert read(row(Status="Under way")).changes["content_hash"][2] != read(row()).changes["content_hash"][2]


def test_a_column_that_is_missing_is_named_with_the_nearest() -> None:
    with pytest.raises(PullRefused, match="the column 'Progress' is missing; the nearest header is 'Progres'"):
        read(GOOD, header=HEADER.replace("Progress", "Progres"))


def test_headers_are_met_whatever_their_spaces_and_line_breaks() -> None:
    columns = {**PLAN["columns"], "we_did": "Progress \n so far"}
    found = read(GOOD, header=HEADER.replace("Progress", '"Progress\nso far "'), columns=columns)
    assert list(found.changes["we_did"]) == ["A heater is in"]


def test_only_what_the_map_names_may_be_kept_of_a_bad_row() -> None:
    found = read(GOOD + ",private@northmere.example", header=HEADER + ",Officer's e-mail")
    assert "Officer's e-mail" not in found.kept_columns
    assert set(found.kept_columns) == set(HEADER.split(","))


def test_a_register_without_rows_has_no_changes() -> None:
    found = read()
    assert (len(found.changes), found.faults, found.repeats, found.ids) == (0, [], [], frozenset())
