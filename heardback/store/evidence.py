"""What a report needs beside the loops: matches that people judged, what changes have done, and sources."""

from collections.abc import Collection
from datetime import date, datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from heardback.domain.words import Standing
from heardback.store.changes import Change, ChangeRevision, Match
from heardback.store.pulls import AGAIN, Pull, QuarantinedRow
from heardback.store.responses import Response, Revision

BY_A_PERSON = "person"  # the matcher of a pair that nobody suggested


def judged_matches(session: Session, before: datetime) -> tuple[int, int]:
    """How many suggested matches people had confirmed before an instant, and how many they had judged."""
    query = (
        select(Match.standing, func.count())
        .where(Match.judged_at < before, Match.matcher != BY_A_PERSON)
        .group_by(Match.standing)
    )
    counts = dict(session.execute(query).tuples().all())
    confirmed = counts.get(Standing.CONFIRMED, 0)
    return confirmed, confirmed + counts.get(Standing.REJECTED, 0)


def evidence_of(session: Session, change_uids: Collection[str], before: datetime) -> dict[str, str]:
    """What the registers said, at an instant, that changes have done; staff wrote it. Changes without are left out."""
    wanted = sorted(change_uids)
    now = session.execute(select(Change.change_uid, Change.evidence).where(Change.change_uid.in_(wanted)))
    found = dict(now.tuples().all())
    replaced = (
        select(ChangeRevision.change_uid, ChangeRevision.content)
        .where(ChangeRevision.change_uid.in_(wanted), ChangeRevision.replaced_at >= before)
        .order_by(ChangeRevision.revision.desc())
    )
    # the last to be written is the oldest that was replaced since: the one that stood then
    found |= {change_uid: str(content.get("evidence", "")) for change_uid, content in session.execute(replaced)}
    return {change_uid: text for change_uid, text in found.items() if text}


def last_heard(session: Session, as_of: date) -> dict[str, date]:
    """For each source the newest day, up to `as_of`, on which anything was said through it."""
    query = select(Response.source_id, func.max(Response.heard_on)).where(Response.heard_on <= as_of)
    return dict(session.execute(query.group_by(Response.source_id)).tuples().all())


def pulls_until(session: Session, as_of: date, before: datetime) -> set[str]:
    """Pulls of responses that began before an instant, or that brought anything heard by the day before it.

    What came late belongs to the figures of its month, so its rows belong to their account.
    """
    begun = select(Pull.pull_uid).where(Pull.kind.in_(("responses", AGAIN)), Pull.started_at < before)
    late = (
        select(Revision.pull_uid)
        .join(Response, Response.response_uid == Revision.response_uid)
        .where(Response.heard_on <= as_of)
    )
    return set(session.scalars(begun)) | set(session.scalars(late.distinct()))


def quarantined_since(session: Session, before: datetime) -> datetime | None:
    """When the oldest row was pulled that was in quarantine at an instant; None where there was none."""
    query = (
        select(func.min(Pull.started_at))
        .join(QuarantinedRow, QuarantinedRow.pull_uid == Pull.pull_uid)
        .where(Pull.started_at < before)
        .where(or_(QuarantinedRow.state == "open", QuarantinedRow.decided_at >= before))
    )
    oldest: datetime | None = session.scalar(query)
    return oldest
