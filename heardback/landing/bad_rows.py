"""Bad rows set aside: once each, however often an export brings them."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace

from sqlalchemy.orm import Session

from config.maps import SourceMap
from heardback.checks.gate import Quarantined
from heardback.domain.plurals import some
from heardback.landing.urgent import REASON, Urgency, note_urgent
from heardback.sources.mapping.columns import keys_of
from heardback.sources.mapping.keys import uids_of_cells
from heardback.store import Pull
from heardback.store.erasures import erased_among
from heardback.store.pull_records import known_bad, set_aside

MAY_STAND = (
    "{gone} not in this {file}, and not {ending}: {bad} in quarantine without a readable id may be among them; repair "
    "or discard it"
)
WAITING = "bad as in an earlier export, with the same cells: in quarantine since then, and counted as known"


def quarantine(
    session: Session,
    source: SourceMap,
    pull: Pull,
    rows: Sequence[Quarantined],
    urgency: Urgency,
    *,
    snapshot: bool,
) -> int:
    """Set aside what is new of these rows; returns how many were set aside before and have not changed since.

    A snapshot brings them with every export, and so does a file of records with ids. Where neither tells, two rows
    with the same cells are two people's. What is urgent says so among its reasons.
    """
    again = [row for row in rows if row.fingerprint and (snapshot or _has_its_id(source, row))]
    known = known_bad(session, source.source, [row.fingerprint for row in again])
    waiting: set[int] = set()
    for row in again:
        if known[row.fingerprint]:
            known[row.fingerprint] -= 1
            waiting.add(row.row_number)
    erased = erased_rows(session, source, rows)
    new = [row for row in rows if row.row_number not in waiting]
    urgent = urgency.among([row for row in new if row.row_number not in erased])
    kept = [replace(row, cells={}) if row.row_number in erased else row for row in new]
    set_aside(session, pull, [_as_record(row, urgent=row.row_number in urgent) for row in kept])
    note_urgent(pull, len(urgent))
    if waiting:
        pull.add_note("waiting", f"{len(waiting)} {WAITING}")
    return len(waiting)


def unsettled(session: Session, source_id: str, fingerprints: Iterable[str]) -> int:
    """How many of the bad rows with these fingerprints nobody has released or given up."""
    rows = Counter(fingerprints)
    return (rows - known_bad(session, source_id, rows, settled=True)).total()


def note_may_stand(pull: Pull, file: str, gone: str, nameless: int, ending: str) -> None:
    """Have a pull say that what its file no longer has may be among the bad rows."""
    bad = some(nameless, "row")
    pull.add_note("may_stand", MAY_STAND.format(gone=gone, file=file, ending=ending, bad=bad))


def erased_rows(session: Session, source: SourceMap, rows: Sequence[Quarantined]) -> set[int]:
    """The numbers of those rows whose response was erased on request: of them the reasons are kept and no cell."""
    uids = uids_of_cells(source, [row.cells for row in rows])
    erased = erased_among(session, [uid for uid in uids if uid])
    return {row.row_number for row, uid in zip(rows, uids, strict=True) if uid in erased}


def _has_its_id(source: SourceMap, row: Quarantined) -> bool:
    """Whether a row's key is whole; in a broken row nobody can tell, but then all of its cells are the same."""
    cells = [row.cells[column] for column in keys_of(source) if column in row.cells]
    return bool(source.natural_key) and all(cell.strip() for cell in cells)


def _as_record(row: Quarantined, *, urgent: bool) -> dict[str, object]:
    return {
        "sheet": row.sheet,
        "row_number": row.row_number,
        "cells": dict(row.cells),
        "reasons": [*row.reasons, *([REASON] if urgent else [])],
        "fingerprint": row.fingerprint,
    }
