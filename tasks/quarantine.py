"""Rows in quarantine: what is wrong with them, and a second chance under a corrected row or map."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy.orm import Session

from heardback.domain.access import Right, role_for
from heardback.domain.identifying.redaction import redactor_of
from heardback.errors import MoveRefused, NotFound, PullRefused
from heardback.landing.second_chance import CANNOT, Attempt, Release, run_again
from heardback.store import Pull, QuarantinedRow, QuarantineEntry
from heardback.store.quarantine import (
    DISCARDED,
    audit_of,
    check_open,
    find_row,
    put_on_record,
    quarantined,
    settle,
)
from heardback.store.session import reading, transaction
from tasks.door import admit
from tasks.pull import intake_of
from tasks.step import step
from tasks.workplace import Workplace, open_workplace

SHOWN = (
    "quarantine_id", "source_id", "pull_uid", "file_name", "sheet", "row_number", "reasons", "state", "decided_by",
    "note",
)  # fmt: skip
OPERATOR = "data team"  # whoever runs Heardback and gave no name
AUDITED = ("action", "actor", "at", "note", "changed", "reasons", "map_sha256")


@step()
def list_quarantine(
    source_id: str = "", state: str = "open", pull_uid: str = "", reason: str = ""
) -> list[dict[str, Any]]:
    """Rows in quarantine, with their reasons and without their cells."""
    with open_workplace() as work, reading(work.store) as session:
        return [_shown(row) for row in quarantined(session, source_id, state, pull_uid, reason)]


@step()
def show_row(quarantine_id: int, *, text_to: str = "", at: datetime | None = None) -> dict[str, Any]:
    """One row: how long each of its cells is, and what was done with it.

    `text_to` names who sees the cells too, identifying details hidden unless they may see originals. They may be a
    child's words: it is on record. Raises NotAllowed.
    """
    with open_workplace() as work:
        if not (text_to and at):
            return _row(work, quarantine_id)
        person = admit(work, text_to, Right.CELLS, at, f"Q-{quarantine_id}")
        as_written = role_for(person, Right.ORIGINALS) is not None
        return _row(work, quarantine_id, str if as_written else redactor_of(work.council).hide)


def _row(work: Workplace, quarantine_id: int, shown_as: Callable[[str], str] | None = None) -> dict[str, Any]:
    with reading(work.store) as session:
        row = find_row(session, quarantine_id)
        lengths = {column: len(cell) for column, cell in row.cells.items()}
        audit = [_entry(entry) for entry in audit_of(session, quarantine_id)]
        cells = {"cells": {column: shown_as(cell) for column, cell in row.cells.items()}} if shown_as else {}
        return _shown(row) | {"characters": lengths, "audit": audit} | cells


@step(retries=2)
def release_row(quarantine_id: int, actor: str, at: datetime, repairs: dict[str, str]) -> Release:
    """Run one row again through its source's present map, with repaired cells where given; it lands or stays."""
    with open_workplace() as work, _repairing(work, actor, at, f"Q-{quarantine_id}") as (session, name):
        row = find_row(session, quarantine_id, hold=True)
        check_open(row)
        (release,) = _run_again(work, session, [row], name, at, repairs)
        if release.reasons == [CANNOT]:
            where, do = f"{row.file_name}, row {row.row_number}", "correct the file and pull it again, then discard it"
            raise PullRefused(CANNOT, where=where, do=do)
        return release


@step(retries=2)
def release_rows(
    actor: str, at: datetime, *, source_id: str = "", pull_uid: str = "", reason: str = ""
) -> list[Release]:
    """Run every open row of a source, of a pull or with a reason again, each pull's in a transaction of its own."""
    if not (source_id or pull_uid or reason):
        raise NotFound("nothing says which rows", do="name a row's number, a source, a pull or a reason")
    with open_workplace() as work:
        with reading(work.store) as session:
            rows = sorted(quarantined(session, source_id, "open", pull_uid, reason), key=_sheet)
            sheets = [[row.quarantine_id for row in group] for _, group in groupby(rows, key=_sheet)]
        name = _named(work, actor, at, pull_uid or source_id or "quarantine")
        return [release for numbers in sheets for release in _release_sheet(work, numbers, name, at)]


@step(retries=2)
def discard_row(quarantine_id: int, actor: str, at: datetime, reason: str) -> Release:
    """Put a row aside for good, with a reason; it stays in its pull's account as quarantined."""
    if not reason.strip():
        raise MoveRefused("a row is discarded for a reason", where=f"Q-{quarantine_id}", do="say why; it is kept")
    with open_workplace() as work, _repairing(work, actor, at, f"Q-{quarantine_id}") as (session, name):
        row = find_row(session, quarantine_id, hold=True)
        settle(row, DISCARDED, name, at, reason)
        put_on_record(session, row, DISCARDED, name, at, note=reason)
        return Release(quarantine_id, "quarantine", [])


@contextmanager
def _repairing(work: Workplace, actor: str, at: datetime, about: str) -> Iterator[tuple[Session, str]]:
    """A transaction, and the name of who repairs in it, who has been let in before it began. Raises NotAllowed."""
    name = _named(work, actor, at, about)
    with transaction(work.store) as session:
        yield session, name


def _named(work: Workplace, actor: str, at: datetime, about: str) -> str:
    return actor if actor == OPERATOR else admit(work, actor, Right.RUN, at, about).name


def _release_sheet(work: Workplace, numbers: Sequence[int], actor: str, at: datetime) -> list[Release]:
    """What somebody settled since we looked is left alone."""
    with transaction(work.store) as session:
        rows = [find_row(session, number, hold=True) for number in numbers]
        still_open = [row for row in rows if row.state == "open"]
        return _run_again(work, session, still_open, actor, at, {}) if still_open else []


def _run_again(
    work: Workplace,
    session: Session,
    rows: Sequence[QuarantinedRow],
    actor: str,
    at: datetime,
    repairs: dict[str, str],
) -> list[Release]:
    # held, so that two who release rows of one pull do not both count from the same number
    pull = session.get_one(Pull, rows[0].pull_uid, with_for_update=True)
    feed = work.register(pull.source_id) if pull.kind == "changes" else work.source(pull.source_id)
    return run_again(intake_of(work, at), session, feed, Attempt(pull, rows, actor, at, repairs))


def _sheet(row: QuarantinedRow) -> tuple[str, str]:
    return row.pull_uid, row.sheet


def _shown(row: QuarantinedRow) -> dict[str, Any]:
    return {name: getattr(row, name) for name in SHOWN}


def _entry(entry: QuarantineEntry) -> dict[str, Any]:
    return {name: getattr(entry, name) for name in AUDITED}
