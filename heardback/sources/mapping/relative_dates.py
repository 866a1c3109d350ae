"""Dates that only mean something on the day they were written down: '3 days ago', 'Mon', '14 April'.

Everywhere `captured` is that day and time by the source's own clock, without a zone.
"""

from datetime import timedelta

import pandas as pd

Span = timedelta | pd.DateOffset
MONTH, DAY = pd.DateOffset(months=1), timedelta(days=1)
UNITS: dict[str, Span] = {
    "sec": timedelta(seconds=1), "second": timedelta(seconds=1), "min": timedelta(minutes=1),
    "minute": timedelta(minutes=1), "hr": timedelta(hours=1), "hour": timedelta(hours=1), "day": DAY,
    "week": timedelta(weeks=1), "month": MONTH,
}  # fmt: skip
NUMBER, UNIT = r"\d{1,3}|an?|one", "|".join(UNITS)
ABOUT = r"(?:(?:about|almost|around|nearly|over|approximately|~)\s*)?"
AGO = rf"^{ABOUT}(?:{NUMBER})\s+(?:{UNIT})s?\s+ago$"
PARTS = rf"^{ABOUT}(?P<number>{NUMBER})\s+(?P<unit>{UNIT})s?\s+ago$"
DAYS_BACK = {
    "just now": 0,
    "moments ago": 0,
    "a moment ago": 0,
    "less than a minute ago": 0,
    "today": 0,
    "yesterday": 1,
}
PRECISION = {"week": "week", "month": "month"}
WEEKDAYS = {name: number for number, name in enumerate(("mon", "tue", "wed", "thu", "fri", "sat", "sun"))}
WEEKDAY = r"^(?:mon|tues?|wed(?:nes|s)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?\.?$"
YEAR_MARKS = ("%Y", "%y", "%G", "%c", "%x", "%D", "ISO")


def so_long_ago(raw: pd.Series, captured: pd.Timestamp) -> tuple[pd.Series, pd.Series]:
    """The day and the precision of what is written as so long before `captured`; NaT elsewhere.

    Hours and days give a day, weeks a week, months a month. Years are too vague to be a date.
    """
    plain = raw.str.strip().str.lower()
    parts = plain.str.extract(PARTS)
    number = pd.to_numeric(parts["number"].replace({"a": "1", "an": "1", "one": "1"}), errors="coerce")
    number, unit = number.fillna(plain.map(DAYS_BACK)), parts["unit"].fillna("day")
    when = [
        captured - int(count) * UNITS[name] if pd.notna(count) else pd.NaT
        for count, name in zip(number, unit, strict=True)
    ]
    days = pd.Series(when, index=raw.index, dtype="datetime64[us]").dt.normalize()
    return days, unit.map(PRECISION).fillna("day").astype("str")


def is_so_long_ago(raw: pd.Series) -> pd.Series:
    """Which cells are written as so long ago."""
    plain = raw.str.strip().str.lower()
    return plain.str.contains(AGO, regex=True) | plain.isin(list(DAYS_BACK))


def latest_day(raw: pd.Series, layout: str, captured: pd.Timestamp) -> pd.Series:
    """The latest day up to `captured` that a layout without a year means ('%d %B', '%a'); NaT where it does not fit."""
    if is_weekday(layout):
        return _latest_weekday(raw, captured)
    years = (captured.year, captured.year - 1)
    this, before = (pd.to_datetime(raw + f" {year}", format=f"{layout} %Y", errors="coerce") for year in years)
    return this.where(this <= captured, before).astype("datetime64[us]")


def has_no_year(layout: str) -> bool:
    """Does a layout leave out the year?"""
    return not any(mark in layout for mark in YEAR_MARKS)


def is_weekday(layout: str) -> bool:
    """Does a layout mean the name of a day, and nothing more?"""
    return layout in ("%a", "%A")


def _latest_weekday(raw: pd.Series, captured: pd.Timestamp) -> pd.Series:
    plain = raw.str.strip().str.lower()
    number = plain.where(plain.str.contains(WEEKDAY, regex=True)).str[:3].map(WEEKDAYS)
    back = (captured.weekday() - number) % 7
    return (captured.normalize() - pd.to_timedelta(back, unit="D")).astype("datetime64[us]")
