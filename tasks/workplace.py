"""What every step needs first: the settings, the council's configuration, and its database."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from sqlalchemy import Engine

from config.council import Council, read_council
from config.maps import RegisterMap, SourceMap
from config.settings import Settings, from_environment
from heardback.errors import ConfigurationError, NotFound
from heardback.store.session import open_store

MapT = TypeVar("MapT", SourceMap, RegisterMap)


@dataclass(frozen=True)
class Workplace:
    """One council, open for work."""

    settings: Settings
    council: Council
    store: Engine

    def source(self, source_id: str) -> SourceMap:
        """The map of a source; NotFound names those there are."""
        return _named(self.council.sources, source_id, "source", self.council.folder / "sources")

    def register(self, register_id: str) -> RegisterMap:
        """The map of a register of changes; NotFound names those there are."""
        return _named(self.council.registers, register_id, "register", self.council.folder / "changes.yaml")


def _named(known: Mapping[str, MapT], wanted: str, kind: str, where: Path) -> MapT:
    if wanted not in known:
        raise NotFound(f"there is no {kind} '{wanted}'", where=str(where), do=f"one of: {', '.join(sorted(known))}")
    return known[wanted]


def read_configuration(folder: Path) -> Council:
    """The council in a folder; ConfigurationError with every fault where anything is wrong."""
    council, faults = read_council(folder)
    if council is None:
        raise ConfigurationError(faults)
    return council


def under_home(folder: str) -> str:
    """Where a run writes what nobody named a place for: a folder of HEARDBACK_HOME."""
    return str(from_environment().home / folder)


@contextmanager
def open_workplace() -> Iterator[Workplace]:
    """Open the council that the environment names, and close its database afterwards."""
    settings = from_environment()
    council = read_configuration(settings.config)
    store = open_store(settings.database_url)
    try:
        yield Workplace(settings, council, store)
    finally:
        store.dispose()
