"""The crash matrix: every checkpoint of a send killed for real, alone and after another, and what arrived counted.

    python bench/crash_matrix.py [runs [first]]      default 230 from the first: singles, then pairs in a seeded order

A kill is a SIGKILL of a process of its own, against a made-up Slack on the loopback. After its kills a run is started
again twice. Expected: one message to each of two owners, whatever was killed.
"""

import os
import random
import shutil
import sys
import tempfile
import time
from collections import Counter
from datetime import UTC, datetime
from itertools import product
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import pytest

from heardback.checks import gate
from heardback.store.session import open_store
from tests.council import exit_row
from tests.desk import desk_at
from tests.journeys.nudge_killing import CHECKPOINTS, killed_and_restarted
from tests.messages.slack_server import TOKEN, FakeSlack

TUESDAY = datetime(2026, 9, 8, 10, 0, tzinfo=UTC)
EXPECTED = {"DUAMIRA": 1, "DUBEN": 1}


def main(runs: int, first: int = 1) -> None:
    """Run the matrix and print what came of it; exit 1 where anything was lost or sent twice."""
    pairs = list(product(CHECKPOINTS, CHECKPOINTS))
    random.Random(7).shuffle(pairs)  # noqa: S311  the same order each time
    plans = [(one,) for one in CHECKPOINTS] + pairs
    begun, kills, found = time.monotonic(), Counter(), Counter()
    template = filled(Path(tempfile.mkdtemp()))
    for done, plan in enumerate(plans[first - 1 : runs], first):
        died, arrived = one_run(plan, template)
        kills[died] += 1
        lost = sum(max(0, 1 - arrived.get(channel, 0)) for channel in EXPECTED)
        twice = sum(max(0, count - 1) for count in arrived.values())
        found.update({"lost": lost, "twice": twice})
        if lost or twice:
            say(f"WRONG {plan}: {dict(arrived)}")
        if done % 20 == 0:
            say(f"{done} runs, {sum(n * times for n, times in kills.items())} kills: {dict(found)}")
    deaths = sum(died * count for died, count in kills.items())
    say(f"{sum(kills.values())} runs, {deaths} kills (runs by kills: {dict(sorted(kills.items()))})")
    say(f"messages lost: {found['lost']}; sent twice: {found['twice']}; {time.monotonic() - begun:.0f} s")
    shutil.rmtree(template)
    raise SystemExit(1 if found["lost"] or found["twice"] else 0)


def say(line: str) -> None:
    """A line on the terminal, at once."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def filled(folder: Path) -> Path:
    """A council where one loop waits for each of two owners; made once, and copied for every run."""
    url = f"sqlite:///{folder / 'heardback.db'}"
    store = open_store(url)
    with pytest.MonkeyPatch.context() as patch, desk_at(folder, store, url, patch) as desk:
        patch.setattr(gate, "run_rules", lambda *_: [])
        desk.pull(exit_row(1, "The room is freezing"), exit_row(2, "Pizza", service="youth"), at=TUESDAY)
    store.dispose()
    return folder


def one_run(plan: tuple[tuple[str, int], ...], template: Path) -> tuple[int, Counter[str]]:
    """How many kills there were, and how many messages each conversation holds at the end."""
    with tempfile.TemporaryDirectory() as place, FakeSlack() as slack:
        folder = Path(place)
        shutil.copytree(template, folder, dirs_exist_ok=True)
        ours = {
            "HEARDBACK_HOME": str(folder / "home"),
            "HEARDBACK_CONFIG": str(folder / "config"),
            "HEARDBACK_DATABASE_URL": f"sqlite:///{folder / 'heardback.db'}",
            "HEARDBACK_SLACK_TOKEN": TOKEN,
            "HEARDBACK_SLACK_URL": slack.base_url,
        }
        ours |= {name: "" for name in os.environ if name.lower() in ("http_proxy", "https_proxy")}
        died = killed_and_restarted(ours, TUESDAY, *plan)
        return died, Counter(post["channel"] for post in slack.posts)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:3] or ["230"]))
