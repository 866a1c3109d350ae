"""Is the clock to be believed? A run that would tell everybody everything at once stops itself (fault 29)."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from heardback.errors import SanityStop
from heardback.store.deadlines import last_recorded

QUIET_FOR = timedelta(days=45)  # a council whose records say nothing for so long was not at work, or the clock is wrong
BACK = timedelta(days=1)  # a clock may be set back an hour, and by little more
AWAY_FOR = timedelta(minutes=90)  # three runs of the nudge that did not happen


def check_clock(session: Session, last_run: datetime | None, at: datetime) -> None:
    """Raises SanityStop where an instant lies far from whatever was last recorded, before or after it."""
    if last_run and at < last_run - BACK:
        raise _stop(f"it is {last_run:%-d %B %Y} on record already, and the clock says {at:%-d %B %Y}")
    recorded = [moment for moment in (last_run, last_recorded(session)) if moment]
    if recorded and at - max(recorded) > QUIET_FOR:
        days = (at - max(recorded)).days
        raise _stop(f"the clock says {at:%-d %B %Y}, {days} days after anything on record")


def was_away(last_run: datetime | None, at: datetime) -> bool:
    """Whether runs are missing before this one: what this database says of them may be older than what went out."""
    return last_run is not None and at - last_run > AWAY_FOR


def _stop(what: str) -> SanityStop:
    return SanityStop(f"nobody was told anything: {what}", do="set the clock, or: heardback nudge --clock-is-right")
