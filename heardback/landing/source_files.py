"""A source's file: read, mapped, held against its contract, and landed in one transaction (G3)."""

import json
from dataclasses import replace
from pathlib import Path

import pandas as pd
from sqlalchemy.orm import Session

from config.maps import SourceMap
from config.policy import VolumePolicy
from heardback.checks.gate import Held
from heardback.domain.lifecycle import OPEN
from heardback.domain.record import Mapped
from heardback.domain.table import Table, told
from heardback.domain.words import Fate
from heardback.landing.account import FileReport, balance_pull
from heardback.landing.alike import renamed, tell_apart
from heardback.landing.bad_rows import erased_rows, quarantine
from heardback.landing.batch import Arriving, Batch, Landed, Terms, arrive, land, total, with_heard_on
from heardback.landing.checked import Checked, check_table
from heardback.landing.codes import hashed_codes
from heardback.landing.concerns import concerns_in, with_wordless
from heardback.landing.edits import Untouched
from heardback.landing.extent import Extent
from heardback.landing.intake import Arrived, Intake
from heardback.landing.loops import UNANSWERED
from heardback.landing.readers import Readers, reading_beside
from heardback.landing.reading import Reading, reading_of
from heardback.landing.urgent import Unheard, Urgency
from heardback.landing.volume import note_heard, watch_rows
from heardback.landing.withdrawals import Unasked, check_still_asked, find_vanished, withdraw, withdraw_deleted
from heardback.sources.connectors import table_of
from heardback.sources.mapping import deleted_responses
from heardback.sources.ordering import day_in_name, place_of
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
        with reading_beside(reading_of(intake.council), len(table.cells)) as reading:
            extent = Extent.of(source, arrived.whole, newest=newest)
            return _land_table(intake, source, pull, table, reading, extent)


def _land_table(
    intake: Intake, source: SourceMap, pull: Pull, table: Table, reading: Reading | Readers, extent: Extent
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
        vanished = _vanished(intake, session, source, checked) if extent.is_present else []
        landed = land_checked(
            intake,
            session,
            source,
            pull,
            checked,
            revise=not extent.is_outdated,
            snapshot=extent.snapshot,
            reading=reading,
        )
        withdraw(session, vanished, intake.at)
        landed = _with_deleted(landed, taken_back, len(deleted))
        if landed.erased:
            pull.add_note(ERASED, f"{landed.erased} {PASSED_OVER}")
        report = balance_pull(session, pull, checked.held, landed, len(vanished) + taken_back, intake.at)
    if landed.erased:
        forget_raw_files(intake.raw, [pull.file_sha256])  # a kill before this leaves it to the nightly `forget`
    return report


def land_checked(
    intake: Intake,
    session: Session,
    source: SourceMap,
    pull: Pull,
    checked: Checked,
    *,
    revise: bool,
    snapshot: bool | None = None,
    reading: Reading | Readers | None = None,
    names: pd.Series | None = None,
) -> Landed:
    """Set the quarantined rows aside and land the others; `snapshot` where it is not the map's mode that says so.

    `reading` is who reads the comments: this process, where nobody is named. `names` are the ids of the rows' responses
    (by row number) where they are known.
    """
    snapshot = source.mode == "snapshot" if snapshot is None else snapshot
    held, checked = checked.held, checked.placed_as_on_record(session)
    here = reading_of(intake.council)
    waiting = quarantine(session, source, pull, held.quarantined, Urgency.of(checked, here), snapshot=snapshot)
    bad_and_erased = len(erased_rows(session, source, held.quarantined))
    again = names is not None
    if names is None and not (snapshot or source.natural_key):
        names = tell_apart(session, source, pull, checked.contents, checked.on_record)
    outline = checked.mapper.outline
    unasked = Unasked.of(source, outline.placed, outline.notes)
    if revise and unasked.lost:
        share = _share_that_may_go(intake, snapshot=snapshot, again=again)
        check_still_asked(session, source, unasked, set(checked.uids if names is None else names), share)
    parts = checked.accepted() if names is None else (renamed(part, names) for part in checked.accepted())
    reading, unheard = reading or here, Unheard(source.source, here)
    arriving = (_arriving(intake, session, source, pull, part, reading, unheard, revise=revise) for part in parts)
    terms = _terms(intake, source, unasked)
    landed = total(land(session, part, intake.at, terms) for part in reading.ahead(arriving))
    pull.add_notes(unheard.told())
    return replace(landed, waiting=waiting, erased=landed.erased + bad_and_erased)


def _terms(intake: Intake, source: SourceMap, unasked: Unasked) -> Terms:
    return Terms(
        hold_all=(source.hold or intake.council.policy.screening.hold) == "all",
        joinable=OPEN if intake.council.policy.matching.repeats == "link" else UNANSWERED,
        untouched=Untouched(unasked.standing, intake.heard_before(source.source)),
    )


def _share_that_may_go(intake: Intake, *, snapshot: bool, again: bool) -> float:
    """Of the answers to a repeat that has no column: in what is read again those very columns had them."""
    if again:
        return 0.0
    return intake.council.policy.gate.max_vanished_share if snapshot else 1.0


def _arriving(
    intake: Intake,
    session: Session,
    source: SourceMap,
    pull: Pull,
    accepted: Mapped,
    reading: Reading | Readers,
    unheard: Unheard,
    *,
    revise: bool,
) -> Arriving:
    """What was accepted of one part of a file, on its way in."""
    codes = hashed_codes(accepted.responses["deletion_code"], source.source, intake.code_key)
    responses = with_heard_on(_dated(source, accepted.responses, pull.file_name)).assign(deletion_code=codes)
    note_heard(session, source, responses)
    raised = concerns_in(source, accepted.ratings, accepted.choices)
    comments = with_wordless(accepted.comments, raised)
    batch = Batch(pull.pull_uid, responses, comments, accepted.ratings, accepted.choices, raised)
    arriving = arrive(session, batch, reading, revise=revise)
    unheard.look(accepted, arriving.arrivals.landing)
    return arriving


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


def _vanished(intake: Intake, session: Session, source: SourceMap, checked: Checked) -> list[str]:
    """Only a snapshot without a bad row says what has vanished: an id in quarantine is not gone."""
    if checked.held.quarantined:
        return []
    share = intake.council.policy.gate.max_vanished_share
    return find_vanished(session, source.source, list(checked.uids), share)


def _with_deleted(landed: Landed, taken_back: int, rows: int) -> Landed:
    """With the rows of deleted records: not counted where words were taken back, known where there were none."""
    not_counted = landed.fates.get(Fate.NOT_COUNTED, 0) + taken_back
    fates = {**landed.fates, str(Fate.NOT_COUNTED): not_counted}
    return replace(landed, fates=fates, known=landed.known + rows - taken_back)


def _dated(source: SourceMap, responses: pd.DataFrame, file_name: str) -> pd.DataFrame:
    """Responses without a day of their own were heard by the day of the batch that brought them."""
    if not day_in_name(source.file, file_name):
        return responses
    precision = responses["date_precision"].where(responses["submitted_on"].notna(), "batch")
    return responses.assign(date_precision=precision)


def _keep_results(folder: Path, pull_uid: str, held: Held) -> None:
    """Great Expectations' verdicts beside the database: row numbers and counts, never a cell."""
    results = json.dumps(held.results, indent=2, default=str)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{pull_uid}.json").write_text(results, encoding="utf-8")
    except OSError as error:
        raise unwritable(folder, error) from None
