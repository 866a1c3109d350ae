"""Whatever apprise reaches, over a real connection: yes, no, and no address at all."""

import contextlib
import json
import logging
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from heardback.errors import SendFailed
from heardback.messages.blocks import digest_message
from heardback.messages.message import Message
from heardback.messages.teams import TeamsSender
from tests.loopback import ANY_PORT, served
from tests.nudge_makers import digest, directory, open_loop

pytestmark = pytest.mark.filterwarnings("ignore:'imghdr' is deprecated")  # in apprise, when it is first imported
COUNCIL, NAME = "London Borough of Eastmere", "HEARDBACK_SECRET_TEAMS_POLICE"


class Webhook(ThreadingHTTPServer):
    status = 200
    taken: list[dict[str, Any]]


class _Handler(BaseHTTPRequestHandler):
    server: Webhook

    def do_POST(self) -> None:
        self.server.taken.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        self.send_response(self.server.status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  the name is the standard library's
        """Silent."""


@pytest.fixture
def webhook(monkeypatch: pytest.MonkeyPatch) -> Iterator[Webhook]:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"):
        monkeypatch.delenv(name, raising=False)
    with served(Webhook(ANY_PORT, _Handler)) as server:
        server.taken = []
        yield server


def message() -> Message:
    return digest_message(digest(open_loop()), directory().people["amira"], COUNCIL, "")


def test_a_webhook_gets_the_whole_text(webhook: Webhook) -> None:
    TeamsSender(f"json://127.0.0.1:{webhook.server_port}", COUNCIL).send(message(), NAME)
    (taken,) = webhook.taken
    assert taken["title"] == "1 loop waiting for you (1 overdue)"
    assert "L-0142, Later opening on Fridays" in taken["message"]


def test_a_no_is_in_doubt_and_shows_no_address(webhook: Webhook) -> None:
    webhook.status = 500
    with pytest.raises(SendFailed) as caught:
        TeamsSender(f"json://127.0.0.1:{webhook.server_port}/s3cret", COUNCIL).send(message(), NAME)
    assert (caught.value.fate_unknown, caught.value.permanent) == (True, False)
    assert "s3cret" not in str(caught.value)


@pytest.mark.parametrize("status", [200, 500])
def test_apprise_logs_nothing_for_its_address_is_a_secret(
    webhook: Webhook, status: int, caplog: pytest.LogCaptureFixture
) -> None:
    webhook.status = status
    with caplog.at_level(logging.DEBUG, "apprise"), contextlib.suppress(SendFailed):
        TeamsSender(f"json://127.0.0.1:{webhook.server_port}/s3cret", COUNCIL).send(message(), NAME)
    assert len(webhook.taken) == 1
    assert not [record for record in caplog.records if record.name.startswith("apprise")]


def test_what_apprise_does_not_know_is_refused_for_good() -> None:
    with pytest.raises(SendFailed, match="no address that apprise knows") as caught:
        TeamsSender("nonsense", COUNCIL).send(message(), NAME)
    assert caught.value.permanent
