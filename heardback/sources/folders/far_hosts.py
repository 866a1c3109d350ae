"""The hosts that a map names for a folder elsewhere: on a private network only those that the policy names."""

import re
from collections.abc import Collection, Iterator, Mapping
from urllib.parse import urlsplit

from heardback.sources.web.addresses import checked_addresses

# Here a bucket, a container or nothing at all stands in the place of the host; the host is the keeper's own.
BUCKETS = {"s3", "s3a", "gs", "gcs", "az", "abfs", "abfss", "adl", "oss", "memory", "local", "file"}
HOST_SETTINGS = {"host", "hostname", "account_host"}
# Of an endpoint, or of the addresses in a connection string.
IN_ADDRESS = re.compile(r"://(?:[^/@\s]*@)?\[?([^]/;?#\s]+?)]?(?::\d+)?(?=[/;?#\s]|$)")


def check_hosts(url: str, storage: Mapping[str, str], private_hosts: Collection[str]) -> None:
    """Raise SourceUnavailable for a host on a private network that `private_hosts` (in lower case) does not name.

    A secret is left alone: like a database's URL, it is set by whoever runs Heardback.
    """
    for host in dict.fromkeys(_hosts(url, storage)):
        checked_addresses(host, 0, private_hosts)


def _hosts(url: str, storage: Mapping[str, str]) -> Iterator[str]:
    parts = urlsplit(url)
    if parts.scheme not in BUCKETS and parts.hostname:
        yield parts.hostname
    for name, value in storage.items():
        if name in HOST_SETTINGS:
            yield value.partition(":")[0] if value.count(":") == 1 else value.strip("[]")
        yield from IN_ADDRESS.findall(value)
