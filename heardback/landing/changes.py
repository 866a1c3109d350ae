"""The changes of a register into the store: new ones added, edited ones revised, those that left it marked."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import pandas as pd
from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from heardback.errors import PullRefused
from heardback.landing.batch import plain_records
from heardback.store import Change, ChangeRevision, Pull
from heardback.store.chunks import in_chunks

CONTENT = (
    "service_code", "changed_on", "title", "you_said", "we_did", "status", "owner", "due_on", "recommendation",
    "action", "evidence",
)  # fmt: skip


@dataclass(frozen=True)
class RecordedChanges:
    """How many changes of a register were new, edited since, or known already.

    `moved` counts the edited ones whose status is another, as (from, to); `back` those that had left and are there
    again, whether edited or not.
    """

    new: int
    edited: int
    known: int
    moved: Counter[tuple[str, str]] = field(default_factory=Counter)
    back: int = 0


def record_changes(
    session: Session, register_id: str, pull_uid: str, changes: pd.DataFrame, at: datetime, *, revise: bool = True
) -> RecordedChanges:
    """Store the rows of a register that was read, each under the id `<register>:<record id>`.

    `revise` False takes every stored change for known (an old file of a snapshot register).
    """
    named = changes.assign(change_uid=register_id + ":" + changes["record_id"], register_id=register_id)
    landing = named.assign(pull_uid=pull_uid, recorded_at=at).drop(columns="sheet")
    stored = _stored(session, list(landing["change_uid"]))
    is_new = ~landing["change_uid"].isin(stored)
    hashes = landing["change_uid"].map({uid: change.content_hash for uid, change in stored.items()})
    edited = landing[~is_new & (hashes != landing["content_hash"]) & revise]
    moved = Counter(
        (stored[uid].status, status)
        for uid, status in zip(edited["change_uid"], edited["status"], strict=True)
        if stored[uid].status != status
    )
    if is_new.any():
        session.execute(insert(Change), plain_records(landing[is_new].assign(revision=1)))
    for row in plain_records(edited):
        _revise(session, stored[str(row["change_uid"])], row, at)
    back = _bring_back(stored.values()) if revise else 0
    new = int(is_new.sum())
    return RecordedChanges(new, len(edited), len(landing) - new - len(edited), moved, back)


def find_left(
    session: Session, register_id: str, present: Collection[str], nameless: int, max_share: float
) -> list[str]:
    """Every change of a register, not marked before, whose record id is not in `present`.

    Any of them may be one of the `nameless` bad rows. Raises PullRefused where more than `max_share` of what is on
    record would go: a register cut short looks the same.
    """
    query = select(Change.record_id).where(Change.register_id == register_id, Change.left_at.is_(None))
    on_record = set(session.scalars(query))
    left = sorted(on_record.difference(present))
    if left and (not present or (len(left) - nameless) / len(on_record) > max_share):
        raise PullRefused(
            f"{len(left)} of {len(on_record)} changes on record are no longer in this register; {max_share:.0%} may go",
            where=register_id,
            do="check that the file is whole; if it is, raise gate.max_vanished_share in policy.yaml for this pull",
        )
    return left


def mark_left(session: Session, register_id: str, record_ids: Collection[str], at: datetime) -> int:
    """Mark changes that their register no longer has; what they say stays. Returns how many were not marked before."""
    marked = 0
    for chunk in in_chunks(sorted(record_ids)):
        there = (Change.register_id == register_id) & Change.record_id.in_(chunk) & Change.left_at.is_(None)
        marked += len(session.scalars(select(Change.change_uid).where(there)).all())
        session.execute(update(Change).where(there).values(left_at=at))
    return marked


def came_later(session: Session, register_id: str, record_ids: Sequence[str], pull: Pull) -> set[str]:
    """The changes (by record id) of which a later pull than this one brought what is on record."""
    query = (
        select(Change.record_id)
        .join(Pull, Pull.pull_uid == Change.pull_uid)
        .where(Change.register_id == register_id, Pull.started_at > pull.started_at)
    )
    chunks = in_chunks(record_ids)
    return {record for chunk in chunks for record in session.scalars(query.where(Change.record_id.in_(chunk)))}


def _bring_back(stored: Iterable[Change]) -> int:
    gone = [change for change in stored if change.left_at is not None]
    for change in gone:
        change.left_at = None
    return len(gone)


def _revise(session: Session, change: Change, row: dict[str, object], at: datetime) -> None:
    before = {name: getattr(change, name) for name in CONTENT}
    plain = {name: value.isoformat() if hasattr(value, "isoformat") else value for name, value in before.items()}
    session.add(
        ChangeRevision(
            change_uid=change.change_uid,
            revision=change.revision,
            pull_uid=change.pull_uid,
            content=plain,
            replaced_at=at,
        )
    )
    for name, value in row.items():
        setattr(change, name, value)
    change.revision += 1


def _stored(session: Session, change_uids: list[str]) -> dict[str, Change]:
    found: dict[str, Change] = {}
    for chunk in in_chunks(change_uids):
        query = select(Change).where(Change.change_uid.in_(chunk))
        found |= {change.change_uid: change for change in session.scalars(query)}
    return found
