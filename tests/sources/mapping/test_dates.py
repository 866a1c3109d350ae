"""Dates are read as written; a day never passes through UTC."""

from collections.abc import Sequence
from datetime import date, timedelta

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from heardback.sources.mapping.dates import Dates, read_dates
from heardback.sources.mapping.turned_dates import turned_over

SENTINELS = (date(1900, 1, 1), date(1970, 1, 1), date(1980, 1, 1))


def dates(*raw: str, formats: tuple[str, ...] = ("%d/%m/%Y",), zone: str = "Europe/London") -> Dates:
    cells = pd.Series(list(raw), index=range(2, len(raw) + 2), dtype="str")
    return read_dates(cells, formats, zone, SENTINELS, "When")


def days(found: Dates) -> list[str]:
    return ["" if pd.isna(day) else str(day.date()) for day in found.submitted_on]


def codes(found: Dates) -> list[tuple[str, int | None]]:
    return [(note.code, note.row_number) for note in found.notes]


def test_a_day_is_read_by_the_maps_format_and_has_no_instant() -> None:
    found = dates("18/06/2021", "1/7/2021", "")
    assert days(found) == ["2021-06-18", "2021-07-01", ""]
    assert found.submitted_at.isna().all()
    assert list(found.precision) == ["day", "day", "unknown"]
    assert found.notes == []


def test_half_past_midnight_in_summer_stays_on_its_day() -> None:
    found = dates("18/06/2021 00:30", formats=("%d/%m/%Y %H:%M",))
    assert days(found) == ["2021-06-18"]
    assert str(found.submitted_at.iloc[0]) == "2021-06-17 23:30:00+00:00"
    assert list(found.precision) == ["instant"]


def test_an_offset_gives_the_instant_and_the_day_in_the_sources_own_zone() -> None:
    found = dates("2026-06-18T23:30:00Z", "2026-10-25T01:30:00.000+01:00", formats=("ISO8601",))
    assert days(found) == ["2026-06-19", "2026-10-25"]
    assert [str(moment) for moment in found.submitted_at] == ["2026-06-18 23:30:00+00:00", "2026-10-25 00:30:00+00:00"]


def test_the_hour_that_autumn_repeats_is_taken_first_and_flagged() -> None:
    found = dates("25/10/2026 01:30", "25/10/2026 02:30", formats=("%d/%m/%Y %H:%M",))
    assert [str(moment) for moment in found.submitted_at] == ["2026-10-25 00:30:00+00:00", "2026-10-25 02:30:00+00:00"]
    assert codes(found) == [("repeated_hour", 2)]


def test_the_hour_that_spring_skips_moves_on_and_is_flagged() -> None:
    found = dates("29/03/2026 01:30", formats=("%d/%m/%Y %H:%M",))
    assert str(found.submitted_at.iloc[0]) == "2026-03-29 01:00:00+00:00"
    assert days(found) == ["2026-03-29"]
    assert codes(found) == [("skipped_hour", 2)]


@pytest.mark.parametrize("raw", ["01/01/1900", "01/01/1970", "01/01/1980"])
def test_a_tools_stand_in_for_no_date_is_no_date(raw: str) -> None:
    found = dates("18/06/2021", raw)
    assert days(found) == ["2021-06-18", ""]
    assert list(found.precision) == ["day", "unknown"]
    assert codes(found) == [("sentinel_date", 3)]


def test_a_sentinel_with_a_clock_loses_its_instant_too() -> None:
    found = dates("1980-01-01 00:00:00", formats=("%Y-%m-%d %H:%M:%S",))
    assert found.submitted_on.isna().all()
    assert found.submitted_at.isna().all()


def test_what_two_formats_read_differently_is_unknown() -> None:
    found = dates("03/04/2026", "23/04/2026", "04/23/2026", "05/05/2026", formats=("%d/%m/%Y", "%m/%d/%Y"))
    assert days(found) == ["", "2026-04-23", "2026-04-23", "2026-05-05"]
    assert codes(found) == [("ambiguous_date", 2)]


def test_an_excel_serial_number_is_a_date() -> None:
    found = dates("46115", "46115.75")
    assert days(found) == ["2026-04-03", "2026-04-03"]
    assert list(found.precision) == ["day", "instant"]
    assert str(found.submitted_at.iloc[1]) == "2026-04-03 17:00:00+00:00"
    assert codes(found) == [("excel_serial_date", 2)]


def test_a_workbooks_iso_dates_are_read_beside_the_maps_formats() -> None:
    found = dates("2026-04-03", "2026-04-03 15:30:00", "03/04/2026")
    assert days(found) == ["2026-04-03"] * 3
    assert list(found.precision) == ["day", "instant", "day"]


def test_words_for_dates_are_unknown_and_flagged() -> None:
    found = dates("Mon", "14 April", "3 days ago", "18/06/2021")
    assert days(found) == ["", "", "", "2021-06-18"]
    assert codes(found) == [("unreadable_date", 2)]
    assert "3 rows" in found.notes[0].what


@pytest.mark.parametrize("layout", ["%d/%m/%Y", "ISO8601", "%d/%m/%Y %H:%M %z"])
def test_now_and_today_are_never_read_off_the_clock_of_this_machine(layout: str) -> None:
    found = dates("now", "today", formats=(layout,))
    assert (days(found), codes(found)) == (["", ""], [("unreadable_date", 2)])


def test_a_month_is_known_as_a_month() -> None:
    found = dates("April 2026", formats=("%B %Y",))
    assert (days(found), list(found.precision)) == (["2026-04-01"], ["month"])


def test_a_zone_of_the_tools_own_is_kept() -> None:
    found = dates("2015-12-21 22:21:51", formats=("%Y-%m-%d %H:%M:%S",), zone="Etc/GMT+6")
    assert days(found) == ["2015-12-21"]
    assert str(found.submitted_at.iloc[0]) == "2015-12-22 04:21:51+00:00"


def test_no_rows_give_no_dates() -> None:
    assert len(dates().submitted_on) == 0


@given(st.dates(date(2001, 1, 1), date(2030, 12, 31)), st.integers(0, 86_399))
def test_the_day_is_always_the_day_that_was_written(day: date, seconds: int) -> None:
    clock = str(timedelta(seconds=seconds)).rjust(8, "0")
    found = dates(f"{day:%d/%m/%Y} {clock}", formats=("%d/%m/%Y %H:%M:%S",))
    assert days(found) == [str(day)]


CAME = pd.Timestamp("2026-11-21 00:30", tz="UTC")  # a Saturday


def told(*written: str, formats: tuple[str, ...] = ("%d/%m/%Y",), zone: str = "Europe/London") -> list[str | None]:
    cells = pd.Series(list(written), dtype="str")
    dates = read_dates(cells, formats, zone, (), "When", CAME)
    assert dates.submitted_at.isna().all()
    days = zip(dates.submitted_on, dates.precision, strict=True)
    return [None if pd.isna(day) else f"{day.date()} {precision}" for day, precision in days]


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("3 days ago", "2026-11-18 day"),
        ("1 day ago", "2026-11-20 day"),
        ("A day ago", "2026-11-20 day"),
        ("yesterday", "2026-11-20 day"),
        ("just now", "2026-11-21 day"),
        ("40 minutes ago", "2026-11-20 day"),  # half past midnight, less forty minutes
        ("an hour ago", "2026-11-20 day"),
        ("2 weeks ago", "2026-11-07 week"),
        ("a month ago", "2026-10-21 month"),
        ("999 months ago", "1943-08-21 month"),
        ("a year ago", None),
        ("long ago", None),
    ],
)
def test_so_long_ago_is_counted_back_from_when_the_file_came(written: str, expected: str | None) -> None:
    assert told(written) == [expected]


def test_so_long_ago_is_counted_by_the_sources_own_clock() -> None:
    assert told("today", zone="Europe/London") == ["2026-11-21 day"]
    assert told("today", zone="America/New_York") == ["2026-11-20 day"]


def test_a_day_without_its_year_is_the_latest_one_where_the_map_lists_it() -> None:
    listed = ("%d/%m/%Y", "%d %B", "%a", "%B")
    assert told("14 April", "21 November", "22 November", "March", "29 February", formats=listed) == [
        "2026-04-14 day", "2026-11-21 day", "2025-11-22 day", "2026-03-01 month", None,
    ]  # fmt: skip
    assert told("Mon", "Saturday", "Sun", "Weds", "Mondays", formats=listed) == [
        "2026-11-16 week", "2026-11-21 week", "2026-11-15 week", "2026-11-18 week", None,
    ]  # fmt: skip
    assert told("14 April", "Mon") == [None, None]


def test_whole_dates_beside_them_are_read_as_ever() -> None:
    assert told("01/09/2026", "3 days ago", "", formats=("%d/%m/%Y", "%d %B")) == [
        "2026-09-01 day", "2026-11-18 day", None,
    ]  # fmt: skip


def test_without_knowing_when_the_file_came_nothing_is_counted_back() -> None:
    assert read_dates(pd.Series(["3 days ago"]), ("%d %B",), "Europe/London", (), "When").submitted_on.isna().all()


@pytest.mark.parametrize(
    ("written", "instant"),
    [
        ("2026-06-18 23:30:00+01", "2026-06-18 22:30:00+00:00"),  # as PostgreSQL writes it
        ("20260618T233000Z", "2026-06-18 23:30:00+00:00"),
        ("2026-06-18T23Z", "2026-06-18 23:00:00+00:00"),
        ("2026/06/18T23:30:00+0200", "2026-06-18 21:30:00+00:00"),
        ("2026-06-18T23:30:00", "2026-06-18 22:30:00+00:00"),  # without an offset: by the source's own clock
        ("2026-06-18 23:30", "2026-06-18 22:30:00+00:00"),
    ],
)
def test_an_iso_instant_is_read_in_every_shape_whatever_stands_beside_it(written: str, instant: str) -> None:
    found = dates(written, "18/06/2026", "06/30/2026", "2026-06-18", formats=("%d/%m/%Y", "ISO8601"))
    assert str(found.submitted_at.iloc[0]) == instant
    assert list(found.precision) == ["instant", "day", "unknown", "day"]


def test_what_an_iso_date_leaves_out_is_not_made_up() -> None:
    found = dates("2026-06", "2026", "2026-06-18", formats=("ISO8601",))
    assert days(found) == ["2026-06-01", "", "2026-06-18"]
    assert list(found.precision) == ["month", "unknown", "day"]
    assert codes(found) == [("unreadable_date", 3)]


def test_a_format_with_an_offset_gives_the_instant_that_was_written() -> None:
    found = dates("18/06/2026 23:30 +0000", "18/12/2026 23:30 -05:00", formats=("%d/%m/%Y %H:%M %z",))
    assert [str(moment) for moment in found.submitted_at] == ["2026-06-18 23:30:00+00:00", "2026-12-19 04:30:00+00:00"]
    assert days(found) == ["2026-06-19", "2026-12-19"]


@pytest.mark.parametrize(
    ("written", "layout"), [("2026-W25", "%G-W%V"), ("2026-24", "%Y-%W"), ("wk 24/26", "wk %U/%y")]
)
def test_a_week_is_its_monday_and_known_as_a_week(written: str, layout: str) -> None:
    found = dates(written, formats=(layout,))
    assert days(found) == ["2026-06-15"]
    assert list(found.precision) == ["week"]


DAY = "%d/%m/%Y"
AMERICAN = ("05/25/2026",)


@pytest.mark.parametrize(
    ("written", "formats", "turned"),
    [
        ((*AMERICAN, *["20/05/2026"] * 19), [DAY], ["%m/%d/%Y"]),
        ((*AMERICAN, *["20/05/2026"] * 20), [DAY], []),  # a slip of the pen
        ((*AMERICAN, *["20/05/2026"] * 19, *[""] * 40), [DAY], ["%m/%d/%Y"]),
        (["20/05/2026", "04/05/2026"], [DAY], []),
        ((*AMERICAN, "20/05/2026"), [DAY, "%m/%d/%Y"], []),  # the map knows both
        (["2026-25-05", "2026-05-20"], ["%Y-%m-%d"], []),  # which nobody writes
    ],
)
def test_a_column_is_written_both_ways_where_one_day_in_twenty_says_so(
    written: Sequence[str], formats: list[str], turned: list[str]
) -> None:
    parts = [pd.Series(written[:1], dtype="str"), pd.Series(written[1:], dtype="str")]
    assert turned_over(parts, formats) == turned


SHAPES = (
    "", "2026-06-18T23:30:00Z", "2026-06-18 23:30:00+01", "20260618", "18/06/2026", "06/18/2026", "2026", "2026-06",
    "3 days ago", "Mon", "46187.5", "2026-06-18T23", "2026-06-18T23:30:00.5+00", "18/06/2026 12:30 +0100", "2026-W25",
)  # fmt: skip


@given(st.lists(st.sampled_from(SHAPES), min_size=1, max_size=6))
def test_no_mixture_of_dates_ends_a_pull(written: list[str]) -> None:
    formats = ("%d/%m/%Y", "ISO8601", "%d/%m/%Y %H:%M %z", "%G-W%V", "%A")
    cells = pd.Series(written, dtype="str")
    turned = turned_over([cells], formats)
    captured = pd.Timestamp("2026-11-20T10:00Z")
    found = read_dates(cells, formats, "Europe/London", SENTINELS, "When", captured, turned)
    assert (found.submitted_on.isna() == (found.precision == "unknown")).all()
