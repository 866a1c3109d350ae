"""A register's file: read, its bad rows set aside, and its changes recorded in one transaction."""

from collections import defaultdict

from config.maps import RegisterMap
from heardback.domain.events import ChangeRecorded
from heardback.domain.table import Table
from heardback.errors import PullRefused
from heardback.landing.account import FileReport
from heardback.landing.changes import record_changes
from heardback.landing.intake import Intake
from heardback.sources.connector import Fetched
from heardback.sources.connectors import table_of
from heardback.sources.registers import ReadRegister, read_register
from heardback.store import Pull, outbox
from heardback.store.pull_records import LANDED, set_aside, write_pull
from heardback.store.session import transaction


def land_register(intake: Intake, register: RegisterMap, pull: Pull, fetched: Fetched) -> FileReport:
    """Record the changes of one register's file. Raises Unreadable or PullRefused, with nothing of it kept.

    A change stays on record when its row is deleted: people may have been told of it.
    """
    table = table_of(register, fetched.content, pull.file_name)
    read = read_register(register, table, intake.council.directory)
    pull.rows_read, pull.blank_rows = table.rows_read, table.blank_rows
    pull.notes = [{"code": note.code, "what": note.what} for note in [*table.notes, *read.notes]]
    bad = _bad_rows(table, read)
    with transaction(intake.store) as session:
        write_pull(session, pull)
        set_aside(session, pull, bad)
        recorded = record_changes(session, register.code, pull.pull_uid, read.changes, intake.at)
        pull.duplicates = recorded.known + len(table.deleted)
        fates = {"new": recorded.new, "edited": recorded.edited, "duplicate": pull.duplicates, "quarantine": len(bad)}
        if sum(fates.values()) != table.rows_read:
            raise PullRefused(f"{table.rows_read} rows read, {sum(fates.values())} accounted for", where=pull.file_name)
        if recorded.new + recorded.edited:
            event = ChangeRecorded(f"heardback.register.{register.code}", register.code, recorded.new + recorded.edited)
            outbox.record(session, [event], intake.at)
    notes = [str(note["what"]) for note in pull.notes]
    shown = {fate: rows for fate, rows in fates.items() if rows}
    return FileReport(pull.file_name, LANDED, pull.rows_read, shown, notes=notes)


def _bad_rows(table: Table, read: ReadRegister) -> list[dict[str, object]]:
    reasons: dict[int, list[str]] = defaultdict(list)
    for fault in read.faults:
        reasons[fault.row_number].append(fault.reason)
    cells = {row: {str(k): str(v) for k, v in table.frame.loc[row].items()} for row in reasons}
    for broken in table.broken:
        reasons[broken.row_number] = [broken.reason]
        cells[broken.row_number] = {f"cell {place}": cell for place, cell in enumerate(broken.cells, start=1)}
    return [
        {"sheet": table.sheet, "row_number": row, "cells": cells[row], "reasons": reasons[row]}
        for row in sorted(reasons)
    ]
