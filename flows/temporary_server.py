"""A Prefect server for one run, on a free port of this machine; it starts while the run imports what it needs."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

START_SECONDS = 180
STOP_SECONDS = 20
LOOK_SECONDS = 0.1
# Nobody writes to its standard input, which closes when this process ends, be it killed: then the server ends too.
ENDING_WITH_US = """
import os, runpy, signal, sys, threading
def watch():
    os.read(0, 1)
    os.kill(os.getpid(), signal.SIGTERM)
threading.Thread(target=watch, daemon=True).start()
sys.argv[0] = "prefect"
runpy.run_module("prefect", run_name="__main__")
"""


@contextmanager
def temporary_server(log: Path) -> Iterator[Callable[[], None]]:
    """Start a server that this process's flows will talk to; call what is given to wait until it answers.

    Raises RuntimeError, with the end of its log, where it does not come up.
    """
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    os.environ["PREFECT_API_URL"] = f"http://127.0.0.1:{port}/api"
    address = ["--host", "127.0.0.1", "--port", str(port)]
    command = [sys.executable, "-c", ENDING_WITH_US, "server", "start", "--no-ui", *address]
    with log.open("wb") as said:
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=said, stderr=said)  # noqa: S603
    try:
        yield lambda: _wait(process, os.environ["PREFECT_API_URL"], log)
    finally:
        _stop(process)
        del os.environ["PREFECT_API_URL"]


def _wait(process: subprocess.Popen[bytes], url: str, log: Path) -> None:
    latest = time.monotonic() + START_SECONDS
    while process.poll() is None and time.monotonic() < latest:
        try:
            with urllib.request.urlopen(f"{url}/health", timeout=START_SECONDS):  # noqa: S310  # our own address
                return
        except urllib.error.URLError:
            time.sleep(LOOK_SECONDS)
    raise RuntimeError(f"Prefect's server did not start:\n{log.read_text(errors='replace')[-2000:]}")


def _stop(process: subprocess.Popen[bytes]) -> None:
    if process.stdin:
        process.stdin.close()
    process.terminate()
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
