"""The bytes of every file as it came, by hash, before anybody parses them (G2)."""

import os
from contextlib import suppress
from errno import EDQUOT, EFBIG, ENOSPC
from hashlib import sha256
from pathlib import Path
from tempfile import mkstemp

from heardback.errors import StoreError
from heardback.store.sealing import Seal, unopened

FULL = (ENOSPC, EDQUOT, EFBIG)
OWNER_ONLY, OWNERS_FOLDER = 0o600, 0o700
SEALED = b"heardback sealed 1\n"  # how a file begins that is


def keep(folder: Path, content: bytes, seal: Seal | None = None) -> str:
    """Write the bytes under their sha256 and return it; aside first, then renamed: a kill leaves no half file.

    With a seal they are sealed; their name is the hash of what came all the same. Raises StoreError where the disk is
    full or the folder cannot be written to; nothing of them is left then.
    """
    digest = sha256(content).hexdigest()
    target = path_of(folder, digest)
    try:
        if not target.exists():
            make_private(target.parent)
            _write(_sealed(seal, content), target)
    except OSError as error:
        raise unwritable(folder, error) from None
    return digest


def _write(content: bytes, target: Path) -> None:
    # Of a name that nobody else has: workers in containers share the folder, and their process numbers are the same.
    descriptor, name = mkstemp(".part", f"{target.name}.", target.parent)
    aside = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        aside.replace(target)
    finally:
        aside.unlink(missing_ok=True)
    for folder in (target.parent, target.parent.parent):
        _write_names_down(folder)


def _write_names_down(folder: Path) -> None:
    """A power cut may take back a new name in a folder until then; what cannot do so (a share) does it its own way."""
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def read(folder: Path, digest: str, seal: Seal | None = None) -> bytes:
    """The bytes as they came. Raises FileNotFoundError where they are no longer kept, StoreError where no key fits."""
    return _opened(seal, path_of(folder, digest).read_bytes())


def seal_anew(folder: Path, seal: Seal) -> int:
    """Seal every file with the key in use; returns how many."""
    paths = [path for path in folder.glob("*/*") if not path.suffix]
    for path in paths:
        _write(_sealed(seal, _opened(seal, path.read_bytes())), path)
    return len(paths)


def _sealed(seal: Seal | None, content: bytes) -> bytes:
    return SEALED + seal.seal(content) if seal else content


def _opened(seal: Seal | None, kept: bytes) -> bytes:
    """The bytes again; those kept before there was a key are as they came."""
    if not kept.startswith(SEALED):
        return kept
    if seal is None:
        raise unopened()
    return seal.open(kept.removeprefix(SEALED))


def make_private(folder: Path) -> None:
    """Make a folder, and those above it that are missing, for their owner alone whatever the umask says."""
    for missing in reversed([place for place in (folder, *folder.parents) if not place.exists()]):
        missing.mkdir(mode=OWNERS_FOLDER, exist_ok=True)


def unwritable(folder: Path, error: OSError) -> StoreError:
    """What to say of a file beside the database that could not be written."""
    if error.errno in FULL:
        return StoreError("the disk is full; nothing was changed", where=str(folder), do="make room and pull again")
    return StoreError(f"{error.strerror or type(error).__name__}", where=str(folder), do="correct the folder's rights")


def path_of(folder: Path, digest: str) -> Path:
    """Where the bytes with this hash lie."""
    return folder / digest[:2] / digest
