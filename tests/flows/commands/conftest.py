"""The command line in this process: a council that has pulled once, and what a command answered."""

import json
import shutil
import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from functools import cache
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import typer

from flows import cli
from tests.council import box_row, change_row, drop, exit_row, write_council

TUESDAY = "2026-11-10T10:00"
SAID = ("the waiting room is freezing", "he hits me", "more pool tables please")
SECRETS = ("HEARDBACK_DATABASE_URL", "HEARDBACK_SLACK_TOKEN", "HEARDBACK_SLACK_APP_TOKEN", "HEARDBACK_SLACK_URL")


@dataclass(frozen=True)
class Answer:
    """What a command wrote, and the code that it ended with."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Standard output, which must be one JSON object and nothing else."""
        found = json.loads(self.out)
        assert isinstance(found, dict)
        return found

    def is_one_clear_message(self, *told: str, code: int = 2) -> None:
        """What was wrong stands on standard error, without a traceback, and nothing on standard output."""
        assert (self.code, self.out) == (code, ""), (self.code, self.out, self.err)
        assert "Traceback" not in self.err
        assert self.err.count("heardback: ") + self.err.count("Error: ") == 1, self.err
        for words in told:
            assert words in self.err, self.err


COMMANDS = cache(lambda: typer.main.get_command(cli.make_app()))  # 24 ms to put together, and a thousand are run


def run(*arguments: object) -> Answer:
    """Run `heardback` with these arguments."""
    out, err, commands = StringIO(), StringIO(), COMMANDS()
    with pytest.MonkeyPatch.context() as patched, redirect_stdout(out), redirect_stderr(err):
        patched.setattr(sys, "argv", ["heardback", *map(str, arguments)])
        patched.setattr(cli, "make_app", lambda: commands)
        try:
            cli.main()
        except SystemExit as ended:
            return Answer(int(ended.code or 0), out.getvalue(), err.getvalue())
    return Answer(0, out.getvalue(), err.getvalue())


def live_in(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HEARDBACK_HOME", str(folder / "var"))
    monkeypatch.setenv("HEARDBACK_CONFIG", str(folder / "config"))
    for name in SECRETS:
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A council that has pulled, recorded its changes and matched, once for all tests."""
    folder = tmp_path_factory.mktemp("council")
    write_council(folder, sources={"exit": {"mode": "append"}})
    drop(folder, "exit", [exit_row(1, SAID[0]), exit_row(2, SAID[1]), exit_row(3, "cold again", date="")])
    drop(folder, "box", [box_row(SAID[2])])
    drop(folder, "log", [change_row(1)])
    with pytest.MonkeyPatch.context() as patched:
        live_in(folder, patched)
        for command in ("pull", "changes", "match"):
            answer = run(command, "--at", TUESDAY)
            assert answer.code == 0, answer.err
    return folder


@pytest.fixture
def pulled(template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of that council's folder, and an environment that points there."""
    folder = tmp_path / "council"
    shutil.copytree(template, folder)
    live_in(folder, monkeypatch)
    return folder


@pytest.fixture
def unchanged(pulled: Path) -> Iterator[Callable[[], None]]:
    """Call it to assert that no file and no row of the council has changed since."""
    before = _state(pulled)

    def assert_unchanged() -> None:
        assert _state(pulled) == before

    yield assert_unchanged


def _state(folder: Path) -> tuple[list[tuple[str, bytes]], list[str]]:
    files = [
        (str(path.relative_to(folder)), path.read_bytes())
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.name.startswith("heardback.db") and path.parent.name != "seen"  # a shortcut only
    ]
    with closing(sqlite3.connect(folder / "var" / "heardback.db")) as database:
        return files, list(database.iterdump())
