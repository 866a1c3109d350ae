"""In which order the files of one source are to land: the day in the name, then the name as a person counts."""

import re
from datetime import date
from pathlib import PurePosixPath

from config.layout import FileShape
from heardback.errors import Unreadable

COPY = re.compile(r"^(?P<stem>.*?)(?P<copied> - Copy)?(?: ?\((?P<number>\d+)\))?$", re.IGNORECASE)
NUMBERS = re.compile(r"(\d+)")
Place = tuple[str, list[tuple[int, int, str]], int, int, str]


def place_of(shape: FileShape, name: str) -> Place:
    """What to sort a file's name by; the greatest is the newest.

    First the day that `file.date_in_name` finds, then the name with its numbers as numbers (9 before 10), then what a
    browser or a file manager puts behind a copy: `export (1).csv` is newer than `export.csv`. The time of the last
    change counts for nothing: copying, syncing and unpacking a folder make it anew.
    """
    path = PurePosixPath(name)
    found = COPY.match(path.stem)
    stem, copied, number = (found["stem"], found["copied"], found["number"]) if found else (path.stem, None, None)
    return _day(shape, name), _natural(stem), int(bool(copied)), int(number or 0), name


def day_in_name(shape: FileShape, name: str) -> date | None:
    """The day in a file's name, where the map says that there is one. Raises Unreadable where it is no day."""
    found = re.search(shape.date_in_name, name) if shape.date_in_name else None
    try:
        return date.fromisoformat(found.group(1)) if found else None
    except ValueError:
        raise Unreadable(
            "what file.date_in_name finds in the file's name is no day (YYYY-MM-DD)",
            where=name,
            do="rename the file, or correct file.date_in_name in the map",
        ) from None


def _day(shape: FileShape, name: str) -> str:
    """A day that is none is told when the file is read; here it only comes first."""
    try:
        day = day_in_name(shape, name)
    except Unreadable:
        return ""
    return day.isoformat() if day else ""


def _natural(stem: str) -> list[tuple[int, int, str]]:
    """Numbers and the words between them, made comparable; a number comes before a word."""
    parts = NUMBERS.split(stem)
    return [(0, int(part), "") if part.isdecimal() else (1, 0, part) for part in parts if part]
