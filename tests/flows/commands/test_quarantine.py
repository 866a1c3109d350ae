"""The quarantine desk by hand: one row, or all of a source, a pull or a reason; the account balances throughout."""

from pathlib import Path

import pytest
import yaml

from tests.council import change_row, drop, exit_row
from tests.flows.commands.conftest import TUESDAY, Answer, run
from tests.ready_made import ReadyMade

LATER = "2026-11-11T10:00"


def release(*arguments: str) -> Answer:
    return run("quarantine", "release", *arguments, "--at", LATER)


def wait_for_four(folder: Path) -> None:
    """Four open rows: three of the exit questionnaire without a day, and one of the register with a status unknown."""
    drop(folder, "exit", [exit_row(n, f"wish {n} of mine", date="") for n in (21, 22)] + [
        exit_row(23, "wish 23 of mine"), exit_row(24, "wish 24 of mine"), exit_row(25, "wish 25 of mine"),
    ], "later.csv")  # fmt: skip
    drop(folder, "log", [change_row(1), change_row(2, Status="Paused")], "later.csv")
    for command in ("pull", "changes"):
        assert run(command, "--at", TUESDAY).code == 0


@pytest.fixture
def waiting(pulled: Path, ready_made: ReadyMade) -> Path:
    return ready_made.fill_folder(pulled, wait_for_four)


def correct(folder: Path, name: str, **changes: object) -> None:
    path = folder / "config" / name
    written = yaml.safe_load(path.read_text(encoding="utf-8"))
    target = written["registers"][0] if name == "changes.yaml" else written
    target.update(changes)
    path.write_text(yaml.safe_dump(written), encoding="utf-8")


def without_required_day(folder: Path) -> None:
    asked = yaml.safe_load((folder / "config" / "sources" / "exit.yaml").read_text(encoding="utf-8"))["questions"]
    correct(folder, "sources/exit.yaml", questions=[{**one, "required": False} for one in asked])


def test_all_rows_of_a_source_run_again_under_its_corrected_map(waiting: Path) -> None:
    before = release("--source", "exit")
    assert (before.code, before.out.splitlines()) == (
        1, ["3 rows run again: 3 stays in quarantine", "    a required cell is empty: 3 rows"],
    )  # fmt: skip
    without_required_day(waiting)
    after = release("--source", "exit", "--by", "Dee Okoro")
    assert (after.code, after.out) == (0, "3 rows run again: 3 landed, in a loop\n")
    assert run("reconcile").code == 0
    assert [row["source_id"] for row in run("quarantine", "list", "--json").json["rows"]] == ["log"]


def test_rows_are_found_by_their_reason_or_their_pull(waiting: Path) -> None:
    rows = run("quarantine", "list", "--reason", "required", "--json").json["rows"]
    assert len(rows) == 3
    pull = rows[-1]["pull_uid"]
    assert len(run("quarantine", "list", "--pull", pull, "--json").json["rows"]) == 2
    without_required_day(waiting)
    answer = release("--pull", pull, "--json")
    assert (answer.json["fates"], answer.json["reasons"]) == ({"loop": 2}, {})
    assert release("--reason", "required", "--json").json["fates"] == {"loop": 1}
    assert release("--reason", "required").out == "0 rows run again: nothing\n"


def test_a_row_of_a_register_is_recorded_under_the_corrected_map(waiting: Path) -> None:
    correct(waiting, "changes.yaml", statuses={"Paused": "planned"})
    assert release("--source", "log").out == "1 row run again: 1 recorded as a change\n"
    assert run("reconcile").code == 0


def test_what_was_done_with_a_row_stands_below_it(waiting: Path) -> None:
    release("1", "--by", "Dee Okoro")
    release("1", "--set", "date=2026-09-03", "--by", "data team")
    lines = run("quarantine", "show", "1").out.splitlines()
    assert [line.split()[2:5] for line in lines[-2:]] == [["Dee", "Okoro", "stayed"], ["data", "team", "released"]]
    assert "date repaired" in lines[-1]


def test_a_row_is_shown_without_its_words(waiting: Path) -> None:
    answer = run("quarantine", "show", "1")
    assert "cold again" not in answer.out
    assert "improve  10 characters" in answer.out
    assert "date     empty" in answer.out
    assert "cold again" not in run("quarantine", "show", "1", "--json").out


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ((), "name one row by its number, or several"),
        (("1", "--source", "exit"), "name one row by its number, or several"),
        (("--source", "exit", "--set", "date=2026-09-03"), "are for one row"),
        (("--source", "exit", "--discard", "old"), "are for one row"),
        (("--source", "nowhere"), "there is no source 'nowhere'"),
        (("1", "--set", "date=2026-09-03", "--discard", "old"), "one of them"),
    ],
)
def test_which_rows_is_said_once_and_clearly(waiting: Path, arguments: tuple[str, ...], told: str) -> None:
    release(*arguments).is_one_clear_message(told)
    assert len(run("quarantine", "list", "--json").json["rows"]) == 4


def test_discarding_needs_a_reason_and_is_kept_in_the_account(waiting: Path) -> None:
    release("1", "--discard", "").is_one_clear_message("for a reason", code=1)
    assert release("1", "--discard", "a test of ours").out == "1: put aside for good\n"
    release("1", "--set", "date=2026-09-03").is_one_clear_message("was discarded by data team already", code=1)
    assert run("reconcile").code == 0


def test_a_row_that_stays_has_its_new_reasons_in_the_list(waiting: Path) -> None:
    assert release("1", "--set", "date=2031-01-01").code == 1
    assert run("quarantine", "list", "--json").json["rows"][0]["reasons"] == ["the date lies in the future"]
