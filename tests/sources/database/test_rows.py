"""Rows of a database as bytes: the same as long as the rows are, and a cursor that comes back as it was."""

import csv
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from io import StringIO
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heardback.errors import Unreadable
from heardback.sources.database import cursors as sql_cursors
from heardback.sources.database.rows import Rows, as_text

SUMMER = timezone(timedelta(hours=1))


@pytest.mark.parametrize(("value", "text"), [
    (None, ""),
    (True, "true"),
    (Decimal("4.50"), "4.50"),
    (Decimal("1E+3"), "1000"),
    (Decimal("0.00000001"), "0.00000001"),
    (date(2026, 3, 29), "2026-03-29"),
    (time(9, 30), "09:30:00"),
    (timedelta(hours=9, minutes=5), "09:05:00"),
    (timedelta(hours=-838, minutes=-59, seconds=-59), "-838:59:59"),
    (timedelta(days=1, seconds=4, microseconds=50), "24:00:04.000050"),
    (-timedelta(microseconds=500_000), "-00:00:00.500000"),
    (datetime(2026, 3, 29, 1, 30), "2026-03-29T01:30:00"),  # noqa: DTZ001 - a database's own wall clock
    (datetime(2026, 3, 29, 2, 30, tzinfo=SUMMER), "2026-03-29T01:30:00+00:00"),
    (b"\x00\xff", "00ff"),
    (memoryview(b"\x01"), "01"),
    ({"b": 1, "a": "é"}, '{"a": "é", "b": 1}'),
    (UUID(int=1), "00000000-0000-0000-0000-000000000001"),
    (0.1, "0.1"),
    ("said", "said"),
])  # fmt: skip
def test_a_cell_is_written_in_one_way(value: object, text: str) -> None:
    assert as_text(value) == text


def rows_of(*rows: tuple[Any, ...], cursor: str = "") -> Rows:
    rows_ = Rows(["id", "said"], ["id"], cursor, "view")
    rows_.add(rows)
    return rows_


@given(st.lists(st.tuples(st.text(), st.text()), max_size=8), st.randoms())
def test_the_order_in_which_a_database_gives_its_rows_changes_no_byte(rows: list[tuple[str, str]], chance: Any) -> None:
    shuffled = list(rows)
    chance.shuffle(shuffled)
    assert rows_of(*shuffled).csv() == rows_of(*rows).csv()


# A surrogate alone is no text that a database could hold.
TEXT = st.text(st.characters(exclude_categories=["Cs"]))


@given(st.lists(st.tuples(TEXT, TEXT), max_size=8))
def test_what_is_written_is_read_again_as_it_was(rows: list[tuple[str, str]]) -> None:
    read = list(csv.reader(StringIO(rows_of(*rows).csv().decode(), newline="")))
    assert read[0] == ["id", "said"]
    assert sorted(read[1:]) == sorted([list(row) for row in rows])


def test_the_size_is_that_of_the_lines() -> None:
    rows = rows_of(("1", "é"), ("2", "b"))
    assert rows.size == len(b"1,\xc3\xa9\r\n2,b\r\n")
    assert rows.csv() == b"id,said\r\n1,\xc3\xa9\r\n2,b\r\n"


def test_the_highest_value_of_the_cursors_column_is_known_and_a_blank_one_is_passed_over() -> None:
    assert rows_of((3, "a"), (None, "b"), (7, "c"), (5, "d"), cursor="id").highest == 7
    assert rows_of((3, "a")).highest is None


def test_values_that_cannot_be_compared_are_refused_without_quoting_one() -> None:
    with pytest.raises(Unreadable, match="of several kinds") as refused:
        rows_of((1, "b"), (2, "c"), ("freezing", "d"), cursor="id")
    assert "freezing" not in str(refused.value)


def test_a_key_that_the_query_does_not_give_is_named_beside_what_it_gives() -> None:
    with pytest.raises(Unreadable, match=r"no column 'ref' \(key\); it gives id, said"):
        Rows(["id", "said"], ["ref"], "", "view")
    with pytest.raises(Unreadable, match=r"no column 'changed' \(cursor_column\)"):
        Rows(["id", "said"], ["id"], "changed", "view")


@pytest.mark.parametrize("value", [
    0, -3, 2**63, 1.5, Decimal("7.10"), "2026-11-10 09:30:00", date(2026, 11, 10), b"\x00\x07\xd1",
    datetime(2026, 11, 10, 9, 30, 0, 123456), datetime(2026, 11, 10, 9, 30, tzinfo=UTC),  # noqa: DTZ001
])  # fmt: skip
def test_a_cursor_is_bound_as_what_it_was_when_it_was_kept(value: object) -> None:
    again = sql_cursors.bound(sql_cursors.kept(value))
    assert (again, type(again)) == (value, type(value))


def test_no_value_leaves_the_cursor_where_it_is() -> None:
    assert sql_cursors.kept(None) == ""


def test_the_first_cursor_is_a_number_where_it_is_written_as_one() -> None:
    assert [sql_cursors.first(text) for text in ("0", "-1", "1900-01-01")] == [0, -1, "1900-01-01"]
