"""Every way in which files reach Heardback. A new one is a file beside this and a line in `connectors`."""

from collections.abc import Callable, Mapping
from pathlib import Path

from config.maps import SourceMap
from heardback.errors import NotFound
from heardback.sources.files import Drop, find_drops

Connector = Callable[[SourceMap, Path, int], list[Drop]]


def connectors() -> Mapping[str, Connector]:
    """The key is the section of a map that asks for the connector: a map with `file:` is a file drop."""
    return {"file": lambda source, folder, megabytes: find_drops(source.file, folder, megabytes)}


def drops_of(source: SourceMap, folder: Path, max_megabytes: int) -> list[Drop]:
    """What a source has to offer, in order. Raises NotFound where nothing is there."""
    for section, connect in connectors().items():
        if getattr(source, section, None) is not None:
            return connect(source, folder, max_megabytes)
    raise NotFound(f"the source '{source.source}' does not say where its files are", do="add file.path to its map")
