"""Files that were read before and lie as they lay then: known by their look, so that nothing is opened to see that.

Only a shortcut: for each file its look and the hash of what stood in it. Whether those bytes landed is for the database
to say, so where this is lost, or a backup of the database is older than it, a file is read once more and no harm done.
"""

import os
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

from heardback.store.raw_files import OWNER_ONLY, make_private


def seen_as(folder: Path | None, name: str, look: str) -> str:
    """The hash of a drop's bytes where it looks as it did when they were read; '' where that is not known."""
    if folder is None or not look:
        return ""
    try:
        before, digest = _place(folder, name).read_text(encoding="utf-8").split("\n")
    except (OSError, ValueError):
        return ""
    return digest if before == look else ""


def note_seen(folder: Path | None, name: str, look: str, digest: str) -> None:
    """Remember how a drop looked whose bytes have this hash. A full disk forgets it: reading again does no harm."""
    if folder is None or not look or seen_as(folder, name, look) == digest:
        return
    place = _place(folder, name)
    aside = place.with_suffix(f".{os.getpid()}.part")
    with suppress(OSError):
        make_private(folder)
        aside.write_text(f"{look}\n{digest}", encoding="utf-8")
        aside.chmod(OWNER_ONLY)
        aside.replace(place)


def _place(folder: Path, name: str) -> Path:
    return folder / sha256(name.encode()).hexdigest()[:32]
