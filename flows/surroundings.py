"""What Prefect must find in its environment before it is imported: a home of its own, and no calls to anybody."""

import os
import shutil
from pathlib import Path

MARKER = "heardback-demo.txt"

DEFAULTS = {
    "DO_NOT_TRACK": "1",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "90",
    "PREFECT_SERVER_LOGGING_LEVEL": "CRITICAL",
    "PREFECT_LOGGING_LEVEL": "WARNING",
    # an empty flow run takes 1.1 s with the heartbeat thread and 0.2 s without
    "PREFECT_FLOWS_HEARTBEAT_FREQUENCY": "",
}


def prepare(home: Path) -> None:
    """Give Prefect a folder of its own under `home`; what the operator has set in the environment stays."""
    folder = (home / "prefect").resolve()
    folder.mkdir(parents=True, exist_ok=True)
    for name, value in (DEFAULTS | {"PREFECT_HOME": str(folder)}).items():
        if value:
            os.environ.setdefault(name, value)


def isolate(out: Path) -> Path:
    """Point Heardback at the sample council and a folder of its own: no council's database, no council's Slack.

    Returns the sample's folder. What an earlier demo left in `out` goes; a folder that is something else is refused.
    """
    checkout = Path(__file__).parent.parent
    _clear(out)
    for secret in (
        "HEARDBACK_DATABASE_URL",
        "HEARDBACK_SLACK_TOKEN",
        "HEARDBACK_SLACK_APP_TOKEN",
        "HEARDBACK_SLACK_URL",
    ):
        os.environ.pop(secret, None)
    os.environ |= {"HEARDBACK_HOME": str(out), "HEARDBACK_CONFIG": str(checkout / "config")}
    return checkout / "sample"


def _clear(out: Path) -> None:
    marker = out / MARKER
    if out.exists() and any(out.iterdir()) and not marker.exists():
        raise FileExistsError(f"{out} holds something else than a demo; name another folder with --out")
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    marker.write_text("Written by `heardback demo`; the next demo replaces this folder.\n", encoding="utf-8")
