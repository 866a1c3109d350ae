"""What is held back and nobody has opened: who took it, and who was told of it when."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from heardback.store.access import FLAGGED, AccessEntry, ReadingEntry, held_since
from heardback.store.loops import HistoryEntry, Loop, Membership
from heardback.store.messages import Nudge, NudgedLoop
from heardback.store.nudges import ABANDONED_AFTER
from heardback.store.responses import Comment

OPENED, TOOK, PASSED_ON = "withheld", "acknowledge", "pass_on"


def unopened(session: Session) -> list[dict[str, Any]]:
    """Withheld loops that nobody has opened since, as HeldLoop takes them: since when, and who took each.

    Those that the list found something in, or that a person held back; not what is held only because all is held.
    """
    since = held_since(session)
    flagged = _alarming(session, since)
    opened = _newest(session, OPENED, since) | _readings(session, since)
    taken = {uid: max(entries, key=lambda entry: entry.entry_id) for uid, entries in _takings(session, since).items()}
    rows = {loop.loop_uid: loop for loop in session.scalars(select(Loop).where(Loop.loop_uid.in_(flagged)))}
    return [
        {
            "loop_uid": uid,
            "service_code": loop.service_code,
            "raised_at": since[uid],
            "kept_from_service": loop.kept_from_service,
            **_taking(taken.get(uid), since[uid]),
        }
        for uid, loop in sorted(rows.items())
        if not (uid in opened and opened[uid] >= since[uid])
    ]


def last_told(session: Session, kind: str, loop_uids: Collection[str], at: datetime) -> dict[tuple[str, str], datetime]:
    """(loop, person) and when an alert of that kind last went out, or is going out at this moment."""
    query = (
        select(NudgedLoop.loop_uid, Nudge.recipient, Nudge.state, Nudge.sent_at, Nudge.claimed_at)
        .join(Nudge, Nudge.nudge_uid == NudgedLoop.nudge_uid)
        .where(Nudge.kind == kind, NudgedLoop.loop_uid.in_(loop_uids))
        .order_by(Nudge.claimed_at)
    )
    told: dict[tuple[str, str], datetime] = {}
    for loop_uid, recipient, state, sent_at, claimed_at in session.execute(query):
        if state == "sent":
            told[loop_uid, recipient] = sent_at
        elif state == "claimed" and at - claimed_at < ABANDONED_AFTER:
            told[loop_uid, recipient] = claimed_at
    return told


def _alarming(session: Session, loop_uids: Collection[str]) -> list[str]:
    found = (
        select(Membership.loop_uid)
        .join(Comment, Comment.comment_uid == Membership.comment_uid)
        .where(Membership.left_on.is_(None), Membership.loop_uid.in_(loop_uids), Comment.verdict == FLAGGED)
    )
    by_hand = select(HistoryEntry.loop_uid).where(HistoryEntry.move == "withhold", HistoryEntry.loop_uid.in_(loop_uids))
    return sorted({*session.scalars(found), *session.scalars(by_hand)})


def _newest(session: Session, wanted: str, loop_uids: Collection[str]) -> dict[str, datetime]:
    query = (
        select(AccessEntry.about, func.max(AccessEntry.at))
        .where(AccessEntry.wanted == wanted, AccessEntry.allowed, AccessEntry.about.in_(loop_uids))
        .group_by(AccessEntry.about)
    )
    return dict(session.execute(query).tuples().all())


def _readings(session: Session, loop_uids: Collection[str]) -> dict[str, datetime]:
    query = select(ReadingEntry.loop_uid, func.max(ReadingEntry.at)).where(ReadingEntry.loop_uid.in_(loop_uids))
    return dict(session.execute(query.group_by(ReadingEntry.loop_uid)).tuples().all())


def _takings(session: Session, loop_uids: Collection[str]) -> dict[str, list[AccessEntry]]:
    query = select(AccessEntry).where(
        AccessEntry.wanted.in_((TOOK, PASSED_ON)), AccessEntry.allowed, AccessEntry.about.in_(loop_uids)
    )
    found: dict[str, list[AccessEntry]] = {}
    for entry in session.scalars(query):
        found.setdefault(entry.about, []).append(entry)
    return found


def _taking(entry: AccessEntry | None, raised_at: datetime) -> dict[str, Any]:
    if entry is None or entry.at < raised_at - timedelta(minutes=1):
        return {}
    return {"taken_at": entry.at, "taken_by": entry.actor, "passed_on": entry.wanted == PASSED_ON}
