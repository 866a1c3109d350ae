"""Erasing what one response said, everywhere that it stands; that it was there, and what was done, stays (G13)."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pandas as pd
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from config.maps import SourceMap
from heardback.errors import HeardbackError, MoveRefused
from heardback.landing.edits import withdraw_comments
from heardback.landing.intake import Intake
from heardback.ledger import SYSTEM, Ledger
from heardback.sources.connectors import table_of
from heardback.sources.feed import map_hash
from heardback.sources.mapping.columns import clean_cells, place_questions
from heardback.sources.mapping.keys import uids_of_cells
from heardback.sources.mapping.own_words import hashes_on_record
from heardback.store import Choice, Comment, Erasure, Loop, Membership, Pull, Rating, Response, Revision
from heardback.store.erasures import erased_among, held
from heardback.store.quarantine import DISCARDED, find_row, put_on_record, quarantined_cells, settle
from heardback.store.raw_files import path_of, read
from heardback.store.retention import comments_unread, forget_comments, forget_quarantine, raw_files_unused
from heardback.store.sealing import seal_of

WITHDRAWN = "erased on request"
BLANK = {"source_record_id": "", "submitted_at": None, "content_hash": "", "deletion_code": ""}


@dataclass(frozen=True)
class Wish:
    """Whose wish it is that which response be erased: `actor` is the person who was let in to do it."""

    response_uid: str
    source_id: str
    actor: str
    reason: str
    at: datetime


def check_may_erase(session: Session, response_uid: str, source_id: str) -> None:
    """Raise MoveRefused where it is held, or a trained person has not settled what it says."""
    now = held(session)
    if response_uid in now.responses or source_id in now.sources:
        what = response_uid if response_uid in now.responses else source_id
        raise MoveRefused("it is under a legal hold", where=what, do=f"heardback forget --lift {what}, then again")
    unread = set(comments_unread(session)) & set(_comments(session, response_uid))
    if unread:
        raise MoveRefused(
            f"{len(unread)} of its comments are held back and no trained person has settled them",
            where=response_uid,
            do="heardback safeguarding queue; erase it when they were read",
        )


def erase(session: Session, source: SourceMap | None, wish: Wish) -> tuple[int, list[int]]:
    """Erase a response in the caller's transaction; returns how many comments it had, and its quarantined rows.

    Of the response its service, days, scores and bands stay, which are figures; whatever was typed goes.
    """
    comments = _comments(session, wish.response_uid)
    homes = dict(session.execute(_homes(comments)).tuples().all())
    forget_comments(session, comments)
    _withdraw(session, Ledger(session, SYSTEM, wish.at), homes)
    session.execute(update(Rating).where(Rating.response_uid == wish.response_uid).values(raw_value=""))
    session.execute(update(Choice).where(Choice.response_uid == wish.response_uid).values(option_code=""))
    session.execute(update(Revision).where(Revision.response_uid == wish.response_uid).values(content_hash=""))
    rows = _erase_rows(session, source, wish)
    gone = {**BLANK, "withdrawn_at": wish.at}
    session.execute(update(Response).where(Response.response_uid == wish.response_uid).values(gone))
    if not erased_among(session, [wish.response_uid]):
        about = {"response_uid": wish.response_uid, "source_id": wish.source_id}
        session.add(Erasure(**about, at=wish.at, actor=wish.actor, reason=wish.reason))
    return len(comments), rows


def quarantined_rows_of(
    source: SourceMap, rows: Iterable[tuple[int, Mapping[str, Any]]], response_uids: Collection[str]
) -> list[int]:
    """Those of these quarantined rows that are of one of these responses, as their natural key says."""
    numbered = list(rows)
    uids = uids_of_cells(source, [cells for _, cells in numbered])
    return [number for (number, _), uid in zip(numbered, uids, strict=True) if uid in response_uids]


def raw_files_holding(
    session: Session, intake: Intake, source_id: str, response_uid: str, content_hash: str
) -> list[str]:
    """Hashes of the kept files of a source in which a response stands, or may stand; its hash from before it went.

    Ask once it is erased: whatever lands from then on is passed over, and its file deleted. Each file is read again by
    the source's present map; where that is not the map that it landed by, or does not fit, or rows of it are broken,
    nobody can say what stands in it, and it counts as holding it.
    """
    source = intake.council.sources.get(source_id)
    pulls = session.scalars(select(Pull).where(Pull.source_id == source_id))
    kept = [pull for pull in pulls if path_of(intake.raw, pull.file_sha256).exists()]
    found = {pull.file_sha256 for pull in kept if _holds(intake, source, pull, response_uid, content_hash)}
    return sorted(found | set(raw_files_unused(session, intake.raw, intake.at)))


def _holds(intake: Intake, source: SourceMap | None, pull: Pull, response_uid: str, content: str) -> bool:
    if source is None or pull.map_sha256 != map_hash(source):
        return True
    try:
        table = table_of(source, read(intake.raw, pull.file_sha256, seal_of(intake.store)), pull.file_name)
        placed, _ = place_questions(source, table)
        cells = clean_cells(source, table, placed)
    except HeardbackError:
        return True
    if table.broken or len(table.deleted):
        return True
    if source.natural_key:
        return response_uid in uids_of_cells(source, _records(cells))
    return not content or content in set(hashes_on_record(cells, placed))


def _records(cells: pd.DataFrame) -> list[dict[str, str]]:
    return [{str(column): str(cell) for column, cell in row.items()} for row in cells.to_dict("records")]


def _withdraw(session: Session, ledger: Ledger, homes: Mapping[str, str]) -> None:
    """Its voices leave what they were answered in; what is held back and settled ends where it is nobody else's."""
    withdraw_comments(session, ledger, homes, WITHDRAWN)
    for loop_uid in sorted(set(homes.values())):
        loop = session.get_one(Loop, loop_uid)
        if loop.state == "withheld" and loop.voices == sum(home == loop_uid for home in homes.values()):
            ledger.move(loop_uid, "withdraw", reason=WITHDRAWN)


def _erase_rows(session: Session, source: SourceMap | None, wish: Wish) -> list[int]:
    if source is None:
        return []
    numbers = quarantined_rows_of(source, quarantined_cells(session, source.source), {wish.response_uid})
    for number in numbers:
        row = find_row(session, number, hold=True)
        if row.state == "open":
            settle(row, DISCARDED, wish.actor, wish.at, WITHDRAWN)
            put_on_record(session, row, DISCARDED, wish.actor, wish.at, note=WITHDRAWN)
    session.flush()
    forget_quarantine(session, numbers)
    return numbers


def _comments(session: Session, response_uid: str) -> Sequence[str]:
    query = select(Comment.comment_uid).where(Comment.response_uid == response_uid)
    return session.scalars(query.order_by(Comment.comment_uid)).all()


def _homes(comments: Sequence[str]) -> Any:
    query = select(Membership.comment_uid, Membership.loop_uid)
    return query.where(Membership.comment_uid.in_(comments), Membership.left_on.is_(None))
