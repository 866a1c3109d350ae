"""The file drop: exports that people or tools put into a folder, here or at a URL."""

from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from upath import UPath

from config.maps import FileShape
from heardback.errors import NotFound, Unreadable
from heardback.sources.connector import Fetched

MEGABYTE = 1_000_000
DEFAULT_MEGABYTES = 200
WILD = set("*?[")


@dataclass(frozen=True)
class FileDrop:
    """One file that was dropped. Nothing is read before `read`."""

    name: str
    path: UPath
    max_megabytes: int = DEFAULT_MEGABYTES

    def fetch(self) -> Fetched:
        """All of its bytes. Raises Unreadable where the file is too large, NotFound where it has gone."""
        try:
            size = self.path.stat().st_size
            if size <= self.max_megabytes * MEGABYTE:
                return Fetched(self.path.read_bytes())
        except FileNotFoundError:
            raise NotFound("the file has gone", where=str(self.path), do="pull again") from None
        raise Unreadable(
            f"the file is {size / MEGABYTE:,.0f} MB and the limit is {self.max_megabytes} MB",
            where=str(self.path),
            do="export fewer answers at once, or raise gate.max_file_megabytes in policy.yaml",
        )


def find_drops(shape: FileShape, folder: Path, max_megabytes: int = DEFAULT_MEGABYTES) -> list[FileDrop]:
    """The files that a map's glob means, in the order of their names; lock files (~$) and hidden files are passed over.

    The glob is relative to `folder`, absolute, or a URL (s3://…, sftp://…). Raises NotFound where the folder or every
    file is missing.
    """
    base, pattern = _split(shape.path, folder)
    if not base.is_dir():
        raise NotFound("the folder does not exist", where=str(base), do=f"make it, or correct file.path: {shape.path}")
    found = [path for path in base.glob(pattern) if path.is_file() and not path.name.startswith(("~$", "."))]
    if not found:
        raise NotFound(f"no file matches {pattern}", where=str(base), do="put the export there, or correct file.path")
    return [FileDrop(path.name, path, max_megabytes) for path in sorted(found, key=lambda path: (path.name, str(path)))]


def _split(glob: str, folder: Path) -> tuple[UPath, str]:
    """The folder before the first wild card, and the pattern from there on."""
    scheme, separator, rest = glob.rpartition("://")
    parts = PurePosixPath(rest).parts
    wild = next((position for position, part in enumerate(parts) if WILD & set(part)), len(parts) - 1)
    before = str(PurePosixPath(*parts[:wild]))
    base = UPath(f"{scheme}{separator}{before}") if separator else UPath(folder) / before
    return base, str(PurePosixPath(*parts[wild:]))
