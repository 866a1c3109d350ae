"""Closing the line to a far server that no longer answers, from this end alone.

Seen with a Samba that was stopped amid an answer: smbprotocol says goodbye when the process ends, waits twenty minutes
for the reply, and until then takes the dead line for the next pull as well. paramiko's threads wait without end.
"""

from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any


def hang_up(keeper: Any) -> None:
    """Close the line of a file system of fsspec's; what waits on it comes back. Nothing is said to the server."""
    kinds = {keeper.protocol} if isinstance(keeper.protocol, str) else set(keeper.protocol)
    with suppress(Exception):  # it may be closed already, in many ways
        for kind in kinds & LINES.keys():
            LINES[kind](keeper)


def _sftp(keeper: Any) -> None:
    keeper.client.close()


def _smb(keeper: Any) -> None:
    from smbclient import register_session  # type: ignore[import-not-found,import-untyped,unused-ignore]

    login = {"username": keeper.username, "password": keeper.password, "port": keeper._port}
    register_session(keeper.host, **login).connection.disconnect(close=False)  # the line that is there already


LINES: Mapping[str, Callable[[Any], None]] = {"sftp": _sftp, "smb": _smb}
