"""A source's file: read, mapped, held against its contract, and landed in one transaction (G3)."""

import json
from dataclasses import replace
from pathlib import Path

from sqlalchemy.orm import Session

from config.maps import SourceMap
from config.policy import VolumePolicy
from heardback.checks.gate import Held
from heardback.domain.plurals import some
from heardback.domain.table import Table, told
from heardback.domain.words import Fate
from heardback.landing.accepted import Landing
from heardback.landing.account import FileReport, balance_pull
from heardback.landing.bad_rows import note_may_stand, unsettled
from heardback.landing.batch import Landed
from heardback.landing.checked import Checked, check_table
from heardback.landing.extent import Extent
from heardback.landing.intake import Arrived, Intake
from heardback.landing.readers import Readers, reading_beside
from heardback.landing.reading import Reading, reading_of
from heardback.landing.same_records import Ids
from heardback.landing.vanished import find_vanished
from heardback.landing.volume import watch_rows
from heardback.landing.withdrawals import withdraw, withdraw_deleted
from heardback.sources.connectors import table_of
from heardback.sources.folders.ordering import place_of
from heardback.sources.mapping.outline import deleted_responses
from heardback.store import Pull
from heardback.store.collecting import passing_over_what_stands
from heardback.store.pull_records import names_landed, write_pull
from heardback.store.raw_files import unwritable
from heardback.store.retention import ERASED, forget_raw_files
from heardback.store.session import transaction

PASSED_OVER = "erased on request stood in it: passed over, and the file's bytes are not kept"


def land_file(intake: Intake, source: SourceMap, pull: Pull, arrived: Arrived, *, newest: bool) -> FileReport:
    """Land one file of a source. Raises Unreadable or PullRefused, with nothing of it kept.

    `newest` says that no later file of the source is waiting: only the newest snapshot may edit or withdraw.
    """
    with passing_over_what_stands():
        table = table_of(source, arrived.hand_over(intake), pull.file_name)
        with reading_beside(reading_of(intake.council), len(table.cells)) as readers:
            extent = Extent.of(source, arrived.whole, newest=newest)
            return _land_table(intake, source, pull, table, readers, extent)


def _land_table(
    intake: Intake, source: SourceMap, pull: Pull, table: Table, readers: Reading | Readers, extent: Extent
) -> FileReport:
    checked = check_table(intake, source, table, pull.file_name)
    _keep_results(intake.validation, pull.pull_uid, checked.held)
    deleted = deleted_responses(source, table)
    pull.rows_read, pull.blank_rows = table.rows_read, table.blank_rows
    pull.add_notes(told(checked.held.notes))
    with transaction(intake.store) as session:
        write_pull(session, pull)
        _watch(session, source, pull, intake.council.policy.volume, extent)
        taken_back = withdraw_deleted(session, pull, deleted, intake.at)
        vanished = _vanished(intake, session, pull, checked) if extent.is_present else []
        share, revise = intake.council.policy.gate.max_vanished_share, not extent.is_outdated
        ids = None if extent.in_part else Ids.of(session, source, pull, share)
        landed = Landing(intake, session, pull, checked, revise, extent.snapshot, readers, ids).land()
        withdraw(session, vanished, intake.at)
        landed = _with_deleted(landed, taken_back, len(deleted))
        if landed.erased:
            pull.add_note(ERASED, f"{landed.erased} {PASSED_OVER}")
        report = balance_pull(session, pull, checked.held, landed, len(vanished) + taken_back, intake.at)
    if landed.erased:
        forget_raw_files(intake.raw, [pull.file_sha256])  # a kill before this leaves it to the nightly `forget`
    return report


def _watch(session: Session, source: SourceMap, pull: Pull, policy: VolumePolicy, extent: Extent) -> None:
    """Hold a file against those that landed before it: its rows, and whether a snapshot comes after a newer one."""
    if not extent.in_part:  # nothing new since yesterday is no alarm
        watch_rows(session, source, pull, policy, snapshot=extent.is_present)
    if extent.is_outdated and _has_landed_newer(session, source, pull):
        what = "an older snapshot than one that has landed: it adds what was missing, and edits and withdraws nothing"
        pull.add_note("older_snapshot", what)


def _has_landed_newer(session: Session, source: SourceMap, pull: Pull) -> bool:
    place = place_of(source.file, pull.file_name)
    return any(place_of(source.file, name) > place for name in names_landed(session, source.source))


def _vanished(intake: Intake, session: Session, pull: Pull, checked: Checked) -> list[str]:
    """What to take back; nothing where a row that stays behind may be one of them."""
    held = checked.held
    prints = [row.fingerprint for row in held.quarantined if row.row_number in held.nameless]
    nameless = unsettled(session, pull.source_id, prints)
    vanished = find_vanished(session, checked, nameless, intake.council.policy.gate.max_vanished_share)
    if vanished and nameless:
        note_may_stand(pull, "snapshot", some(len(vanished), "response"), nameless, "withdrawn")
        return []
    return vanished


def _with_deleted(landed: Landed, taken_back: int, rows: int) -> Landed:
    """With the rows of deleted records: not counted where words were taken back, known where there were none."""
    not_counted = landed.fates.get(Fate.NOT_COUNTED, 0) + taken_back
    fates = {**landed.fates, str(Fate.NOT_COUNTED): not_counted}
    return replace(landed, fates=fates, known=landed.known + rows - taken_back)


def _keep_results(folder: Path, pull_uid: str, held: Held) -> None:
    """Great Expectations' verdicts beside the database: row numbers and counts, never a cell."""
    results = json.dumps(held.results, indent=2, default=str)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{pull_uid}.json").write_text(results, encoding="utf-8")
    except OSError as error:
        raise unwritable(folder, error) from None
