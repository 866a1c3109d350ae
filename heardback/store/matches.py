"""Suggested matches, and what people said of them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from heardback.domain.words import Standing
from heardback.errors import NotFound
from heardback.store.changes import Change, Match
from heardback.store.chunks import in_chunks


def propose(session: Session, rows: Sequence[dict[str, Any]], at: datetime) -> int:
    """Write suggestions (loop_uid, change_uid, comment_uid, probability, score, band, reasons, matcher).

    A pair that a person judged stays as it is and is not asked again; one that still waits takes the figures of today.
    Returns how many are new.
    """
    on_record = _on_record(session, sorted({str(row["loop_uid"]) for row in rows}))
    blank = {"standing": str(Standing.PROPOSED), "proposed_at": at, "judged_by": "", "judged_at": None}
    new = [row | blank for row in rows if _pair(row) not in on_record]
    waiting = [row for row in rows if on_record.get(_pair(row)) == Standing.PROPOSED]
    if waiting:
        session.execute(update(Match), waiting)
    if new:
        session.execute(insert(Match), new)
    return len(new)


def _pair(row: Mapping[str, Any]) -> tuple[str, str]:
    return str(row["loop_uid"]), str(row["change_uid"])


def judge(session: Session, loop_uid: str, change_uid: str, standing: Standing, actor: str, at: datetime) -> Match:
    """Note what a person said of a pair. A pair that nobody suggested may be confirmed all the same.

    Raises NotFound where there is no such change, or where a pair is rejected that was never suggested.
    """
    match = session.get(Match, (loop_uid, change_uid))
    if match is None and standing == Standing.REJECTED:
        raise NotFound(f"{change_uid} was not suggested for {loop_uid}", do=f"heardback loop show {loop_uid}")
    if session.get(Change, change_uid) is None:
        raise NotFound(f"there is no change {change_uid}", do="heardback changes, or correct its id (register:number)")
    if match is None:
        match = Match(
            loop_uid=loop_uid, change_uid=change_uid, comment_uid="", probability=1.0, score=0.0, band="chosen",
            reasons=["chosen by a person"], matcher="person", proposed_at=at, features=[],
        )  # fmt: skip
        session.add(match)
    match.standing, match.judged_by, match.judged_at = str(standing), actor, at
    return match


def suggestions_for(session: Session, loop_uid: str) -> Sequence[Match]:
    """The matches of one loop, the likeliest first."""
    query = select(Match).where(Match.loop_uid == loop_uid).order_by(Match.probability.desc(), Match.change_uid)
    return session.scalars(query).all()


def offered(session: Session, loop_uid: str, at_least: float) -> tuple[str, str, str] | None:
    """The likeliest change that nobody has judged for a loop: its id, title and service; None where there is none."""
    query = (
        select(Change.change_uid, Change.title, Change.service_code)
        .join(Match, Match.change_uid == Change.change_uid)
        .where(Match.loop_uid == loop_uid, Match.standing == Standing.PROPOSED, Match.probability >= at_least)
        .where(Change.left_at.is_(None))
        .order_by(Match.probability.desc(), Change.change_uid)
        .limit(1)
    )
    row = session.execute(query).first()
    return (row.change_uid, row.title, row.service_code) if row else None


def _on_record(session: Session, loop_uids: list[str]) -> dict[tuple[str, str], str]:
    found: dict[tuple[str, str], str] = {}
    for chunk in in_chunks(loop_uids):
        query = select(Match.loop_uid, Match.change_uid, Match.standing).where(Match.loop_uid.in_(chunk))
        found |= {(loop_uid, change_uid): standing for loop_uid, change_uid, standing in session.execute(query)}
    return found
