"""Rows of cells as they stand in a file, before anything is known of a header."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from heardback.domain.table import Note


@dataclass(frozen=True)
class Grid:
    """The rows of a file from row 1 on. `padded` says that the reader made all rows equally wide (a worksheet).

    `spans` is how wide the joined cells of a row reach, by its number: a header over several columns is one of them.
    A CSV's rows are read as they are asked for, and once; notes may be added until the last of them is.
    """

    rows: Iterable[list[str]]
    padded: bool
    sheet: str = ""
    encoding: str = ""
    notes: list[Note] = field(default_factory=list)
    spans: Mapping[int, int] = field(default_factory=dict)


def is_blank(row: list[str]) -> bool:
    """Has the row nothing but white space in it? The mark that ended a file under DOS, and NUL, are nothing either."""
    return not "".join(row).strip().strip("\0\x1a")
