"""SFTP servers are those whose keys this account knows, as ssh itself holds it; fsspec alone would take any key.

This module needs paramiko; `far_folders` imports it for sftp:// and ssh:// folders.
"""

from pathlib import Path
from typing import Any

from paramiko import HostKeys, MissingHostKeyPolicy  # type: ignore[import-not-found,import-untyped,unused-ignore]

from heardback.errors import SourceUnavailable

STANDARD_PORT = 22


class KnownHostsOnly(MissingHostKeyPolicy):  # type: ignore[misc,unused-ignore]
    """Asked for every server; lets through what ~/.ssh/known_hosts or /etc/ssh/ssh_known_hosts holds."""

    def __init__(self, *files: Path) -> None:
        self._files = files or (Path.home() / ".ssh" / "known_hosts", Path("/etc/ssh/ssh_known_hosts"))

    def missing_host_key(self, client: Any, hostname: str, key: Any) -> None:  # noqa: ARG002 - paramiko's own signature
        """`hostname` is [host]:port where the port is not 22. Raises SourceUnavailable for a stranger."""
        known = HostKeys()
        for file in filter(Path.is_file, self._files):
            known.load(str(file))
        if known.check(hostname, key):
            return
        host, _, port = hostname.strip("[").partition("]:")
        ask = f"ssh-keyscan -p {port or STANDARD_PORT} {host} >> ~/.ssh/known_hosts"
        raise SourceUnavailable(
            "the server's key is not the one that this account knows"
            if known.lookup(hostname)
            else "nobody has said yet that this server is who it says",
            where=hostname,
            do=f"{ask}, as the account that runs Heardback, and compare the key with what the server's keeper says",
            permanent=True,
        )
