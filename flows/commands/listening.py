"""The process that stands ready for presses, in Slack and on pages."""

import signal
from threading import Event
from types import FrameType
from typing import Annotated

import typer


def listen(
    http: Annotated[
        bool,
        typer.Option("--http", help="Take Slack's signed requests instead, and serve the pages behind sign-in links."),
    ] = False,
    host: Annotated[str, typer.Option(help="Where --http listens.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535, help="And on which port.")] = 8420,
) -> None:
    """Stand ready for presses in Slack and on pages, and send safeguarding alerts each minute, until stopped."""
    from tasks.listen import listen_by_http, listen_by_socket

    stop = Event()

    def end(_signal: int, _frame: FrameType | None) -> None:
        stop.set()

    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, end)
    if http:
        listen_by_http(host, port, stop)
    else:
        listen_by_socket(stop)
