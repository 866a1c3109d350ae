"""For the fork server alone, once: what a pull and a nudge import, read and set up when they are done first.

Importing this does the work, which costs 5 s; a process that is forked from it then begins where they left off.
"""

import gc
import os
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import slack_sdk.models.blocks  # what each message would import anew
import slack_sdk.web.client  # noqa: F401

import tasks.nudge
import tests.messages.slack_server  # noqa: F401  # what bench/crash_matrix.py runs in imports it
from heardback.checks import gate
from heardback.store.session import open_store
from tests.council import exit_row
from tests.desk import desk_at
from tests.factories import NOW
from tests.journeys import killing, nudge_killing  # noqa: F401
from tests.statements import remember_statements

remember_statements()


def warm_up() -> None:
    """Pull and nudge in a council that is gone afterwards; the environment is as it was, and no connection is left."""
    with TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patched:
        patched.setattr(gate, "run_rules", lambda *_: [])
        for name in [name for name in os.environ if name.startswith("HEARDBACK_")]:
            patched.delenv(name)
        url = f"sqlite:///{folder}/heardback.db"
        store = open_store(url)
        with desk_at(Path(folder), store, url, patched) as desk:
            desk.pull(exit_row(1, "Something to answer"), exit_row(2, "No day", date=""))
            tasks.nudge.nudge(NOW)
        store.dispose()
    gc.freeze()  # what is here stays, so no process that is forked has to look through it


warm_up()
