"""A file's table held against its contract, part by part: what stays behind, and how the rest is come by again."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, time
from functools import cached_property
from zoneinfo import ZoneInfo

import pandas as pd
from sqlalchemy.orm import Session

from config.directory import Directory
from config.maps import SourceMap
from heardback.checks.gate import Held, hold, without_rows
from heardback.domain.record import Mapped
from heardback.domain.table import Table
from heardback.landing.intake import Intake
from heardback.landing.places import Places, at_places, places_of
from heardback.sources.folders.ordering import day_in_name
from heardback.sources.mapping.keys import response_uids
from heardback.sources.mapping.outline import Outline, map_part, outline_of

MOST_KEPT = 100_000  # rows whose record is kept between the gate and landing: 52 MB


@dataclass(frozen=True)
class Mapper:
    """Maps a table of a source part by part, as often as it is asked to.

    A record takes three times the room of its cells. That of the largest files is made twice, for the gate and for
    landing, and is never whole in memory, which costs a twentieth of the time; any other is mapped once and kept.
    """

    source: SourceMap
    table: Table
    directory: Directory
    received_at: datetime
    outline: Outline

    def parts(self) -> Iterator[Mapped]:
        """The parts, in order."""
        return iter(self._kept) if len(self.table.cells) <= MOST_KEPT else self._made()

    def _made(self) -> Iterator[Mapped]:
        for part in self.table.parts():
            yield map_part(self.source, part, self.outline, self.directory, self.received_at)

    @cached_property
    def _kept(self) -> list[Mapped]:
        return list(self._made())


@dataclass(frozen=True)
class Checked:
    """A table that was held against its source's contract: what stays behind, and the parts of the rest."""

    held: Held
    mapper: Mapper
    places: Places = field(default_factory=Places)

    def accepted(self) -> Iterator[Mapped]:
        """What goes on, part by part."""
        return (at_places(without_rows(part, self.held.rows), self.places.moved) for part in self.mapper.parts())

    def placed_as_on_record(self, session: Session) -> "Checked":
        """The same with comments known by the places that their columns have on record."""
        source, placed = self.mapper.source.source, self.mapper.outline.placed
        return replace(self, places=places_of(session, source, placed, self.mapper.table.columns))

    @property
    def contents(self) -> pd.Series:
        """The hashes of what goes on, by row number, for a map without a natural key (so no row is a repeat)."""
        return self._going_on(self.mapper.outline.content)

    @property
    def on_record(self) -> pd.Series:
        """The same as they are put on record: with own words in them, where the map has those heard."""
        return self._going_on(self.mapper.outline.on_record)

    @property
    def uids(self) -> pd.Series:
        """The responses that go on, by row number; a row that only repeats another has the other's."""
        return response_uids(self.mapper.source.source, self._going_on(self.mapper.outline.keys))

    @property
    def present(self) -> set[str]:
        """The responses that stand in the table; those that stay behind are not gone."""
        return set(response_uids(self.mapper.source.source, self.mapper.outline.keys))

    def without(self, rows: Collection[int]) -> "Checked":
        """The same without some of the rows that go on, and with none that stay behind."""
        return replace(self, held=replace(self.held, quarantined=[], rows=self.held.rows.union(rows)))

    def _going_on(self, rows: pd.Series) -> pd.Series:
        return rows[~rows.index.isin(list(self.held.rows))]


def check_table(
    intake: Intake, source: SourceMap, table: Table, file_name: str, came_at: datetime | None = None
) -> Checked:
    """Map a table and hold it against the source's contract. `came_at` is when it came, where that was not now."""
    received_at = _received_at(source, file_name, came_at or intake.at)
    mapper = Mapper(source, table, intake.council.directory, received_at, outline_of(source, table))
    today = intake.at.astimezone(ZoneInfo(source.timezone)).date()
    max_bad_share = intake.council.policy.gate.max_bad_share
    return Checked(hold(mapper.parts(), table, source, today=today, max_bad_share=max_bad_share), mapper)


def _received_at(source: SourceMap, file_name: str, at: datetime) -> datetime:
    """When a file came: the day in its name where the map says that there is one, otherwise now."""
    day = day_in_name(source.file, file_name)
    return datetime.combine(day, time(12), ZoneInfo(source.timezone)) if day else at
