"""Presses as they arrive: by Socket Mode or by a signed request, acknowledged first and worked on afterwards."""

import json
import logging
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

from heardback.messages.presses import faults_in
from heardback.messages.slack import SLACK

if TYPE_CHECKING:
    from fastapi import FastAPI
    from slack_sdk.socket_mode import SocketModeClient
    from slack_sdk.socket_mode.client import BaseSocketModeClient
    from slack_sdk.socket_mode.request import SocketModeRequest

Handle = Callable[[Mapping[str, Any]], None]
log = logging.getLogger("heardback.listen")
AT_ONCE = 4


class Worker:
    """Works through presses behind the acknowledgement. What breaks is told by its kind alone, and stops nothing."""

    def __init__(self, handle: Handle) -> None:
        self._handle, self._pool = handle, ThreadPoolExecutor(AT_ONCE, thread_name_prefix="press")

    def take(self, payload: Mapping[str, Any]) -> dict[str, Any]:
        """What to acknowledge with; the work begins once this has been taken."""
        faults = faults_in(payload)
        if faults:
            return {"response_action": "errors", "errors": faults}
        self.later(lambda: self._handle(payload))
        return {}

    def later(self, do: Callable[[], None]) -> None:
        """Do something behind an answer that nobody should wait for."""
        self._pool.submit(self._work, do)

    def _work(self, do: Callable[[], None]) -> None:
        try:
            do()
        except Exception as error:  # a thread of a pool would swallow it without a word
            log.error("a press could not be worked on: %s", type(error).__name__)

    def close(self) -> None:
        """Finish what was taken."""
        self._pool.shutdown(wait=True)


def socket_client(app_token: str, token: str, worker: Worker, base_url: str = "") -> "SocketModeClient":
    """A client that acknowledges what arrives and hands it to the worker: `connect()`, and at the end `close()`."""
    from slack_sdk import WebClient
    from slack_sdk.socket_mode import SocketModeClient
    from slack_sdk.socket_mode.response import SocketModeResponse

    web = WebClient(token=token, base_url=base_url or SLACK, retry_handlers=[])
    client = SocketModeClient(app_token=app_token, web_client=web, logger=log)

    def listen(connected: "BaseSocketModeClient", request: "SocketModeRequest") -> None:
        taken = worker.take(request.payload) if request.type == "interactive" else {}
        connected.send_socket_mode_response(SocketModeResponse(request.envelope_id, taken or None))

    client.socket_mode_request_listeners.append(listen)
    return client


def actions_app(signing_secret: str, worker: Worker, clock: Callable[[], float]) -> "FastAPI":
    """The other way: one address that takes Slack's signed requests. `clock` gives seconds since 1970."""
    from fastapi import Request, Response
    from slack_sdk.signature import Clock, SignatureVerifier

    class OurClock(Clock):
        def now(self) -> float:
            return clock()

    verifier = SignatureVerifier(signing_secret, clock=OurClock())
    app = blank_app()

    async def actions(request: Request) -> Response:
        body = await request.body()
        # the signature is over these very bytes and a time at most five minutes old
        if not verifier.is_valid_request(body, {key.lower(): value for key, value in request.headers.items()}):
            return Response(status_code=401)
        payload = _payload_in(body)
        if payload is None:
            return Response(status_code=400)
        taken = worker.take(payload)
        return Response(json.dumps(taken) if taken else "", media_type="application/json" if taken else None)

    actions.__annotations__ = {"request": Request, "return": Response}
    app.post("/slack/actions", response_class=Response)(actions)
    return app


def blank_app() -> "FastAPI":
    """An app that has no address yet, and none that describes it."""
    from fastapi import FastAPI

    return FastAPI(openapi_url=None, docs_url=None, redoc_url=None)


def _payload_in(body: bytes) -> dict[str, Any] | None:
    try:
        payload = json.loads(parse_qs(body.decode("utf-8"))["payload"][0])
    except (KeyError, ValueError):
        return None
    return payload if isinstance(payload, dict) else None
