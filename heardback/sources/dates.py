"""Dates as people and tools write them; a day is never passed through UTC, so that it cannot slip."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from heardback.domain.table import Note, note_rows
from heardback.sources.relative_dates import has_no_year, is_weekday, latest_day, so_long_ago

AT_END = r"\s?(?:Z|[+-]\d\d(?::?\d\d)?)$"
OFFSET = r"^\d{4}[-/]?\d\d[-/]?\d\d[T ]\d\d(?::?\d\d(?::?\d\d(?:\.\d+)?)?)?" + AT_END
YEAR_ALONE, MONTH_ALONE = r"^\d{4}$", r"^\d{4}-\d\d$"
ISO = r"^\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?)?$"
CLOCK = r"^\S{8,10}[T ]\d\d"
CLOCK_AND_OFFSET = r"([T ]\d\d\S*?)" + AT_END
SERIAL = r"^[2-7]\d{4}(?:\.\d+)?$"  # Excel's days since 1899-12-30: 1954 to 2119
EXCEL_EPOCH = pd.Timestamp("1899-12-30")
DAY_AND_MONTH = re.compile(r"^%[dm]\W%[md]\W")
MIXED = 1 / 20  # of a column's days
ISO8601 = "ISO8601"  # in a map's list of formats: any of that standard
DAY_MARKS, CLOCK_MARKS = ("%d", "%j", "%x"), ("%H", "%I", "%X", "%c")
WEEK_MARKS, WEEKDAY_MARKS = ("%V", "%W", "%U"), ("%u", "%w", "%a", "%A")


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
    aware = _aware(raw, () if turned else formats)
    offset = aware.notna()
    local, precision, ambiguous = _naive(raw.mask(offset, ""), [*_with_year(formats), *turned])
    local, precision, more = _by_capture(raw.mask(offset | ambiguous, ""), local, precision, formats, captured)
    instants, clock_notes = _localise(local.where(precision == "instant"), zone, column)
    on = aware.dt.tz_convert(zone).dt.tz_localize(None).fillna(local).dt.normalize()
    sentinel = on.isin([pd.Timestamp(day) for day in sentinels])
    known = on.notna() & ~sentinel
    doubts = [
        *more,
        ("sentinel_date", "the tool's stand-in for no date is no date", sentinel),
        ("mixed_dates", "day and month stand the other way round than the map says",
         _the_other_way(raw, formats, turned)),
        ("ambiguous_date", "day and month cannot be told apart; the date is unknown", ambiguous),
        ("unreadable_date", "none of the map's date formats fits; the date is unknown",
         (raw != "") & on.isna() & ~ambiguous),
        ("excel_serial_date", "a spreadsheet's serial number was read as a date",
         raw.str.contains(SERIAL, regex=True) & known),
    ]  # fmt: skip
    return Dates(
        submitted_on=on.where(known),
        submitted_at=aware.fillna(instants).where(known),
        precision=precision.mask(aware.notna(), "instant").where(known, "unknown"),
        notes=[*clock_notes, *(note for code, what, rows in doubts for note in note_rows(code, what, rows, column))],
    )


def _aware(raw: pd.Series, formats: Sequence[str]) -> pd.Series:
    """The instants of the cells that say how far they are from UTC: as ISO 8601, or by a format with %z."""
    found, offset = _no_instants(raw.index), raw.str.contains(OFFSET, regex=True)
    if offset.any():
        found = _instants(raw.where(offset), ISO8601)
    for layout in (layout for layout in formats if "%z" in layout):
        found = found.fillna(_instants(raw.where(found.isna()), layout))
    return found


def _instants(written: pd.Series, layout: str) -> pd.Series:
    return pd.to_datetime(written, format=layout, utc=True, errors="coerce").dt.as_unit("us")


def _no_instants(index: pd.Index) -> pd.Series:
    return pd.Series(pd.NaT, index=index, dtype="datetime64[us, UTC]")


def _with_year(formats: Sequence[str]) -> list[str]:
    return [layout for layout in formats if not has_no_year(layout)]


def turned_over(columns: Iterable[pd.Series], formats: Sequence[str]) -> list[str]:
    """The map's formats with day and month changed over, where a column is written both ways; none where it is not.

    The column is given part by part, for only all of it can tell. A spreadsheet of another country turns over every
    date that it can and leaves the others as they were, so those that fit both ways are doubtful from then on. One in
    twenty must say so: a slip of the pen is no second format.
    """
    swapped = [layout.replace("%d", "%!").replace("%m", "%d").replace("%!", "%m") for layout in _with_year(formats)]
    turned = [layout for layout in swapped if DAY_AND_MONTH.search(layout) and layout not in formats]
    rows = filled = 0
    for column in columns if turned else ():
        rows += int(_the_other_way(column, formats, turned).sum())
        filled += int((column != "").sum())
    return turned if rows and rows >= MIXED * filled else []


def _the_other_way(raw: pd.Series, formats: Sequence[str], turned: Sequence[str]) -> pd.Series:
    """The rows that none of the map's formats fits, and one of those turned over does."""
    other = _fitting(raw, turned)
    return other & ~_fitting(raw, _with_year(formats)) if other.any() else other


def _fitting(raw: pd.Series, formats: Sequence[str]) -> pd.Series:
    fits = pd.Series(False, index=raw.index)
    for layout in formats:
        fits |= _read(raw, layout).notna()
    return fits


def _by_capture(
    raw: pd.Series, local: pd.Series, precision: pd.Series, formats: Sequence[str], captured: pd.Timestamp | None
) -> tuple[pd.Series, pd.Series, list[tuple[str, str, pd.Series]]]:
    """The same days, with those that can only be told from when the file came; and what to note of them."""
    unread = raw.mask(local.notna() | (raw == ""))
    unread = unread[unread.notna()]
    if captured is None or not len(unread):
        return local, precision, []
    told, how = so_long_ago(unread, captured)
    relative = told.notna()
    for layout in (layout for layout in formats if has_no_year(layout)):
        latest = latest_day(unread, layout, captured)
        how = how.mask(told.isna(), "week" if is_weekday(layout) else _precision(layout))
        told = told.fillna(latest)
    found = told.notna().reindex(raw.index, fill_value=False)
    relative = relative.reindex(raw.index, fill_value=False)
    return local.fillna(told), precision.mask(found, how.reindex(raw.index)), [
        ("relative_date", "so long ago was counted back from when the file came", relative),
        ("date_without_year", "the year was left out; the latest such day before the file came is taken",
         found & ~relative),
    ]  # fmt: skip


def _naive(raw: pd.Series, formats: Sequence[str]) -> tuple[pd.Series, pd.Series, pd.Series]:
    """The first format that fits, the precision it gives, and where a second one fits with another result."""
    empty = pd.Series(pd.NaT, index=raw.index, dtype="datetime64[us]")
    found, ambiguous = empty, pd.Series(False, index=raw.index)
    precision = pd.Series("unknown", index=raw.index, dtype="str")
    for layout in formats:
        read = _read(raw, layout)
        ambiguous |= found.notna() & read.notna() & (found != read)
        fresh = found.isna() & read.notna()
        precision = precision.mask(fresh, _iso_precision(raw) if layout == ISO8601 else _precision(layout))
        found = found.fillna(read)
    iso = raw.where(raw.str.contains(ISO, regex=True) & found.isna())
    precision = precision.mask(iso.notna(), "day").mask(iso.str.contains(":", regex=False, na=False), "instant")
    serial = raw.where(raw.str.contains(SERIAL, regex=True) & found.isna())
    precision = precision.mask(serial.notna(), "day").mask(serial.str.contains(".", regex=False, na=False), "instant")
    found = found.fillna(_read(iso, ISO8601)) if iso.notna().any() else found
    found = found.fillna(_from_serial(serial)) if serial.notna().any() else found
    return found.mask(ambiguous), precision.mask(ambiguous | found.isna(), "unknown"), ambiguous


def _read(raw: pd.Series, layout: str) -> pd.Series:
    """Parse with one layout the wall clock that was written, whatever its offset; a week is its Monday.

    "now" and "today" are left out: pandas would read them off the machine's clock. So is a year alone where no format
    asks for one: it would be the first of January.
    """
    raw = raw.mask(raw.isin(["now", "today"]))
    if layout == ISO8601:
        written = raw.mask(raw.str.contains(YEAR_ALONE, regex=True)).str.replace(CLOCK_AND_OFFSET, r"\1", regex=True)
        return pd.to_datetime(written, format=layout, errors="coerce", utc=True).dt.tz_localize(None).dt.as_unit("us")
    if "%z" in layout:
        raw, layout = raw.str.replace(AT_END, "", regex=True), layout.replace("%z", "").strip()
    if _is_week(layout):
        raw, layout = raw + " 1", layout + " %w"
    return pd.to_datetime(raw, format=layout, errors="coerce").astype("datetime64[us]")


def _from_serial(serial: pd.Series) -> pd.Series:
    seconds = (pd.to_numeric(serial, errors="coerce") * 86_400).round()
    return (EXCEL_EPOCH + pd.to_timedelta(seconds, unit="s")).astype("datetime64[us]")


def _precision(layout: str) -> str:
    if any(mark in layout for mark in CLOCK_MARKS):
        return "instant"
    if _is_week(layout):
        return "week"
    return "day" if any(mark in layout for mark in (*DAY_MARKS, *WEEK_MARKS)) else "month"


def _is_week(layout: str) -> bool:
    """Does a layout count weeks, and name no day of theirs?"""
    return any(mark in layout for mark in WEEK_MARKS) and not any(mark in layout for mark in WEEKDAY_MARKS)


def _iso_precision(raw: pd.Series) -> pd.Series:
    """ISO 8601 may leave out the time, and the day."""
    day_or_month = raw.str.contains(MONTH_ALONE, regex=True).map({True: "month", False: "day"})
    return day_or_month.mask(raw.str.contains(CLOCK, regex=True), "instant")


def _localise(naive: pd.Series, zone: ZoneInfo, column: str) -> tuple[pd.Series, list[Note]]:
    """Wall clock to UTC: the first pass of the hour that autumn repeats; what spring skips moves on."""
    if naive.isna().all():
        return _no_instants(naive.index), []
    first_pass = np.ones(len(naive), dtype=bool)
    local = naive.dt.tz_localize(zone, ambiguous=first_pass, nonexistent="shift_forward")
    repeated = naive.dt.tz_localize(zone, ambiguous="NaT", nonexistent="shift_forward").isna() & naive.notna()
    skipped = naive.dt.tz_localize(zone, ambiguous=first_pass, nonexistent="NaT").isna() & naive.notna()
    return local.dt.tz_convert("UTC"), [
        *note_rows("repeated_hour", "the clocks went back in this hour; its first pass is taken", repeated, column),
        *note_rows(
            "skipped_hour", "the clocks went forward over this time; the next instant is taken", skipped, column
        ),
    ]
