"""Data docs, built when somebody asks for them: the newest pulls, their checks and why rows wait; never a cell."""

import json
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from heardback.checks.data_docs import Sentences, check_lines, failures
from heardback.reports.data_docs import INDEX, PullPage, is_shown, write_data_docs
from heardback.store import Pull
from heardback.store.overview import latest_pulls, waiting_reasons
from heardback.store.session import reading
from tasks.step import step
from tasks.workplace import Workplace, open_workplace

NEWEST = 100
FOLDER = "data-docs"


@step()
def build_data_docs(at: datetime) -> Path:
    """Write the pages of the newest pulls into HEARDBACK_HOME and return their index. Takes about five seconds."""
    with open_workplace() as work:
        with reading(work.store) as session:
            waiting, sentences = waiting_reasons(session), Sentences()
            pages = [
                _page(work, pull, waiting.get(pull.pull_uid, []), sentences) for pull in latest_pulls(session, NEWEST)
            ]
        return write_data_docs(folder_of(work), work.council.directory.council, pages, at)


def folder_of(work: Workplace) -> Path:
    """Where the pages lie."""
    return work.settings.home / FOLDER


def data_docs_of(session: Session, work: Workplace) -> tuple[str, bool]:
    """The pages' index ('' where nobody has built it yet), and whether the newest pull is among them."""
    folder = folder_of(work)
    if not (folder / INDEX).exists():
        return "", False
    newest = latest_pulls(session, 1)
    return str(folder / INDEX), all(is_shown(folder, pull.pull_uid) for pull in newest)


def _page(work: Workplace, pull: Pull, waiting: Sequence[Sequence[str]], sentences: Sentences) -> PullPage:
    source = work.council.sources.get(pull.source_id)
    register = work.council.registers.get(pull.source_id)
    results = _results(work.settings.home / "validation" / f"{pull.pull_uid}.json")
    on = pull.started_at.astimezone(ZoneInfo(source.timezone if source else "Europe/London")).date()
    checks = check_lines(results, source, on, sentences) if results["checked"] else []
    return PullPage(
        pull_uid=pull.pull_uid,
        feed=source.name if source else register.name if register else pull.source_id,
        file=pull.file_name,
        at=pull.started_at,
        status=pull.status,
        rows_read=pull.rows_read,
        quarantined=len(waiting),
        failed_checks=failures(checks),
        error=pull.error,
        notes=tuple(pull.remarks),
        waiting=tuple(Counter(reason for row in waiting for reason in row).most_common()),
        checks=checks,
    )


def _results(path: Path) -> dict[str, Any]:
    """What the gate kept of a pull; nothing where it was refused before, or is a register."""
    if not path.exists():
        return {"checked": []}
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found
