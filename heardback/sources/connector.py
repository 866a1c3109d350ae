"""What a connector is: how one kind of tool hands over what was said, as bytes that are kept before anybody reads them.

A connector is one file in `connectors/`. It names its settings, lists what there is to fetch, and may say how the
fetched bytes become a table; mapping, the gate and landing are the same for all.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from config.reading import Knobs
from heardback.domain.table import Table
from heardback.sources.feed import Feed
from heardback.sources.tables.json_records import table_of_records
from heardback.sources.tables.reading import read_table
from heardback.sources.tables.records import has_no_record


@dataclass(frozen=True)
class Asking:
    """What a connector may know when it asks for what is new.

    `folder` is what relative paths are relative to; `cursor` is what the last drop of this feed that landed carried
    ('' at first); `secret` gives a secret by the name of its environment variable and raises where it is not set;
    `private_hosts` are the hosts on private addresses that the policy allows; `wait` passes seconds before a busy tool
    is asked again.
    """

    feed: Feed
    folder: Path
    at: datetime
    secret: Callable[[str], str]
    cursor: str = ""
    max_megabytes: int = 200
    private_hosts: frozenset[str] = frozenset()
    wait: Callable[[float], None] = time.sleep


@dataclass(frozen=True)
class Fetched:
    """The bytes of one drop, and the cursor that holds once they have landed ('' leaves it where it is).

    `whole` says whether this is everything that the tool has now, so that what is missing was deleted there; None
    leaves that to the map's mode.
    """

    content: bytes
    cursor: str = ""
    whole: bool | None = None


class Drop(Protocol):
    """One thing to fetch: a file, an attachment, the answers since the cursor. Nothing is read before `fetch`."""

    @property
    def name(self) -> str:
        """What people will know it by: a file's name, or the tool and the instant."""
        ...

    def fetch(self) -> Fetched:
        """Its bytes. Raises a HeardbackError that says what, where and what to do."""
        ...


def _as_laid_out(content: bytes, name: str, feed: Feed) -> Table:
    if has_no_record(content, feed.file.records):
        return table_of_records([], name, feed)  # nothing in it says which columns there are
    return read_table(content, name, feed.file)


@dataclass(frozen=True)
class Connector:
    """One way in. `drops` are in the order in which they are to land; the last of them is the newest.

    `needs` are the libraries that it takes beside Heardback, by the name they are imported by: how to install them.
    `knock` looks whether we are let in and what the settings name is there; it fetches no answer.
    """

    settings: type[Knobs]
    drops: Callable[[Any, Asking], Sequence[Drop]]
    table: Callable[[bytes, str, Feed], Table] = _as_laid_out
    needs: Mapping[str, str] = field(default_factory=dict)
    knock: Callable[[Any, Asking], None] | None = None
