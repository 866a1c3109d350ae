"""The bytes of every file as it came, by hash, before anybody parses them (G2)."""

import os
from hashlib import sha256
from pathlib import Path


def keep(folder: Path, content: bytes) -> str:
    """Write the bytes under their sha256 and return it; aside first, then renamed: a kill leaves no half file."""
    digest = sha256(content).hexdigest()
    target = path_of(folder, digest)
    if not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        aside = target.with_suffix(f".{os.getpid()}.part")
        descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        aside.replace(target)
    return digest


def path_of(folder: Path, digest: str) -> Path:
    """Where the bytes with this hash lie."""
    return folder / digest[:2] / digest
