"""What has been kept long enough: counted first, then forgotten; history and figures stay (G14)."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from sqlalchemy import func, or_, select, update
from sqlalchemy.orm import Session

from heardback.domain.words import LoopState
from heardback.store import raw_files
from heardback.store.loops import Loop, Membership
from heardback.store.pulls import Pull, QuarantinedRow, RawFile
from heardback.store.responses import Comment, Response

FORGOTTEN = {"text": "", "fingerprint": "", "reasons": [], "identifying": []}


def comments_due(session: Session, heard_before: date) -> list[str]:
    """Comments whose words were heard before a day, or taken back where they came from, and that still have them.

    Never those behind an open safeguarding flag.
    """
    query = (
        select(Comment.comment_uid)
        .join(Response, Response.response_uid == Comment.response_uid)
        .join(Membership, (Membership.comment_uid == Comment.comment_uid) & Membership.left_on.is_(None))
        .join(Loop, Loop.loop_uid == Membership.loop_uid)
        .where(or_(Response.heard_on < heard_before, Response.withdrawn_at.is_not(None)))
        .where(Comment.text != "", Loop.state != LoopState.WITHHELD)
        .order_by(Comment.comment_uid)
    )
    return list(session.scalars(query))


def comments_with_words(session: Session) -> int:
    """How many comments still have their words."""
    return session.scalar(select(func.count()).where(Comment.text != "")) or 0


def forget_comments(session: Session, comment_uids: Sequence[str]) -> None:
    """Forget the words of these comments, and everything made from them."""
    for start in range(0, len(comment_uids), 5_000):
        chunk = comment_uids[start : start + 5_000]
        session.execute(update(Comment).where(Comment.comment_uid.in_(chunk)).values(FORGOTTEN))


def raw_files_due(session: Session, kept_before: datetime, folder: Path) -> list[str]:
    """Hashes of raw files kept since before an instant whose bytes are still there."""
    query = select(RawFile.sha256).where(RawFile.kept_at < kept_before).order_by(RawFile.sha256)
    return [digest for digest in session.scalars(query) if raw_files.path_of(folder, digest).exists()]


def forget_raw_files(folder: Path, digests: Sequence[str]) -> None:
    """Delete the bytes; that they were kept, and their hash, stays on record."""
    for digest in digests:
        raw_files.path_of(folder, digest).unlink(missing_ok=True)


def forget_strays(session: Session, folder: Path, at: datetime) -> None:
    """Delete what a killed run left half written, or whole and not on record; after a day nobody will take it up."""
    on_record = set(session.scalars(select(RawFile.sha256)))
    for path in folder.glob("*/*"):
        is_old = datetime.fromtimestamp(path.stat().st_mtime, UTC) < at - timedelta(days=1)
        if is_old and path.name not in on_record:
            path.unlink(missing_ok=True)


def quarantine_due(session: Session, pulled_before: datetime) -> list[int]:
    """Quarantined rows of pulls from before an instant that still have their cells."""
    query = (
        select(QuarantinedRow.quarantine_id, QuarantinedRow.cells)
        .join(Pull, Pull.pull_uid == QuarantinedRow.pull_uid)
        .where(Pull.started_at < pulled_before)
        .order_by(QuarantinedRow.quarantine_id)
    )
    return [number for number, cells in session.execute(query) if cells]


def forget_quarantine(session: Session, numbers: Sequence[int]) -> None:
    """Forget the cells of these rows; that they were there, and why, stays on record."""
    for start in range(0, len(numbers), 5_000):
        chunk = numbers[start : start + 5_000]
        session.execute(update(QuarantinedRow).where(QuarantinedRow.quarantine_id.in_(chunk)).values(cells={}))
