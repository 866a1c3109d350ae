"""What has been kept long enough: counted first, then forgotten; history and figures stay (G14)."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pandas as pd
from sqlalchemy import ColumnElement, Select, and_, func, or_, select, update
from sqlalchemy.orm import Session

from heardback.domain.words import LoopState
from heardback.store import raw_files
from heardback.store.access import SETTLED, ReadingEntry
from heardback.store.changes import Match
from heardback.store.chunks import in_chunks
from heardback.store.erasures import Erasure
from heardback.store.loops import Loop, Membership
from heardback.store.meanings import forget_meanings
from heardback.store.pulls import Pull, QuarantinedRow, RawFile
from heardback.store.responses import Comment, Response

FORGOTTEN = {"text": "", "fingerprint": "", "reasons": [], "identifying": [], "written_in": ""}
ERASED = "erased"  # the note of a pull in whose file an erased response stood


def months_before(at: datetime, months: int) -> datetime:
    """The same moment so many months earlier."""
    return (pd.Timestamp(at) - pd.DateOffset(months=months)).to_pydatetime()


def sources_on_record(session: Session) -> list[str]:
    """Every source and register of which anything was ever pulled."""
    return sorted(session.scalars(select(Pull.source_id).distinct()))


def comments_due(session: Session, heard_before: date, source_id: str = "", *, withdrawn: bool = True) -> list[str]:
    """Comments whose words were heard before a day, and that still have them; of one source where it is named.

    With `withdrawn` also those taken back where they came from, whenever. Never what is held back and not settled by a
    trained reader.
    """
    old = Response.heard_on < heard_before
    query = _with_words().where(or_(old, Response.withdrawn_at.is_not(None)) if withdrawn else old)
    query = query.where(Response.source_id == source_id) if source_id else query
    return list(session.scalars(query.where(~_unsettled()).order_by(Comment.comment_uid)))


def comments_unread(session: Session) -> list[str]:
    """Comments that no clock and nobody's wish erases: held back, and no trained reader has settled them."""
    return list(session.scalars(_with_words().where(_unsettled()).order_by(Comment.comment_uid)))


def comments_of(session: Session, response_uids: Collection[str]) -> set[str]:
    """The comments of these responses."""
    return set(session.scalars(select(Comment.comment_uid).where(Comment.response_uid.in_(response_uids))))


def comments_with_words(session: Session, source_id: str = "") -> int:
    """How many comments still have their words; of one source where it is named."""
    query = select(func.count()).select_from(Comment).where(Comment.text != "")
    if source_id:
        joined = query.join(Response, Response.response_uid == Comment.response_uid)
        query = joined.where(Response.source_id == source_id)
    return session.scalar(query) or 0


def forget_comments(session: Session, comment_uids: Sequence[str]) -> None:
    """Forget the words of these comments, and everything made from them: what a match found in them too."""
    for chunk in in_chunks(comment_uids):
        session.execute(update(Comment).where(Comment.comment_uid.in_(chunk)).values(FORGOTTEN))
        session.execute(update(Match).where(Match.comment_uid.in_(chunk)).values(reasons=[]))
        forget_meanings(session, chunk)


def raw_files_due(
    session: Session, kept_before: datetime, folder: Path, sources: Mapping[str, datetime] | None = None
) -> list[str]:
    """Hashes of raw files kept since before an instant whose bytes are still there.

    `sources` has the instants of those that have one of their own; a file that several brought stays as long as any of
    them keeps it.
    """
    users = _users(session)
    due = []
    for digest, kept_at in session.execute(select(RawFile.sha256, RawFile.kept_at).order_by(RawFile.sha256)):
        limits = [(sources or {}).get(user, kept_before) for user in users.get(digest, [""])]
        if kept_at < min(limits) and raw_files.path_of(folder, digest).exists():
            due.append(digest)
    return due


def raw_files_left_over(session: Session, folder: Path, at: datetime) -> list[str]:
    """Hashes of files that are kept though an erased response stands in them, or may.

    A kill came before their deletion; or they were refused, or never landed, so that nobody knows.
    """
    began = select(Erasure.source_id, func.min(Erasure.at)).group_by(Erasure.source_id)
    first = dict(session.execute(began).tuples().all())
    query = select(Pull.file_sha256, Pull.source_id, Pull.status, Pull.started_at, Pull.notes)
    left = set()
    for digest, source_id, status, started_at, notes in session.execute(query.where(Pull.source_id.in_(first))):
        refused = status == "failed" and started_at >= first[source_id]
        if refused or any(note.get("code") == ERASED for note in notes):
            left.add(digest)
    left |= set(raw_files_unused(session, folder, at)) if first else set()
    return sorted(digest for digest in left if raw_files.path_of(folder, digest).exists())


def raw_files_unused(session: Session, folder: Path, at: datetime) -> list[str]:
    """Hashes of files that no pull stands on; younger than a day, a run may be about to land them."""
    query = select(RawFile.sha256).where(RawFile.sha256.not_in(select(Pull.file_sha256)))
    digests = session.scalars(query.where(RawFile.kept_at < at - timedelta(days=1)).order_by(RawFile.sha256))
    return [digest for digest in digests if raw_files.path_of(folder, digest).exists()]


def sources_of(session: Session, response_uids: Collection[str]) -> set[str]:
    """The sources that these responses came from."""
    return set(session.scalars(select(Response.source_id).where(Response.response_uid.in_(response_uids))))


def raw_files_of(session: Session, source_ids: Collection[str]) -> set[str]:
    """Hashes of the files of these sources."""
    return set(session.scalars(select(Pull.file_sha256).where(Pull.source_id.in_(source_ids))))


def forget_raw_files(folder: Path, digests: Sequence[str]) -> None:
    """Delete the bytes; that they were kept, and their hash, stays on record."""
    for digest in digests:
        raw_files.path_of(folder, digest).unlink(missing_ok=True)


def forget_strays(session: Session, folder: Path, at: datetime) -> None:
    """Delete what a killed run left half written, or whole and not on record; after a day nobody will take it up."""
    on_record = set(session.scalars(select(RawFile.sha256)))
    for path in folder.glob("*/*"):
        with suppress(FileNotFoundError):  # a run that keeps a file has given it its name since we looked
            is_old = datetime.fromtimestamp(path.stat().st_mtime, UTC) < at - timedelta(days=1)
            if is_old and path.name not in on_record:
                path.unlink()


def quarantine_due(session: Session, pulled_before: datetime, source_id: str = "") -> list[int]:
    """Quarantined rows of pulls from before an instant that still have their cells; of one source where it is named."""
    query = (
        select(QuarantinedRow.quarantine_id, QuarantinedRow.cells)
        .join(Pull, Pull.pull_uid == QuarantinedRow.pull_uid)
        .where(Pull.started_at < pulled_before)
        .order_by(QuarantinedRow.quarantine_id)
    )
    query = query.where(QuarantinedRow.source_id == source_id) if source_id else query
    return [number for number, cells in session.execute(query) if cells]


def forget_quarantine(session: Session, numbers: Sequence[int]) -> None:
    """Forget the cells of these rows; that they were there, and why, stays on record."""
    for chunk in in_chunks(numbers):
        session.execute(update(QuarantinedRow).where(QuarantinedRow.quarantine_id.in_(chunk)).values(cells={}))


def verdicts_due(session: Session, pulled_before: datetime, folder: Path, source_id: str) -> list[str]:
    """A source's pulls from before an instant whose verdicts (row numbers and counts) still lie beside the database."""
    query = select(Pull.pull_uid).where(Pull.source_id == source_id, Pull.started_at < pulled_before)
    return [uid for uid in session.scalars(query.order_by(Pull.pull_uid)) if verdict_of(folder, uid).exists()]


def forget_verdicts(folder: Path, pull_uids: Sequence[str]) -> None:
    """Delete the verdicts of these pulls."""
    for uid in pull_uids:
        verdict_of(folder, uid).unlink(missing_ok=True)


def verdict_of(folder: Path, pull_uid: str) -> Path:
    """Where the verdicts on a pull lie."""
    return folder / f"{pull_uid}.json"


def _with_words() -> Select[tuple[str]]:
    return (
        select(Comment.comment_uid)
        .join(Response, Response.response_uid == Comment.response_uid)
        .join(Membership, (Membership.comment_uid == Comment.comment_uid) & Membership.left_on.is_(None))
        .join(Loop, Loop.loop_uid == Membership.loop_uid)
        .where(Comment.text != "")
    )


def _unsettled() -> ColumnElement[bool]:
    """Held back, and the newest reading of it, if there is one, settled nothing."""
    newest = select(func.max(ReadingEntry.reading_id)).group_by(ReadingEntry.comment_uid)
    settled = select(ReadingEntry.comment_uid).where(
        ReadingEntry.reading_id.in_(newest), ReadingEntry.outcome.in_(SETTLED)
    )
    return and_(Loop.state == LoopState.WITHHELD, Comment.comment_uid.not_in(settled))


def _users(session: Session) -> dict[str, list[str]]:
    users: dict[str, list[str]] = defaultdict(list)
    for digest, source_id in session.execute(select(Pull.file_sha256, Pull.source_id).distinct()):
        users[digest].append(source_id)
    return users
