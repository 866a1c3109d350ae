"""How much of its source one file is: what it does not have may have gone, what it has may be older than we know."""

from dataclasses import dataclass
from typing import Self

from heardback.sources.feed import Feed


@dataclass(frozen=True)
class Extent:
    """`snapshot` says that a file is all that there was when it was made, `newest` that no later one is waiting.

    `in_part` is what a tool was asked for since the last time: that nothing is in it is no alarm.
    """

    snapshot: bool
    newest: bool
    in_part: bool = False

    @classmethod
    def of(cls, feed: Feed, whole: bool | None, *, newest: bool) -> Self:
        """What a connector calls whole is a snapshot, and what it calls a part is none, whatever the map says."""
        return cls(feed.mode == "snapshot" if whole is None else whole, newest, in_part=whole is False)

    @property
    def is_present(self) -> bool:
        """Whether it is how the source stands now: what is missing in it has gone."""
        return self.snapshot and self.newest

    @property
    def is_outdated(self) -> bool:
        """Whether a later one is waiting: it only adds what was never there."""
        return self.snapshot and not self.newest
