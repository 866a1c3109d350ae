"""The sentence encoder's files are checked and read once: each step opens an encoder of its own, at 0.1 s."""

from pathlib import Path

from heardback.matching import encoder
from heardback.matching.encoder import OFFICIAL
from heardback.matching.network import Network

Stamp = tuple[tuple[str, int, int], ...]


def remember_networks() -> None:
    """From now on a process checks files that are as they were no second time, and reads them no second time."""
    check, read = encoder.check_files, Network.read
    known: dict[Stamp, Network | None] = {}

    def check_once(folder: Path) -> None:
        if _stamp(folder) not in known:
            check(folder)
            known[_stamp(folder)] = None

    def read_once(folder: Path) -> Network:
        network = known.get(_stamp(folder)) or read(folder)
        known[_stamp(folder)] = network
        return network

    encoder.check_files = check_once
    Network.read = read_once  # type: ignore[assignment, method-assign]


def _stamp(folder: Path) -> Stamp:
    """What changes when anybody touches one of the files."""
    places = [(folder / name, (folder / name).stat()) for name in OFFICIAL]
    return tuple((str(place), stat.st_mtime_ns, stat.st_size) for place, stat in places)
