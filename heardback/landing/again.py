"""What has landed, read once more under its source's present map, from the bytes that are kept.

A map that comes to hear own words, or a question more, changes nothing of what landed: those files are known by their
bytes. Here each answer is read again from the very row that it came from, so no older answer writes over a newer one,
and a response that now says more than is on record becomes a revision. All others stay as they are.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import pandas as pd
from sqlalchemy.orm import Session

from config.maps import SourceMap
from heardback.domain.plurals import some
from heardback.errors import PullRefused, Unreadable
from heardback.landing.accepted import Landing
from heardback.landing.account import FileReport, balance_pull
from heardback.landing.alike import renamed
from heardback.landing.checked import Checked, check_table
from heardback.landing.intake import UNCHANGED, Intake, blank_pull
from heardback.landing.second_chance import for_rows_alone
from heardback.sources.connectors import table_of
from heardback.store import Pull, raw_files
from heardback.store.pull_records import FAILED, hold_source, landings, pull_uid_of, write_pull
from heardback.store.pulls import AGAIN
from heardback.store.rereading import Brought, forgotten_among, record_ids_of, rows_as_brought, still_standing
from heardback.store.sealing import seal_of
from heardback.store.session import reading, transaction
from heardback.store.trouble import retried

GONE = "gone"  # of a file's report: its bytes are kept no longer


def read_again(intake: Intake, source: SourceMap) -> list[FileReport]:
    """Read again what stands on record of a source, pull by pull, each in a transaction of its own.

    A file whose bytes are kept no longer, or that the map no longer fits, is told and stops none of the others.
    """
    with reading(intake.store) as session:
        brought = rows_as_brought(session, source.source)
    return [_read(intake, source, each) for each in brought]


def _read(intake: Intake, source: SourceMap, brought: Brought) -> FileReport:
    name = brought.pull.file_name
    try:
        checked = _checked(intake, source, brought.pull)
        return retried(lambda: _land(intake, source, brought, checked), intake.wait)
    except FileNotFoundError:
        return FileReport(name, GONE)
    except (PullRefused, Unreadable) as refusal:
        return FileReport(name, FAILED, error=str(refusal))


def _checked(intake: Intake, source: SourceMap, pull: Pull) -> Checked:
    """The rows of the file as the present map has them; they came when they came."""
    content = raw_files.read(intake.raw, pull.file_sha256, seal_of(intake.store))
    table = table_of(source, content, pull.file_name)
    return check_table(intake, for_rows_alone(source), table, pull.file_name, came_at=pull.started_at)


def _land(intake: Intake, source: SourceMap, brought: Brought, checked: Checked) -> FileReport:
    with transaction(intake.store) as session:
        hold_source(session, source.source)
        stands = still_standing(session, brought.of(checked.mapper.table.sheet))  # others may have pulled meanwhile
        names = pd.Series({row: uid for row, (uid, _) in stands.items()}, dtype="str")
        before = intake.heard_before(source.source)
        going_on = _only(checked, names.index).placed_as_on_record(session)
        rows = _rows_that_say_more(session, going_on, stands, names, before)
        if not rows:
            return FileReport(brought.pull.file_name, UNCHANGED)
        checked = _only(checked, pd.Index(rows))
        pull = _pull(intake, session, source, brought.pull, len(rows))
        write_pull(session, pull)
        landed = Landing(intake, session, pull, checked, revise=True).land(names)
        return balance_pull(session, pull, checked.held, landed, 0, intake.at)


def _only(checked: Checked, rows: pd.Index) -> Checked:
    """The same with these of its rows and no others."""
    going_on = checked.mapper.outline.keys.index
    few = checked.without(going_on[~going_on.isin(rows)])
    return replace(few, held=replace(few.held, repeats=[]))


def _rows_that_say_more(
    session: Session, checked: Checked, stands: Mapping[int, tuple[str, str]], names: pd.Series, heard_before: date
) -> list[int]:
    """The numbers of the rows that the present map hashes otherwise, and whose words nobody's retention has taken."""
    found: list[int] = []
    for part in checked.accepted():
        rows = part.responses["row_number"]
        more = part.responses["content_hash"] != rows.map({row: content for row, (_, content) in stands.items()})
        if more.any():
            _check_whose(session, checked.mapper.source, part.responses[more], names)
            said = renamed(part, names).comments
            kept = ~rows.map(names).isin(forgotten_among(session, list(said["comment_uid"]), heard_before))
            found += [int(row) for row in rows[more & kept]]
    return found


def _check_whose(session: Session, source: SourceMap, responses: pd.DataFrame, names: pd.Series) -> None:
    """Raise PullRefused where rows bear another id than the responses that came from them.

    Then the map reads another list or table of the file, and one child's words would be put in the place of another's.
    """
    stands = responses["row_number"].map(names)
    known = responses["source_record_id"] == stands.map(record_ids_of(session, list(stands)))
    others = int((~known & (responses["response_uid"] != stands)).sum()) if source.natural_key else 0
    if others:
        raise PullRefused(
            f"{some(others, 'row')} would be other records than those on record from {'it' if others == 1 else 'them'}",
            where=source.source,
            do="does the map read another list, sheet or table of the file, or have another natural_key? Correct it",
        )


def _pull(intake: Intake, session: Session, source: SourceMap, before: Pull, rows: int) -> Pull:
    digest = before.file_sha256
    uid = pull_uid_of(source.source, digest, landings(session, source.source, digest, again=True), again=True)
    blank = blank_pull(intake, source, uid, before.file_name, digest)
    return Pull(**blank | {"kind": AGAIN, "as_newest": False, "cursor": "", "rows_read": rows})
