"""The demo, run once for all journeys, as loud as it can be made: whatever it could say aloud it has said."""

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
    said: str
    logged: str
    temporary: Path


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    folder, temporary = tmp_path_factory.mktemp("run") / "demo", tmp_path_factory.mktemp("temporary")
    command = [str(Path(sys.executable).parent / "heardback"), "demo", "--out", str(folder), "--json"]
    environment = os.environ | ALOUD | {"TMPDIR": str(temporary)}
    run = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=600, check=False)
    assert run.returncode == 0, run.stderr[-3000:]
    return Demo(folder, run.stdout, run.stderr, temporary)


@pytest.fixture(scope="session")
def canaries(demo: Demo) -> Canaries:
    comments = comments_in(demo.folder / "heardback.db")
    found = canaries_of(comments, staff_words(CHECKOUT))
    assert len(comments) > 600
    assert len(found) > 5000
    return found
