"""A mail that says that another will not be delivered: which, to whom, and why by its number (RFC 3464)."""

import email
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message
from typing import cast

FOR_GOOD = re.compile(r"5\.\d{1,3}\.\d{1,3}")
HINT = b"delivery-status"


@dataclass(frozen=True)
class Bounce:
    """`message_id` is that of the mail that did not arrive, `status` the enhanced status code (RFC 3463): 5.1.1."""

    message_id: str
    address: str
    status: str


def bounces_in(content: bytes) -> list[Bounce]:
    """One for each address that a delivery status notification gives up; none in any other mail, or for a delay."""
    if HINT not in content.lower():
        return []
    try:
        message = email.message_from_bytes(content)
        message_id = _returned_id(message)
        return [Bounce(message_id, *one) for one in _given_up(message)] if message_id and _is_report(message) else []
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return []  # whoever made this up did not mean to report anything


def _is_report(message: Message) -> bool:
    kind = str(message.get_param("report-type") or "").lower()
    return message.get_content_type() == "multipart/report" and kind == "delivery-status"


def _parts(message: Message, kind: str) -> Iterator[Message]:
    return (part for part in _held(message) if part.get_content_type() == kind)


def _held(message: Message) -> list[Message]:
    """The mails or the groups of fields within one; none where it holds text."""
    held = message.get_payload()
    return cast("list[Message]", held) if isinstance(held, list) else []


def _given_up(message: Message) -> Iterator[tuple[str, str]]:
    """(address, status) of every recipient whose delivery failed; the first fields are about the mail as a whole."""
    for report in _parts(message, "message/delivery-status"):
        for fields in _held(report)[1:]:
            status = FOR_GOOD.search(str(fields.get("Status") or ""))
            if status and str(fields.get("Action") or "").strip().lower() == "failed":
                yield _address(fields), status[0]


def _address(fields: Message) -> str:
    """As we wrote it, where the server says so; it may have been passed on to another."""
    said = str(fields.get("Original-Recipient") or fields.get("Final-Recipient") or "")
    return said.partition(";")[2].strip().strip("<>").lower()


def _returned_id(message: Message) -> str:
    """The Message-ID of what was sent: from the mail that came back, whole or its head alone."""
    for part in _parts(message, "message/rfc822"):
        for inner in _held(part):
            return str(inner.get("Message-ID") or "").strip()
    for part in _parts(message, "text/rfc822-headers"):
        head = email.message_from_string(str(part.get_payload()))
        return str(head.get("Message-ID") or "").strip()
    return ""
