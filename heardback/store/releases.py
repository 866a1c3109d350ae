"""What was published, figure by figure: the next release is audited against it, and a rebuilt one is the same."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Index, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from heardback.domain.measures.attack import Cell
from heardback.domain.measures.figures import Figure, Table, Unit
from heardback.domain.measures.releases import Release
from heardback.store.base import Base, Instant
from heardback.store.guards import append_only

KEPT = ("code", "group", "unit", "base", "n", "count")
BOARD_PACK = "board_pack"


class ReleaseEntry(Base):
    """One release: its tables with their true counts, and the cells that it did not show. Append-only."""

    __tablename__ = "release"
    __table_args__ = (Index(None, "kind", "label", "as_of"),)

    release_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    kind: Mapped[str]
    label: Mapped[str]
    as_of: Mapped[date]
    published_at: Mapped[datetime] = mapped_column(Instant)
    tables: Mapped[list[Any]] = mapped_column(JSON)
    hidden: Mapped[list[Any]] = mapped_column(JSON)


@dataclass(frozen=True)
class Published:
    """A release that is out, and its place in the order of releases."""

    place: int
    label: str
    as_of: date
    release: Release


def published(session: Session, kind: str = BOARD_PACK) -> list[Published]:
    """Everything that is out, in the order in which it came out."""
    query = select(ReleaseEntry).where(ReleaseEntry.kind == kind).order_by(ReleaseEntry.release_id)
    return [Published(entry.release_id, entry.label, entry.as_of, _release(entry)) for entry in session.scalars(query)]


def publish(
    session: Session, label: str, as_of: date, tables: Sequence[Table], hidden: frozenset[Cell], at: datetime
) -> None:
    """Note that a board pack went out. `tables` are the true ones; `hidden` is what of them nobody sees."""
    session.add(
        ReleaseEntry(
            kind=BOARD_PACK,
            label=label,
            as_of=as_of,
            published_at=at,
            tables=[_kept(table) for table in tables],
            hidden=[list(cell) for cell in sorted(hidden)],
        )
    )


def guard_releases(dialect: str) -> tuple[str, ...]:
    """The statements that make the table of releases append-only."""
    return append_only("release", "release_id", dialect)


def _kept(table: Table) -> dict[str, Any]:
    rows = [[*(getattr(row, name) for name in KEPT), list(row.within)] for row in table.rows]
    return {"code": table.code, "dimension": table.dimension, "population": table.population, "rows": rows}


def _release(entry: ReleaseEntry) -> Release:
    label = f"{entry.label} as of {entry.as_of} ({entry.release_id})"
    tables = tuple(_table(kept) for kept in entry.tables)
    return Release(label, tables, frozenset(Cell(*cell) for cell in entry.hidden))


def _table(kept: dict[str, Any]) -> Table:
    rows = tuple(_figure(*row) for row in kept["rows"])
    return Table(kept["code"], "", rows, kept["dimension"], kept["population"])


def _figure(
    code: str, group: str, unit: str, base: str, n: int | None, count: int | None, within: Sequence[str]
) -> Figure:
    return Figure(code, "", "", n, count, None, None, None, Unit(unit), group, base=base, within=tuple(within))
