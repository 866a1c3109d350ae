"""What one layout reads in a column of text, and the first that fits of several."""

from collections.abc import Sequence

import pandas as pd

from heardback.sources.mapping.relative_dates import has_no_year

ISO8601 = "ISO8601"  # in a map's list of formats: any of that standard
AT_END = r"\s?(?:Z|[+-]\d\d(?::?\d\d)?)$"
OFFSET = r"^\d{4}[-/]?\d\d[-/]?\d\d[T ]\d\d(?::?\d\d(?::?\d\d(?:\.\d+)?)?)?" + AT_END
YEAR_ALONE, MONTH_ALONE = r"^\d{4}$", r"^\d{4}-\d\d$"
ISO = r"^\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?)?$"
CLOCK = r"^\S{8,10}[T ]\d\d"
CLOCK_AND_OFFSET = r"([T ]\d\d\S*?)" + AT_END
SERIAL = r"^[2-7]\d{4}(?:\.\d+)?$"  # Excel's days since 1899-12-30: 1954 to 2119
EXCEL_EPOCH = pd.Timestamp("1899-12-30")
DAY_MARKS, CLOCK_MARKS = ("%d", "%j", "%x"), ("%H", "%I", "%X", "%c")
WEEK_MARKS, WEEKDAY_MARKS = ("%V", "%W", "%U"), ("%u", "%w", "%a", "%A")


def instants_in(raw: pd.Series, formats: Sequence[str]) -> pd.Series:
    """The instants of the cells that say how far they are from UTC: as ISO 8601, or by a format with %z."""
    found, offset = no_instants(raw.index), raw.str.contains(OFFSET, regex=True)
    if offset.any():
        found = _as_instants(raw.where(offset), ISO8601)
    for layout in (layout for layout in formats if "%z" in layout):
        found = found.fillna(_as_instants(raw.where(found.isna()), layout))
    return found


def _as_instants(written: pd.Series, layout: str) -> pd.Series:
    return pd.to_datetime(_dated(written), format=layout, utc=True, errors="coerce").dt.as_unit("us")


def no_instants(index: pd.Index) -> pd.Series:
    """An instant for none of these rows."""
    return pd.Series(pd.NaT, index=index, dtype="datetime64[us, UTC]")


def with_year(formats: Sequence[str]) -> list[str]:
    """Those that can be read without knowing when the file came."""
    return [layout for layout in formats if not has_no_year(layout)]


def first_fitting(raw: pd.Series, formats: Sequence[str]) -> tuple[pd.Series, pd.Series, pd.Series]:
    """The first format that fits, the precision it gives, and where a second one fits with another result."""
    empty = pd.Series(pd.NaT, index=raw.index, dtype="datetime64[us]")
    found, ambiguous = empty, pd.Series(False, index=raw.index)
    precision = pd.Series("unknown", index=raw.index, dtype="str")
    for layout in formats:
        read = read_by(raw, layout)
        ambiguous |= found.notna() & read.notna() & (found != read)
        fresh = found.isna() & read.notna()
        precision = precision.mask(fresh, _iso_precision(raw) if layout == ISO8601 else precision_of(layout))
        found = found.fillna(read)
    iso = raw.where(raw.str.contains(ISO, regex=True) & found.isna())
    precision = precision.mask(iso.notna(), "day").mask(iso.str.contains(":", regex=False, na=False), "instant")
    serial = raw.where(raw.str.contains(SERIAL, regex=True) & found.isna())
    precision = precision.mask(serial.notna(), "day").mask(serial.str.contains(".", regex=False, na=False), "instant")
    found = found.fillna(read_by(iso, ISO8601)) if iso.notna().any() else found
    found = found.fillna(_from_serial(serial)) if serial.notna().any() else found
    return found.mask(ambiguous), precision.mask(ambiguous | found.isna(), "unknown"), ambiguous


def read_by(raw: pd.Series, layout: str) -> pd.Series:
    """Parse with one layout the wall clock that was written, whatever its offset; a week is its Monday.

    A year alone is left out where no format asks for one: it would be the first of January.
    """
    raw = _dated(raw)
    if layout == ISO8601:
        written = raw.mask(raw.str.contains(YEAR_ALONE, regex=True)).str.replace(CLOCK_AND_OFFSET, r"\1", regex=True)
        return pd.to_datetime(written, format=layout, errors="coerce", utc=True).dt.tz_localize(None).dt.as_unit("us")
    if "%z" in layout:
        raw, layout = raw.str.replace(AT_END, "", regex=True), layout.replace("%z", "").strip()
    if _is_week(layout):
        raw, layout = raw + " 1", layout + " %w"
    return pd.to_datetime(raw, format=layout, errors="coerce").astype("datetime64[us]")


def _dated(raw: pd.Series) -> pd.Series:
    """Without "now" and "today": pandas would read them off the machine's clock."""
    return raw.mask(raw.isin(["now", "today"]))


def _from_serial(serial: pd.Series) -> pd.Series:
    seconds = (pd.to_numeric(serial, errors="coerce") * 86_400).round()
    return (EXCEL_EPOCH + pd.to_timedelta(seconds, unit="s")).astype("datetime64[us]")


def precision_of(layout: str) -> str:
    """How much of a date it writes: instant, day, week or month."""
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
