"""Which addresses a connector may call: public ones, and private ones only of hosts that the policy names."""

import socket
from collections.abc import Collection, Iterator
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

from heardback.errors import SourceUnavailable

NAT64 = IPv6Network("64:ff9b::/96")


def checked_addresses(host: str, port: int | str, private_hosts: Collection[str]) -> list[str]:
    """What a host's name resolves to; none where it is unknown. Raises SourceUnavailable for a private address.

    `private_hosts` are in lower case. Connect to what is given here and not to the name, which may say something else
    a moment later.
    """
    found = list(dict.fromkeys(_resolved(host, port)))
    if host.lower() not in private_hosts and not all(map(is_public, found)):
        raise SourceUnavailable(
            "the host has an address on a private network",
            where=host,
            do="if it is meant, write it under network.private_hosts in policy.yaml",
            permanent=True,
        )
    return found


def is_public(address: str) -> bool:
    """Whether an IP address is one of the public internet, also when it is wrapped into one of IPv6."""
    ip = _unwrapped(address)
    closed = ip.is_multicast or ip.is_reserved or (isinstance(ip, IPv6Address) and ip.is_site_local)
    return ip.is_global and not closed


def _unwrapped(address: str) -> IPv4Address | IPv6Address:
    ip = ip_address(address)
    if isinstance(ip, IPv4Address):
        return ip
    if ip in NAT64:
        return IPv4Address(int(ip) & 0xFFFFFFFF)
    return ip.ipv4_mapped or ip.sixtofour or ip


def _resolved(host: str, port: int | str) -> Iterator[str]:
    try:
        for *_, address in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM):
            yield str(address[0])
    except (OSError, UnicodeError):
        return  # the caller says that the name is unknown
