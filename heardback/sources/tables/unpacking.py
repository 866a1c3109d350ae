"""What is packed (zip, and so xlsx) is unpacked in memory and counted as it streams, whatever it says of its size."""

import zipfile
from collections.abc import Iterator
from fnmatch import fnmatchcase
from io import BytesIO
from pathlib import PurePosixPath

from heardback.errors import Unreadable
from heardback.sources.tables.passed_over import is_passed_over

ZIPPED = b"PK\x03\x04"
EMPTY = b"PK\x05\x06"  # a zip without members
ALWAYS_FINE = 30_000_000  # bytes unpacked, however small the file is
MOST_TIMES = 100  # a sheet unpacks to 5 to 40 times its size, a bomb to hundreds
MOST_BYTES = 500_000_000
CHUNK = 1_048_576
MOST_LISTED = 1_000_000  # bytes of a zip's own list of its files: some ten thousand
END, WIDE_END, SAYS_WIDE = b"PK\x05\x06", b"PK\x06\x06", 0xFFFFFFFF  # of the list; in a zip of the larger kind
WORKBOOK_PARTS = {"[Content_Types].xml", "mimetype", "content.xml"}


def is_zipped(content: bytes) -> bool:
    """Do the first bytes say zip (or xlsx, or ods)?"""
    return content.startswith((ZIPPED, EMPTY))


def is_zipped_workbook(content: bytes) -> bool:
    """Is this zip a spreadsheet? What cannot be opened is taken for one, and fails as such."""
    if _listed(content) > MOST_LISTED:
        return False
    try:
        return bool(WORKBOOK_PARTS & set(zipfile.ZipFile(BytesIO(content)).namelist()))
    except zipfile.BadZipFile:
        return True


def member_names(content: bytes, name: str) -> list[str]:
    """The files in a zip, in its order. Raises Unreadable where it is damaged or a name leads out of it."""
    with _opened(content, name) as archive:
        names = [member.filename for member in archive.infolist() if not member.is_dir()]
    if any(_leads_out(member) for member in names):
        raise Unreadable("a file in the zip has a name that leads out of it", where=name, do="pack it again")
    return [
        member for member in names if not (member.startswith("__MACOSX/") or is_passed_over(PurePosixPath(member).name))
    ]


def find_members(content: bytes, name: str, pattern: str) -> list[str]:
    """The files in a zip that a pattern means; an empty pattern means the only one. Raises Unreadable where none is."""
    names = member_names(content, name)
    found = [member for member in names if fnmatchcase(member, pattern)] if pattern else names
    if not names:
        raise Unreadable("there is nothing in the zip", where=name, do="pack the exports again")
    if not found:
        raise Unreadable(f"no file in the zip is '{pattern}'; {_there_are(names)}", where=name, do="file.member: NAME")
    return found


def only_member(content: bytes, name: str, pattern: str) -> str:
    """The one file in a zip that a pattern means. Raises Unreadable where there are several, and names them."""
    found = find_members(content, name, pattern)
    if len(found) > 1:
        raise Unreadable(f"the zip holds {_there_are(found)}", where=name, do="say which one in file.member")
    return found[0]


def unpack(content: bytes, name: str, member: str) -> bytes:
    """One file of a zip. Raises Unreadable where the zip unpacks to far more than its size, or is damaged."""
    refuse_bomb(content, name)
    with _opened(content, name) as archive:
        return b"".join(_chunks(archive, member, name))


def pieces_of(content: bytes, name: str, member: str) -> Iterator[bytes]:
    """One file of a zip, a megabyte at a time. Raises Unreadable where the zip is damaged."""
    with _opened(content, name) as archive:
        yield from _chunks(archive, member, name)


def refuse_bomb(content: bytes, name: str) -> None:
    """Unpack everything, keep nothing, and stop as soon as it is too much. Costs a third of a second per 100 MB.

    Raises Unreadable where it unpacks to more than 500 MB, or to more than 100 times its size and 30 MB.
    """
    limit = min(MOST_BYTES, max(ALWAYS_FINE, MOST_TIMES * len(content)))
    unpacked = 0
    with _opened(content, name) as archive:
        for member in archive.namelist():
            for chunk in _chunks(archive, member, name):
                unpacked += len(chunk)
                if unpacked > limit:
                    raise _bomb(name, limit)


def _chunks(archive: zipfile.ZipFile, member: str, name: str) -> Iterator[bytes]:
    try:
        with archive.open(member) as stream:
            while chunk := stream.read(CHUNK):
                yield chunk
    except RuntimeError:  # zipfile's way to say that it wants a password
        raise Unreadable("the zip is protected by a password", where=name, do="pack it without a password") from None
    except (zipfile.BadZipFile, NotImplementedError, EOFError, OSError, ValueError) as error:
        raise damaged(name, type(error).__name__) from None
    except Exception as error:  # zlib.error, lzma.LZMAError: each packing has its own
        raise damaged(name, type(error).__name__) from None


def _listed(content: bytes) -> int:
    """The bytes of a zip's list of its files, as its end says; reading a long one costs seconds."""
    end, wide = content.rfind(END), content.rfind(WIDE_END)
    size = int.from_bytes(content[end + 12 : end + 16], "little") if end >= 0 else 0
    return size if size != SAYS_WIDE or wide < 0 else int.from_bytes(content[wide + 40 : wide + 48], "little")


def _opened(content: bytes, name: str) -> zipfile.ZipFile:
    if _listed(content) > MOST_LISTED:
        raise Unreadable("the zip holds tens of thousands of files", where=name, do="pack the exports alone")
    try:
        return zipfile.ZipFile(BytesIO(content))
    except (zipfile.BadZipFile, ValueError, OSError):
        raise damaged(name, "its directory is missing") from None


def damaged(name: str, detail: str) -> Unreadable:
    """What to say of a packed file that is cut short."""
    return Unreadable(f"the file is damaged or cut short ({detail})", where=name, do="export or copy the file again")


def _bomb(name: str, limit: int) -> Unreadable:
    megabytes = limit // 1_000_000
    return Unreadable(
        f"the file unpacks to more than {megabytes} MB: too much for its size", where=name, do="export it as CSV"
    )


def _leads_out(member: str) -> bool:
    path = PurePosixPath(member.replace("\\", "/"))
    return path.is_absolute() or ".." in path.parts or ":" in path.parts[0]


def _there_are(names: list[str]) -> str:
    shown = ", ".join(names[:10]) + (" …" if len(names) > 10 else "")
    return f"{len(names)} files: {shown}" if names else "nothing"
