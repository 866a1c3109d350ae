"""Volume alarms: a source or a box gone quiet, no rows where there were many, a snapshot shorter than the last.

Each is one event an episode, and stands open until the source speaks again.
"""

from collections.abc import Iterator
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pandas as pd
from sqlalchemy.orm import Session

from config.maps import SourceMap
from config.policy import VolumePolicy
from heardback.domain.events import BoxSilent, Event, SnapshotShortened, SourceEmptied, SourceSilent
from heardback.domain.rhythm import learned_limit, newest_days
from heardback.store import Pull, VolumeAlarm, outbox
from heardback.store.pull_records import days_landed, rows_of_last_landing
from heardback.store.volumes import WHOLE, days_heard, hush, keep_days, sound

SILENT, EMPTY, SHORTER = "silent", "empty", "shorter"


def note_heard(session: Session, source: SourceMap, responses: pd.DataFrame) -> None:
    """Remember on which days a source, and each box that its map watches, was heard; `responses` have `heard_on`."""
    said = responses[responses["not_counted"] == ""]
    if said.empty:
        return
    heard = {WHOLE: set(said["heard_on"])}
    if source.quiet_by:
        for box, days in said["heard_on"].groupby(said["characteristics"].str.get(source.quiet_by)):
            heard[str(box)] = set(days)
    known = days_heard(session, source.source)
    keep_days(session, source.source, {part: newest_days(known.get(part, ()), days) for part, days in heard.items()})


def watch_rows(session: Session, source: SourceMap, pull: Pull, policy: VolumePolicy, *, snapshot: bool) -> None:
    """Hold the rows of a pull against those of the one that landed before it; `snapshot` says that it is the newest."""
    before = rows_of_last_landing(session, pull)
    if pull.rows_read:
        hush(session, source.source, EMPTY)
    elif before >= policy.many_rows:
        _raise(session, source, EMPTY, before, pull.started_at)
    if not snapshot or not pull.rows_read:
        return
    if before >= policy.many_rows and pull.rows_read < before * (1 - policy.fewer_share):
        _raise(session, source, SHORTER, before - pull.rows_read, pull.started_at)
    else:
        hush(session, source.source, SHORTER)


def watch_silence(session: Session, source: SourceMap, policy: VolumePolicy, at: datetime) -> None:
    """Look how long a source and its boxes have said nothing, and raise or end their alarms.

    Reads a few rows, however much has landed. A source is held against today, a box against the newest day on which
    the source was heard at all: where all fall silent, one alarm is enough.
    """
    heard = days_heard(session, source.source)
    arrived = days_landed(session, source.source, ZoneInfo(source.timezone))
    quiet = dict(_quiet_parts(source, policy, heard, arrived, at.astimezone(ZoneInfo(source.timezone)).date()))
    hush(session, source.source, SILENT, but=list(quiet))
    for part, days in quiet.items():
        _raise(session, source, SILENT, days, at, part)


def _quiet_parts(
    source: SourceMap, policy: VolumePolicy, heard: dict[str, list[date]], arrived: list[date], today: date
) -> Iterator[tuple[str, int]]:
    """Each part that has been quiet for too long, and for how many days."""
    whole = heard.get(WHOLE, [])
    given = source.quiet_after_days
    limit = given or learned_limit(whole, arrived, policy) or policy.quiet_after_days
    if (days := _since(whole, source.opened_on, today)) > limit:
        yield WHOLE, days
    for box in source.boxes if whole else ():
        own = heard.get(box, [])
        limit = learned_limit(own, (), policy) or given or policy.quiet_after_days
        if (days := _since(own, source.opened_on, whole[-1])) > limit:
            yield box, days


def _since(heard: list[date], opened_on: date | None, today: date) -> int:
    last = heard[-1] if heard else opened_on
    return (today - last).days if last else 0


def _raise(session: Session, source: SourceMap, kind: str, measure: int, at: datetime, part: str = WHOLE) -> None:
    """Open an alarm and tell of it, where it does not stand open already."""
    alarm = VolumeAlarm(source_id=source.source, kind=kind, part=part, since=at, measure=measure)
    if sound(session, alarm):
        outbox.record(session, [_event(source.source, kind, part, measure)], at)


def _event(source_id: str, kind: str, part: str, measure: int) -> Event:
    resource = f"heardback.source.{source_id}"
    if kind == EMPTY:
        return SourceEmptied(resource, source_id, measure)
    if kind == SHORTER:
        return SnapshotShortened(resource, source_id, measure)
    return BoxSilent(resource, source_id, part, measure) if part else SourceSilent(resource, source_id, measure)
