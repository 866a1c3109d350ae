"""A register's file: read, its bad rows set aside, and its changes recorded in one transaction."""

from collections import defaultdict
from typing import Any

from sqlalchemy.orm import Session

from config.registers import RegisterMap
from heardback.checks.raw import fingerprints, quarantine_cells
from heardback.domain.events import ChangeRecorded
from heardback.domain.plurals import some
from heardback.domain.table import Note, Table, told
from heardback.errors import PullRefused
from heardback.landing.account import FileReport
from heardback.landing.bad_rows import WAITING, note_may_stand, unsettled
from heardback.landing.changes import RecordedChanges, find_left, mark_left, record_changes
from heardback.landing.extent import Extent
from heardback.landing.intake import Arrived, Intake
from heardback.ledger import LONDON
from heardback.sources.connectors import table_of
from heardback.sources.mapping.registers import ReadRegister, read_register
from heardback.sources.tables.headers import clean_header
from heardback.store import Pull, outbox
from heardback.store.pull_records import LANDED, known_bad, set_aside, write_pull
from heardback.store.session import transaction


def land_register(
    intake: Intake, register: RegisterMap, pull: Pull, arrived: Arrived, *, newest: bool = True
) -> FileReport:
    """Record the changes of one register's file. Raises Unreadable or PullRefused, with nothing of it kept.

    A change stays on record when its row is deleted: people may have been told of it. It is marked, where the map or
    the connector says that this is all there is, or where the tool says that it was deleted. `newest` says that no
    later file of the register is waiting: only the newest snapshot may edit or mark.
    """
    table = table_of(register, arrived.hand_over(intake), pull.file_name)
    read = read_register(register, table, intake.council.directory, intake.at.astimezone(LONDON).date())
    extent = Extent.of(register, arrived.whole, newest=newest)
    pull.rows_read, pull.blank_rows = table.rows_read, table.blank_rows
    bad = bad_rows(table, read)
    with transaction(intake.store) as session:
        write_pull(session, pull)
        waiting = _quarantine(session, register, pull, bad, snapshot=extent.snapshot)
        left = _left(intake, session, pull, read, bad) if extent.is_present else set(read.deleted)
        recorded = record_changes(
            session, register.code, pull.pull_uid, read.changes, intake.at, revise=not extent.is_outdated
        )
        marked = mark_left(session, register.code, left, intake.at)
        _add_notes(pull, [*table.notes, *read.notes], recorded, marked, waiting)
        others = len(read.repeats) + len(table.deleted) + waiting
        return _balance(session, intake, pull, recorded, len(bad) - waiting, others)


def bad_rows(table: Table, read: ReadRegister) -> list[dict[str, Any]]:
    """The rows to set aside, with the cells that the map names and every reason."""
    reasons: dict[int, list[str]] = defaultdict(list)
    for fault in read.faults:
        reasons[fault.row_number].append(fault.reason)
    for broken in table.broken:
        reasons[broken.row_number] = [broken.reason]
    cells = quarantine_cells(table, read.kept_columns, list(reasons))
    prints, sheet = fingerprints(table, cells), table.sheet
    return [
        {"sheet": sheet, "row_number": row, "cells": dict(cells[row]), "reasons": why, "fingerprint": prints[row]}
        for row, why in sorted(reasons.items())
    ]


def _quarantine(
    session: Session, register: RegisterMap, pull: Pull, bad: list[dict[str, Any]], *, snapshot: bool
) -> int:
    """Set aside what is new of the bad rows; returns how many were set aside before and have not changed since."""
    known = known_bad(session, register.code, [row["fingerprint"] for row in bad])
    header = clean_header(register.columns.id)
    fresh = []
    for row in bad:
        comes_again = snapshot or bool(row["cells"].get(header, "").strip())
        if comes_again and known[row["fingerprint"]]:
            known[row["fingerprint"]] -= 1
        else:
            fresh.append(row)
    set_aside(session, pull, fresh)
    return len(bad) - len(fresh)


def _left(intake: Intake, session: Session, pull: Pull, read: ReadRegister, bad: list[dict[str, Any]]) -> set[str]:
    """What is no longer in the register; nobody can say while one of its bad rows may be any change."""
    prints = (row["fingerprint"] for row in bad if row["row_number"] in read.nameless)
    nameless, share = unsettled(session, pull.source_id, prints), intake.council.policy.gate.max_vanished_share
    left = find_left(session, pull.source_id, read.ids | read.deleted, nameless, share)
    if left and nameless:
        note_may_stand(pull, "register", some(len(left), "change"), nameless, "marked")
        return set(read.deleted)
    return {*left, *read.deleted}


def _balance(
    session: Session, intake: Intake, pull: Pull, recorded: RecordedChanges, bad: int, others: int
) -> FileReport:
    """The sum that must hold before any is kept (G1); `others` repeat, are of deleted changes, or known to be bad."""
    pull.duplicates = recorded.known + others
    fates = {"new": recorded.new, "edited": recorded.edited, "duplicate": pull.duplicates, "quarantine": bad}
    if sum(fates.values()) != pull.rows_read:
        raise PullRefused(f"{pull.rows_read} rows read, {sum(fates.values())} accounted for", where=pull.file_name)
    if news := recorded.new + recorded.edited:
        event = ChangeRecorded(f"heardback.register.{pull.source_id}", pull.source_id, news)
        outbox.record(session, [event], intake.at)
    shown = {fate: rows for fate, rows in fates.items() if rows}
    return FileReport(pull.file_name, LANDED, pull.rows_read, shown, notes=pull.remarks)


def _add_notes(pull: Pull, found: list[Note], recorded: RecordedChanges, marked: int, waiting: int) -> None:
    pull.add_notes(told(found))
    for (before, after), changes in sorted(recorded.moved.items()):
        pull.add_note("status", f"went from {before} to {after} ({some(changes, 'change')})")
    if waiting:
        pull.add_note("waiting", f"{waiting} {WAITING}")
    if recorded.back:
        pull.add_note("back", f"in the register again ({some(recorded.back, 'change')})")
    if marked:
        pull.add_note("left", f"no longer in the register; marked and kept ({some(marked, 'change')})")
