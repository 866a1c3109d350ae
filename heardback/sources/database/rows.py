"""Rows of a database as CSV that is the same, byte for byte, as long as the rows are."""

import csv
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from io import StringIO
from typing import Any

from heardback.errors import Unreadable


def _instant(value: datetime) -> str:
    """An offset depends on who asks: one instant is written in one way, in UTC."""
    return (value.astimezone(UTC) if value.tzinfo else value).isoformat()


def _span(value: timedelta) -> str:
    """MySQL's times of the day come as spans, and are written as it writes them: 09:05:00."""
    whole, part = divmod(abs(value), timedelta(seconds=1))
    minutes, seconds = divmod(whole, 60)
    clock = f"{minutes // 60:02}:{minutes % 60:02}:{seconds:02}"
    return ("-" if value < timedelta() else "") + clock + (f".{part.microseconds:06}" if part else "")


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, default=str)


AS_TEXT: Mapping[type, Callable[[Any], str]] = {
    type(None): lambda _: "",
    bool: lambda value: "true" if value else "false",
    bytes: bytes.hex,
    memoryview: lambda value: bytes(value).hex(),
    datetime: _instant,
    date: date.isoformat,
    time: time.isoformat,
    timedelta: _span,
    Decimal: lambda value: format(value, "f"),
    dict: _json,
    list: _json,
}


def as_text(value: object) -> str:
    """A cell: blank for None, ISO dates, spans in hours, every digit of a Decimal, bytes in hexadecimal."""
    return AS_TEXT.get(type(value), str)(value)


class Rows:
    """Rows as lines of CSV, and the highest value of the cursor's column among them."""

    def __init__(self, columns: Sequence[str], key: Sequence[str], cursor_column: str, where: str) -> None:
        self._columns, self._where = list(columns), where
        self._key = [self._position(column, "key") for column in key]
        self._cursor = self._position(cursor_column, "cursor_column") if cursor_column else None
        self._lines: list[tuple[list[str], bytes]] = []
        self._line = StringIO(newline="")
        self._writer = csv.writer(self._line)
        self.size = 0
        self.highest: Any = None

    def add(self, rows: Iterable[Sequence[Any]]) -> None:
        """Take rows in. Raises Unreadable where the cursor's values cannot be compared with each other."""
        for row in rows:
            cells = [as_text(value) for value in row]
            line = self._written(cells)
            self._lines.append(([cells[position] for position in self._key], line))
            self.size += len(line)
            self._note(row)

    def csv(self) -> bytes:
        """The header and all lines, in the order of the key: a database may give them in any."""
        self._lines.sort()
        return b"".join([self._written(self._columns), *(line for _, line in self._lines)])

    def _written(self, cells: Sequence[str]) -> bytes:
        self._writer.writerow(cells)
        line = self._line.getvalue().encode("utf-8", "replace")
        self._line.seek(0)
        self._line.truncate()
        return line

    def _note(self, row: Sequence[Any]) -> None:
        value = None if self._cursor is None else row[self._cursor]
        try:
            if value is not None and (self.highest is None or value > self.highest):
                self.highest = value
        except TypeError:
            raise Unreadable(
                f"the values of cursor_column {self._columns[self._cursor or 0]} are of several kinds",
                where=self._where,
                do="cast the column to one kind in the query, or leave the cursor_column out",
            ) from None

    def _position(self, column: str, setting: str) -> int:
        if column not in self._columns:
            raise Unreadable(
                f"the query gives no column '{column}' ({setting}); it gives {', '.join(self._columns)}",
                where=self._where,
                do="name the column in the query, or correct the setting in the map's connect: section",
            )
        return self._columns.index(column)
