"""How often a source is heard, as its own past says, and the alarms that stand open because it is not."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime

from sqlalchemy import JSON, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from heardback.store.base import Base, Instant

WHOLE = ""  # the part of a source that is all of it


class Rhythm(Base):
    """The newest days (ISO, ascending) on which a source was heard, or one of its boxes; `part` is '' for the whole."""

    __tablename__ = "rhythm"

    source_id: Mapped[str] = mapped_column(primary_key=True)
    part: Mapped[str] = mapped_column(primary_key=True)
    days: Mapped[list[str]] = mapped_column(JSON)


class VolumeAlarm(Base):
    """An alarm from when it was raised until the source speaks again. `measure` is in days or rows, by `kind`."""

    __tablename__ = "volume_alarm"

    source_id: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    part: Mapped[str] = mapped_column(primary_key=True)
    since: Mapped[datetime] = mapped_column(Instant)
    measure: Mapped[int]


def days_heard(session: Session, source_id: str) -> dict[str, list[date]]:
    """The newest days on which each part of a source was heard, ascending."""
    rows = session.scalars(select(Rhythm).where(Rhythm.source_id == source_id))
    return {row.part: [date.fromisoformat(day) for day in row.days] for row in rows}


def keep_days(session: Session, source_id: str, days: Mapping[str, Sequence[date]]) -> None:
    """Keep the newest days of these parts, in the place of those that were kept."""
    for part, heard in sorted(days.items()):
        session.merge(Rhythm(source_id=source_id, part=part, days=[day.isoformat() for day in heard]))


def alarms(session: Session) -> Sequence[VolumeAlarm]:
    """Every alarm that stands open."""
    query = select(VolumeAlarm).order_by(VolumeAlarm.source_id, VolumeAlarm.since, VolumeAlarm.kind, VolumeAlarm.part)
    return session.scalars(query).all()


def sound(session: Session, alarm: VolumeAlarm) -> bool:
    """Open an alarm; False, and nothing changed, where it stands open already."""
    if session.get(VolumeAlarm, (alarm.source_id, alarm.kind, alarm.part)) is not None:
        return False
    session.add(alarm)
    session.flush()
    return True


def hush(session: Session, source_id: str, kind: str, *, but: Collection[str] = ()) -> None:
    """End the open alarms of one kind, but for these parts'."""
    ending = delete(VolumeAlarm).where(VolumeAlarm.source_id == source_id, VolumeAlarm.kind == kind)
    session.execute(ending.where(VolumeAlarm.part.not_in(but)) if but else ending)
