"""Desks filled once and copied for each test that begins so: a pull costs 0.15 s, its copy a tenth of that."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import Engine, create_engine, text

from tests.desk import Desk

Fill = Callable[[Desk], object]


@dataclass(frozen=True)
class ReadyMade:
    """What was filled so far, under a folder: files as they lay, a PostgreSQL database as a template for others."""

    folder: Path
    kept: dict[tuple[Fill, str], str] = field(default_factory=dict)

    def fill(self, desk: Desk, fill: Fill) -> Desk:
        """The desk as `fill` leaves a new one; `fill` is a function of a module, and runs once for either database."""
        key = (fill, desk.store.dialect.name)
        if key in self.kept:
            self._put_into(desk, self.kept[key])
        else:
            fill(desk)
            self._keep(desk, f"ready_made_{len(self.kept)}")
            self.kept[key] = f"ready_made_{len(self.kept)}"
        return desk

    def _keep(self, desk: Desk, name: str) -> None:
        desk.store.dispose()  # SQLite's log goes into its file, and PostgreSQL copies no database that is in use
        shutil.copytree(desk.folder, self.folder / name)
        if desk.store.dialect.name == "postgresql":
            _copy_database(desk.store, str(desk.store.url.database), name)

    def _put_into(self, desk: Desk, name: str) -> None:
        desk.store.dispose()
        shutil.rmtree(desk.folder)
        shutil.copytree(self.folder / name, desk.folder)
        if desk.store.dialect.name == "postgresql":
            _copy_database(desk.store, name, str(desk.store.url.database))


def _copy_database(store: Engine, template: str, name: str) -> None:
    beside = create_engine(store.url.set(database="postgres"), isolation_level="AUTOCOMMIT")
    with beside.connect() as connection:
        connection.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
        connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY"))
    beside.dispose()
