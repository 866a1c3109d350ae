"""What Prefect must find in its environment before it is imported: a home of its own, and no calls to anybody."""

import os
import shutil
from pathlib import Path

from flows.server_database import put_into

MARKER = "heardback-demo.txt"

LEADING_ELSEWHERE = (
    "HEARDBACK_DATABASE_URL",
    "HEARDBACK_SLACK_TOKEN",
    "HEARDBACK_SLACK_APP_TOKEN",
    "HEARDBACK_SLACK_URL",
    # a demo's events would start a council's flows
    "PREFECT_API_URL",
    "PREFECT_API_KEY",
    "PREFECT_HOME",
    "PREFECT_PROFILE",
    "PREFECT_PROFILES_PATH",
)

DEFAULTS = {
    "DO_NOT_TRACK": "1",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "180",
    "PREFECT_SERVER_LOGGING_LEVEL": "CRITICAL",
    "PREFECT_LOGGING_LEVEL": "WARNING",
}


def prepare(home: Path) -> None:
    """Give Prefect a folder of its own under `home`; what the operator has set in the environment stays."""
    folder = (home / "prefect").resolve()
    folder.mkdir(parents=True, exist_ok=True)
    put_into(folder)
    for name, value in (DEFAULTS | {"PREFECT_HOME": str(folder)}).items():
        os.environ.setdefault(name, value)


def isolate(out: Path) -> Path:
    """Point Heardback at the sample council and a folder of its own: no council's database, Slack or server.

    Returns the sample's folder. What an earlier demo left in `out` goes; a folder that is something else is refused.
    """
    checkout = Path(__file__).parent.parent
    _clear(out)
    for name in LEADING_ELSEWHERE:
        os.environ.pop(name, None)
    os.environ |= {"HEARDBACK_HOME": str(out), "HEARDBACK_CONFIG": str(checkout / "config")}
    return checkout / "sample"


def _clear(out: Path) -> None:
    marker = out / MARKER
    if out.exists() and any(out.iterdir()) and not marker.exists():
        raise FileExistsError(f"{out} holds something else than a demo; name another folder with --out")
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    marker.write_text("Written by `heardback demo`; the next demo replaces this folder.\n", encoding="utf-8")
