"""What a response is known by: its natural key, or its answers and their order; and a hash of all its answers."""

from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256

import pandas as pd

from config.maps import SourceMap
from heardback.sources.mapping.columns import Placed, keys_of
from heardback.sources.mapping.relative_dates import is_so_long_ago

DATES = {"submitted_on", "submitted_at"}
BETWEEN = "\x1f"  # no cell holds it: control characters are taken out when a file is read


def hashed(texts: Iterable[str]) -> list[str]:
    """The sha256 of each text, as 64 hexadecimal digits."""
    return [sha256(text.encode()).hexdigest() for text in texts]


def content_hashes(cells: pd.DataFrame, placed: list[Placed]) -> pd.Series:
    """A hash of everything mapped, by row. Blank answers do not count, so an optional column may come or go.

    Nor does "3 days ago", which says something else tomorrow and means no other answer.
    """
    pieces: list[list[str]] = []
    for place in placed:
        if place.question.role == "deletion_code":
            continue  # it says nothing, and a hash with so short a text in it could be guessed
        for column in sorted(place.columns):  # an export may have them in another order tomorrow
            name = place.label + (BETWEEN + column if place.question.match else "")
            counted = (
                cells[column].mask(is_so_long_ago(cells[column]), "") if place.question.role in DATES else cells[column]
            )
            pieces.append([f"{name}={cell}{BETWEEN}" if cell else "" for cell in counted.tolist()])
    content = map("".join, zip(*pieces, strict=True)) if pieces else [""] * len(cells)
    return pd.Series(hashed(content), index=cells.index, dtype="str")


def record_ids(cells: pd.DataFrame, source: SourceMap, placed: list[Placed]) -> pd.Series:
    """The source's own name of each record: its record id, or its natural key joined by ' / '; '' where it has none."""
    named = [place.columns[0] for place in placed if place.question.role == "record_id"]
    columns = named[:1] or keys_of(source)
    if not columns:
        return pd.Series("", index=cells.index, dtype="str")
    return _joined(cells, columns, " / ")


def natural_keys(cells: pd.DataFrame, source: SourceMap, content: pd.Series) -> tuple[pd.Series, pd.Series]:
    """The key of each row, and whether a part of it is missing.

    Without a natural key, a row is its answers and how many rows like it stand before it: two children may write the
    same. Across files that append, landing counts on.
    """
    columns = keys_of(source)
    if not columns:
        place = content.groupby(content).cumcount()
        return _numbered(content, place), pd.Series(False, index=cells.index)
    return _joined(cells, columns, BETWEEN), (cells[columns] == "").any(axis=1)


def response_uids(source: str, keys: pd.Series) -> pd.Series:
    """The sha256 of source and key."""
    return pd.Series(hashed(source + BETWEEN + keys), index=keys.index, dtype="str")


def numbered_uids(source: str, contents: pd.Series, places: pd.Series) -> pd.Series:
    """The uids of rows without a natural key: by what they say, and how many said the same before."""
    return response_uids(source, _numbered(contents, places))


def uids_of_cells(source: SourceMap, rows: Sequence[Mapping[str, str]]) -> list[str]:
    """The uid of the response in each row of cells; '' where its key is not whole, or the map has none."""
    columns = keys_of(source)
    nulls = set(source.file.null_values)
    keys = [[str(cells.get(column, "")).strip() for column in columns] for cells in rows]
    known = [bool(key) and not any(part == "" or part in nulls for part in key) for key in keys]
    uids = hashed(source.source + BETWEEN + BETWEEN.join(key) for key in keys)
    return [uid if whole else "" for uid, whole in zip(uids, known, strict=True)]


def _numbered(contents: pd.Series, places: pd.Series) -> pd.Series:
    return contents + BETWEEN + places.astype("str")


def _joined(cells: pd.DataFrame, columns: list[str], separator: str) -> pd.Series:
    joined = cells[columns[0]]
    for column in columns[1:]:
        joined = joined + separator + cells[column]
    return joined
