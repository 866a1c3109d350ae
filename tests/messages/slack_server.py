"""A server on the loopback that answers as Slack does, keeps what was posted, and misbehaves on request."""

import json
import socket
import struct
import threading
from collections import deque
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from types import TracebackType
from typing import Any
from urllib.parse import parse_qsl

from tests.loopback import ANY_PORT, served

TOKEN = "xoxb-made-up-for-these-tests"  # noqa: S105
PAGE = 2  # small, so that a short history already has several pages


@dataclass(frozen=True)
class Trouble:
    """One way of misbehaving, once. `accepts` says whether the post is kept before the trouble begins."""

    kind: str  # status, refuse, garbage, drop, reset, hang
    method: str = "chat.postMessage"
    accepts: bool = False
    status: int = 500
    error: str = ""
    retry_after: str = ""


@dataclass
class FakeSlack:
    """Use as a context manager; `base_url` is what SlackSender takes."""

    posts: list[dict[str, Any]] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)
    troubles: deque[Trouble] = field(default_factory=deque)
    people: set[str] = field(default_factory=lambda: {"UAMIRA", "UBEN"})
    channels: set[str] = field(default_factory=lambda: {"CBOARD"})
    release: threading.Event = field(default_factory=threading.Event)
    clock: Any = field(default_factory=lambda: count(1_795_000_000))
    whispers: list[dict[str, Any]] = field(default_factory=list)
    forms: list[dict[str, Any]] = field(default_factory=list)
    updates: list[dict[str, Any]] = field(default_factory=list)
    socket_url: str = ""
    tokens: set[str] = field(default_factory=lambda: {TOKEN})

    def __enter__(self) -> "FakeSlack":
        slack = self

        class Handler(_Handler):
            server_of = slack

        self._served = served(ThreadingHTTPServer(ANY_PORT, Handler))
        self._server = self._served.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release.set()
        self._served.__exit__(kind, error, trace)

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}/api/"

    def remember(self, posts: list[dict[str, Any]]) -> None:
        """What was posted to another such server, as if it had been posted here."""
        self.posts += posts
        self.channels |= {post["channel"] for post in posts}
        self.clock = count(1_795_000_000 + 10 * len(posts))

    def answer(self, method: str, asked: dict[str, Any]) -> dict[str, Any]:
        handlers = {
            "chat.postMessage": self._post,
            "conversations.open": self._open,
            "conversations.history": self._history,
            "chat.update": self._update,
            "chat.postEphemeral": self._whisper,
            "views.open": self._form,
            "apps.connections.open": lambda _: {"ok": True, "url": self.socket_url},
            "auth.test": lambda _: {"ok": True, "team": "Eastmere", "user": "heardback"},
        }
        return handlers[method](asked) if method in handlers else {"ok": False, "error": "unknown_method"}

    def _post(self, asked: dict[str, Any]) -> dict[str, Any]:
        if asked.get("channel") not in self.channels:
            return {"ok": False, "error": "channel_not_found"}
        if len(asked.get("blocks") or []) > 50:
            return {"ok": False, "error": "invalid_blocks"}
        post = {**asked, "ts": f"{next(self.clock)}.000100"}
        self.posts.append(post)
        return {"ok": True, "channel": post["channel"], "ts": post["ts"], "message": {"text": post["text"]}}

    def _update(self, asked: dict[str, Any]) -> dict[str, Any]:
        for post in self.posts:
            if (post["channel"], post["ts"]) == (asked.get("channel"), asked.get("ts")):
                post.update(asked)
                self.updates.append(asked)
                return {"ok": True, "channel": post["channel"], "ts": post["ts"], "text": post["text"]}
        return {"ok": False, "error": "message_not_found"}

    def _whisper(self, asked: dict[str, Any]) -> dict[str, Any]:
        self.whispers.append(asked)
        return {"ok": True, "message_ts": f"{next(self.clock)}.000200"}

    def _form(self, asked: dict[str, Any]) -> dict[str, Any]:
        if not asked.get("trigger_id"):
            return {"ok": False, "error": "invalid_trigger_id"}
        view = asked["view"] if isinstance(asked["view"], dict) else json.loads(asked["view"])
        if len(view["title"]["text"]) > 24 or len(view["blocks"]) > 100 or len(view["private_metadata"]) > 3000:
            return {"ok": False, "error": "invalid_arguments"}
        self.forms.append(view)
        return {"ok": True, "view": {"id": f"V{next(self.clock)}"}}

    def _open(self, asked: dict[str, Any]) -> dict[str, Any]:
        if asked.get("users") not in self.people:
            return {"ok": False, "error": "user_not_found"}
        channel = f"D{asked['users']}"
        self.channels.add(channel)
        return {"ok": True, "channel": {"id": channel}}

    def _history(self, asked: dict[str, Any]) -> dict[str, Any]:
        if asked.get("channel") not in self.channels:
            return {"ok": False, "error": "channel_not_found"}
        hidden = set() if asked.get("include_all_metadata") == "1" else {"metadata"}
        newest_first = [post for post in reversed(self.posts) if post["channel"] == asked["channel"]]
        start = int(asked.get("cursor") or 0)
        page = [{k: v for k, v in post.items() if k not in hidden} for post in newest_first[start : start + PAGE]]
        following = str(start + PAGE) if start + PAGE < len(newest_first) else ""
        return {"ok": True, "messages": page, "response_metadata": {"next_cursor": following}}

    def trouble_for(self, method: str) -> Trouble | None:
        if self.troubles and self.troubles[0].method == method:
            return self.troubles.popleft()
        return None


class _Handler(BaseHTTPRequestHandler):
    server_of: FakeSlack
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        slack, method = self.server_of, self.path.rsplit("/", 1)[-1]
        asked = self._read()
        slack.calls.append(method)
        trouble = slack.trouble_for(method)
        if trouble is None:
            self._say(200, self._answer(method, asked))
            return
        if trouble.accepts:
            slack.answer(method, asked)
        self._misbehave(trouble)

    def _answer(self, method: str, asked: dict[str, Any]) -> dict[str, Any]:
        token = (self.headers.get("Authorization") or "").removeprefix("Bearer ")
        if token.startswith("xapp-"):
            known = method == "apps.connections.open"
            return self.server_of.answer(method, asked) if known else {"ok": False, "error": "not_allowed_token_type"}
        if token not in self.server_of.tokens:
            revoked = not self.server_of.tokens
            return {"ok": False, "error": "token_revoked" if revoked else "invalid_auth"}
        return self.server_of.answer(method, asked)

    def _misbehave(self, trouble: Trouble) -> None:
        if trouble.kind == "hang":
            self.server_of.release.wait(30)
            self.close_connection = True
        elif trouble.kind == "drop":
            self.close_connection = True
            self.connection.close()
        elif trouble.kind == "reset":  # closed with no linger: the other side gets a RST
            self.close_connection = True
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.connection.close()
        elif trouble.kind == "garbage":
            self._send(trouble.status, b"<html>upstream of <@UAMIRA> is unwell</html>", {})
        elif trouble.kind == "refuse":
            self._say(200, {"ok": False, "error": trouble.error})
        else:
            headers = {"Retry-After": trouble.retry_after} if trouble.retry_after else {}
            self._send(trouble.status, json.dumps({"ok": False, "error": trouble.error}).encode(), headers)

    def _read(self) -> dict[str, Any]:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        if "json" in self.headers.get("Content-Type", ""):
            return dict(json.loads(body or "{}"))  # apps.connections.open says JSON and sends nothing
        return dict(parse_qsl(body))

    def _say(self, status: int, answer: dict[str, Any]) -> None:
        self._send(status, json.dumps(answer).encode(), {})

    def _send(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in {"Content-Type": "application/json; charset=utf-8", **headers}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  the name is the standard library's
        """Silent: the tests read `calls`."""
