"""Answers on standard output: one JSON object where it was asked for, plain lines otherwise."""

import dataclasses
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import typer


def show(answer: Any, as_json: bool, lines: Iterable[str]) -> None:
    """Print an answer: one JSON object (dataclasses by their fields, days and instants as ISO text), or lines."""
    if as_json:
        typer.echo(json.dumps(_plain(answer), ensure_ascii=False, indent=2))
        return
    for line in lines:
        typer.echo(line)


def in_columns(rows: Sequence[Mapping[str, Any]], columns: Sequence[str]) -> list[str]:
    """Rows as lines with columns of even width, under a header."""
    cells = [[_cell(row.get(column)) for column in columns] for row in rows]
    widths = [max(len(column), *(len(line[place]) for line in cells), 1) for place, column in enumerate(columns)]
    return [
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in [list(columns), *cells]
    ]


def counted(counts: Mapping[str, int]) -> str:
    """`3 loop, 1 quarantine`: counts in one phrase."""
    return ", ".join(f"{count} {name}" for name, count in counts.items() if count) or "nothing"


def _cell(value: Any) -> str:
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    if isinstance(value, (list, tuple)):
        return "; ".join(str(item) for item in value)
    return "–" if value in (None, "") else str(value)


def _plain(value: Any) -> Any:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: _plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple, set)):
        return [_plain(item) for item in value]
    return (
        value.isoformat() if isinstance(value, (date, datetime)) else str(value) if isinstance(value, Path) else value
    )
