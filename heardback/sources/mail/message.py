"""A mail's bytes as a row: what it says, when, and its own id. Who sent it stays behind in the bytes."""

import email
import re
from collections.abc import Iterator
from datetime import UTC
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from email.message import Message
from email.utils import parsedate_to_datetime
from hashlib import sha256
from typing import cast

import pandas as pd
from imap_tools import MailMessage

from heardback.domain.table import Note, Table
from heardback.errors import Unreadable
from heardback.sources.mail.markup import text_of_markup
from heardback.sources.mail.words import own_words
from heardback.sources.tables.repair import repair

# What mail programs write that say the older name of an encoding (the WHATWG Encoding Standard reads them so, too).
MEANT_BY = {
    "gb2312": "gb18030", "gbk": "gb18030", "shift_jis": "cp932", "euc-kr": "cp949", "ks_c_5601-1987": "cp949",
    "big5": "big5hkscs", "iso-8859-9": "cp1254", "iso-8859-11": "cp874", "tis-620": "cp874",
}  # fmt: skip
IN_MARKUP = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?([A-Za-z0-9_-]+)", re.IGNORECASE)
HEAD_BYTES = 1024  # as far as HTML asks for it to be looked for
ROBOTS = {"bulk", "junk", "list", "auto_reply"}


def attachments(content: bytes, name: str) -> list[tuple[str, bytes]]:
    """The name and the bytes of every attachment, those of mails within the mail included. Raises Unreadable."""
    try:
        parts = MailMessage.from_bytes(content).attachments
        return [(_printable(part.filename), part.payload) for part in parts if part.content_type != "message/rfc822"]
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        raise _unreadable(name) from None


def message_table(content: bytes, name: str) -> Table:
    """One row: message_id, date (ISO, with its offset), subject, text. Raises Unreadable where this is no mail.

    An automatic reply or a bounce is a row without subject and text: it is counted, and nobody's comment.
    """
    try:
        message = email.message_from_bytes(content)
        row, notes = _row(message, content)
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        raise _unreadable(name) from None
    frame, repaired = repair(pd.DataFrame([row], index=pd.Index([1], dtype="int64"), dtype="str"))
    return Table(frame, name=name, encoding="utf-8", notes=[*notes, *repaired])


def _row(message: Message, content: bytes) -> tuple[dict[str, str], list[Note]]:
    automatic = _is_automatic(message)
    said = "" if automatic else _text_of(message)
    row = {"message_id": _id_of(message, content, said), "date": _date_of(message), "subject": "", "text": ""}
    if automatic:
        return row, [Note("automatic_mail", "an automatic reply or a bounce is counted, and is nobody's comment", 1)]
    words = own_words(said)
    return row | {"subject": _subject_of(message), "text": words}, list(_notes(message, said, words))


def _notes(message: Message, said: str, words: str) -> Iterator[Note]:
    if words != said.strip():
        yield Note("mail_trimmed", "a quotation, a signature or a notice was left out; the raw mail has it", 1)
    if not words and any(part.get_payload(decode=True) for part in message.walk() if not part.is_multipart()):
        yield Note("mail_unread", "it holds something, none of it words that can be read: look into the mailbox", 1)


def _id_of(message: Message, content: bytes, said: str) -> str:
    """The Message-ID, and a mark of what is said and when: some web forms give all of their mails the same one.

    A copy that came another way, with other heads and line breaks, has the same mark.
    """
    given = " ".join(str(message.get("Message-ID") or "").split())
    if not given:
        return f"<{sha256(content).hexdigest()}>"
    spoken = "".join(f"{_date_of(message)}{said}".split()).encode("utf-8", "replace")
    return f"{given} {sha256(spoken).hexdigest()[:12]}" if said else given


def _date_of(message: Message) -> str:
    """When it says that it was sent; '' where that is no date."""
    try:
        sent = parsedate_to_datetime(str(message.get("Date") or ""))
    except (ValueError, TypeError, OverflowError):
        return ""
    return (sent if sent.tzinfo else sent.replace(tzinfo=UTC)).isoformat(timespec="seconds")


def _subject_of(message: Message) -> str:
    raw = str(message.get("Subject") or "")
    try:
        return " ".join(str(make_header(decode_header(raw))).split())
    except (ValueError, LookupError, HeaderParseError):
        return " ".join(raw.split())


def _is_automatic(message: Message) -> bool:
    """By what RFC 3834 and RFC 3464 ask of programs, and by the empty sender of a bounce."""
    submitted = str(message.get("Auto-Submitted") or "no").split(";")[0].strip().lower()
    precedence = str(message.get("Precedence") or "").strip().lower()
    return (
        submitted != "no"
        or precedence in ROBOTS
        or message.get_content_type() == "multipart/report"
        or str(message.get("Return-Path") or "").strip() == "<>"
        or message.get("X-Autoreply") is not None
    )


def _text_of(message: Message) -> str:
    """The plain text; where there is none, the text of the HTML; where there is none either, what is attached says."""
    return _text_in(list(_bodies(message))) or _text_in(list(_bodies(message, attached=True)))


def _text_in(parts: list[Message]) -> str:
    plain = "\n".join(_decoded(part) for part in parts if part.get_content_type() != "text/html")
    if plain.strip():
        return plain
    return "\n".join(text_of_markup(_decoded(part)) for part in parts if part.get_content_type() == "text/html")


def _bodies(part: Message, *, attached: bool = False) -> Iterator[Message]:
    """The texts of a mail itself: what is attached, or is another mail, is none of it, unless it is asked for.

    Phones and gateways give the text of a message a file's name; who forwards a mail may attach it, and add nothing.
    """
    if not attached and (part.get_content_disposition() == "attachment" or part.get_filename()):
        return
    if part.is_multipart() and (part.get_content_maintype() == "multipart" or attached):
        for inner in cast("list[Message]", part.get_payload()):
            yield from _bodies(inner, attached=attached)
    elif part.get_content_type() in ("text/plain", "text/html") or part.get_content_maintype() == "multipart":
        yield part  # a multipart that does not say where its parts end is taken as it stands


def _decoded(part: Message) -> str:
    """By what the part says of itself, then by what programs mean that say so, then by what is likeliest."""
    content = cast("bytes", part.get_payload(decode=True) or b"")
    said = part.get_content_charset("") or _said_in_markup(part, content)
    for encoding in (said, MEANT_BY.get(said, ""), "utf-8"):
        try:
            return content.decode(encoding)
        except (UnicodeError, LookupError):  # "undefined" is an encoding that fails by itself
            continue
    return content.decode("cp1252", "replace")


def _said_in_markup(part: Message, content: bytes) -> str:
    """The encoding that HTML names in its own head, where the mail names none."""
    found = IN_MARKUP.search(content[:HEAD_BYTES]) if part.get_content_type() == "text/html" else None
    return found[1].decode("ascii").lower() if found else ""


def _printable(name: str) -> str:
    """A file's name as it may stand in a message: no path, no line break, and not without end."""
    return "".join(letter for letter in name if letter.isprintable()).replace("/", "_").replace("\\", "_")[-150:]


def _unreadable(name: str) -> Unreadable:
    return Unreadable("this mail is put together in a way that cannot be read", where=name, do="read it in the mailbox")
