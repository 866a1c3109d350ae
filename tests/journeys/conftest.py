"""The demo, run once for all journeys, as loud as it can be made: whatever it could say aloud it has said."""

import fcntl
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.journeys.canaries import Canaries, canaries_of, comments_in, staff_words

CHECKOUT = Path(__file__).parents[2]
ALOUD = {
    "PREFECT_LOGGING_LEVEL": "DEBUG",
    "PREFECT_SERVER_LOGGING_LEVEL": "DEBUG",
    "PREFECT_LOGGING_EXTRA_LOGGERS": "heardback,tasks,flows,config,great_expectations,alembic,slack_sdk",
}


@dataclass(frozen=True)
class Demo:
    """What one run of the demo left behind: its folder, what it said, and the folder of its temporary files."""

    folder: Path
    standard_output: Path
    standard_error: Path
    temporary: Path

    @property
    def is_there(self) -> bool:
        return self.standard_output.exists()

    @property
    def said(self) -> str:
        return self.standard_output.read_text(encoding="utf-8")

    @property
    def logged(self) -> str:
        return self.standard_error.read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    """One run for all workers of a test run, a minute each: who comes second waits for the first."""
    place = tmp_path_factory.getbasetemp()
    place = (place.parent if "PYTEST_XDIST_WORKER" in os.environ else place) / "the_demo"
    place.mkdir(mode=0o700, exist_ok=True)
    found = Demo(place / "demo", place / "said", place / "logged", place / "temporary")
    with (place / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not found.is_there:
            run_demo(found)
    return found


def run_demo(demo: Demo) -> None:
    """The demo by its command; what it said is kept where it went well, and that alone."""
    demo.temporary.mkdir(exist_ok=True)
    command = [str(Path(sys.executable).parent / "heardback"), "demo", "--out", str(demo.folder), "--json"]
    environment = os.environ | ALOUD | {"TMPDIR": str(demo.temporary)}
    run = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=600, check=False)
    assert run.returncode == 0, run.stderr[-3000:]
    demo.standard_error.write_text(run.stderr, encoding="utf-8")
    demo.standard_output.write_text(run.stdout, encoding="utf-8")


@pytest.fixture(scope="session")
def canaries(demo: Demo) -> Canaries:
    comments = comments_in(demo.folder / "heardback.db")
    found = canaries_of(comments, staff_words(CHECKOUT))
    assert len(comments) > 600
    assert len(found) > 5000
    return found
