"""Pulling by hand or by schedule: all that has not landed, once, and an alarm when a source falls silent."""

from datetime import timedelta

import pytest

from heardback.errors import NotFound
from heardback.store import Change, Response, SourceState
from heardback.store.session import reading
from heardback.store.volumes import alarms
from tasks.pull import pull_source, register_ids, source_ids
from tests.council import box_row, change_row, exit_row
from tests.desk import Desk, problems_of
from tests.factories import NOW

FREEZING = "The room is freezing"


def test_a_pull_through_great_expectations_lands_good_rows_and_sets_bad_ones_aside(desk: Desk) -> None:
    desk.configure(sources={"exit": {"expectations": [
        {"expect": "expect_column_values_to_be_in_set", "column": "share", "kwargs": {"value_set": ["Yes", "No"]},
         "reason": "the consent is neither Yes nor No"},
    ]}})  # fmt: skip
    good = [exit_row(1, FREEZING), exit_row(4, "Less noise please")]
    report = desk.pull(*good, exit_row(2, "more pizza please", share="zebra"), exit_row(3, "no day", date=""))
    assert (report.rows_read, report.fates) == (4, {"loop": 2, "quarantine": 2})
    assert problems_of(desk.store) == []


@pytest.mark.usefixtures("quick_gate")
def test_the_second_pull_says_nothing_new(desk: Desk) -> None:
    desk.drop("exit", exit_row(1, FREEZING), name="1.csv")
    desk.drop("exit", exit_row(1, FREEZING), exit_row(2, "more pizza please"), name="2.csv")
    first, second = desk.pull_all(), desk.pull_all()
    assert [(file.file, file.status) for file in first.files] == [("1.csv", "landed"), ("2.csv", "landed")]
    assert [file.fates for file in first.files] == [{"loop": 1}, {"loop": 1, "duplicate": 1}]
    assert [file.status for file in second.files] == ["unchanged", "unchanged"]
    assert not second.failed


def test_a_source_or_register_that_does_not_exist_is_named_beside_those_that_do(sqlite_desk: Desk) -> None:
    with pytest.raises(NotFound, match="there is no source 'exits'") as refused:
        sqlite_desk.pull_all("exits")
    assert refused.value.do == "one of: box, exit"
    assert (source_ids(), register_ids()) == (["box", "exit"], ["log"])


def test_a_folder_that_is_not_there_fails_and_says_so(sqlite_desk: Desk) -> None:
    report = sqlite_desk.pull_all()
    assert report.failed
    assert "the folder does not exist" in report.files[0].error
    assert sqlite_desk.pull_all("log").failed


@pytest.mark.usefixtures("quick_gate")
def test_a_source_that_fell_silent_raises_one_alarm_until_it_speaks_again(desk: Desk) -> None:
    desk.configure(sources={"box": {"quiet_after_days": 10}})
    desk.pull(box_row("more pizza please", date="2026-11-01"), feed="box", at=NOW)  # nine days ago
    assert "source.silent" not in desk.events()
    for days in (1, 2, 3):
        desk.pull(feed="box", at=NOW + timedelta(days=days))
    assert desk.events().count("source.silent") == 1
    desk.pull(box_row("less noise please", date="2026-11-13"), feed="box", name="2.csv", at=NOW + timedelta(days=4))
    with reading(desk.store) as session:
        assert alarms(session) == []
    desk.pull(feed="box", at=NOW + timedelta(days=14))
    assert desk.events().count("source.silent") == 2


@pytest.mark.usefixtures("quick_gate")
def test_a_source_through_which_nothing_was_ever_said_is_silent_since_it_opened(sqlite_desk: Desk) -> None:
    sqlite_desk.configure(sources={"exit": {"opened_on": "2026-01-01"}})
    path = sqlite_desk.drop("exit", exit_row(1))
    path.write_text(path.read_text(encoding="utf-8").splitlines()[0] + "\n", encoding="utf-8")
    assert sqlite_desk.pull().rows_read == 0
    assert "source.silent" in sqlite_desk.events()


@pytest.mark.usefixtures("quick_gate")
def test_what_is_pulled_is_noted_for_sources_and_registers(sqlite_desk: Desk) -> None:
    sqlite_desk.pull(exit_row(1, FREEZING))
    sqlite_desk.pull(change_row(1), feed="log")
    sqlite_desk.pull(feed="log", at=NOW + timedelta(days=1))
    with reading(sqlite_desk.store) as session:
        source, register = session.get_one(SourceState, "exit"), session.get_one(SourceState, "log")
    assert (source.checked_at, source.landed_at) == (NOW, NOW)
    assert (register.checked_at, register.landed_at) == (NOW + timedelta(days=1), NOW)
    assert (sqlite_desk.count(Response), sqlite_desk.count(Change)) == (1, 1)


def test_a_pull_may_be_tried_again(sqlite_desk: Desk) -> None:
    assert (pull_source.name, pull_source.retries, pull_source.wait_seconds) == ("pull-source", 2, 30)
    assert sqlite_desk.pulls() == []
