"""The hash that chains every history entry to the one before it (G13)."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from json.encoder import encode_basestring
from typing import Any

HASHED = (
    "sequence", "loop_uid", "version", "move", "from_state", "to_state", "actor", "role", "at", "on_date",
    "reason", "details",
)  # fmt: skip
SHARED = HASHED[3:-1]  # what many entries of one landing have alike, but for their details

# Made once: json.dumps makes one for every call, and a landing writes an entry for every loop.
WRITTEN = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def entry_hash(previous: str, entry: Mapping[str, Any]) -> str:
    """The sha256 of an entry's fields together with the hash before it, as hexadecimal text."""
    written = WRITTEN.encode([previous, *(_plain(entry[name]) for name in HASHED)])
    return hashlib.sha256(written.encode()).hexdigest()


def chain(previous: str, entries: Sequence[Mapping[str, Any]]) -> list[str]:
    """The hash of each of many entries, the first of which follows `previous`: `entry_hash` in a tenth of the time.

    Of what a landing writes only the place in the chain, the loop and the hash before differ much; the rest of an
    entry's text is written once for all that share it.
    """
    hashes: list[str] = []
    shared: dict[object, str] = {}
    for entry in entries:
        key = (*(entry[name] for name in SHARED), repr(entry["details"]))
        if key not in shared:
            shared[key] = WRITTEN.encode([_plain(entry[name]) for name in (*SHARED, "details")])[1:]
        loop_uid, version = encode_basestring(entry["loop_uid"]), entry["version"]
        written = f'["{previous}",{entry["sequence"]},{loop_uid},{version},{shared[key]}'
        previous = hashlib.sha256(written.encode()).hexdigest()
        hashes.append(previous)
    return hashes


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return value.isoformat() if isinstance(value, date) else value
