"""Folders elsewhere, at any URL that universal-pathlib opens: each with a library of its own, and errors of its own.

Seen with real servers: a kept connection is dead after a server's restart, a kept list of files is old, and what is
asked whether a folder exists says no where nobody answers. So every pull opens its folder anew.
"""

import errno
import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from time import monotonic
from typing import Any, TypeVar
from urllib.parse import urlsplit, urlunsplit

from fsspec import get_filesystem_class  # type: ignore[import-untyped]
from upath import UPath

from heardback.errors import HeardbackError, NotFound, SourceUnavailable, StillArriving
from heardback.sources.folders.hanging_up import hang_up
from heardback.sources.folders.patience import in_time

LIBRARIES = {
    "s3": "s3fs", "az": "adlfs", "abfs": "adlfs", "abfss": "adlfs", "sftp": "paramiko", "ssh": "paramiko",
    "smb": "smbprotocol", "gs": "gcsfs", "http": "aiohttp requests", "https": "aiohttp requests",
}  # fmt: skip
SSH = {"sftp", "ssh"}
# What the libraries call it, in paramiko, smbprotocol, botocore and azure-core; s3fs says PermissionError.
REFUSALS = {
    "PermissionError", "AuthenticationException", "PasswordRequiredException", "LogonFailure", "AccessDenied",
    "SMBAuthenticationError", "NoCredentialsError", "ClientAuthenticationError",
}  # fmt: skip
REFUSED = {401, 403}
NO_LOGIN = "No authentication methods available"  # paramiko, of its general kind: no password is set, and no key found
# smbprotocol: one kind of error for all, which no longer says what it stands for once Python has no number for it.
SMB_REFUSED = {0xC0000022, 0xC0000061, 0xC000006D}  # access denied, privilege not held, logon failure
SMB_IN_USE = {0xC0000043}  # sharing violation: somebody has it open for writing
SMB_MISSING = {0xC00000CC}  # no share of this name
TAGS = ("ETag", "etag")  # as s3fs and HTTP servers call it, and adlfs and gcsfs
WEAK = "W/"  # RFC 9110, 8.8.1: such a tag may stay when bytes change
SWAPPED = "FileExpired"  # s3fs: another file stands there since it was opened
# Samba and OpenSSH, stopped amid an answer, are waited for without end by smbprotocol and paramiko.
PATIENCE = 300.0  # seconds for one answer
TOO_LONG = 30.0  # seconds before it fails; Azure's library takes 85 to say that a server is gone, for each of 500 files
SLOWEST = 100_000  # bytes a second that a file may take beyond that
GIVEN_UP = "given_up"  # said of a line on which an answer was waited for in vain: it is not asked again
Value = TypeVar("Value")


def open_far(scheme: str, before: str, options: Mapping[str, str], secrets: tuple[str, ...] = ()) -> UPath:
    """The folder at `scheme://before`, over a line of its own; `secrets` are the variables that `options` came from.

    Raises NotFound where its library is missing or its settings fit nothing, SourceUnavailable where the server does
    not answer or does not let us in.
    """
    where = without_login(f"{scheme}://{before}")
    settings: dict[str, Any] = dict(options)
    try:
        _library_of(scheme, where).clear_instance_cache()
        if scheme in SSH:
            _let_errors_speak_once("paramiko")
            settings = {"host_key_policy": _known_hosts_only()} | settings
        path: UPath = UPath(f"{scheme}://{before}", **settings)
        in_time(lambda: path.fs, PATIENCE)  # only now is the server called
    except HeardbackError:
        raise
    except ImportError:
        needs = LIBRARIES.get(scheme, "")
        do = f"install it beside Heardback: pip install {needs}" if needs else "install the library that opens it"
        raise NotFound(f"a library is missing that opens {scheme}:// folders", where=where, do=do) from None
    except Exception as error:  # every library has errors of its own
        raise _told(error, where, secrets, opening=True) from None
    return path


@contextmanager
def told_plainly(path: UPath, secrets: tuple[str, ...] = ()) -> Iterator[None]:
    """Whatever a folder's own library raises becomes one plain message without what it may quote."""
    try:
        yield
    except HeardbackError:
        raise
    except Exception as error:
        if _is_missing(error):
            raise NotFound("the file has gone", where=shown(path), do="pull again") from None
        if is_far(path):
            raise _told(error, shown(path), secrets) from None
        do = "check that the account that runs Heardback may read it, and that the disk is there"
        raise NotFound(f"it cannot be read ({type(error).__name__})", where=shown(path), do=do) from None


def is_far(path: UPath) -> bool:
    """Whether it lies on no disk of this machine."""
    return not isinstance(path, Path)


def answered(path: UPath, act: Callable[[], Value], size: int = 0) -> Value:
    """What `act` gives, which asks the keeper of `path` for something of `size` bytes.

    Raises TimeoutError where a server has not answered in time, or took long to fail earlier on this line; whatever
    `act` raises.
    """
    if not is_far(path):
        return act()
    if getattr(path.fs, GIVEN_UP, False):
        raise TimeoutError
    began = monotonic()
    try:
        return in_time(act, PATIENCE + size / SLOWEST)
    except Exception as error:
        if isinstance(error, TimeoutError) or monotonic() - began > TOO_LONG:
            setattr(path.fs, GIVEN_UP, True)
            hang_up(path.fs)
        raise


def is_folder(path: UPath) -> bool:
    """Whether it exists; a server that does not answer is an error, where fsspec's own `isdir` says no."""
    if not is_far(path):
        return path.is_dir()
    try:
        return bool(answered(path, lambda: path.fs.info(path.path))["type"] == "directory")
    except Exception as error:
        if _is_missing(error):
            return False
        raise


def forget_list(path: UPath) -> None:
    """What was listed a while ago says nothing of how a file looks now."""
    if is_far(path):
        path.fs.invalidate_cache()


def tag_of(found: Any) -> str:
    """What its keeper tells a file's bytes apart by: an object store's strong ETag, from what `stat` found.

    '' where there is none. SFTP and SMB know a file by its size and its time alone, and whoever copies one sets that.
    """
    info = found.as_info() if hasattr(found, "as_info") else {}
    tag = next((str(info[name]) for name in TAGS if info.get(name)), "")
    return "" if tag.startswith(WEAK) else tag


def shown(path: UPath) -> str:
    """Where it lies, for messages: with its host, which some kinds of path leave out, and without a login."""
    url = without_login(str(path))
    host = path.storage_options.get("host") if is_far(path) else None
    parts = urlsplit(url)
    return urlunsplit(parts._replace(netloc=str(host))) if host and not parts.netloc else url


def without_login(url: str) -> str:
    """A URL as it may be shown: a name and a password in it are left out."""
    parts = urlsplit(url)
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2])) if "@" in parts.netloc else url


def _is_missing(error: Exception) -> bool:
    """smbprotocol's own kind of OSError is no FileNotFoundError, whatever its number says."""
    missing = isinstance(error, OSError) and error.errno == errno.ENOENT
    return isinstance(error, FileNotFoundError) or missing or getattr(error, "ntstatus", None) in SMB_MISSING


def _told(error: Exception, where: str, secrets: tuple[str, ...], *, opening: bool = False) -> HeardbackError:
    """Its kind alone, for its words may repeat a login, a signed address or what a file holds."""
    names = {kind.__name__ for kind in type(error).__mro__}
    name, status = type(error).__name__, getattr(error, "ntstatus", None)
    if SWAPPED in names or status in SMB_IN_USE:
        why = "was changed while it was read" if SWAPPED in names else "is open in another program"
        what = f"the file {why}, so it waits for the next pull"
        return StillArriving(what, where=where, do="pull again when it is whole")
    code = getattr(error, "status_code", None)
    if REFUSALS & names or code in REFUSED or status in SMB_REFUSED or str(error) == NO_LOGIN:
        named = f"the secret {', '.join(secrets)}" if secrets else "the account that runs Heardback"
        do = f"check file.storage in the map and {named}: right, still valid, and allowed to read this folder?"
        return SourceUnavailable(f"the server does not let us in ({name})", where=where, do=do, permanent=True)
    if opening and isinstance(error, (TypeError, KeyError)):
        do = "check file.storage in the map: these are not the settings that its library takes"
        return NotFound(f"the folder cannot be opened ({name})", where=where, do=do)
    do = "pull again later; are file.path and file.storage in the map right, and is the network there?"
    return SourceUnavailable(f"the server did not answer to the end ({name})", where=where, do=do)


def _library_of(scheme: str, where: str) -> Any:
    try:
        return get_filesystem_class(scheme)
    except ValueError:
        do = "correct file.path; docs/files.md has the kinds of URL"
        raise NotFound(f"nothing opens {scheme}:// folders", where=where, do=do) from None


def _let_errors_speak_once(library: str) -> None:
    """A library that logs the whole trace of what it raises as well is heard only where logging is set up."""
    log = logging.getLogger(library)
    if not log.handlers:
        log.addHandler(logging.NullHandler())


def _known_hosts_only() -> object:
    from heardback.sources.folders.known_hosts import KnownHostsOnly

    return KnownHostsOnly()
