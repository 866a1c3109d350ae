"""What every connector must promise, whatever it asks.

To add a connector to it:

1. Write `NAME_server.py` beside this: a real server (or database, or mailbox) that behaves as the tool's documents say.
   For HTTP derive from `http_tool.HttpTool`: `answer` says what the tool says when all is well, `knows` whether the
   secrets are right. It notes what it was `asked`, and can `misbehave` in the ways of `http_tool.MISBEHAVIOUR`;
   `circle` (its next link leads back) and `overstates` (its total is more than it hands over) are its own to play.
   Another kind of tool needs the attributes of `Tool`.
2. At its end, a `CASE`: see `Case` for what it holds. `troubles` names the misbehaviour that this tool can play; tests
   for the others leave it out.
3. Name it in SERVERS below. `pytest tests/sources/connectors/test_contract.py -k NAME` runs it alone.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any, Protocol

from heardback.sources.connector import Asking, Drop, Fetched
from heardback.sources.connectors import drops_of, table_of
from tests.sources.connectors.asking import asking_of

SERVERS = [
    "kobo_server", "limesurvey_server", "mailbox_server", "odk_server", "smartsurvey_server", "sql_server",
    "surveymonkey_server",
]  # fmt: skip
PLACE = __name__.rpartition(".")[0]


class Tool(Protocol):
    """A tool that is being played. `words` stand in one of its answers; `asked` grows with every question put to it."""

    words: str
    asked: list[Any]

    def misbehave(self, trouble: str, *, after: int = 0, times: int = 1000) -> None:
        """From the question after the first `after` on."""
        ...


@dataclass(frozen=True)
class Case:
    """One connector and the tool that it asks.

    `rows` are what the table holds, by the columns that matter; `later` lets something more be said in the tool, and
    `added` is a row that a pull from the cursor then brings. `pages` is how many questions a fetch takes, and at least
    three where paging is played. `order` makes a cursor comparable. `identity` is text that stands in the bytes and
    must be in no table. `feed` is what this connector needs to have otherwise in the map of tests.council. `by_post`
    is for a tool that hands over each thing once: it is looked at before a drop has a name, and nothing new is no drop.
    """

    name: str
    play: Callable[[], AbstractContextManager[Any]]
    connect: Callable[[Any], Mapping[str, Any]]
    secrets: Mapping[str, str]
    rows: Sequence[Mapping[str, str]]
    later: Callable[[Any], None]
    added: Mapping[str, str]
    troubles: frozenset[str] = frozenset()
    pages: int = 1
    order: Callable[[str], Any] = str
    hosts: tuple[str, ...] = ("localhost",)
    identity: tuple[str, ...] = ()
    feed: Mapping[str, Any] = field(default_factory=dict)
    by_post: bool = False

    def asking(self, tool: Any, **more: Any) -> Asking:
        """What the connector is told; `waits` where given takes the seconds that it would have waited."""
        told = {"private_hosts": frozenset(self.hosts), "wait": _not_at_all, **more}
        return asking_of({"to": self.name, **self.connect(tool)}, self.secrets, self.feed, **told)


def cases() -> list[Case]:
    """Every connector that is played here."""
    return [import_module(f"{PLACE}.{server}").CASE for server in SERVERS]


def the_drop(asking: Asking) -> Drop:
    """The newest drop."""
    return drops_of(asking)[-1]


def fetch(asking: Asking) -> Fetched:
    """The newest drop's bytes."""
    return the_drop(asking).fetch()


def rows_of(asking: Asking, fetched: Fetched, columns: Sequence[str]) -> list[dict[str, str]]:
    """The table's rows by these columns."""
    frame = table_of(asking.feed, fetched.content, "drop").frame
    return [{column: str(row[column]) for column in columns} for row in frame.to_dict("records")]


def _not_at_all(_seconds: float) -> None:
    """Tests never sleep."""
