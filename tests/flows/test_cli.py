"""The command line as a whole: its page, its imports, its real script, and what a fault of ours looks like."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import typer

from flows import cli
from flows.failing import FAULT_OF_OURS, tell
from flows.reference import commands_page
from tasks.step import step
from tests.flows.commands.conftest import COMMANDS, run
from tests.flows.conftest import a_council

ROOT = Path(__file__).parents[2]
SCRIPT = Path(sys.executable).parent / "heardback"
PROMISED = (
    "demo", "init", "check", "map draft", "map check", "pull", "changes", "match", "match evaluate", "nudge", "report",
    "board", "status", "reconcile", "verify", "quarantine list", "quarantine show", "quarantine release", "forget",
)  # fmt: skip
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
HEAVY = ("prefect", "great_expectations", "altair", "slack_sdk", "scipy")


@pytest.mark.parametrize("command", PROMISED)
def test_every_command_that_is_promised_is_there_with_help_and_json(command: str) -> None:
    answer = run(*command.split(), "--help")
    assert (answer.code, answer.err) == (0, "")
    assert "--json" in answer.out


def test_the_page_of_commands_is_what_the_code_says() -> None:
    page = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
    assert page == commands_page().rstrip() + "\n", "write it anew: python -m flows.reference > docs/commands.md"


def test_the_page_of_commands_leaves_none_out() -> None:
    page = commands_page()
    for command in PROMISED:
        assert f"\n## `heardback {command}`\n" in page
    for options in re.findall(r"^\| `(--[a-z-]+)", page, flags=re.MULTILINE):
        assert options != "--help"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_command_that_a_page_names_is_there_with_its_options(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    named = re.findall(r"`(heardback [^`\n]+)`", text) + re.findall(r"^(heardback [^\n#]+)", text, flags=re.MULTILINE)
    for line in (each for found in named for each in re.split(r"&&|\|", found)):
        words = line.split()[1:]
        command: Any = COMMANDS()
        while words and words[0] in getattr(command, "commands", {}):
            command = command.commands[words.pop(0)]
        known = {option for one in command.params for option in (*one.opts, *one.secondary_opts)} | {"--help"}
        assert {word.rstrip("…,.") for word in words if word.startswith("--")} <= known, line
        begins_no_command = not words or not words[0][0].islower()
        assert not hasattr(command, "commands") or begins_no_command, line


def test_every_command_says_what_it_does_in_a_sentence() -> None:
    for section in commands_page().split("\n## ")[1:]:
        first = section.split("\n\n")[1]
        assert first.endswith((".", "closed.")), first


MAY_IMPORT = {
    "--help": (),
    "check": (),
    "status": (),
    "loop list": (),
    "reconcile": (),
    "verify": (),
    "quarantine list": (),
    "forget --dry-run": (),
    "pull": ("great_expectations", "scipy", "altair"),
    "changes": (),
    "match": ("scipy",),
    "nudge": (),
    "board": (),
}
# Each in a process of its own, forked from one that holds what all of them import and read, in a home whose database
# that one has made: 1.2 s a command less.
EACH_BY_ITSELF = """
import json, os, shutil, sys
import flows.cli, tasks.workplace

def heavy():
    return [name for name in sys.argv[1].split() if name in sys.modules]

with tasks.workplace.open_workplace():
    pass
assert heavy() == [], heavy()
for command, home in json.load(sys.stdin):
    child = os.fork()
    if child == 0:
        shutil.copytree(os.environ["HEARDBACK_HOME"], home)
        os.environ["HEARDBACK_HOME"] = home
        given, sys.argv = sys.argv, ["heardback", *command.split()]
        code = 0
        try:
            flows.cli.main()
        except SystemExit as ended:
            code = ended.code or 0
        finally:
            sys.argv = given
            sys.stdout.flush()
            print("imported", code, command, ":", *heavy(), file=sys.stderr, flush=True)
            os._exit(0)
    os.waitpid(child, 0)
"""


@pytest.fixture(scope="module")
def imported(tmp_path_factory: pytest.TempPathFactory) -> dict[str, set[str]]:
    """Which of the heavy libraries each command has imported by its end, in a home of its own."""
    folder = tmp_path_factory.mktemp("imports")
    elsewhere = {name: value for name, value in os.environ.items() if not name.startswith("HEARDBACK_")}
    environment = elsewhere | {"HEARDBACK_CONFIG": str(a_council(folder)), "HEARDBACK_HOME": str(folder / "home")}
    given = json.dumps([(command, str(folder / f"home{place}")) for place, command in enumerate(MAY_IMPORT)])
    run_all = [sys.executable, "-c", EACH_BY_ITSELF, " ".join(HEAVY)]
    ended = subprocess.run(run_all, input=given, env=environment, capture_output=True, text=True, check=True, cwd=ROOT)
    told = re.findall(r"^imported 0 (.+) :(.*)$", ended.stderr, flags=re.MULTILINE)
    assert [command for command, _ in told] == list(MAY_IMPORT), ended.stderr
    return {command: set(names.split()) for command, names in told}


@pytest.mark.parametrize("command", MAY_IMPORT)
def test_a_command_imports_no_more_than_it_uses(imported: dict[str, set[str]], command: str) -> None:
    assert imported[command] <= set(MAY_IMPORT[command])
    assert "great_expectations" in imported["pull"], "or this looks in the wrong place"


@pytest.fixture
def environment(council: Path) -> dict[str, str]:
    return dict(os.environ)


def test_the_real_script_answers_and_fails_like_this_one(
    council: Path, environment: dict[str, str], tmp_path: Path
) -> None:
    def heardback(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [SCRIPT, *arguments], env=environment, capture_output=True, text=True, check=False, cwd=tmp_path
        )

    for arguments in (
        ("--help",),
        ("check",),
        ("loop", "list", "--json"),
        ("pull", "nowhere"),
        ("check", "--nonsense"),
    ):
        here, there = run(*arguments), heardback(*arguments)
        assert (there.returncode, there.stdout, there.stderr) == (here.code, here.out, here.err)


def test_a_terminal_that_knows_no_such_letter_stops_nothing(council: Path, environment: dict[str, str]) -> None:
    ended = subprocess.run(
        [SCRIPT, "status"],
        env=environment | {"PYTHONIOENCODING": "latin-1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ended.returncode, ended.stderr) == (0, "")
    assert "\\u2013" in ended.stdout


def test_whoever_stops_a_command_is_told_what_it_leaves_behind(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    app = typer.Typer()

    @app.command()
    def endless() -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(cli, "make_app", lambda: app)
    monkeypatch.setattr(sys, "argv", ["heardback"])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == 130
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 2)
    assert err.startswith("heardback: stopped before its end; nothing in the database is half-written\n  → run it")


def test_a_fault_of_ours_shows_its_places_and_no_value(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def breaks() -> None:
        float("canary words of a child")

    def app() -> object:
        return breaks

    monkeypatch.setattr(cli, "make_app", app)
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == FAULT_OF_OURS
    assert ended.value.__suppress_context__
    err = capsys.readouterr().err
    assert "a fault in Heardback itself (ValueError)" in err
    assert "test_cli.py" in err
    assert "in breaks" in err
    assert "canary" not in err


def test_a_fault_in_a_step_is_told_by_its_first_kind_and_place(capsys: pytest.CaptureFixture[str]) -> None:
    @step()
    def deep() -> None:
        {}["canary"]

    @step()
    def unwritable() -> None:
        Path(__file__, "below").write_text("x")

    @step()
    def unreadable() -> None:
        b"canary \xff".decode("utf-8")

    for work, code, told in (
        (deep, FAULT_OF_OURS, "(KeyError)"),
        (unwritable, 2, f"{__file__}/below: Not a directory"),
        (unreadable, 2, "not UTF-8 text"),
    ):
        with pytest.raises(Exception) as broken:
            work()
        assert tell(broken.value) == code
        err = capsys.readouterr().err
        assert told in err
        assert "canary" not in err
