"""Writing down a pull: what it read, what it set aside, and where its source stands now."""

from collections import Counter
from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy import Select, delete, func, insert, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from heardback.store.pulls import AGAIN, Pull, QuarantinedRow, RawFile, SourceState
from heardback.store.responses import Response, Revision

T = TypeVar("T")
LANDED, FAILED = "landed", "failed"
NEWEST = 200  # pulls that show how often anything comes
_LANDED_NEW = (Pull.status == LANDED, Pull.kind != AGAIN)  # what is read again says nothing of how a source stands


def pull_uid_of(source_id: str, digest: str, earlier: int = 0, *, again: bool = False) -> str:
    """The id of the pull of one file of one source; the same bytes have the same one until they landed (`earlier`).

    What is read again has ids of its own: a run that pulls the file meanwhile does not find its id taken.
    """
    return f"{source_id}-{digest[:12]}" + ("-again" if again else "") + (f"-{earlier + 1}" if earlier else "")


def landings(session: Session, source_id: str, digest: str, *, again: bool = False) -> int:
    """How often a source's file with this hash landed before, or was read `again`."""
    query = select(func.count()).where(Pull.source_id == source_id, Pull.file_sha256 == digest, Pull.status == LANDED)
    return session.scalar(query.where((Pull.kind == AGAIN) if again else (Pull.kind != AGAIN))) or 0


def last_landed(session: Session, source_id: str) -> str | None:
    """The hash of the file of a source that landed last; None where it did not as the newest, and withdrew nothing."""
    query = select(Pull.file_sha256, Pull.as_newest).where(Pull.source_id == source_id, *_LANDED_NEW)
    last = session.execute(query.order_by(Pull.ordinal.desc()).limit(1)).first()
    return last.file_sha256 if last and last.as_newest else None


def rows_of_last_landing(session: Session, pull: Pull) -> int:
    """How many rows the pull read that landed before this one, of the same source; 0 where there was none."""
    return session.scalar(_newest_before(pull, Pull.rows_read)) or 0


def contents_of_last_landing(session: Session, pull: Pull) -> set[str]:
    """The hashes of what was said in the pull that landed before this one, of the same source."""
    before = _newest_before(pull, Pull.pull_uid).scalar_subquery()
    return set(session.scalars(select(Revision.content_hash).where(Revision.pull_uid == before)))


def names_landed(session: Session, source_id: str) -> list[str]:
    """The names of a source's files that have landed."""
    query = select(Pull.file_name).where(Pull.source_id == source_id, Pull.status == LANDED)
    return list(session.scalars(query.distinct()))


def days_landed(session: Session, source_id: str, zone: ZoneInfo) -> list[date]:
    """The newest days, by a source's own clock, on which anything new came, ascending."""
    query = select(Pull.started_at).where(Pull.source_id == source_id, *_LANDED_NEW)
    brought = query.where(Pull.rows_read > Pull.duplicates).order_by(Pull.started_at.desc()).limit(NEWEST)
    return sorted({at.astimezone(zone).date() for at in session.scalars(brought)})


def note_raw_file(session: Session, digest: str, size: int, at: datetime) -> None:
    """Put it on record that these bytes are kept."""
    if session.get(RawFile, digest) is None:
        session.add(RawFile(sha256=digest, size=size, kept_at=at))


def write_pull(session: Session, pull: Pull) -> None:
    """Write a pull, in the place of an earlier attempt at the same file that failed; a source's state moves with it.

    From here on no other run lands anything of the source, so nothing that is looked up is revised meanwhile.
    """
    hold_source(session, pull.source_id)
    session.execute(delete(Pull).where(Pull.pull_uid == pull.pull_uid, Pull.status == FAILED))
    last = session.scalar(select(func.max(Pull.ordinal)).where(Pull.source_id == pull.source_id))
    pull.ordinal = (last or 0) + 1
    session.add(pull)
    session.flush()
    if pull.status == LANDED:
        state = _state_of(session, pull.source_id, pull.started_at)
        state.landed_at, state.cursor = pull.started_at, pull.cursor or state.cursor


def set_aside(session: Session, pull: Pull, rows: Sequence[dict[str, Any]]) -> None:
    """Quarantine rows: each a dict of sheet, row_number, cells, reasons and, where it may come again, fingerprint."""
    common = {
        "pull_uid": pull.pull_uid,
        "source_id": pull.source_id,
        "file_name": pull.file_name,
        "fingerprint": "",
        "state": "open",
        "decided_by": "",
        "decided_at": None,
        "note": "",
    }
    if rows:
        session.execute(insert(QuarantinedRow), [common | row for row in rows])


def known_bad(
    session: Session, source_id: str, fingerprints: Collection[str], *, settled: bool = False
) -> Counter[str]:
    """How many rows with each fingerprint were quarantined before, whatever was done with them since.

    Of `settled` ones we know whose they are: they have landed, or somebody gave them up. One that was released and only
    said what was on record already is none of these: nothing tells of which answer it is.
    """
    query = (
        select(QuarantinedRow.fingerprint, func.count())
        .where(QuarantinedRow.source_id == source_id, QuarantinedRow.fingerprint.in_(set(fingerprints) - {""}))
        .group_by(QuarantinedRow.fingerprint)
    )
    if settled:
        of_it = (Revision.pull_uid == QuarantinedRow.pull_uid) & (Revision.row_number == QuarantinedRow.row_number)
        landed = select(Revision.revision).where(of_it, Revision.sheet == QuarantinedRow.sheet).exists()
        query = query.where((QuarantinedRow.state == "discarded") | landed)
    return Counter(dict(session.execute(query).tuples().all()))


def cursor_of(session: Session, source_id: str) -> str:
    """From where to ask a source on: what the last drop that landed said; '' at first."""
    state = session.get(SourceState, source_id)
    return state.cursor if state else ""


def hold_source(session: Session, source_id: str) -> None:
    """Have no other run land anything of a source before this transaction is over; one that is at it is waited for."""
    session.get(SourceState, source_id, with_for_update=True)


def note_cursor(session: Session, source_id: str, cursor: str, at: datetime) -> None:
    """Ask on from here the next time; in the transaction of the rows that it stands behind (G3)."""
    _state_of(session, source_id, at).cursor = cursor


def note_known_by(session: Session, source_id: str, columns: str, at: datetime) -> str:
    """Put on record by which columns a source's responses are known; returns by which they were before."""
    state = _state_of(session, source_id, at)
    before = columns if state.known_by is None else state.known_by
    state.known_by = columns
    return before


def note_source(session: Session, source_id: str, at: datetime, *, landed: bool = False, failed: bool = False) -> None:
    """Note that a source was looked at; `landed` where something came for which there is no pull to write.

    Where nothing failed, the reason of an earlier failure is over.
    """
    state = _state_of(session, source_id, at)
    state.checked_at = at
    state.landed_at = at if landed else state.landed_at
    state.last_error = state.last_error if failed else ""


def note_failure(session: Session, source_id: str, error: str, at: datetime) -> None:
    """Keep why a look at a source failed; where it stands and from where to ask on stay as they were."""
    _state_of(session, source_id, at).last_error = error


def _newest_before(pull: Pull, column: InstrumentedAttribute[T]) -> Select[tuple[T]]:
    """A column of the pull that landed last of the same source, but for this one."""
    query = select(column).where(Pull.source_id == pull.source_id, *_LANDED_NEW)
    return query.where(Pull.pull_uid != pull.pull_uid).order_by(Pull.ordinal.desc()).limit(1)


def _state_of(session: Session, source_id: str, at: datetime) -> SourceState:
    state = session.get(SourceState, source_id)
    if state is None:
        state = SourceState(source_id=source_id, checked_at=at, landed_at=None, cursor="", last_error="")
        session.add(state)
    return state


def last_heard_on(session: Session, source_id: str) -> date | None:
    """The newest day on which anything was said through a source."""
    return session.scalar(select(func.max(Response.heard_on)).where(Response.source_id == source_id))
