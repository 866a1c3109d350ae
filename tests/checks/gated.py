"""A file that is read, mapped and held against its source's contract, and what goes on of it, as landing has it."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from config.maps import SourceMap
from heardback.checks.gate import Quarantined, hold, without_rows
from heardback.domain.record import Mapped
from heardback.domain.table import Table
from heardback.sources.mapping.outline import apply_map
from heardback.sources.tables.reading import read_table
from tests.sources.samples import RECEIVED, a_directory

TODAY = date(2026, 11, 21)


@dataclass(frozen=True)
class Gated:
    accepted: Mapped
    quarantined: list[Quarantined]
    results: dict[str, Any]


def gate(mapped: Mapped, table: Table, source: SourceMap, *, today: date = TODAY, share: float = 1.0) -> Gated:
    held = hold([mapped], table, source, today=today, max_bad_share=share)
    return Gated(without_rows(mapped, held.rows), held.quarantined, held.results)


def gated(text: str, source: SourceMap, *, today: date = TODAY, share: float = 1.0) -> Gated:
    table = read_table(text.encode(), "export.csv", source.file)
    return gate(apply_map(source, table, a_directory(), RECEIVED), table, source, today=today, share=share)
