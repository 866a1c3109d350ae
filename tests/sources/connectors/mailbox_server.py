"""A mailbox on loopback: as much of IMAP4rev1 (RFC 3501) as reading takes, plain, by STARTTLS or under TLS.

Folders hold mails by UID; what would change one of them (SELECT, BODY[] without PEEK, STORE, EXPUNGE) is written down.
"""

import json
import re
import socketserver
import ssl
from base64 import b64decode, b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.header import decode_header, make_header
from typing import Any

from tests.loopback import ANY_PORT, served
from tests.sources.connectors.contract import Case

SECRET = "HEARDBACK_SECRET_MAIL"  # noqa: S105 - a name
USER, PASSWORD = "feedback@northmere.example", 'p4ss "wörd"'
CHANGES = ("STORE", "EXPUNGE", "APPEND", "COPY", "MOVE", "DELETE", "RENAME", "CLOSE")


@dataclass
class Folder:
    """Mails by UID. A server that forgets its numbers gives a new validity, and new UIDs."""

    validity: int = 3857529045
    mails: dict[int, bytes] = field(default_factory=dict)
    deleted: set[int] = field(default_factory=set)  # marked so, and still there until somebody expunges them

    def add(self, mail: bytes) -> int:
        uid = max(self.mails, default=0) + 1
        self.mails[uid] = mail
        return uid


@dataclass
class Mailbox:
    """`hang_up_on` is the word at which the line is dropped, `refuses` the one at which it says NO.

    `asked` are the commands, without what logs in; `changes` are those that would change something.
    """

    port: int = 0
    folders: dict[str, Folder] = field(default_factory=lambda: {"INBOX": Folder()})
    tls: ssl.SSLContext | None = None
    implicit: bool = False
    hang_up_on: str = ""
    refuses: str = ""
    stated_size: int = 0
    expunged: set[int] = field(default_factory=set)  # by somebody else, since they were found
    asked: list[str] = field(default_factory=list)
    changes: list[str] = field(default_factory=list)
    token: str = ""  # where one is given, it is taken and a password is not, as Microsoft 365 does
    offers: str = "AUTH=PLAIN"
    words: str = "The waiting room is freezing"

    @property
    def inbox(self) -> Folder:
        return self.folders["INBOX"]

    @property
    def connect(self) -> dict[str, Any]:
        return {"host": "localhost", "port": self.port, "security": "none", "user": USER, "password": SECRET}

    def misbehave(self, trouble: str, *, after: int = 0, times: int = 1000) -> None:
        """Its own ways are `hang_up_on` and `stated_size`."""


class _HangUp(Exception):
    """The line is dropped without a word."""


class _Line(socketserver.StreamRequestHandler):
    box: Mailbox
    folder: Folder | None = None
    known = False

    def handle(self) -> None:
        try:
            if self.box.implicit:
                self._encrypt()
            self._say(b"* OK IMAP4rev1 ready")
            while line := self.rfile.readline():
                if not self._obey(line.rstrip(b"\r\n")):
                    return
        except (_HangUp, OSError):
            return

    def _encrypt(self) -> None:
        assert self.box.tls
        self.request = self.box.tls.wrap_socket(self.request, server_side=True)
        self.rfile, self.wfile = self.request.makefile("rb"), self.request.makefile("wb", buffering=0)

    def finish(self) -> None:
        self.rfile.close()
        self.wfile.close()
        self.request.close()

    def _say(self, *lines: bytes) -> None:
        self.wfile.write(b"".join(line + b"\r\n" for line in lines))

    def _obey(self, line: bytes) -> bool:
        tag, _, rest = line.partition(b" ")
        words = rest.decode("utf-8").split(" ", 2)
        name = " ".join(words[:2]).upper() if words[0].upper() == "UID" else words[0].upper()
        said = rest.decode("utf-8") if name not in ("LOGIN", "AUTHENTICATE") else name
        self.box.asked.append(said)
        if self.box.hang_up_on and self.box.hang_up_on in said.upper():
            raise _HangUp
        if self.box.refuses and self.box.refuses in said.upper():
            self._say(tag + b" NO [INUSE] not now")
            return True
        if any(word in said.upper().split() for word in CHANGES) or "BODY[" in said.upper():
            self.box.changes.append(said)
        answer = getattr(self, "_" + name.lower().replace(" ", "_"), self._unknown)(rest.decode("utf-8"))
        self._say(tag + b" " + answer)
        if name == "STARTTLS":
            self._encrypt()
        return name != "LOGOUT"

    def _unknown(self, _rest: str) -> bytes:
        return b"BAD unknown command"

    def _noop(self, _rest: str) -> bytes:
        return b"OK done"

    def _capability(self, _rest: str) -> bytes:
        self._say(f"* CAPABILITY IMAP4rev1 {self.box.offers}".encode() + (b" STARTTLS" if self.box.tls else b""))
        return b"OK done"

    def _starttls(self, _rest: str) -> bytes:
        return b"OK begin"

    def _logout(self, _rest: str) -> bytes:
        self._say(b"* BYE")
        return b"OK done"

    def _login(self, rest: str) -> bytes:
        if self.box.token or "LOGINDISABLED" in self.box.offers:
            return b"NO LOGIN failed."
        return self._let_in(*_quoted(rest))

    def _authenticate(self, rest: str) -> bytes:
        self._say(b"+ ")
        if rest.upper().endswith("XOAUTH2"):
            return self._take_token(b64decode(self.rfile.readline()).decode("utf-8"))
        if self.box.token:
            self.rfile.readline()
            return b"NO AUTHENTICATE failed."
        _, user, password = b64decode(self.rfile.readline()).decode("utf-8").split("\0")
        return self._let_in(user, password)

    def _take_token(self, said: str) -> bytes:
        """One that is refused is told why, in JSON, and has to say so much as an empty line."""
        self.known = bool(self.box.token) and said == f"user={USER}\1auth=Bearer {self.box.token}\1\1"
        if self.known:
            return b"OK AUTHENTICATE completed."
        self._say(b"+ " + b64encode(json.dumps({"status": "401", "said": said}).encode()))
        if self.rfile.readline() != b"\r\n":
            self.box.changes.append("what was refused was sent again")
        return b"NO AUTHENTICATE failed."

    def _let_in(self, user: str, password: str) -> bytes:
        self.known = (user, password) == (USER, PASSWORD)
        return b"OK welcome" if self.known else f"NO [AUTHENTICATIONFAILED] {user} {password}".encode()

    def _select(self, rest: str) -> bytes:
        self.box.changes.append(rest)
        return self._examine(rest)

    def _examine(self, rest: str) -> bytes:
        self.folder = self.box.folders.get(_quoted(rest)[0]) if self.known else None
        if self.folder is None:
            return b"NO no such folder"
        if self.folder.validity:
            self._say(f"* OK [UIDVALIDITY {self.folder.validity}] UIDs valid".encode())
        self._say(f"* {len(self.folder.mails)} EXISTS".encode())
        return b"OK [READ-ONLY] done"

    def _list(self, _rest: str) -> bytes:
        self._say(*(b'* LIST (\\HasNoChildren) "." "' + name.encode() + b'"' for name in self.box.folders))
        return b"OK done"

    def _uid_search(self, rest: str) -> bytes:
        assert self.folder
        uids = self._among(re.search(r"UID (\d+:[\d*]+|\d+)", rest.removeprefix("UID"))[1])  # type: ignore[index]
        if "UNDELETED" in rest:
            uids = [uid for uid in uids if uid not in self.folder.deleted]
        for key in ("FROM", "SUBJECT"):
            if found := re.search(rf'{key} "((?:[^"\\]|\\.)*)"', rest):
                sought = re.sub(r"\\(.)", r"\1", found[1]).lower()
                uids = [uid for uid in uids if sought in _header(self.folder.mails[uid], key).lower()]
        self._say(("* SEARCH " + " ".join(map(str, uids))).rstrip().encode())
        return b"OK done"

    def _uid_fetch(self, rest: str) -> bytes:
        assert self.folder
        wanted, parts = rest.split(" ", 3)[2:]
        for uid in sorted({uid for part in wanted.split(",") for uid in self._among(part)} - self.box.expunged):
            mail, number = self.folder.mails[uid], list(self.folder.mails).index(uid) + 1
            if "RFC822.SIZE" in parts:
                self._say(f"* {number} FETCH (UID {uid} RFC822.SIZE {self.box.stated_size or len(mail)})".encode())
            else:
                self._say(f"* {number} FETCH (UID {uid} BODY[] {{{len(mail)}}}".encode())
                self.wfile.write(mail)
                self._say(b")")
        return b"OK done"

    def _among(self, span: str) -> list[int]:
        """By RFC 3501: * is the highest UID, and 9:* is *:9 where 9 is above it."""
        assert self.folder
        highest = max(self.folder.mails, default=0)
        ends = sorted(highest if end == "*" else int(end) for end in (span.split(":") * 2)[:2])
        return [uid for uid in sorted(self.folder.mails) if ends[0] <= uid <= ends[1]]


def _quoted(rest: str) -> list[str]:
    found = re.findall(r'"((?:[^"\\]|\\.)*)"|(\S+)', rest)[1:]
    return [re.sub(r"\\(.)", r"\1", quoted) if quoted else bare for quoted, bare in found]


def _header(mail: bytes, name: str) -> str:
    return str(make_header(decode_header(str(message_from_bytes(mail).get(name) or ""))))


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True

    def handle_error(self, _request: Any, _address: Any) -> None:
        """A client that does not trust the certificate hangs up; nothing is printed."""


@contextmanager
def serving(**settings: Any) -> Iterator[Mailbox]:
    """A mailbox that listens until the block ends."""
    box = Mailbox(**settings)
    with served(_Server(ANY_PORT, type("Line", (_Line,), {"box": box}))) as server:
        box.port = server.server_address[1]
        yield box


def _mail(number: int, said: str) -> bytes:
    return (
        f"From: Jo Bloggs <jo@home.example>\nMessage-ID: <{number}@home>\nDate: Tue, 03 Nov 2026 09:12:00 +0000\n"
        f"Subject: Visit\n\n{said}\n"
    ).encode()


@contextmanager
def _with_a_mail() -> Iterator[Mailbox]:
    with serving() as box:
        box.inbox.add(_mail(1, box.words))
        yield box


CASE = Case(
    name="mailbox",
    play=_with_a_mail,
    connect=lambda box: {**box.connect, "messages": "yes"},
    secrets={SECRET: PASSWORD},
    rows=[
        {"date": "2026-11-03T09:12:00+00:00", "subject": "Visit", "text": Mailbox.words},
    ],
    later=lambda box: box.inbox.add(_mail(2, "a second bus stop")),
    added={"text": "a second bus stop"},
    identity=("Jo Bloggs", "jo@home.example"),
    by_post=True,
)
