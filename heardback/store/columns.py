"""Query results as columns, a chunk at a time: a million rows never stand in memory as a million Python rows."""

from collections.abc import Collection
from typing import Any

import numpy as np
import pandas as pd
from sqlalchemy import Select, String, cast
from sqlalchemy.orm import Session

from heardback.store.collecting import passing_over_what_stands

CHUNK = 50_000


def as_day(column: Any) -> Any:
    """A day as ISO text: a driver that makes a Python date of each takes longer than everything else."""
    return cast(column, String)


def columns_of(
    session: Session, query: Select[Any], days: Collection[str] = (), plain: Collection[str] = ()
) -> pd.DataFrame:
    """The rows of a query as a frame: `days` (see `as_day`) as datetime64, `plain` as they are, others as categories.

    A category is kept once however many rows have it.
    """
    names = [str(column.key) for column in query.selected_columns]
    encoders: dict[str, dict[Any, int]] = {name: {} for name in names if name not in days and name not in plain}
    chunks: dict[str, list[Any]] = {name: [] for name in names}
    # past the ORM, which would make each row a second time
    found = session.connection().execute(query.execution_options(yield_per=CHUNK))
    with passing_over_what_stands():
        for rows in found.partitions():
            for name, values in zip(names, zip(*rows, strict=True), strict=True):
                chunks[name].append(_encoded(values, encoders.get(name), name in days))
    return pd.DataFrame({name: _whole(parts, encoders.get(name), name in days) for name, parts in chunks.items()})


def _encoded(values: tuple[Any, ...], codes: dict[Any, int] | None, is_day: bool) -> Any:
    if is_day:
        return np.array(["NaT" if value is None else value for value in values], dtype="datetime64[D]")
    if codes is None:
        return np.array(values, dtype=object)
    places, found = pd.factorize(np.array(values, dtype=object))
    kept = [codes.setdefault(value, len(codes)) for value in found]
    return np.array([*kept, -1], dtype=np.int32)[places]  # nothing has place -1, which is the last


def _whole(parts: list[Any], codes: dict[Any, int] | None, is_day: bool) -> Any:
    if is_day:
        return pd.Series(np.concatenate(parts) if parts else np.array([], dtype="datetime64[D]")).astype(
            "datetime64[s]"
        )
    if codes is None:
        return pd.Series(np.concatenate(parts) if parts else [], dtype=object)
    joined = np.concatenate(parts) if parts else np.array([], dtype=np.int32)
    return pd.Categorical.from_codes(joined, categories=pd.Index(list(codes), dtype=object))
