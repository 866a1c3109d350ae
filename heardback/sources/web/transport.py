"""Asking over HTTP at addresses that were checked, and at no others."""

import ssl
from collections.abc import Collection
from functools import lru_cache

import httpx

from heardback.sources.web.addresses import checked_addresses

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
