"""Dates as people and tools write them; a day is never passed through UTC, so that it cannot slip."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from heardback.domain.table import Note, note_rows
from heardback.sources.mapping.date_layouts import (
    SERIAL,
    first_fitting,
    instants_in,
    no_instants,
    precision_of,
    with_year,
)
from heardback.sources.mapping.relative_dates import has_no_year, is_weekday, latest_day, so_long_ago
from heardback.sources.mapping.turned_dates import the_other_way

# What a pull says of such rows, in this order.
NOTED = {
    "repeated_hour": "the clocks went back in this hour; its first pass is taken",
    "skipped_hour": "the clocks went forward over this time; the next instant is taken",
    "relative_date": "so long ago was counted back from when the file came",
    "date_without_year": "the year was left out; the latest such day before the file came is taken",
    "sentinel_date": "the tool's stand-in for no date is no date",
    "mixed_dates": "day and month stand the other way round than the map says",
    "ambiguous_date": "day and month cannot be told apart; the date is unknown",
    "unreadable_date": "none of the map's date formats fits; the date is unknown",
    "excel_serial_date": "a spreadsheet's serial number was read as a date",
}
Noted = dict[str, pd.Series]  # by the code of a note, whether it is of a row


@dataclass(frozen=True)
class Dates:
    """By row: the local day (naive midnight), the instant (UTC) where a time was written, the precision, and notes."""

    submitted_on: pd.Series
    submitted_at: pd.Series
    precision: pd.Series
    notes: list[Note]


def read_dates(
    raw: pd.Series,
    formats: Sequence[str],
    timezone: str,
    sentinels: Sequence[date],
    column: str,
    captured_at: pd.Timestamp | None = None,
    turned: Sequence[str] = (),
) -> Dates:
    """Read a column of text ('' where blank). What two formats read differently, or none can read, is unknown.

    An ISO date, an ISO instant with its offset and an Excel serial number are understood beside the map's formats,
    because no other reading of them exists; so is "3 days ago", where `captured_at` (the instant at which the file
    came) is given. A format without a year ('%d %B', '%a') means its latest day before that. `turned` are what
    `turned_over` makes of the whole column.
    """
    zone = ZoneInfo(timezone)
    captured = captured_at.tz_convert(zone).tz_localize(None) if captured_at is not None else None
    aware = instants_in(raw, () if turned else formats)  # day and month both ways round: doubtful, offset or not
    local, precision, noted = _without_offset(raw.mask(aware.notna(), ""), formats, turned, captured)
    instants, moved = _localise(local.where(precision == "instant"), zone)
    on = aware.dt.tz_convert(zone).dt.tz_localize(None).fillna(local).dt.normalize()
    sentinel = on.isin([pd.Timestamp(day) for day in sentinels])
    known = on.notna() & ~sentinel
    noted |= moved | {
        "sentinel_date": sentinel,
        "mixed_dates": the_other_way(raw, formats, turned),
        "unreadable_date": (raw != "") & on.isna() & ~noted["ambiguous_date"],
        "excel_serial_date": raw.str.contains(SERIAL, regex=True) & known,
    }
    return Dates(
        submitted_on=on.where(known),
        submitted_at=aware.fillna(instants).where(known),
        precision=precision.mask(aware.notna(), "instant").where(known, "unknown"),
        notes=[note for code in NOTED if code in noted for note in note_rows(code, NOTED[code], noted[code], column)],
    )


def _without_offset(
    raw: pd.Series, formats: Sequence[str], turned: Sequence[str], captured: pd.Timestamp | None
) -> tuple[pd.Series, pd.Series, Noted]:
    """The wall clock that was written, its precision, and what to note of it."""
    local, precision, ambiguous = first_fitting(raw, [*with_year(formats), *turned])
    local, precision, noted = _by_capture(raw.mask(ambiguous, ""), local, precision, formats, captured)
    return local, precision, noted | {"ambiguous_date": ambiguous}


def _by_capture(
    raw: pd.Series, local: pd.Series, precision: pd.Series, formats: Sequence[str], captured: pd.Timestamp | None
) -> tuple[pd.Series, pd.Series, Noted]:
    """The same days, with those that can only be told from when the file came; and what to note of them."""
    unread = raw.mask(local.notna() | (raw == ""))
    unread = unread[unread.notna()]
    if captured is None or not len(unread):
        return local, precision, {}
    told, how = so_long_ago(unread, captured)
    relative = told.notna()
    for layout in (layout for layout in formats if has_no_year(layout)):
        latest = latest_day(unread, layout, captured)
        how = how.mask(told.isna(), "week" if is_weekday(layout) else precision_of(layout))
        told = told.fillna(latest)
    found = told.notna().reindex(raw.index, fill_value=False)
    relative = relative.reindex(raw.index, fill_value=False)
    noted = {"relative_date": relative, "date_without_year": found & ~relative}
    return local.fillna(told), precision.mask(found, how.reindex(raw.index)), noted


def _localise(naive: pd.Series, zone: ZoneInfo) -> tuple[pd.Series, Noted]:
    """Wall clock to UTC: the first pass of the hour that autumn repeats; what spring skips moves on."""
    if naive.isna().all():
        return no_instants(naive.index), {}
    first_pass = np.ones(len(naive), dtype=bool)
    local = naive.dt.tz_localize(zone, ambiguous=first_pass, nonexistent="shift_forward")
    repeated = naive.dt.tz_localize(zone, ambiguous="NaT", nonexistent="shift_forward").isna() & naive.notna()
    skipped = naive.dt.tz_localize(zone, ambiguous=first_pass, nonexistent="NaT").isna() & naive.notna()
    return local.dt.tz_convert("UTC"), {"repeated_hour": repeated, "skipped_hour": skipped}
