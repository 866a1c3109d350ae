"""The file drop: exports that people or tools put into a folder or at a URL; `file.path` says where."""

from collections.abc import Sequence

from config.reading import Knobs
from heardback.sources.connector import Asking, Connector, Drop
from heardback.sources.folders.files import find_drops, look_into


class Files(Knobs):
    """Nothing of its own: the path stands with the layout, in `file:`."""


def drops(_settings: Files, asking: Asking) -> Sequence[Drop]:
    """The files that have been dropped, oldest first; one that is still being written waits for the next pull."""
    return find_drops(
        asking.feed.file,
        asking.folder,
        asking.max_megabytes,
        at=asking.at,
        wait=asking.wait,
        secret=asking.secret,
        private_hosts=asking.private_hosts,
    )


def knock(_settings: Files, asking: Asking) -> None:
    """Look whether a folder elsewhere lets us in and is there. Raises SourceUnavailable, NotFound."""
    look_into(asking.feed.file, asking.folder, asking.secret, asking.private_hosts)


CONNECTOR = Connector(Files, drops, knock=knock)
