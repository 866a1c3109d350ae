"""The changes of a register into the store: new ones added, edited ones revised, the rest left alone."""

from dataclasses import dataclass
from datetime import datetime

import pandas as pd
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from heardback.landing.arrivals import in_chunks
from heardback.landing.batch import plain_records
from heardback.store import Change, ChangeRevision

CONTENT = (
    "service_code", "changed_on", "title", "you_said", "we_did", "status", "owner", "due_on", "recommendation",
    "action", "evidence",
)  # fmt: skip


@dataclass(frozen=True)
class RecordedChanges:
    """How many changes of a register were new, edited since, or known already."""

    new: int
    edited: int
    known: int


def record_changes(
    session: Session, register_id: str, pull_uid: str, changes: pd.DataFrame, at: datetime
) -> RecordedChanges:
    """Store the rows of a register that was read, each under the id `<register>:<record id>`."""
    named = changes.assign(change_uid=register_id + ":" + changes["record_id"], register_id=register_id)
    landing = named.assign(pull_uid=pull_uid, recorded_at=at).drop(columns="sheet")
    stored = _stored(session, list(landing["change_uid"]))
    is_new = ~landing["change_uid"].isin(stored)
    hashes = landing["change_uid"].map({uid: change.content_hash for uid, change in stored.items()})
    edited = landing[~is_new & (hashes != landing["content_hash"])]
    if is_new.any():
        session.execute(insert(Change), plain_records(landing[is_new].assign(revision=1)))
    for row in plain_records(edited):
        _revise(session, stored[str(row["change_uid"])], row, at)
    return RecordedChanges(int(is_new.sum()), len(edited), len(landing) - int(is_new.sum()) - len(edited))


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
