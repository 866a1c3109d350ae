"""From where to ask on: a little before the newest change, everything at first and now and then, never backwards."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from config.maps import SourceMap
from heardback.sources.web.recent import Recent, instant, span_of
from tests.council import EXIT
from tests.sources.samples import an_asking

AT = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
APPENDING = SourceMap.model_validate({**EXIT, "mode": "append"})
SNAPSHOT = SourceMap.model_validate(EXIT)
MOMENTS = some.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=some.just(UTC))  # noqa: DTZ001


def asking(cursor: str = "", feed: SourceMap = APPENDING, at: datetime = AT) -> Any:
    return an_asking(feed, cursor=cursor, at=at)


def test_at_first_everything_is_asked_for_and_afterwards_what_is_new_with_a_day_before_it() -> None:
    first = span_of(asking(), Recent())
    assert (first.since, first.whole) == (None, True)
    cursor = first.cursor(["2026-11-20T10:00:00+00:00", "2026-11-19T10:00:00Z", ""])
    assert cursor == "2026-11-20T10:00:00Z whole 2026-11-21T09:00:00Z"
    second = span_of(asking(cursor, at=AT + timedelta(days=1)), Recent())
    assert (second.since, second.whole) == (datetime(2026, 11, 19, 10, 0, tzinfo=UTC), False)
    assert second.cursor([]) == cursor


def test_how_far_back_is_a_setting() -> None:
    cursor = span_of(asking(), Recent()).cursor(["2026-11-20T10:00:00Z"])
    assert span_of(asking(cursor), Recent(overlap_days=3)).since == datetime(2026, 11, 17, 10, 0, tzinfo=UTC)


def test_everything_is_asked_for_again_after_a_week_for_deletions_show_only_there() -> None:
    cursor = span_of(asking(), Recent()).cursor(["2026-11-20T10:00:00Z"])
    almost = span_of(asking(cursor, at=AT + timedelta(days=7, seconds=-1)), Recent())
    assert not almost.whole
    later = span_of(asking(almost.cursor([]), at=AT + timedelta(days=7)), Recent())
    assert later.whole
    assert later.cursor([]) == "2026-11-20T10:00:00Z whole 2026-11-28T09:00:00Z"
    assert span_of(asking(cursor, at=AT + timedelta(days=2)), Recent(whole_every_days=2)).whole


def test_a_snapshot_is_always_whole() -> None:
    cursor = span_of(asking(), Recent()).cursor(["2026-11-20T10:00:00Z"])
    assert span_of(asking(cursor, SNAPSHOT), Recent()).whole


def test_nothing_said_yet_leaves_everything_to_ask_for() -> None:
    cursor = span_of(asking(), Recent()).cursor([])
    assert cursor == " whole 2026-11-21T09:00:00Z"
    assert span_of(asking(cursor), Recent()).whole


@pytest.mark.parametrize(
    "cursor", ["2026-11-20", "nonsense", "nonsense whole nonsense", " whole ", "a whole b whole c"]
)
def test_a_cursor_of_another_kind_asks_for_everything(cursor: str) -> None:
    assert span_of(asking(cursor), Recent()).whole


def test_a_clock_that_is_ahead_does_not_hide_what_is_said_until_then() -> None:
    cursor = span_of(asking(), Recent()).cursor(["2031-01-01T00:00:00Z"])
    assert cursor.startswith("2026-11-21T09:00:00Z")


@given(some.lists(some.lists(MOMENTS, max_size=3), max_size=6))
def test_the_cursor_never_goes_back(pulls: list[list[datetime]]) -> None:
    cursor, at = "", AT
    for changed in pulls:
        found = span_of(asking(cursor, at=at), Recent()).cursor(moment.isoformat() for moment in changed)
        assert found >= cursor
        cursor, at = found, at + timedelta(days=1)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("2015-10-06T12:56:55+00:00", datetime(2015, 10, 6, 12, 56, 55, tzinfo=UTC)),
        ("2015-10-06T12:56:55.5+01:00", datetime(2015, 10, 6, 11, 56, 55, tzinfo=UTC)),
        ("2015-10-06T12:56:55Z", datetime(2015, 10, 6, 12, 56, 55, tzinfo=UTC)),
        ("2015-10-06T12:56:55", datetime(2015, 10, 6, 12, 56, 55, tzinfo=UTC)),
        ("yesterday", None),
        ("", None),
    ],
)
def test_instants_are_read_as_tools_write_them(text: str, found: datetime | None) -> None:
    assert instant(text) == found
