"""The file drop: exports that people or tools put into a folder, here or at a URL."""

import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import Any

from upath import UPath

from config.layout import FileShape
from config.values import SECRET
from heardback.errors import NotFound, StillArriving, Unreadable
from heardback.sources.connector import Fetched
from heardback.sources.folders.far_folders import (
    answered,
    forget_list,
    is_far,
    is_folder,
    open_far,
    shown,
    tag_of,
    told_plainly,
    without_login,
)
from heardback.sources.folders.far_hosts import check_hosts
from heardback.sources.folders.ordering import place_of
from heardback.sources.tables.passed_over import is_passed_over

MEGABYTE = 1_000_000
DEFAULT_MEGABYTES = 200
WILD = set("*?[")
JUST_NOW, A_MOMENT = 5.0, 0.5  # seconds: what changed so lately is looked at again so much later
LONGEST_PULL = 6 * 3600.0  # seconds: what changed so long after a pull began may be changing still
Wait = Callable[[float], None]


@dataclass(frozen=True)
class Look:
    """A file's size in bytes, and when it was last changed (seconds since 1970; 0 where its keeper does not say).

    `sign` changes with every change to the file, whatever its times were set to; '' where its keeper gives none.
    """

    size: int
    changed_at: float
    sign: str = field(default="", compare=False)


@dataclass(frozen=True)
class FileDrop:
    """One file that was dropped. Nothing is read before `fetch`; `looks` are what was seen of it until then.

    `secrets` are the variables that its folder was opened with, for messages.
    """

    name: str
    path: UPath
    max_megabytes: int = DEFAULT_MEGABYTES
    looks: tuple[Look, ...] = ()
    too_young: bool = False
    settled: bool = False
    secrets: tuple[str, ...] = ()

    @property
    def place(self) -> str:
        """Where it lies, which tells it from every other drop."""
        return shown(self.path)

    @property
    def look(self) -> str:
        """The same at another pull only where its bytes are; '' where nothing tells that, or not yet for sure."""
        return self.looks[0].sign if self.settled else ""

    def fetch(self) -> Fetched:
        """All of its bytes.

        Raises Unreadable where the file is too large, NotFound where it has gone, StillArriving where somebody may
        still be writing it.
        """
        with told_plainly(self.path, self.secrets):
            forget_list(self.path)
            look = look_at(self.path)
            if self.too_young or set(self.looks) - {look}:
                raise _still_arriving(self.path)
            if look.size > self.max_megabytes * MEGABYTE:
                raise too_large(look.size, self.max_megabytes, shown(self.path))
            content = answered(self.path, self.path.read_bytes, look.size)
            if len(content) != look.size:
                raise _still_arriving(self.path)
            return Fetched(content)


def too_large(size: int, most: int, where: str) -> Unreadable:
    """The refusal of a file of more than so many megabytes; `size` is in bytes."""
    what = f"the file is {size / MEGABYTE:,.0f} MB and the limit is {most} MB"
    do = "export fewer answers at once, or raise gate.max_file_megabytes in policy.yaml"
    return Unreadable(what, where=where, do=do)


def find_drops(
    shape: FileShape,
    folder: Path,
    max_megabytes: int = DEFAULT_MEGABYTES,
    *,
    at: datetime | None = None,
    wait: Wait = time.sleep,
    secret: Callable[[str], str] = str,
    private_hosts: Collection[str] = (),
) -> list[FileDrop]:
    """The files that a map's glob means, oldest first (see `place_of`).

    Lock files, hidden files and unfinished downloads are passed over. A file that changed less than
    `file.settle_seconds` before `at` is left for the next pull, as is one that changes while it is looked at twice.
    The glob is relative to `folder`, absolute, or a URL (s3://…, sftp://…); `secret` gives the secrets that
    `file.storage` names, and `private_hosts` are the hosts on private networks that may be called. Raises NotFound
    where the folder or every file is missing, SourceUnavailable where a server must not be called, does not answer or
    does not let us in.
    """
    base, pattern = _split(shape, folder, secret, private_hosts)
    secrets = _secrets_of(shape)
    with told_plainly(base, secrets):
        found = _files(base, pattern, shape)
        drops = [FileDrop(path.name, path, max_megabytes, (look_at(path),), secrets=secrets) for path in found]
    ordered = sorted(drops, key=lambda drop: (place_of(shape, drop.name), str(drop.path)))
    return _settled(ordered, shape.settle_seconds, at, wait) if at else ordered


def look_into(
    shape: FileShape, folder: Path, secret: Callable[[str], str], private_hosts: Collection[str] = ()
) -> None:
    """Whether a folder elsewhere lets us in and is there; one here is not looked at. Raises as find_drops."""
    if "://" not in shape.path:
        return
    base, _ = _split(shape, folder, secret, private_hosts)
    with told_plainly(base, _secrets_of(shape)):
        _check_there(base, shape)


def look_at(path: UPath) -> Look:
    """How large a file is now, and when it was last changed."""
    found = answered(path, path.stat)
    return Look(int(found.st_size), float(found.st_mtime or 0), tag_of(found) if is_far(path) else _sign(found))


def _sign(found: Any) -> str:
    """Size, times to the nanosecond and place on the disk. Nobody sets the second time, and a new file has its own."""
    return f"{found.st_size} {found.st_mtime_ns} {found.st_ctime_ns} {found.st_dev} {found.st_ino}"


def _files(base: UPath, pattern: str, shape: FileShape) -> list[UPath]:
    _check_there(base, shape)
    matching = [path for path in answered(base, lambda: list(base.glob(pattern))) if answered(path, path.is_file)]
    found = [path for path in matching if not is_passed_over(path.name)]
    if not found:
        if is_far(base):
            # Which says so where the server broke off, as a glob does not.
            answered(base, lambda: base.fs.ls(base.path))
        do = "put the export there, or correct file.path"
        what = "; lock files, hidden files and unfinished downloads are passed over" if matching else ""
        raise NotFound(f"no file matches {pattern}{what}", where=shown(base), do=do)
    return found


def _check_there(base: UPath, shape: FileShape) -> None:
    if not is_folder(base):
        do = f"make it, or correct file.path: {without_login(shape.path)}"
        raise NotFound("the folder does not exist", where=shown(base), do=do)


def _settled(drops: Sequence[FileDrop], settle: float, at: datetime, wait: Wait) -> list[FileDrop]:
    """The same drops; those that changed lately have been looked at again, after one wait for all of them.

    `at` is when the pull began, which may be a while ago. A change long after it is no change at all: whoever pulls as
    at an earlier day has the clock of that day.
    """
    ages = [at.timestamp() - drop.looks[0].changed_at for drop in drops]
    if any(-LONGEST_PULL < age < JUST_NOW for age in ages):
        wait(A_MOMENT)
    return [
        replace(drop, too_young=settle > 0 and -LONGEST_PULL < age < settle, settled=age >= max(settle, JUST_NOW))
        for drop, age in zip(drops, ages, strict=True)
    ]


def _still_arriving(path: UPath) -> StillArriving:
    return StillArriving(
        "the file was changed a moment ago: somebody may still be writing it, so it waits for the next pull",
        where=shown(path),
        do="pull again when it is whole",
    )


def _split(
    shape: FileShape, folder: Path, secret: Callable[[str], str], private_hosts: Collection[str]
) -> tuple[UPath, str]:
    """The folder before the first wild card, and the pattern from there on."""
    scheme, separator, rest = shape.path.rpartition("://")
    parts = PurePosixPath(rest).parts
    wild = next((position for position, part in enumerate(parts) if WILD & set(part)), len(parts) - 1)
    before = str(PurePosixPath(*parts[:wild]))
    pattern = str(PurePosixPath(*parts[wild:]))
    if not separator:
        return UPath(folder) / before, pattern
    own = {name: value for name, value in shape.storage.items() if not value.startswith(SECRET)}
    check_hosts(f"{scheme}://{before}", own, {host.lower() for host in private_hosts})
    options = {name: secret(value) if value.startswith(SECRET) else value for name, value in shape.storage.items()}
    return open_far(scheme, before, options, _secrets_of(shape)), pattern


def _secrets_of(shape: FileShape) -> tuple[str, ...]:
    return tuple(value for value in shape.storage.values() if value.startswith(SECRET))
