"""The file drop: exports that people or tools put into a folder, here or at a URL."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from upath import UPath

from config.maps import FileShape
from heardback.errors import HeardbackError, NotFound, StillArriving, Unreadable
from heardback.sources.connector import Fetched
from heardback.sources.ordering import place_of

MEGABYTE = 1_000_000
DEFAULT_MEGABYTES = 200
WILD = set("*?[")
LOCKS = ("~$", ".")  # Excel's; LibreOffice's .~lock.name#, and whatever else is hidden
UNFINISHED = (".part", ".partial", ".tmp", ".temp", ".crdownload", ".download", ".filepart")
JUST_NOW, A_MOMENT = 5.0, 0.5  # seconds: what changed so lately is looked at again so much later
SECRET = "HEARDBACK_SECRET_"  # noqa: S105 - the beginning of a name, not a secret
EXTRAS = {
    "s3": "s3fs", "az": "adlfs", "abfs": "adlfs", "abfss": "adlfs", "sftp": "paramiko", "ssh": "paramiko",
    "smb": "smbprotocol", "gs": "gcsfs", "http": "aiohttp requests", "https": "aiohttp requests",
}  # fmt: skip
Wait = Callable[[float], None]


@dataclass(frozen=True)
class Look:
    """A file's size in bytes, and when it was last changed (seconds since 1970; 0 where its keeper does not say).

    `sign` changes with every change to a file on a disk here, whatever its times were set to; '' for a far one.
    """

    size: int
    changed_at: float
    sign: str = field(default="", compare=False)


@dataclass(frozen=True)
class FileDrop:
    """One file that was dropped. Nothing is read before `fetch`; `looks` are what was seen of it until then."""

    name: str
    path: UPath
    max_megabytes: int = DEFAULT_MEGABYTES
    looks: tuple[Look, ...] = ()
    too_young: bool = False
    settled: bool = False

    @property
    def place(self) -> str:
        """Where it lies, which tells it from every other drop."""
        return str(self.path)

    @property
    def look(self) -> str:
        """The same at another pull only where its bytes are; '' where nothing tells that, or not yet for sure."""
        return self.looks[0].sign if self.settled else ""

    def fetch(self) -> Fetched:
        """All of its bytes.

        Raises Unreadable where the file is too large, NotFound where it has gone, StillArriving where somebody may
        still be writing it.
        """
        with _told_plainly(self.path):
            look = look_at(self.path)
            if self.too_young or set(self.looks) - {look}:
                raise _still_arriving(self.path)
            if look.size > self.max_megabytes * MEGABYTE:
                raise self._too_large(look.size)
            content = self.path.read_bytes()
            if len(content) != look.size:
                raise _still_arriving(self.path)
            return Fetched(content)

    def _too_large(self, size: int) -> Unreadable:
        return Unreadable(
            f"the file is {size / MEGABYTE:,.0f} MB and the limit is {self.max_megabytes} MB",
            where=_shown(self.path),
            do="export fewer answers at once, or raise gate.max_file_megabytes in policy.yaml",
        )


def find_drops(
    shape: FileShape,
    folder: Path,
    max_megabytes: int = DEFAULT_MEGABYTES,
    *,
    at: datetime | None = None,
    wait: Wait = time.sleep,
    secret: Callable[[str], str] = str,
) -> list[FileDrop]:
    """The files that a map's glob means, oldest first (see `place_of`).

    Lock files, hidden files and unfinished downloads are passed over. A file that changed less than
    `file.settle_seconds` before `at` is left for the next pull, as is one that changes while it is looked at twice.
    The glob is relative to `folder`, absolute, or a URL (s3://…, sftp://…); `secret` gives the secrets that
    `file.storage` names. Raises NotFound where the folder or every file is missing.
    """
    base, pattern = _split(shape, folder, secret)
    with _told_plainly(base):
        found = _files(base, pattern, shape)
        drops = [FileDrop(path.name, path, max_megabytes, (look_at(path),)) for path in found]
    ordered = sorted(drops, key=lambda drop: (place_of(shape, drop.name), str(drop.path)))
    return _settled(ordered, shape.settle_seconds, at, wait) if at else ordered


def look_at(path: UPath) -> Look:
    """How large a file is now, and when it was last changed."""
    found = path.stat()
    return Look(int(found.st_size), float(found.st_mtime or 0), _sign(found) if isinstance(path, Path) else "")


def _sign(found: Any) -> str:
    """Size, times to the nanosecond and place on the disk. Nobody sets the second time, and a new file has its own."""
    return f"{found.st_size} {found.st_mtime_ns} {found.st_ctime_ns} {found.st_dev} {found.st_ino}"


def _files(base: UPath, pattern: str, shape: FileShape) -> list[UPath]:
    if not base.is_dir():
        do = f"make it, or correct file.path: {_without_login(shape.path)}"
        raise NotFound("the folder does not exist", where=_shown(base), do=do)
    found = [path for path in base.glob(pattern) if path.is_file() and not _is_passed_over(path.name)]
    if not found:
        do = "put the export there, or correct file.path"
        raise NotFound(f"no file matches {pattern}", where=_shown(base), do=do)
    return found


def _is_passed_over(name: str) -> bool:
    return name.startswith(LOCKS) or name.lower().endswith(UNFINISHED)


def _settled(drops: Sequence[FileDrop], settle: float, at: datetime, wait: Wait) -> list[FileDrop]:
    """The same drops; those that changed lately have been looked at again, after one wait for all of them.

    A change after `at` is no change at all: whoever pulls as at an earlier instant has the clock of that day.
    """
    ages = [at.timestamp() - drop.looks[0].changed_at for drop in drops]
    if any(0 <= age < JUST_NOW for age in ages):
        wait(A_MOMENT)
    return [
        replace(drop, too_young=0 <= age < settle, settled=age >= max(settle, JUST_NOW))
        for drop, age in zip(drops, ages, strict=True)
    ]


def _still_arriving(path: UPath) -> StillArriving:
    return StillArriving(
        "the file was changed a moment ago: somebody may still be writing it, so it waits for the next pull",
        where=_shown(path),
        do="pull again when it is whole",
    )


@contextmanager
def _told_plainly(path: UPath) -> Iterator[None]:
    """Whatever a far folder's own library raises becomes one plain message without what it may quote."""
    try:
        yield
    except HeardbackError:
        raise
    except FileNotFoundError:
        raise NotFound("the file has gone", where=_shown(path), do="pull again") from None
    except Exception as error:  # every file system has errors of its own
        do = "check that the account that runs Heardback may read it, and that the network is there"
        raise NotFound(f"it cannot be read ({type(error).__name__})", where=_shown(path), do=do) from None


def _split(shape: FileShape, folder: Path, secret: Callable[[str], str]) -> tuple[UPath, str]:
    """The folder before the first wild card, and the pattern from there on."""
    scheme, separator, rest = shape.path.rpartition("://")
    parts = PurePosixPath(rest).parts
    wild = next((position for position, part in enumerate(parts) if WILD & set(part)), len(parts) - 1)
    before = str(PurePosixPath(*parts[:wild]))
    pattern = str(PurePosixPath(*parts[wild:]))
    if not separator:
        return UPath(folder) / before, pattern
    options = {name: secret(value) if value.startswith(SECRET) else value for name, value in shape.storage.items()}
    return _far(scheme, before, options), pattern


def _far(scheme: str, before: str, options: dict[str, str]) -> UPath:
    where = _without_login(f"{scheme}://{before}")
    try:
        path = UPath(f"{scheme}://{before}", **options)
        path.fs  # noqa: B018 - only now is the library asked for that opens it
    except ImportError:
        needs = EXTRAS.get(scheme, "")
        do = f"install it beside Heardback: pip install {needs}" if needs else "install the library that opens it"
        raise NotFound(f"a library is missing that opens {scheme}:// folders", where=where, do=do) from None
    except Exception as error:  # a wrong option, a host that nobody knows: every library says it in its own way
        do = "check file.path and file.storage in the map"
        raise NotFound(f"the folder cannot be opened ({type(error).__name__})", where=where, do=do) from None
    return path


def _shown(path: UPath) -> str:
    return _without_login(str(path))


def _without_login(url: str) -> str:
    """A URL as it may be shown: a name and a password in it are left out."""
    parts = urlsplit(url)
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2])) if "@" in parts.netloc else url
