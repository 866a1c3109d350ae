"""A made-up service on this machine: served by a thread beside the test for as long as a block lasts."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TypeVar

ANY_PORT = ("127.0.0.1", 0)
NOTICED_AFTER_SECONDS = 0.02  # that it is to end; the library's own half second would be paid by every test
ServerT = TypeVar("ServerT", bound=socketserver.BaseServer)


@contextmanager
def served(server: ServerT) -> Iterator[ServerT]:
    """Answer on the server's port until the block ends; the port is free again afterwards."""
    if isinstance(server, socketserver.ThreadingMixIn):
        server.daemon_threads = True  # one that hangs on purpose keeps nobody waiting
    thread = threading.Thread(target=server.serve_forever, args=(NOTICED_AFTER_SECONDS,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
