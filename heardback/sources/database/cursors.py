"""The value from which a database is asked on, kept as text and bound as what it was."""

import json
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from heardback.sources.database.rows import as_text

KINDS: Mapping[str, Callable[[str], Any]] = {
    "int": int,
    "float": float,
    "Decimal": Decimal,
    "datetime": datetime.fromisoformat,
    "date": date.fromisoformat,
    "bytes": bytes.fromhex,
    "memoryview": bytes.fromhex,
    "str": str,
}


def kept(value: object) -> str:
    """A cursor as it is kept: its kind and its value; '' for none."""
    if value is None:
        return ""
    kind = type(value).__name__
    return json.dumps([kind if kind in KINDS else "str", as_text(value)])


def first(written: str) -> object:
    """Where a map says to begin: a number where it is one, or text, from which the database makes what it needs."""
    return int(written) if written.removeprefix("-").isdecimal() else written


def bound(cursor: str) -> object:
    """A kept cursor as the driver takes it."""
    kind, value = json.loads(cursor)
    return KINDS[kind](value)
