"""Rows in quarantine: what is wrong with them, and a second chance under a corrected row or map."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pandas as pd

from config.maps import SourceMap
from heardback.domain.table import Table
from heardback.errors import NotFound, PullRefused
from heardback.landing.source_files import check_table, land_gated
from heardback.store import Pull, QuarantinedRow
from heardback.store.quarantine import came_since, check_open, find_row, quarantined, settle
from heardback.store.session import reading, transaction
from tasks.pull import intake_of
from tasks.step import step
from tasks.workplace import Workplace, open_workplace

SHOWN = ("quarantine_id", "source_id", "file_name", "sheet", "row_number", "reasons", "state", "decided_by", "note")


@dataclass(frozen=True)
class Release:
    """Where a released row ended, or why it stays where it is."""

    quarantine_id: int
    fate: str
    reasons: list[str]


@step()
def list_quarantine(source_id: str = "", state: str = "open") -> list[dict[str, Any]]:
    """Rows in quarantine, with their reasons and without their cells."""
    with open_workplace() as work, reading(work.store) as session:
        return [_shown(row) for row in quarantined(session, source_id, state)]


@step()
def show_row(quarantine_id: int) -> dict[str, Any]:
    """One row with its raw cells: they may be a child's words, so they go to the person who asked and nowhere else."""
    with open_workplace() as work, reading(work.store) as session:
        row = find_row(session, quarantine_id)
        return _shown(row) | {"cells": row.cells}


@step(retries=2)
def release_row(quarantine_id: int, actor: str, at: datetime, repairs: dict[str, str]) -> Release:
    """Run one row again through its source's present map, with repaired cells where given; it lands or stays."""
    with open_workplace() as work, transaction(work.store) as session:
        row = find_row(session, quarantine_id)
        check_open(row)
        pull = session.get_one(Pull, row.pull_uid)
        source, table, intake = _source(work, pull), _table(row, repairs), intake_of(work, at)
        gated, _ = check_table(intake, _lenient(source), table, row.file_name, came_at=pull.started_at)
        if gated.quarantined:
            return Release(quarantine_id, "quarantine", list(gated.quarantined[0].reasons))
        settle(row, "released", actor, at, ", ".join(f"{column} repaired" for column in repairs))
        revise = not came_since(session, gated.accepted.responses["response_uid"].iloc[0], pull)
        landed = land_gated(intake, session, source, pull, gated, revise=revise)
        pull.duplicates += landed.known
        return Release(quarantine_id, next(iter(landed.fates), "duplicate"), [])


@step(retries=2)
def discard_row(quarantine_id: int, actor: str, at: datetime, reason: str) -> Release:
    """Put a row aside for good, with a reason; it stays in its pull's account as quarantined."""
    with open_workplace() as work, transaction(work.store) as session:
        settle(find_row(session, quarantine_id), "discarded", actor, at, reason)
        return Release(quarantine_id, "quarantine", [])


def _table(row: QuarantinedRow, repairs: dict[str, str]) -> Table:
    unknown = sorted(set(repairs) - set(row.cells))
    if unknown:
        known = ", ".join(row.cells)
        raise NotFound(f"the row has no column '{unknown[0]}'", where=f"Q-{row.quarantine_id}", do=f"one of: {known}")
    if not row.cells or "cell 1" in row.cells:
        raise PullRefused(
            "the row's cells could not be told apart, so it cannot be run again",
            where=f"{row.file_name}, row {row.row_number}",
            do="correct the file and pull it again, then discard this row",
        )
    frame = pd.DataFrame([row.cells | repairs], index=[row.row_number]).astype("str")
    return Table(frame, row.file_name, row.sheet)


def _source(work: Workplace, pull: Pull) -> SourceMap:
    if pull.kind == "changes":
        raise PullRefused(
            "a row of a register is put right in the register", where=pull.file_name, do="correct it and pull it again"
        )
    return work.source(pull.source_id)


def _lenient(source: SourceMap) -> SourceMap:
    """One row is all bad or all good: the share of bad rows says nothing here."""
    return source.model_copy(update={"max_bad_share": 1.0})


def _shown(row: QuarantinedRow) -> dict[str, Any]:
    return {name: getattr(row, name) for name in SHOWN}
