"""The stretch of days that a report speaks of."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date

from heardback.errors import NotFound


@dataclass(frozen=True)
class Period:
    """Both days included. `label` is stable and short (2026-10); `words` is how a person says it (October 2026)."""

    first: date
    last: date
    label: str
    words: str


def month(label: str) -> Period:
    """The month written YYYY-MM. Raises NotFound where it is not one."""
    try:
        first = date.fromisoformat(f"{label}-01")
    except ValueError as error:
        raise NotFound(f"“{label}” is not a month", where="period", do="write it as 2026-10") from error
    last = first.replace(day=monthrange(first.year, first.month)[1])
    return Period(first, last, label, f"{first:%B %Y}")
