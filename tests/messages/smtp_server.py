"""A mail server on the loopback that speaks enough SMTP, keeps what it took, and misbehaves on request."""

import socketserver
from collections import deque
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from types import TracebackType

from tests.loopback import ANY_PORT, served


@dataclass
class FakeMail:
    """Use as a context manager; `url` is what EmailSender takes.

    `troubles`, one for each connection: refuse (550 to the recipient), later (451), auth, drop (takes the letter, says
    nothing), none.
    """

    letters: list[EmailMessage] = field(default_factory=list)
    troubles: deque[str] = field(default_factory=deque)

    def __enter__(self) -> "FakeMail":
        mail = self

        class Handler(_Handler):
            server_of = mail

        self._served = served(socketserver.ThreadingTCPServer(ANY_PORT, Handler))
        self._server = self._served.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._served.__exit__(kind, error, trace)

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self._server.server_address[1]}"


class _Handler(socketserver.StreamRequestHandler):
    server_of: FakeMail

    def handle(self) -> None:
        trouble = self.server_of.troubles.popleft() if self.server_of.troubles else "none"
        self._say("220 mail.example")
        while line := self.rfile.readline().decode().strip():
            word = line.split()[0].upper()
            if word == "EHLO":
                self.wfile.write(b"250-mail.example\r\n250 AUTH PLAIN\r\n")
            elif word == "AUTH":
                self._say("535 no" if trouble == "auth" else "235 welcome")
            elif word == "RCPT":
                self._say({"refuse": "550 nobody", "later": "451 later"}.get(trouble, "250 ok"))
            elif word == "DATA":
                self._say("354 go on")
                self.server_of.letters.append(self._letter())
                if trouble == "drop":
                    return
                self._say("250 taken")
            elif word == "QUIT":
                self._say("221 bye")
                return
            else:
                self._say("250 ok")

    def _letter(self) -> EmailMessage:
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        found = message_from_bytes(b"".join(lines), policy=policy.default)
        assert isinstance(found, EmailMessage)
        return found

    def _say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())
