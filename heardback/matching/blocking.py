"""Which changes may answer a comment at all: the direction of time, the window of days, and how the services stand."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from config.registers import EVERY_SERVICE
from heardback.domain.words import UNMAPPED

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from config.policy import MatchingPolicy

# Beyond every real day and on opposite sides, so that no window holds a pair in which either date is missing.
NEVER_CHANGED, NEVER_HEARD = -(2**40), 2**40


@dataclass(frozen=True)
class Window:
    """How many days before and after a comment a change may lie. The council's own never looks back."""

    before: int
    after: int

    @classmethod
    def of(cls, policy: MatchingPolicy) -> Window:
        """A change comes on the day of the comment or after it, within the days that the council sets."""
        return cls(before=0, after=policy.window_days)

    def holds(self, days: np.ndarray) -> np.ndarray:
        """Where `days` (the change's day minus the comment's) lies inside, ends included."""
        return (days >= -self.before) & (days <= self.after)


@dataclass(frozen=True)
class Reach:
    """The changes in each comment's window: those from `first` up to `last`, for changes stand in the order of days."""

    first: np.ndarray
    last: np.ndarray

    @classmethod
    def of(cls, heard: np.ndarray, changed: np.ndarray, window: Window) -> Reach:
        """From the days of comments and of changes, both in order."""
        first = np.searchsorted(changed, heard - window.before, side="left")
        return cls(first, np.searchsorted(changed, heard + window.after, side="right"))

    def part(self, rows: slice) -> Reach:
        """Of some of the comments."""
        return Reach(self.first[rows], self.last[rows])

    @property
    def any_window(self) -> slice:
        """From the first to the last change that lies in any of these windows."""
        held = self.first < self.last
        return slice(int(self.first[held].min()), int(self.last[held].max())) if held.any() else slice(0, 0)

    @property
    def every_window(self) -> slice:
        """Those of them that lie in each of these windows (of the ones that hold any)."""
        held = self.first < self.last
        start = int(self.first[held].max()) if held.any() else 0
        return slice(start, max(start, int(self.last[held].min()) if held.any() else 0))

    def outside(self, changes: np.ndarray) -> np.ndarray:
        """Comments × these changes: which lie outside."""
        return (changes < self.first[:, None]) | (changes >= self.last[:, None])


def day_numbers(dates: pd.Series, missing: int) -> np.ndarray:
    """Days since 1970 of a column of dates or ISO texts; `missing` where there is none that can be read."""
    moments = pd.to_datetime(dates, errors="coerce", format="ISO8601", utc=True)
    days = moments.dt.tz_localize(None).to_numpy(dtype="datetime64[D]")
    return np.where(np.isnat(days), missing, days.astype(np.int64))


class Relation(IntEnum):
    """How the comment's service and the change's stand to each other."""

    UNKNOWN = 0
    SAME = 1
    EVERY = 2
    RELATIVE = 3
    OTHER = 4


def relate(said: str, done: str, relatives: Mapping[str, Collection[str]]) -> Relation:
    """How the service that was spoken of stands to the service that changed something; kinship counts both ways."""
    said, done = said.strip().lower(), done.strip().lower()
    if said in {"", UNMAPPED, EVERY_SERVICE} or done in {"", UNMAPPED}:
        return Relation.UNKNOWN
    if said == done:
        return Relation.SAME
    if done == EVERY_SERVICE:
        return Relation.EVERY
    kin = done in relatives.get(said, ()) or said in relatives.get(done, ())
    return Relation.RELATIVE if kin else Relation.OTHER


def codes_of(services: pd.Series) -> tuple[np.ndarray, np.ndarray]:
    """A column of service codes as places in the different ones, and those, sorted."""
    places, different = pd.factorize(services.fillna("").astype(object), sort=True)
    return places, np.asarray(different)


@dataclass(frozen=True)
class Services:
    """The relation of every service that comments name to every one that changes name, looked up by position."""

    table: np.ndarray
    of_comments: np.ndarray
    of_changes: np.ndarray

    @classmethod
    def of(
        cls,
        comments: pd.Series,
        changes: pd.Series | tuple[np.ndarray, np.ndarray],
        relatives: Mapping[str, Collection[str]],
    ) -> Services:
        """From the two columns of service codes, empty where none is known, or what `codes_of` makes of the second."""
        said_at, said = codes_of(comments)
        done_at, done = changes if isinstance(changes, tuple) else codes_of(changes)
        table = [[relate(one, other, relatives) for other in done] for one in said]
        return cls(np.array(table, dtype=np.int8).reshape(len(said), len(done)), said_at, done_at)

    def between(self, comments: np.ndarray, changes: np.ndarray) -> np.ndarray:
        """The relation of each pair of positions; the two arrays are broadcast against each other."""
        return np.asarray(self.table[self.of_comments[comments], self.of_changes[changes]])
