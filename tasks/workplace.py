"""What every step needs first: the settings, the council's configuration, and its database."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import TypeVar

from sqlalchemy import Engine

from config.council import Council, read_council
from config.maps import SourceMap
from config.registers import RegisterMap
from config.settings import Settings, from_environment
from heardback.errors import ConfigurationError, NotFound
from heardback.sources.connector import Asking
from heardback.sources.feed import Feed
from heardback.store.pull_records import cursor_of
from heardback.store.sealing import Seal
from heardback.store.session import open_store, reading

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

    def secret(self, name: str) -> str:
        """A connector's secret by its environment variable. Raises ConfigurationError where it is not set."""
        if name not in self.settings.secrets:
            raise ConfigurationError([f"{name}: the secret is not set in the environment of whoever runs Heardback"])
        return self.settings.secrets[name]

    def asking(self, feed: Feed, at: datetime) -> Asking:
        """What a feed's connector may know when it asks for what is new."""
        with reading(self.store) as session:
            cursor = cursor_of(session, feed.code)
        policy = self.council.policy
        return Asking(
            feed,
            self.council.folder,
            at,
            self.secret,
            cursor,
            policy.gate.max_file_megabytes,
            frozenset(policy.network.private_hosts),
        )


def _named(known: Mapping[str, MapT], wanted: str, kind: str, where: Path) -> MapT:
    if wanted not in known:
        raise NotFound(f"there is no {kind} '{wanted}'", where=str(where), do=f"one of: {', '.join(sorted(known))}")
    return known[wanted]


def read_configuration(folder: Path) -> Council:
    """The council in a folder; ConfigurationError with every fault where anything is wrong."""
    return _read_as_it_stands(folder, _stamp_of(folder))


@lru_cache(maxsize=1)  # a run opens the same council for every feed, at a tenth of a second each
def _read_as_it_stands(folder: Path, _stamp: frozenset[tuple[str, int, int]]) -> Council:
    council, faults = read_council(folder)
    if council is None:
        raise ConfigurationError(faults)
    return council


def _stamp_of(folder: Path) -> frozenset[tuple[str, int, int]]:
    """What changes when anybody edits a file of the configuration: names, times and sizes."""
    stats = [(str(path), path.stat()) for path in folder.rglob("*.y*ml")]
    return frozenset((name, stat.st_mtime_ns, stat.st_size) for name, stat in stats)


def under_home(folder: str) -> str:
    """Where a run writes what nobody named a place for: a folder of HEARDBACK_HOME."""
    return str(from_environment().home / folder)


@contextmanager
def open_workplace() -> Iterator[Workplace]:
    """Open the council that the environment names, and close its database afterwards."""
    settings = from_environment()
    council = read_configuration(settings.config)
    store = open_store(settings.database_url, Seal.of(settings.text_keys))
    try:
        yield Workplace(settings, council, store)
    finally:
        store.dispose()
