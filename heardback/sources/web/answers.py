"""What a tool answered over HTTP: bytes up to a limit, and JSON, or the reason why it is no answer."""

import json
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import httpx

from heardback.errors import SourceUnavailable

TOO_EARLY = {408, 425, 429}
NOT_KNOWN_THERE = 501
REMAINING, EPOCH = "-remaining", 10  # digits: a reset of so many is an instant since 1970, and no wait
GZIP = 16 + zlib.MAX_WBITS


@dataclass(frozen=True)
class Told:
    """What a message may say of a question: host and path (no query), the run's instant, the settings of secrets."""

    host: str
    path: str
    at: datetime
    secret_settings: tuple[str, ...] = ()


def refuse_status(response: httpx.Response, told: Told) -> None:
    """Raise SourceUnavailable unless the tool says that all is well. Its own words are never repeated."""
    status = response.status_code
    if response.is_success:
        return
    if status in (401, 403):
        named = ", ".join(told.secret_settings) or "the secrets of the map's connect: section"
        raise SourceUnavailable(
            f"the tool does not let us in ({status})",
            where=told.host,
            do=f"check {named}: is the secret right, still valid, and allowed to read these answers?",
            permanent=True,
        )
    if status == NOT_KNOWN_THERE:
        raise SourceUnavailable(
            f"the tool does not know what it was asked ({status} to {told.path})",
            where=told.host,
            do="it may be an older version than docs/connectors.md asks for: bring it up to date",
            permanent=True,
        )
    if status in TOO_EARLY or status >= 500:
        raise _busy(response, told)
    raise SourceUnavailable(
        f"the tool answers {status} to {told.path}",
        where=told.host,
        do="check the address and the ids in the map's connect: section, and that the tool's account may see them",
        permanent=True,
    )


def body_of(response: httpx.Response, room: int, told: Told) -> bytes:
    """All of an answer's bytes, uncompressed. Raises SourceUnavailable as soon as they are more than `room`."""
    parts: list[bytes] = []
    for part in _unpacked(response, room + 1, told):
        parts.append(part)
        room -= len(part)
        if room < 0:
            raise SourceUnavailable(
                "the answers are larger than the limit",
                where=told.host,
                do="ask for fewer at once, or raise gate.max_file_megabytes in policy.yaml",
                permanent=True,
            )
    return b"".join(parts)


def json_of(content: bytes, told: Told) -> Any:
    """What the bytes hold. Raises SourceUnavailable for a web page, for no JSON, and for an error told with a 200."""
    try:
        found = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        raise _no_json(content, told) from None
    if isinstance(found, dict) and (error := found.get("error") or found.get("errors")):
        raise SourceUnavailable(
            f"the tool answers {told.path} with an error{_code_of(error)}",
            where=told.host,
            do="check the ids in the map's connect: section and what the tool's account may read",
            permanent=True,
        )
    return found


def _busy(response: httpx.Response, told: Told) -> SourceUnavailable:
    asked = _retry_after(response, told.at)
    patience = "" if asked is None else f" and asks us to wait {asked:,.0f} s"
    what = f"the tool is busy or broken: it answers {response.status_code}{patience}"
    return SourceUnavailable(what, where=told.host, do="pull again later", retry_after=asked)


def _retry_after(response: httpx.Response, at: datetime) -> float | None:
    """Seconds. Where the header gives an instant, the tool's own clock says how far off that is."""
    said = response.headers.get("Retry-After", "").strip()
    if not said:
        return _until_reset(response)
    if said.isdecimal():
        return float(said)
    until, now = _instant(said), _instant(response.headers.get("Date", "")) or at
    return max((until - now).total_seconds(), 0.0) if until else None


def _until_reset(response: httpx.Response) -> float | None:
    """Seconds until there are calls again, as SurveyMonkey says it: of each limit what remains, and its reset."""
    limits = {name: left for name, left in response.headers.items() if name.endswith(REMAINING)}
    spent = [name.removesuffix(REMAINING) for name, left in limits.items() if left.strip() == "0"]
    resets = [response.headers.get(f"{limit}-reset", "").strip() for limit in spent]
    return max((float(seconds) for seconds in resets if seconds.isdecimal() and len(seconds) < EPOCH), default=None)


def _instant(said: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(said)
    except (ValueError, OverflowError):
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _unpacked(response: httpx.Response, most: int, told: Told) -> Iterator[bytes]:
    """The body in pieces of at most `most` bytes: a gzip bomb must not unfold in memory."""
    packing = response.headers.get("Content-Encoding", "identity").lower()
    if packing == "gzip":
        yield from _gunzipped(response, most)
    elif packing == "identity":
        yield from response.iter_raw()
    else:
        what = "the answer is packed in a way that nobody asked for"
        raise SourceUnavailable(what, where=told.host, permanent=True)


def _gunzipped(response: httpx.Response, most: int) -> Iterator[bytes]:
    unpacker = zlib.decompressobj(GZIP)
    try:
        for raw in response.iter_raw():
            yield unpacker.decompress(raw, most)
    except zlib.error:
        raise httpx.ReadError("the packed bytes are damaged") from None
    if not unpacker.eof:
        raise httpx.ReadError("the packed bytes end too early")


def _no_json(content: bytes, told: Told) -> SourceUnavailable:
    page = content[:200].lstrip().startswith(b"<")
    return SourceUnavailable(
        "the tool answers with a web page, perhaps a log-in page" if page else "the tool's answer is not JSON",
        where=told.host,
        do="check the address in the map's connect: section: it must be the one of the tool's API",
        permanent=True,
    )


def _code_of(error: object) -> str:
    """Its number alone, for a message could quote a token or an answer."""
    said = str(error.get("id") or error.get("code") or "") if isinstance(error, dict) else ""
    return f" (number {said})" if said.isdecimal() and len(said) < 8 else ""
