"""Rows of cells as they stand in a file, before anything is known of a header."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from heardback.domain.table import Note


@dataclass(frozen=True)
class Grid:
    """The rows of a file from row 1 on. `padded` says that the reader made all rows equally wide (a worksheet).

    A CSV's rows are read as they are asked for, and once; notes may be added until the last of them is.
    """

    rows: Iterable[list[str]]
    padded: bool
    sheet: str = ""
    encoding: str = ""
    notes: list[Note] = field(default_factory=list)


def is_blank(row: list[str]) -> bool:
    """Has the row nothing but white space in it?"""
    return not "".join(row).strip()
