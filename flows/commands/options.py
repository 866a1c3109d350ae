"""Options that several commands share."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

YEARS = range(2000, 2100)  # a slip of the pen beyond these would ask for a calendar that nobody has


def parse_instant(text: str) -> datetime:
    """An ISO instant; without an offset it is London's wall clock, a bare day is 9:30 there."""
    try:
        moment = datetime.fromisoformat(text if len(text) > len("2026-11-10") else f"{text}T09:30")
        _check_year(moment)
    except ValueError:
        raise typer.BadParameter(f"'{text}' is not an instant; write 2026-11-10T09:30") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo("Europe/London"))


def parse_day(text: str) -> date:
    """An ISO day."""
    try:
        day = date.fromisoformat(text)
        _check_year(day)
    except ValueError:
        raise typer.BadParameter(f"'{text}' is not a day; write 2026-11-10") from None
    return day


def parse_month(text: str) -> str:
    """A month as YYYY-MM."""
    try:
        _check_year(date.fromisoformat(f"{text}-01"))
    except ValueError:
        raise typer.BadParameter(f"'{text}' is not a month; write 2026-11") from None
    return text


def _check_year(day: date) -> None:
    if day.year not in YEARS:
        raise ValueError(day.year)


def now(at: datetime | None = None) -> datetime:
    """The instant a command works at."""
    return at or datetime.now(UTC)


AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]
At = Annotated[
    datetime | None,
    typer.Option("--at", parser=parse_instant, metavar="INSTANT", help="Work as at this instant (default: now)."),
]
On = Annotated[
    date | None, typer.Option("--on", parser=parse_day, metavar="DAY", help="The day it took effect (default: today).")
]
Out = Annotated[Path, typer.Option("--out", metavar="DIR", help="The folder to write into.")]
HomeOut = Annotated[
    Path | None, typer.Option("--out", metavar="DIR", help="The folder to write into (default: one in HEARDBACK_HOME).")
]
By = Annotated[str, typer.Option("--by", metavar="NAME", help="Who makes the move; stands in the history.")]
