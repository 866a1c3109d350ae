"""Data docs: one page for each of the newest pulls and one that lists them, to be opened from a folder, offline.

Counts, row numbers, reasons, names of columns and files; no cell. Nothing on a page asks for anything.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from heardback.reports.rendering import render, write_text

INDEX = "index.html"
ROWS_SHOWN = 50


@dataclass(frozen=True)
class PullPage:
    """What a page says of one pull. `checks` are lines with the fields of `checks.data_docs.CheckLine`."""

    pull_uid: str
    feed: str
    file: str
    at: datetime
    status: str
    rows_read: int
    quarantined: int
    failed_checks: int
    error: str = ""
    notes: tuple[str, ...] = ()
    waiting: tuple[tuple[str, int], ...] = ()
    checks: Sequence[Any] = field(default_factory=tuple)

    @property
    def page(self) -> str:
        """Its file, seen from the index."""
        return f"pulls/{self.pull_uid}.html"


def write_data_docs(folder: Path, council: str, pulls: Sequence[PullPage], at: datetime) -> Path:
    """Write the site and return its index; pages of pulls that are no longer among the newest are deleted.

    The index comes last, so that it never leads to a page that is not there yet.
    """
    wanted = {write_text(folder / pull.page, _page("data_docs_pull.html", council, at, pull=pull)) for pull in pulls}
    for stale in set((folder / "pulls").glob("*.html")) - wanted:
        stale.unlink()
    return write_text(folder / INDEX, _page("data_docs.html", council, at, pulls=pulls))


def is_shown(folder: Path, pull_uid: str) -> bool:
    """Whether a pull has its page."""
    return (folder / "pulls" / f"{pull_uid}.html").exists()


def _page(template: str, council: str, at: datetime, **values: object) -> str:
    return render(template, {"council": council, "built_at": at, "rows_shown": ROWS_SHOWN, **values})
