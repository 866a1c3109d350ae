"""The hash that chains every history entry to the one before it (G13)."""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

HASHED = (
    "sequence", "loop_uid", "version", "move", "from_state", "to_state", "actor", "role", "at", "on_date",
    "reason", "details",
)  # fmt: skip


def entry_hash(previous: str, entry: Mapping[str, Any]) -> str:
    """The sha256 of an entry's fields together with the hash before it, as hexadecimal text."""
    fields = [previous, *(_plain(entry[name]) for name in HASHED)]
    written = json.dumps(fields, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(written.encode()).hexdigest()


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return value.isoformat() if isinstance(value, date) else value
