"""What prefect.yaml promises, read as a file and then deployed for real: it resolves is not it works."""

import ast
import importlib
import inspect
import subprocess
import sys
import time
from datetime import date, datetime, timedelta
from itertools import takewhile
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest
import yaml
from cronsim import CronSim

from heardback.domain.events import EVENTS
from tests.flows.conftest import Server

CHECKOUT = Path(__file__).parents[2]
LONDON = ZoneInfo("Europe/London")
NOT_DEPLOYED = {"demo"}  # the sample council's own, run by `heardback demo`
CLOCK_CHANGES = (date(2026, 3, 29), date(2026, 10, 25), date(2027, 3, 28), date(2027, 10, 31))
IDS_AND_DAYS = {"sources", "registers", "at", "as_of", "month", "out"}


def deployments() -> dict[str, dict[str, Any]]:
    content = yaml.safe_load((CHECKOUT / "prefect.yaml").read_text(encoding="utf-8"))
    return {deployment["name"]: deployment for deployment in content["deployments"]}


def flow_files() -> set[str]:
    """The files of flows/ in which a function is decorated as a flow."""
    return {path.stem for path in (CHECKOUT / "flows").glob("*.py") if "@flow(" in path.read_text(encoding="utf-8")}


def first_firing(schedule: dict[str, str], day: date) -> datetime:
    """When a schedule first fires on a day of London's clock, or after it."""
    begin = datetime(day.year, day.month, day.day, tzinfo=LONDON)
    return next(CronSim(schedule["cron"], begin - timedelta(seconds=1)))


def firings(schedule: dict[str, str], start: date, days: int) -> list[datetime]:
    """When a schedule fires on some days of London's clock."""
    begin = datetime(start.year, start.month, start.day, tzinfo=LONDON)
    ticks = CronSim(schedule["cron"], begin - timedelta(seconds=1))
    return list(takewhile(lambda at: at < begin + timedelta(days=days), ticks))


EACH = pytest.mark.parametrize("name", sorted(deployments()))


def test_every_flow_is_deployed_under_its_own_name_and_nothing_else_is() -> None:
    assert set(deployments()) == flow_files() - NOT_DEPLOYED


@EACH
def test_its_entrypoint_is_a_flow_of_that_name(connected: Server, name: str) -> None:
    from prefect import Flow

    file, function = deployments()[name]["entrypoint"].split(":")
    found = getattr(importlib.import_module(file.removesuffix(".py").replace("/", ".")), function)
    assert isinstance(found, Flow)
    assert found.name == name
    assert found.persist_result is False
    assert inspect.getdoc(found.fn)


@EACH
def test_it_is_given_nothing_and_takes_ids_instants_and_places_alone(connected: Server, name: str) -> None:
    assert not deployments()[name].get("parameters")
    tree = ast.parse((CHECKOUT / "flows" / f"{name}.py").read_text(encoding="utf-8"))
    (function,) = [node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == name]
    assert {argument.arg for argument in function.args.args} <= IDS_AND_DAYS
    assert len(function.args.defaults) == len(function.args.args), "a schedule gives no argument"


@EACH
def test_it_is_scheduled_in_london_and_never_in_the_hours_that_a_clock_change_skips_or_repeats(name: str) -> None:
    schedules = deployments()[name]["schedules"]
    assert schedules
    for schedule in schedules:
        assert schedule["timezone"] == "Europe/London"
        for day in (*(date(2026, 1, 1) + timedelta(days=n) for n in range(366)), *CLOCK_CHANGES):
            first = first_firing(schedule, day).astimezone(LONDON)
            assert first.date() > day or first.hour >= 3


@EACH
def test_26_27_on_the_day_of_a_clock_change_it_fires_at_the_same_hours_as_a_week_before(name: str) -> None:
    for schedule in deployments()[name]["schedules"]:
        for day in CLOCK_CHANGES:
            today, before = (firings(schedule, one, 1) for one in (day, day - timedelta(days=7)))
            assert [f"{at:%H:%M}" for at in today] == [f"{at:%H:%M}" for at in before]


@EACH
def test_only_one_run_of_it_at_a_time_on_the_pool(name: str) -> None:
    deployment = deployments()[name]
    assert deployment["concurrency_limit"]["limit"] == 1
    assert deployment["work_pool"] == {"name": "heardback"}


def test_every_trigger_waits_for_events_that_we_have_about_things_of_ours() -> None:
    triggers = [trigger for deployment in deployments().values() for trigger in deployment.get("triggers", [])]
    assert triggers
    for trigger in triggers:
        assert set(trigger["expect"]) <= set(EVENTS)
        assert trigger["match"]["prefect.resource.id"].startswith("heardback.")
        assert trigger["schedule_after"] >= trigger["within"], "a run at the end of the minute sees all that came in it"
        assert "parameters" not in trigger


def test_matching_follows_what_lands_and_the_board_follows_its_loops() -> None:
    triggered = {
        name: {event for trigger in deployment.get("triggers", []) for event in trigger["expect"]}
        for name, deployment in deployments().items()
    }
    assert triggered["match"] == {"comments.landed", "change.recorded"}
    assert {"loop.decided", "safeguarding.raised"} <= triggered["board"]


def test_the_night_ends_with_the_check_that_it_all_adds_up() -> None:
    starts = {name: min(firings(deployments()[name]["schedules"][0], date(2026, 11, 21), 1)) for name in NIGHTLY}
    assert sorted(starts, key=starts.__getitem__) == list(NIGHTLY)


@EACH
def test_the_page_about_running_says_when_and_after_what(name: str) -> None:
    page = (CHECKOUT / "docs" / "running.md").read_text(encoding="utf-8")
    (row,) = [line for line in page.splitlines() if line.startswith(f"| `{name}` |")]
    deployment = deployments()[name]
    assert f"`{deployment['schedules'][0]['cron']}`" in row
    events = {event for trigger in deployment.get("triggers", []) for event in trigger["expect"]}
    assert {event for event in EVENTS if f"`{event}`" in row} == events


NIGHTLY = ("forget", "changes", "pull", "match", "board", "assurance")


@pytest.fixture(scope="package")
def deployed(connected: Server) -> Server:
    """Everything of prefect.yaml on a real server, by the command of docs/running.md."""
    for command in (["work-pool", "create", "heardback", "--type", "process"], ["--no-prompt", "deploy", "--all"]):
        subprocess.run(
            [sys.executable, "-m", "prefect", *command],
            cwd=CHECKOUT,
            env=connected.environment() | {"PWD": str(CHECKOUT)},
            check=True,
            capture_output=True,
            timeout=180,
        )
    return connected


def test_all_of_them_deploy(deployed: Server) -> None:
    found = {str(deployment["name"]): deployment for deployment in deployed.ask("/deployments/filter")}
    assert set(found) == set(deployments())
    steps = {str(step) for deployment in found.values() for step in deployment["pull_steps"]}
    assert steps == {str({"prefect.deployments.steps.set_working_directory": {"directory": str(CHECKOUT)}})}
    assert {deployment["work_pool_name"] for deployment in found.values()} == {"heardback"}
    assert not any(deployment["parameters"] for deployment in found.values())


def test_cron_really_makes_scheduled_runs_at_londons_hours(deployed: Server) -> None:
    names = {deployment["id"]: deployment["name"] for deployment in deployed.ask("/deployments/filter")}

    def scheduled() -> list[dict[str, Any]] | None:
        runs = deployed.ask("/flow_runs/filter", flow_runs={"state": {"type": {"any_": ["SCHEDULED"]}}})
        runs = [run for run in runs if run["auto_scheduled"]]
        return runs if {names[run["deployment_id"]] for run in runs} == set(names.values()) else None

    runs = deployed.until(scheduled)
    assert runs, "the scheduler makes no runs: look at Prefect's and SQLAlchemy's versions"
    for run in runs:
        planned = datetime.fromisoformat(run["expected_start_time"])
        (schedule,) = deployments()[names[run["deployment_id"]]]["schedules"]
        day = planned.astimezone(LONDON).date()
        assert planned in firings(schedule, day, 1)


def test_an_event_really_starts_the_flow_that_waits_for_it_and_a_burst_starts_it_once(deployed: Server) -> None:
    from flows.binding import emit
    from tasks.relay import Notice

    (match,) = [found["id"] for found in deployed.ask("/deployments/filter") if found["name"] == "match"]

    def triggered() -> list[dict[str, Any]]:
        runs = deployed.ask("/flow_runs/filter", deployments={"id": {"any_": [match]}})
        return [run for run in runs if not run["auto_scheduled"]]

    assert triggered() == []
    now = time.time_ns()
    emit([Notice(1, f"{now} other", "pull.completed", "heardback.source.exit", {})])
    emit([Notice(n, f"{now} {n}", "comments.landed", f"heardback.source.s{n}", {"comments": n}) for n in range(5)])
    (run,) = deployed.until(triggered)
    assert run["parameters"] == {}
    created = datetime.fromisoformat(run["created"])
    assert timedelta(seconds=50) < datetime.fromisoformat(run["expected_start_time"]) - created < timedelta(seconds=61)


def test_a_worker_takes_a_run_from_the_pool_to_its_end(deployed: Server, council: Path) -> None:
    (assurance,) = [found["id"] for found in deployed.ask("/deployments/filter") if found["name"] == "assurance"]
    httpx.post(f"{deployed.url}/deployments/{assurance}/create_flow_run", json={}, timeout=30).raise_for_status()
    subprocess.run(
        [sys.executable, "-m", "prefect", "worker", "start", "-p", "heardback", "--run-once"],
        env=deployed.environment(),
        check=True,
        capture_output=True,
        timeout=180,
    )
    ended = deployed.ask("/flow_runs/filter", flow_runs={"state": {"type": {"any_": ["COMPLETED"]}}})
    assert [run for run in ended if run["deployment_id"] and run["work_pool_name"] == "heardback"]
    assert (council / "var" / "heardback.db").exists(), "it works in the council that its environment names"
