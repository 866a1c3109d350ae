"""What many tests begin with, filled once and copied for each: a pull costs 0.15 s, its copy a tenth of that."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import Engine, create_engine, text

from tests.desk import Desk


@dataclass(frozen=True)
class ReadyMade:
    """What was filled so far, under a folder: files as they lay, a PostgreSQL database as a template for others."""

    folder: Path
    kept: dict[object, str] = field(default_factory=dict)

    def fill(self, desk: Desk, fill: Callable[[Desk], object]) -> Desk:
        """The desk as `fill` leaves a new one; `fill` is a function of a module, and runs once for either database."""
        there = self._place_of(fill, desk.store.dialect.name)
        is_new = not there.exists()
        if is_new:
            fill(desk)
        desk.store.dispose()  # SQLite's log goes into its file, and PostgreSQL copies no database that is in use
        if desk.store.dialect.name == "postgresql":
            own = str(desk.store.url.database)
            _copy_database(desk.store, *((own, there.name) if is_new else (there.name, own)))
        _copy_folder(*((desk.folder, there) if is_new else (there, desk.folder)))
        return desk

    def fill_folder(self, folder: Path, fill: Callable[[Path], object]) -> Path:
        """The same of a council's whole folder, its SQLite database within."""
        there = self._place_of(fill, "folder")
        is_new = not there.exists()
        if is_new:
            fill(folder)
        _copy_folder(*((folder, there) if is_new else (there, folder)))
        return folder

    def _place_of(self, fill: Callable[..., object], kind: str) -> Path:
        return self.folder / self.kept.setdefault((fill, kind), f"ready_made_{len(self.kept)}")


def _copy_folder(here: Path, there: Path) -> None:
    shutil.rmtree(there, ignore_errors=True)
    shutil.copytree(here, there)


def _copy_database(store: Engine, template: str, name: str) -> None:
    beside = create_engine(store.url.set(database="postgres"), isolation_level="AUTOCOMMIT")
    with beside.connect() as connection:
        connection.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
        connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY"))
    beside.dispose()
