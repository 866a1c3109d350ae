"""Which addresses a connector may call: public ones, and private ones only of hosts that the policy names."""

import socket
import ssl
from collections.abc import Collection, Iterator
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

import httpx

from heardback.errors import SourceUnavailable

NAT64 = IPv6Network("64:ff9b::/96")
ONE_CALL_EACH = httpx.Limits(max_keepalive_connections=0)


class CheckedTransport(httpx.HTTPTransport):
    """Resolves a host, checks every address, and connects to one that was checked.

    A name that resolves to something else a moment later (DNS rebinding) leads nowhere: it is not looked up again. No
    connection is kept for the next call, for the pool knows addresses only and would hand one host's to another; that
    costs a handshake a page. An authority of the council's own is found by SSL_CERT_FILE.
    """

    def __init__(self, private_hosts: Collection[str]) -> None:
        super().__init__(verify=_trusted(ssl.get_default_verify_paths()), limits=ONE_CALL_EACH)
        self._private_hosts = frozenset(host.lower() for host in private_hosts)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send it to the first address that answers. Raises SourceUnavailable where one must not be called."""
        failure: httpx.TransportError = httpx.ConnectError("the name is unknown", request=request)
        for address in self._addresses(request.url):
            try:
                return super().handle_request(_at(request, address))
            except (httpx.ConnectError, httpx.ConnectTimeout) as error:
                failure = error
        raise failure

    def _addresses(self, url: httpx.URL) -> list[str]:
        return checked_addresses(url.host, url.port or url.scheme, self._private_hosts)


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


@lru_cache(maxsize=1)  # the authorities of all the world are read anew for each tool otherwise, 0.02 s each time
def _trusted(_authorities: ssl.DefaultVerifyPaths) -> ssl.SSLContext:
    return httpx.create_ssl_context()


def _at(request: httpx.Request, address: str) -> httpx.Request:
    """The same request to an address; its Host header stays, and the certificate must be the host's."""
    return httpx.Request(
        request.method,
        request.url.copy_with(host=address),
        headers=request.headers,
        stream=request.stream,
        extensions={**request.extensions, "sni_hostname": request.url.host},
    )
