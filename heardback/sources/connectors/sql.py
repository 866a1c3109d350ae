"""A read-only view of a database at any SQLAlchemy URL: the rows of one SELECT, as CSV whose bytes tell of changes."""

from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import Self

from pydantic import Field, field_validator, model_validator

from config.layout import FileShape
from config.reading import Knobs
from config.values import SecretName
from heardback.domain.table import Table
from heardback.errors import Unreadable
from heardback.sources.connector import Asking, Connector, Drop, Fetched
from heardback.sources.database import cursors as sql_cursors
from heardback.sources.database.queries import CURSOR, query_fault
from heardback.sources.database.rows import Rows
from heardback.sources.database.views import ask, open_view
from heardback.sources.feed import Feed
from heardback.sources.tables.reading import read_table

MEGABYTE = 1_000_000


class Sql(Knobs):
    """Which database, which question, and what its rows are known by."""

    url: SecretName = Field(description="the secret that holds the SQLAlchemy URL, password and all")
    query: str = Field(description="one SELECT or WITH; with a cursor_column, it asks for what is >= :cursor")
    key: tuple[str, ...] = Field(min_length=1, description="the columns by which rows are told apart and sorted")
    cursor_column: str = Field(default="", description="rowversion, or time of the last change; left out = all rows")
    cursor_from: str = Field(default="1900-01-01", min_length=1, description=":cursor the first time; 0 for numbers")
    timeout_seconds: int = Field(default=120, ge=1, le=3600)

    @field_validator("key", mode="before")
    @classmethod
    def _one_or_several(cls, key: object) -> object:
        return (key,) if isinstance(key, str) else key

    @field_validator("query")
    @classmethod
    def _only_reads(cls, query: str) -> str:
        if fault := query_fault(query):
            raise ValueError(fault)
        return query

    @model_validator(mode="after")
    def _says_where_it_goes_on(self) -> Self:
        if bool(self.cursor_column) != (f":{CURSOR}" in self.query):
            raise ValueError(f"'cursor_column' and ':{CURSOR}' in the query go together: WHERE changed >= :{CURSOR}")
        return self


@dataclass(frozen=True)
class ViewDrop:
    """What the view holds: all of it, or what is at the cursor and above."""

    settings: Sql
    asking: Asking

    @property
    def name(self) -> str:
        """The feed and the instant."""
        return f"{self.asking.feed.code} {self.asking.at:%Y-%m-%dT%H%M%S}.csv"

    def fetch(self) -> Fetched:
        """Its rows. Raises SourceUnavailable where the database does not answer, Unreadable where that is no answer."""
        settings, address = self.settings, self.asking.secret(self.settings.url)
        with (
            open_view(address, settings.url, self.asking.folder, settings.timeout_seconds) as view,
            closing(ask(view, settings.query, self._asked())) as answer,
        ):
            rows = Rows(list(answer.keys()), settings.key, settings.cursor_column, self.asking.feed.code)
            for part in answer.partitions():
                rows.add(part)
                self._refuse_too_many(rows)
        partly = settings.cursor_column and not self._is_snapshot  # what is not asked for then has not vanished
        return Fetched(rows.csv(), sql_cursors.kept(rows.highest), whole=False if partly else None)

    @property
    def _is_snapshot(self) -> bool:
        return getattr(self.asking.feed, "mode", "") == "snapshot"

    def _asked(self) -> dict[str, object]:
        """From the last cursor on; from the first one for a snapshot, which is everything, each time."""
        if not self.settings.cursor_column:
            return {}
        cursor = "" if self._is_snapshot else self.asking.cursor
        return {CURSOR: sql_cursors.bound(cursor) if cursor else sql_cursors.first(self.settings.cursor_from)}

    def _refuse_too_many(self, rows: Rows) -> None:
        if rows.size > self.asking.max_megabytes * MEGABYTE:
            raise Unreadable(
                f"the answer is over {self.asking.max_megabytes} MB",
                where=self.asking.feed.code,
                do="ask for fewer rows or columns, or raise gate.max_file_megabytes in policy.yaml",
            )


def drops(settings: Sql, asking: Asking) -> Sequence[Drop]:
    """One drop; the database is not opened before it is fetched."""
    return [ViewDrop(settings, asking)]


def knock(settings: Sql, asking: Asking) -> None:
    """Connect, and ask nothing. Raises SourceUnavailable."""
    address = asking.secret(settings.url)
    with open_view(address, settings.url, asking.folder, settings.timeout_seconds):
        return


def table(content: bytes, name: str, feed: Feed) -> Table:
    """The CSV that a drop of this connector wrote, whatever the map says of files."""
    return read_table(content, name, FileShape(null_values=feed.file.null_values))


CONNECTOR = Connector(Sql, drops, table, knock=knock)
