"""Asking for what changed since the last time, a little earlier for safety, and for everything now and then."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TypeVar

from pydantic import Field

from config.reading import Knobs
from heardback.sources.connector import Asking, Fetched

BETWEEN = " whole "  # of a cursor's two instants: the newest change that landed, and when everything was last asked for


class Recent(Knobs):
    """How far back to ask: clocks differ, a tool may show an answer late, and deletions show only in the whole."""

    overlap_days: int = Field(default=1, ge=0, le=365)
    whole_every_days: int = Field(default=7, ge=1, le=365)
    page_size: int = Field(default=100, ge=1, le=100)


Settings = TypeVar("Settings", bound=Recent)


@dataclass(frozen=True)
class AskedDrop:
    """The answers to one question put to a tool. Nothing is asked, and no secret read, before `fetch`."""

    name: str
    ask: Callable[[], Fetched] = field(repr=False)

    def fetch(self) -> Fetched:
        """Ask. Raises SourceUnavailable where the tool does not hand over all of them."""
        return self.ask()


@dataclass(frozen=True)
class Span:
    """What to ask for: changes since an instant, or everything where that is None."""

    since: datetime | None
    newest: datetime | None
    whole_at: datetime | None
    at: datetime

    @property
    def whole(self) -> bool:
        """Whether everything is asked for, so that what is missing was deleted in the tool."""
        return self.since is None

    def cursor(self, changed: Iterable[str]) -> str:
        """From where to ask on, given when each answer received was last changed (ISO 8601); never back.

        An instant after this run's own is a wrong clock: it would hide all that is said until then.
        """
        instants = [min(found, self.at) for text in changed if (found := instant(text))]
        newest = max([*instants, *([self.newest] if self.newest else [])], default=None)
        whole_at = self.at if self.whole else self.whole_at
        return f"{_written(newest)}{BETWEEN}{_written(whole_at)}"


def one_drop(
    tool: str, of: str, settings: Settings, asking: Asking, ask: Callable[[Settings, Asking, Span], Fetched]
) -> list[AskedDrop]:
    """What is new or changed in a form of a tool, or all that there is, as one drop named after both and the minute."""
    name = f"{tool}-{of} {asking.at:%Y-%m-%dT%H.%M}.json"
    return [AskedDrop(name, partial(ask, settings, asking, span_of(asking, settings)))]


def span_of(asking: Asking, recent: Recent) -> Span:
    """What to ask for: by the cursor, and everything for a snapshot, at first, and when the last time is long ago."""
    newest, whole_at = (instant(text) for text in [*asking.cursor.split(BETWEEN), ""][:2])
    late = whole_at is None or asking.at - whole_at >= timedelta(days=recent.whole_every_days)
    snapshot = getattr(asking.feed, "mode", "") == "snapshot"
    everything = newest is None or late or snapshot
    since = None if everything or newest is None else newest - timedelta(days=recent.overlap_days)
    return Span(since, newest, whole_at, asking.at)


def instant(text: str) -> datetime | None:
    """An instant as tools write it (ISO 8601, UTC where no zone stands), to the second; None where it is none."""
    try:
        found = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC).replace(microsecond=0)


def _written(moment: datetime | None) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if moment else ""
