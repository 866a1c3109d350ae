"""The environment, read in this one place: where things live and the secrets that never stand in a file."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

TEXT_KEYS, CODE_KEY = "HEARDBACK_SECRET_TEXT_KEY", "HEARDBACK_SECRET_CODE_KEY"
LINK_KEY = "HEARDBACK_SECRET_LINK_KEY"
OUR_OWN = {TEXT_KEYS, CODE_KEY, LINK_KEY}  # no connector may name these and send them to a tool


@dataclass(frozen=True)
class Settings:
    """Where this installation keeps its things. Secrets are left out of `repr`, so no log line can carry them."""

    home: Path
    config: Path
    database_url: str = field(repr=False)
    slack_token: str = field(default="", repr=False)
    slack_app_token: str = field(default="", repr=False)
    slack_signing_secret: str = field(default="", repr=False)
    slack_url: str = ""
    smtp_url: str = field(default="", repr=False)
    mail_from: str = ""
    link_key: str = field(default="", repr=False)
    text_keys: str = field(default="", repr=False)
    code_key: str = field(default="", repr=False)
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)

    @property
    def outbox(self) -> Path:
        """Where messages are written when no Slack token is set."""
        return self.home / "outbox"

    @property
    def raw(self) -> Path:
        """Where the bytes of every pull are kept, by hash."""
        return self.home / "raw"


def from_environment(environment: Mapping[str, str] = os.environ, home: Path | None = None) -> Settings:
    """Read HEARDBACK_…; `home`, where given, goes before HEARDBACK_HOME and keeps the database with it."""
    base = home or Path(environment.get("HEARDBACK_HOME") or "var")
    url = environment.get("HEARDBACK_DATABASE_URL", "")
    return Settings(
        home=base,
        config=Path(environment.get("HEARDBACK_CONFIG") or "config"),
        database_url=url if url and home is None else f"sqlite:///{base / 'heardback.db'}",
        slack_token=environment.get("HEARDBACK_SLACK_TOKEN", ""),
        slack_app_token=environment.get("HEARDBACK_SLACK_APP_TOKEN", ""),
        slack_signing_secret=environment.get("HEARDBACK_SLACK_SIGNING_SECRET", ""),
        slack_url=environment.get("HEARDBACK_SLACK_URL", ""),
        smtp_url=environment.get("HEARDBACK_SMTP_URL", ""),
        mail_from=environment.get("HEARDBACK_MAIL_FROM", ""),
        link_key=environment.get(LINK_KEY, ""),
        text_keys=environment.get(TEXT_KEYS, ""),
        code_key=environment.get(CODE_KEY, ""),
        secrets={
            name: value
            for name, value in environment.items()
            if name.startswith("HEARDBACK_SECRET_") and value and name not in OUR_OWN
        },
    )
