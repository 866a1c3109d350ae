"""The other half of the made-up Slack: a WebSocket that hands over envelopes and waits for their acknowledgement."""

import json
import threading
from dataclasses import dataclass, field
from queue import Empty, Queue
from time import monotonic
from types import TracebackType
from typing import Any
from uuid import uuid4

from websockets.exceptions import ConnectionClosed
from websockets.sync.server import Server, ServerConnection, serve


@dataclass
class SlackSocket:
    """Use as a context manager; `url` is what apps.connections.open answers. `acks`: envelope → (payload, seconds)."""

    acks: dict[str, tuple[dict[str, Any], float]] = field(default_factory=dict)
    connected: threading.Event = field(default_factory=threading.Event)
    _out: "Queue[dict[str, Any]]" = field(default_factory=Queue)
    _sent: dict[str, float] = field(default_factory=dict)
    _acked: threading.Condition = field(default_factory=threading.Condition)
    _server: Server | None = None

    def __enter__(self) -> "SlackSocket":
        self._server = serve(self._talk, "127.0.0.1", 0)
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()
        self.url = f"ws://127.0.0.1:{self._server.socket.getsockname()[1]}/link"
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._server:
            self._server.shutdown()
        self._thread.join(5)

    def hand_over(self, payload: dict[str, Any]) -> str:
        """Put one interaction on the wire; returns its envelope's id, new each time as Slack's is."""
        envelope = str(uuid4())
        self._out.put(
            {"type": "interactive", "envelope_id": envelope, "payload": payload, "accepts_response_payload": True}
        )
        return envelope

    def acknowledged(self, envelope: str, within: float = 10.0) -> tuple[dict[str, Any], float]:
        """What an envelope was acknowledged with, and after how many seconds."""
        with self._acked:
            assert self._acked.wait_for(lambda: envelope in self.acks, within), "never acknowledged"
        return self.acks[envelope]

    def _talk(self, connection: ServerConnection) -> None:
        connection.send(json.dumps({"type": "hello", "num_connections": 1}))
        self.connected.set()
        try:
            while True:
                self._send_waiting(connection)
                self._note(connection.recv(timeout=0.02))
        except TimeoutError:
            pass
        except ConnectionClosed:
            return
        self._go_on(connection)

    def _go_on(self, connection: ServerConnection) -> None:
        try:
            while True:
                self._send_waiting(connection)
                try:
                    self._note(connection.recv(timeout=0.02))
                except TimeoutError:
                    continue
        except ConnectionClosed:
            return

    def _send_waiting(self, connection: ServerConnection) -> None:
        try:
            envelope = self._out.get_nowait()
        except Empty:
            return
        self._sent[envelope["envelope_id"]] = monotonic()
        connection.send(json.dumps(envelope))

    def _note(self, said: str | bytes) -> None:
        answer = json.loads(said)
        with self._acked:
            began = self._sent[answer["envelope_id"]]
            self.acks[answer["envelope_id"]] = (answer.get("payload") or {}, monotonic() - began)
            self._acked.notify_all()
