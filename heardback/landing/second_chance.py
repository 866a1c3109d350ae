"""Quarantined rows run again under their source's present map: those that pass land, the others stay with new reasons.

The account of their pull balances throughout: a row that lands leaves quarantine in the same transaction (G1).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

import pandas as pd
from sqlalchemy.orm import Session

from config.maps import SourceMap
from config.registers import RegisterMap
from heardback.checks.kinds import is_about_rows
from heardback.checks.own import askable
from heardback.domain.events import ChangeRecorded, CommentsLanded
from heardback.domain.table import Table
from heardback.errors import NotFound, PullRefused
from heardback.landing.accepted import Landing
from heardback.landing.changes import came_later, record_changes
from heardback.landing.checked import Checked, check_table
from heardback.landing.intake import Intake
from heardback.sources.feed import Feed, map_hash
from heardback.sources.mapping.faults import REASONS
from heardback.sources.mapping.keys import BETWEEN
from heardback.sources.mapping.registers import read_register
from heardback.store import Pull, QuarantinedRow, outbox
from heardback.store.quarantine import RELEASED, STAYED, came_since, fates_of, landed_as, put_on_record, settle
from heardback.store.waiting import meet_again

CANNOT = "the row's cells could not be told apart, or are no longer kept, so it cannot be run again"


@dataclass(frozen=True)
class Release:
    """Where a released row ended, or why it stays where it is."""

    quarantine_id: int
    fate: str
    reasons: list[str]


@dataclass(frozen=True)
class Attempt:
    """Rows of one sheet of one pull, and who gives them a second chance with which repaired cells."""

    pull: Pull
    rows: Sequence[QuarantinedRow]
    actor: str
    at: datetime
    repairs: Mapping[str, str]


def run_again(intake: Intake, session: Session, feed: Feed, attempt: Attempt) -> list[Release]:
    """Run rows again, all at once; each lands or stays. Raises PullRefused where the map no longer fits them."""
    able = [row for row in attempt.rows if row.cells and "cell 1" not in row.cells]
    fates, stay = _run(intake, session, feed, attempt, _table(able, attempt.repairs)) if able else ({}, {})
    stay |= {row.row_number: [CANNOT] for row in attempt.rows if row not in able}
    digest = map_hash(feed)
    return [
        _settle(session, row, attempt, fates.get(row.row_number, "duplicate"), stay, digest) for row in attempt.rows
    ]


def _table(rows: Sequence[QuarantinedRow], repairs: Mapping[str, str]) -> Table:
    first = rows[0]
    unknown = sorted(set(repairs) - set(first.cells))
    if unknown:
        known = ", ".join(first.cells)
        raise NotFound(f"the row has no column '{unknown[0]}'", where=f"Q-{first.quarantine_id}", do=f"one of: {known}")
    cells = [{**row.cells, **repairs} for row in rows]
    frame = pd.DataFrame(cells, index=[row.row_number for row in rows]).fillna("").astype("str")
    return Table(frame, first.file_name, first.sheet)


def _run(
    intake: Intake, session: Session, feed: Feed, attempt: Attempt, table: Table
) -> tuple[dict[int, str], dict[int, list[str]]]:
    """Where the rows ended that landed, by row number, and why the others stay."""
    if isinstance(feed, RegisterMap):
        return _changes(intake, session, feed, attempt, table)
    return _responses(intake, session, feed, attempt, table)


def _responses(
    intake: Intake, session: Session, source: SourceMap, attempt: Attempt, table: Table
) -> tuple[dict[int, str], dict[int, list[str]]]:
    pull = attempt.pull
    checked = check_table(intake, _as_kept(for_rows_alone(source), table), table, table.name, came_at=pull.started_at)
    bad = {row.row_number: list(row.reasons) for row in checked.held.quarantined}
    uids, taken = checked.uids, _taken(session, checked, pull)
    bad |= {row: [REASONS["clashing_id"]] for row in uids.index[taken]}
    checked, uids = checked.without(uids.index[taken]), uids[~taken]
    older = uids.isin(came_since(session, uids, pull))
    comments = 0
    for revise, others in ((True, older), (False, ~older)):
        if not others.all():
            landed = Landing(intake, session, pull, checked.without(uids.index[others]), revise).land()
            pull.duplicates += landed.known
            comments += landed.comments
    pull.duplicates += len(checked.held.repeats)
    if comments:
        resource = f"heardback.source.{source.source}"
        outbox.record(session, [CommentsLanded(resource, source.source, comments)], attempt.at)
    return {row: fate for (sheet, row), fate in fates_of(session, pull).items() if sheet == table.sheet}, bad


def _taken(session: Session, checked: Checked, pull: Pull) -> "pd.Series[bool]":
    """Which rows have, now that they are repaired, the id of another row of their file, and say something else."""
    landed = checked.uids.map(landed_as(session, set(checked.uids), pull))
    rows = pd.concat([part.responses[["row_number", "content_hash"]] for part in checked.accepted()])
    said = rows.set_index("row_number")["content_hash"].reindex(landed.index)
    return landed.notna() & said.notna() & (landed != said)


def _changes(
    intake: Intake, session: Session, register: RegisterMap, attempt: Attempt, table: Table
) -> tuple[dict[int, str], dict[int, list[str]]]:
    """What a later file of the register said of a change is not written over."""
    if attempt.repairs:
        what = "a row of a register is put right in the register"
        raise PullRefused(what, where=table.name, do="correct it and pull it again")
    read, pull = read_register(register, table, intake.council.directory), attempt.pull
    bad: dict[int, list[str]] = {}
    for fault in read.faults:
        bad.setdefault(fault.row_number, []).append(fault.reason)
    since = came_later(session, register.code, list(read.changes["record_id"]), pull)
    fresh = read.changes[~read.changes["record_id"].isin(since)]
    recorded = record_changes(session, register.code, pull.pull_uid, fresh, attempt.at)
    pull.duplicates += recorded.known + len(read.changes) - len(fresh) + len(read.repeats)
    if news := recorded.new + recorded.edited:
        meet_again(session, pull.pull_uid)
        resource = f"heardback.register.{register.code}"
        outbox.record(session, [ChangeRecorded(resource, register.code, news)], attempt.at)
    return dict.fromkeys(map(int, fresh["row_number"]), "change"), bad


def for_rows_alone(source: SourceMap) -> SourceMap:
    """A few rows say nothing of the file that they are from: no share of bad ones, no rule on the whole table."""
    rules = tuple(rule for rule in source.expectations if is_about_rows(rule.expect))
    return source.model_copy(update={"max_bad_share": 1.0, "expectations": rules})


def _as_kept(source: SourceMap, table: Table) -> SourceMap:
    """What a row's kept cells can be asked: never what it held of identity, nor of columns that a map names later."""
    return source.model_copy(update={"expectations": askable(table, source.expectations)})


def _settle(
    session: Session, row: QuarantinedRow, attempt: Attempt, fate: str, stay: Mapping[int, list[str]], digest: str
) -> Release:
    changed = _changed(row, attempt.repairs)
    note = ", ".join(f"{cell['column']} repaired" for cell in changed)
    if reasons := stay.get(row.row_number):
        row.reasons = reasons if reasons != [CANNOT] else row.reasons
        put_on_record(session, row, STAYED, attempt.actor, attempt.at, changed=changed, map_sha256=digest)
        return Release(row.quarantine_id, "quarantine", reasons)
    settle(row, RELEASED, attempt.actor, attempt.at, note)
    put_on_record(session, row, RELEASED, attempt.actor, attempt.at, note=note, changed=changed, map_sha256=digest)
    return Release(row.quarantine_id, fate, [])


def _changed(row: QuarantinedRow, repairs: Mapping[str, str]) -> list[dict[str, str]]:
    """Which cells were repaired: the column, and a hash of what stood there and of what stands there now."""
    return [
        {"column": column, "before": _hash(row, column, row.cells[column]), "after": _hash(row, column, cell)}
        for column, cell in repairs.items()
        if row.cells.get(column, cell) != cell  # a row whose cells cannot be told apart has no such column
    ]


def _hash(row: QuarantinedRow, column: str, cell: str) -> str:
    """Of the row and the column too: the same words in two rows do not look the same."""
    return sha256(f"{row.quarantine_id}{BETWEEN}{column}{BETWEEN}{cell}".encode()).hexdigest()
