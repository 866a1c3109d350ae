"""Answers on standard output: one JSON object where it was asked for, plain lines otherwise."""

import dataclasses
import json
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import typer

from tasks import plurals

NOTHING = "–"
some = plurals.some
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
# Where a row ended, as it reads behind its count.
FATES = {
    "loop": "in loops",
    "withheld": "withheld",
    "diverted": "diverted",
    "not_counted": "not counted",
    "duplicate": "known already",
    "quarantine": "in quarantine",
}


def show(answer: Any, as_json: bool, lines: Iterable[str]) -> None:
    """Print an answer: one JSON object (dataclasses by their fields, days and instants as ISO text), or lines."""
    if as_json:
        typer.echo(json.dumps(_plain(answer), ensure_ascii=False, indent=2, allow_nan=False))
        return
    for line in lines:
        typer.echo(line)


def in_columns(rows: Sequence[Mapping[str, Any]], columns: Mapping[str, str]) -> list[str]:
    """Rows as lines under a header, `columns` being fields and their headings; numbers stand to the right."""
    if not rows:
        return ["none"]
    cells = [[_cell(row.get(field)) for field in columns] for row in rows]
    lines = [list(columns.values()), *cells]
    widths = [max(len(line[place]) for line in lines) for place in range(len(columns))]
    to_the_right = [_holds_numbers([row.get(field) for row in rows]) for field in columns]
    return [
        "  ".join(
            cell.rjust(width) if right else cell.ljust(width)
            for cell, width, right in zip(line, widths, to_the_right, strict=True)
        ).rstrip()
        for line in lines
    ]


def in_pairs(facts: Mapping[str, Any]) -> list[str]:
    """One fact a line, its name before it; facts that are empty are left out."""
    known = {in_a_line(name): _cell(value) for name, value in facts.items() if value not in (None, "", [], {})}
    width = max((len(name) for name in known), default=0)
    return [f"{name.ljust(width)}  {value}" for name, value in known.items()]


def counted(counts: Mapping[str, int], words: Mapping[str, str] | None = None) -> str:
    """`59 in loops, 1 in quarantine`: counts in one phrase, in the order of `words` where given."""
    names = dict.fromkeys([*(words or {}), *counts])
    known = [(counts.get(name, 0), (words or {}).get(name, name.replace("_", " "))) for name in names]
    return ", ".join(f"{count} {name}" for count, name in known if count) or "nothing"


def in_a_line(text: str) -> str:
    """Somebody's words on one line; characters that would steer the terminal are left out."""
    return CONTROL.sub("", " / ".join(map(str.strip, text.splitlines())))


def _holds_numbers(values: Sequence[Any]) -> bool:
    """Whether a column is one of numbers; some may be missing."""
    known = [value for value in values if value is not None]
    return bool(known) and all(isinstance(value, (int, float)) and not isinstance(value, bool) for value in known)


def _cell(value: Any) -> str:
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    if isinstance(value, bool):
        return "yes" if value else NOTHING
    if isinstance(value, float):
        return f"{value:.3f}"
    if isinstance(value, Mapping):
        return counted(value)
    if isinstance(value, (list, tuple)):
        return "; ".join(in_a_line(str(item)) for item in value)
    return NOTHING if value in (None, "") else in_a_line(str(value))


def _plain(value: Any) -> Any:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: _plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    if isinstance(value, (set, frozenset)):
        return sorted(_plain(item) for item in value)
    if isinstance(value, float) and not math.isfinite(value):
        return None  # JSON has no word for it
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    return str(value) if isinstance(value, Path) else value
