"""What every step needs first: the settings, the council's configuration, and its database."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine

from config.council import Council, read_council
from config.maps import SourceMap
from config.settings import Settings, from_environment
from heardback.errors import ConfigurationError, NotFound
from heardback.store.session import open_store


@dataclass(frozen=True)
class Workplace:
    """One council, open for work."""

    settings: Settings
    council: Council
    store: Engine

    def source(self, source_id: str) -> SourceMap:
        """The map of a source; NotFound names those there are."""
        if source_id not in self.council.sources:
            known = ", ".join(sorted(self.council.sources))
            raise NotFound(
                f"there is no source '{source_id}'", where=str(self.council.folder / "sources"), do=f"one of: {known}"
            )
        return self.council.sources[source_id]


def read_configuration(folder: Path) -> Council:
    """The council in a folder; ConfigurationError with every fault where anything is wrong."""
    council, faults = read_council(folder)
    if council is None:
        raise ConfigurationError(faults)
    return council


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
