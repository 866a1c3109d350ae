"""Every flow, run for real against one server: in order, twice, with a source that fails, without the server."""

import json
import sqlite3
import time
from base64 import b64decode
from collections import Counter
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from heardback.errors import DeliveryError, PullRefused, PullsFailed, StoreError
from tasks.step import Fault, step
from tests.council import drop
from tests.flows.conftest import Server

NOW = datetime(2026, 11, 10, 9, 30, tzinfo=UTC)  # a Tuesday, the day of nudges
BOX_EVENTS = ["pull.completed", "comments.landed", "source.silent"]  # nothing came from the box for ten weeks
SAID = ("The waiting room is freezing in winter", "he hits me at home", "more pool tables please")


def ask(council: Path, query: str) -> list[tuple[Any, ...]]:
    """Ask the council's own database."""
    with closing(sqlite3.connect(council / "var" / "heardback.db")) as database:
        return database.execute(query).fetchall()


def recorded(server: Server, names: set[str], since: datetime) -> list[dict[str, Any]]:
    """Our events in the server's own table; it writes them in lots, some seconds after it took them."""
    query = "SELECT event, resource_id, payload FROM events WHERE received > ?"

    def rows() -> list[tuple[str, str, str]]:
        with closing(sqlite3.connect(server.database)) as database:
            return database.execute(query, [since.isoformat(sep=" ")]).fetchall()

    server.until(lambda: names <= {event for event, _, _ in rows()})
    return [
        {"event": event, "resource": about, "payload": json.loads(payload)}
        for event, about, payload in rows()
        if not event.startswith("prefect.")
    ]


def test_the_whole_path_runs_through_its_flows_and_adds_up(connected: Server, council: Path) -> None:
    from flows.assurance import assurance
    from flows.board import board
    from flows.changes import changes
    from flows.forget import forget
    from flows.match import match
    from flows.nudge import nudge
    from flows.pull import pull
    from flows.report import report

    began = datetime.now(UTC)
    landed = pull(at=NOW)
    assert {source.source: dict(file.fates) for source in landed for file in source.files} == {
        "box": {"loop": 1},
        "exit": {"loop": 1, "withheld": 1},
    }
    assert [source.files[0].rows_read for source in changes(at=NOW)] == [1]
    matched = match(at=NOW)
    assert (matched.comments, matched.changes) == (2, 1), "the withheld comment meets nothing (G8)"
    assert nudge(at=NOW).sent
    pack = report(at=NOW)
    assert [path.parent for path in pack.paths][:1] == [council / "var" / "reports"]
    assert "2026-10" in pack.paths[0].name, "the month before"
    assert board(as_of=date(2026, 11, 10)).paths[0].parent == council / "var" / "board"
    assert forget(at=NOW).comments == []
    assurance()
    assert ask(council, "SELECT state, count(*) FROM loop GROUP BY state ORDER BY state") == [
        ("heard", 2),
        ("withheld", 1),
    ]

    wanted = {"pull.completed", "comments.landed", "change.recorded", "safeguarding.raised", "report.published"}
    events = recorded(connected, wanted, began)
    assert wanted <= {event["event"] for event in events}
    assert all(event["resource"].startswith("heardback.") for event in events)
    assert not any(words in json.dumps(events) for words in SAID)
    assert ask(council, "SELECT count(*) FROM outbox_event WHERE relayed_at IS NULL") == [(0,)]


def test_pulling_again_lands_nothing_and_tells_nobody(connected: Server, council: Path) -> None:
    from flows.pull import pull

    pull(at=NOW)
    told = ask(council, "SELECT count(*) FROM outbox_event")
    again = pull(at=NOW)
    assert {file.status for source in again for file in source.files} == {"unchanged"}
    assert ask(council, "SELECT count(*) FROM outbox_event") == told


def test_a_failed_source_fails_the_run_after_the_others_have_landed(connected: Server, council: Path) -> None:
    from flows.pull import pull

    drop(council, "box", [{"when": "2026-09-02", "said": "more pool tables please"}], "a-wrong-column.csv")
    state = pull(at=NOW, return_state=True)
    assert state.is_failed()
    failure = state.result(raise_on_failure=False)
    assert isinstance(failure, PullsFailed)
    assert [(report.source, report.failed) for report in failure.reports] == [("box", True), ("exit", False)]
    assert "1 of 2 feeds" in str(failure)
    assert "heardback pull" in str(failure)
    landed = "SELECT source_id, status, count(*) FROM pull GROUP BY 1, 2 ORDER BY 1, 2"
    assert ask(council, landed) == [("box", "failed", 1), ("box", "landed", 1), ("exit", "landed", 1)]
    assert ask(council, "SELECT count(*) FROM outbox_event WHERE relayed_at IS NULL") == [(0,)], "told all the same"
    run = connected.ask("/flow_runs/filter", flow_runs={"id": {"any_": [str(state.state_details.flow_run_id)]}})[0]
    assert run["state_type"] == "FAILED"
    assert not any(words in json.dumps(run) for words in SAID)


def test_a_source_whose_step_breaks_off_stops_none_of_the_others(connected: Server, council: Path) -> None:
    from flows.pull import pull

    state = pull(sources=["nowhere", "exit"], at=NOW, return_state=True)
    failure = state.result(raise_on_failure=False)
    assert [(report.source, report.failed) for report in failure.reports] == [("nowhere", True), ("exit", False)]
    assert "there is no source 'nowhere'" in str(failure)
    assert ask(council, "SELECT source_id FROM pull") == [("exit",)]


def test_a_broken_register_fails_the_run_of_changes(connected: Server, council: Path) -> None:
    from flows.changes import changes

    drop(council, "log", [{"Ref": "9", "Titel": "A warm waiting room"}], "another-log.csv")
    with pytest.raises(PullsFailed, match="log"):
        changes(at=NOW)


@pytest.mark.parametrize(
    ("error", "attempts"),
    [
        (StoreError("the database is locked"), 3),
        (DeliveryError("Slack is down"), 3),
        (DeliveryError("no such channel", permanent=True), 1),
        (PullRefused("a column is missing"), 1),
        (ValueError(SAID[1]), 1),
    ],
    ids=["locked", "down", "no such channel", "refused", "fault"],
)
def test_only_what_may_succeed_later_is_tried_again(connected: Server, error: Exception, attempts: int) -> None:
    from prefect import flow

    from flows.binding import task_of

    tries = []

    @step(retries=2, wait_seconds=0)
    def failing() -> None:
        tries.append(1)
        raise error

    @flow(name="trying", persist_result=False)
    def trying() -> None:
        task_of(failing)()

    with pytest.raises(Fault if isinstance(error, ValueError) else type(error)):
        trying()
    assert len(tries) == attempts


def test_a_fault_is_told_by_its_kind_and_place_and_never_by_the_value_it_choked_on() -> None:
    @step()
    def choking() -> None:
        int(SAID[1])

    with pytest.raises(Fault, match=r"ValueError in choking, .*test_flows\.py:\d+") as raised:
        choking()
    assert SAID[1] not in str(raised.value)
    assert raised.value.__suppress_context__, "a printed trace must not go on to the library's own words"


def test_prefect_stores_instants_and_ids_for_parameters(connected: Server, council: Path) -> None:
    from flows.match import match
    from flows.pull import pull

    pull(sources=["exit"], at=NOW)
    match(at=NOW)
    runs = connected.ask("/flow_runs/filter")
    given = {(name, json.dumps(value)) for run in runs for name, value in dict(run["parameters"]).items()}
    shown = {"null", json.dumps(NOW.isoformat()), '"2026-11-10"', '["exit"]', '["nowhere", "exit"]'}
    assert {value for _, value in given} - {json.dumps("2026-11-10T09:30:00Z")} <= shown
    assert {name for name, _ in given} <= {"at", "as_of", "month", "out", "registers", "sources"}


def test_no_result_of_a_run_is_written_to_any_disk_and_a_failure_only_as_what_it_says(
    connected: Server, council: Path
) -> None:
    from flows.pull import pull

    storage = connected.home / "storage"
    before = set(storage.glob("*"))
    pull(at=NOW)
    assert set(storage.glob("*")) == before
    drop(council, "box", [{"when": "2026-09-02", "said": SAID[2]}], "a-wrong-column.csv")
    pull(at=NOW, return_state=True)
    # Prefect pickles the exception of a failed run, whatever it is told about results: ours hold no child's words.
    (failure,) = set(storage.glob("*")) - before
    pickled = b64decode(failure.read_bytes())
    assert b"PullsFailed" in pickled
    assert not any(words.encode() in pickled for words in SAID)


def test_nothing_that_was_said_stands_in_what_the_server_keeps(connected: Server, council: Path) -> None:
    from flows.pull import pull

    pull(at=NOW)
    kept = b"".join(path.read_bytes() for path in connected.home.rglob("*") if path.is_file())
    assert b"prefect.flow-run.Completed" in kept, "or this looks in the wrong place"
    assert [words for words in SAID if words.encode() in kept] == []


def test_an_event_handed_over_twice_counts_once(connected: Server) -> None:
    from flows.binding import emit
    from tasks.relay import Notice

    began = datetime.now(UTC)
    notice = Notice(1, f"1 {began}", "loop.told", f"heardback.loop.{began:%H%M%S%f}", {"how": "poster"})
    emit([notice, notice])
    emit([notice])
    emit([Notice(2, f"2 {began}", "loop.reopened", notice.resource, {})])
    events = [event for event in recorded(connected, {"loop.reopened"}, began) if event["resource"] == notice.resource]
    assert Counter(event["event"] for event in events) == {"loop.told": 1, "loop.reopened": 1}


def test_what_the_command_line_left_in_the_outbox_is_relayed_and_a_second_relay_finds_nothing(
    connected: Server, council: Path
) -> None:
    from flows.relay import relay
    from tasks.pull import pull_source

    pull_source("box", NOW)
    assert relay(at=NOW) == len(BOX_EVENTS)
    assert relay(at=NOW) == 0


def test_events_wait_in_the_outbox_where_the_server_has_gone_and_nothing_hangs(council: Path) -> None:
    from prefect.settings import PREFECT_API_URL, temporary_settings

    from flows.binding import emit
    from tasks.pull import pull_source
    from tasks.relay import relay_events

    pull_source("box", NOW)
    began = time.monotonic()
    gone = temporary_settings({PREFECT_API_URL: "http://127.0.0.1:9/api"})
    with gone, pytest.raises(DeliveryError, match="3 events could not be handed over"):
        relay_events(emit, NOW)
    assert time.monotonic() - began < 30
    assert ask(council, "SELECT count(*) FROM outbox_event WHERE relayed_at IS NULL") == [(len(BOX_EVENTS),)]
    taken: list[str] = []
    relay_events(lambda notices: taken.extend(notice.name for notice in notices), NOW)
    assert taken == BOX_EVENTS


def test_more_events_than_one_lot_are_all_handed_over_in_their_order(council: Path) -> None:
    from tasks.pull import pull_source
    from tasks.relay import relay_events

    pull_source("box", NOW)
    with closing(sqlite3.connect(council / "var" / "heardback.db")) as database:
        row = "INSERT INTO outbox_event (name, resource, payload, at) VALUES ('loop.told', ?, '{}', '2026-11-10 09:30')"
        database.executemany(row, [(f"heardback.loop.{number}",) for number in range(1100)])
        database.commit()
    lots: list[list[str]] = []
    assert relay_events(lambda notices: lots.append([notice.resource for notice in notices]), NOW) == 1103
    assert [len(lot) for lot in lots] == [500, 500, 103]
    assert lots[0][3:5] == ["heardback.loop.0", "heardback.loop.1"]


@pytest.mark.parametrize(
    ("day", "month"),
    [("2026-11-10", "2026-10"), ("2027-01-05", "2026-12"), ("2026-03-31", "2026-02"), ("2026-12-01", "2026-11")],
)
def test_the_board_pack_is_about_the_last_whole_month(day: str, month: str) -> None:
    from flows.report import month_before

    assert month_before(date.fromisoformat(day)) == month


def test_today_is_londons_day_also_in_the_last_hour_of_a_summer_evening() -> None:
    from flows.binding import today

    assert today(datetime(2026, 6, 30, 23, 30, tzinfo=UTC)) == date(2026, 7, 1)
    assert today(datetime(2026, 12, 31, 23, 30, tzinfo=UTC)) == date(2026, 12, 31)
