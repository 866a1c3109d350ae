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

# Made once: json.dumps makes one for every call, and a landing writes an entry for every loop.
WRITTEN = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def entry_hash(previous: str, entry: Mapping[str, Any]) -> str:
    """The sha256 of an entry's fields together with the hash before it, as hexadecimal text."""
    written = WRITTEN.encode([previous, *(_plain(entry[name]) for name in HASHED)])
    return hashlib.sha256(written.encode()).hexdigest()


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return value.isoformat() if isinstance(value, date) else value
