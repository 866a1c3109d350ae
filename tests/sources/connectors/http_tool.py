"""A tool on the loopback that answers over HTTP as its documents say, notes what it was asked, and misbehaves."""

import gzip
import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from tests.loopback import ANY_PORT, served

HOST = "localhost"
HTML = b"<!DOCTYPE html><html><title>Sign in</title></html>"


@dataclass(frozen=True)
class Question:
    """What came over the line."""

    method: str
    path: str
    query: dict[str, str]
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True)
class Answer:
    """What goes back: JSON of `says`, or bytes as they are."""

    says: Any = None
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def body(self) -> bytes:
        return self.says if isinstance(self.says, bytes) else json.dumps(self.says).encode()


class HttpTool:
    """Use as a context manager. A tool's own server overrides `answer` and `knows`."""

    words = ""  # what somebody said through it: no error may repeat it

    def __init__(self) -> None:
        self.asked: list[Question] = []
        self.trouble, self.after, self.left = "", 0, 0

    def answer(self, question: Question) -> Answer:
        """What the tool says when all is well."""
        raise NotImplementedError

    def knows(self, question: Question) -> bool:
        """Whether the secrets are right."""
        raise NotImplementedError

    def misbehave(self, trouble: str, *, after: int = 0, times: int = 1000) -> None:
        """From the question after the first `after` on, so many times; '' is good behaviour again."""
        self.trouble, self.after, self.left = trouble, len(self.asked) + after, times

    def reply(self, question: Question) -> Answer:
        self.asked.append(question)
        if not self.knows(question):
            return Answer({"message": f"unknown: {question.headers.get('Authorization')}"}, 401)
        if self.trouble not in MISBEHAVIOUR or len(self.asked) <= self.after or not self.left:
            return self.answer(question)
        self.left -= 1
        return _misbehaving(self, question)

    def serve(self, server: ThreadingHTTPServer) -> None:
        """Whatever else the server needs before it begins."""

    @property
    def address(self) -> str:
        return f"http://{HOST}:{self._server.server_port}"

    def __enter__(self) -> Any:
        tool = self

        class Handler(_Handler):
            tool_of = tool

        server = ThreadingHTTPServer(ANY_PORT, Handler)
        self.serve(server)
        self._served = served(server)
        self._server = self._served.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._served.__exit__(kind, error, trace)


STATUSES = {"refused": 403, "broken": 500, "busy": 429}
MISBEHAVIOUR = {*STATUSES, "web_page", "error_body", "other_json", "bomb", "elsewhere"}


def _misbehaving(tool: HttpTool, question: Question) -> Answer:
    """What goes back instead; where a tool can repeat what it knows, it does: the secret, and somebody's words."""
    echo = f"{tool.words} {question.headers.get('Authorization')}"
    bodies: dict[str, Any] = {"error_body": {"error": {"id": "1020", "message": echo}}, "web_page": HTML}
    headers = {"elsewhere": {"Location": "https://elsewhere.example/login"}, "busy": {"Retry-After": "7"}}
    if tool.trouble == "bomb":
        return Answer(_bomb(), headers={"Content-Encoding": "gzip"})
    status = STATUSES.get(tool.trouble, 302 if tool.trouble == "elsewhere" else 200)
    return Answer(bodies.get(tool.trouble, {"message": echo}), status, headers.get(tool.trouble, {}))


@cache
def _bomb() -> bytes:
    return gzip.compress(b" " * 30_000_000)


class _Handler(BaseHTTPRequestHandler):
    tool_of: HttpTool
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self._reply()

    def do_POST(self) -> None:
        self._reply()

    def _reply(self) -> None:
        parts = urlsplit(self.path)
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        headers = dict(self.headers.items())
        answer = self.tool_of.reply(Question(self.command, parts.path, dict(parse_qsl(parts.query)), headers, body))
        self.send_response_only(answer.status)  # with no Date of its own
        for name, value in {"Content-Type": "application/json", **answer.headers}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        with suppress(ConnectionError):  # who has had enough of a bomb hangs up
            self.wfile.write(answer.body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  the name is the standard library's
        """Silent: the tests read `asked`."""
