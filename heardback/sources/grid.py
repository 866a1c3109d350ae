"""Rows of cells as they stand in a file, before anything is known of a header."""

from dataclasses import dataclass, field

from heardback.domain.table import Note


@dataclass(frozen=True)
class Grid:
    """Row 1 of the file is `rows[0]`. `padded` says that the reader made all rows equally wide (a worksheet)."""

    rows: list[list[str]]
    padded: bool
    sheet: str = ""
    encoding: str = ""
    notes: list[Note] = field(default_factory=list)


def is_blank(row: list[str]) -> bool:
    """Has the row nothing but white space in it?"""
    return not "".join(row).strip()
