"""The bytes of every file as it came, by hash, before anybody parses them (G2)."""

import os
from errno import EDQUOT, EFBIG, ENOSPC
from hashlib import sha256
from pathlib import Path

from heardback.errors import StoreError

FULL = (ENOSPC, EDQUOT, EFBIG)


def keep(folder: Path, content: bytes) -> str:
    """Write the bytes under their sha256 and return it; aside first, then renamed: a kill leaves no half file.

    Raises StoreError where the disk is full or the folder cannot be written to; nothing of them is left then.
    """
    digest = sha256(content).hexdigest()
    target = path_of(folder, digest)
    try:
        if not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            _write(content, target)
    except OSError as error:
        raise unwritable(folder, error) from None
    return digest


def _write(content: bytes, target: Path) -> None:
    aside = target.with_suffix(f".{os.getpid()}.part")
    descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        aside.replace(target)
    finally:
        aside.unlink(missing_ok=True)


def unwritable(folder: Path, error: OSError) -> StoreError:
    """What to say of a file beside the database that could not be written."""
    if error.errno in FULL:
        return StoreError("the disk is full; nothing was changed", where=str(folder), do="make room and pull again")
    return StoreError(f"{error.strerror or type(error).__name__}", where=str(folder), do="correct the folder's rights")


def path_of(folder: Path, digest: str) -> Path:
    """Where the bytes with this hash lie."""
    return folder / digest[:2] / digest
