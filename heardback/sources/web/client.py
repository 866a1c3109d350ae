"""Asking a tool over HTTP: only hosts that the map names, no more bytes than allowed, patiently but not for ever.

`paging.pages` goes from page to page; `addresses` says which addresses may be called.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
from tenacity import RetryCallState, Retrying, retry_if_exception, stop_after_attempt, wait_exponential_jitter

from config.values import SECRET
from heardback.errors import SourceUnavailable
from heardback.sources.connector import Asking
from heardback.sources.web.answers import Told, body_of, json_of, refuse_status
from heardback.sources.web.transport import CheckedTransport

MEGABYTE = 1_000_000
TIMEOUT = httpx.Timeout(60, connect=10)  # seconds without a byte; large exports take their time to begin
TRIES = 5
LONGEST_WAIT = 300.0  # seconds; a tool that wants longer is asked again by the next scheduled pull
BACK_OFF = wait_exponential_jitter(initial=1, max=60)
REDIRECTS = 5
ASKED_WITH = {"Accept": "application/json", "Accept-Encoding": "gzip", "User-Agent": "heardback"}


@dataclass(frozen=True)
class Page:
    """One answer: its bytes as the tool sent them (uncompressed), what they hold, and where it came from."""

    content: bytes = field(repr=False)
    json: Any = field(repr=False)
    headers: Mapping[str, str] = field(repr=False)
    url: str = field(repr=False)


class Web:
    """One tool, open for questions. All that it answers counts towards one limit of bytes."""

    def __init__(
        self, client: httpx.Client, asking: Asking, hosts: Collection[str], wait: Callable[[float], None]
    ) -> None:
        self._client, self._asking = client, asking
        self._hosts = frozenset(host.lower() for host in hosts)
        self._private = frozenset(host.lower() for host in asking.private_hosts)
        self._room = asking.max_megabytes * MEGABYTE
        self._patiently = Retrying(
            stop=stop_after_attempt(TRIES),
            wait=_pause,
            retry=retry_if_exception(_may_pass),
            sleep=wait,
            reraise=True,
        )

    def get_json(self, url: str, params: Mapping[str, object] | None = None) -> Page:
        """One page of JSON; `params` are added to those that the address has.

        Raises SourceUnavailable where the tool refuses, fails for longer than we try, or answers something else.
        """
        address = _address(url)
        return self._ask("GET", address.copy_merge_params(dict[str, Any](params)) if params else address)

    def post_json(self, url: str, json: object) -> Page:
        """The JSON that a tool answers to a question in JSON; it may be asked more than once. Raises as get_json."""
        return self._ask("POST", _address(url), json=json)

    def post_form(self, url: str, form: Mapping[str, str]) -> Page:
        """The JSON that a tool answers to a form; it may be asked more than once. Raises as get_json."""
        return self._ask("POST", _address(url), data=dict(form))

    def _ask(self, method: str, url: httpx.URL, **content: Any) -> Page:
        page: Page = self._patiently(self._once, method, url, **content)
        return page

    def _once(self, method: str, url: httpx.URL, **content: Any) -> Page:
        for _ in range(REDIRECTS):
            self._check(url)
            found = self._send(self._client.build_request(method, url, **content))
            if isinstance(found, Page):
                return found
            url = found
        raise SourceUnavailable("the tool sends us from address to address", where=url.host, permanent=True)

    def _send(self, request: httpx.Request) -> Page | httpx.URL:
        """The page, or where it has moved to."""
        told = Told(request.url.host, request.url.path, self._asking.at, _secret_settings(self._asking))
        try:
            with closing(self._client.send(request, stream=True)) as response:
                if response.is_redirect:
                    return _moved_to(request, response)
                refuse_status(response, told)
                content = body_of(response, self._room, told)
        except httpx.TransportError as error:
            raise _no_answer(error, told) from None
        self._room -= len(content)
        return Page(content, json_of(content, told), response.headers, str(request.url))

    def _check(self, url: httpx.URL) -> None:
        """Before anything is sent: a host that the map names, encrypted unless the policy allows it by name."""
        if not self._hosts & {url.host, url.netloc.decode()}:
            raise SourceUnavailable(
                "the tool points to a host that the map does not name, which is not called",
                where=url.host,
                do="if it is meant, write its address in the map's connect: section",
                permanent=True,
            )
        if url.scheme != "https" and not (url.scheme == "http" and url.host in self._private):
            raise SourceUnavailable(
                "the address is not https, so the secret could be read on the way",
                where=url.host,
                do="write the address as https://… (http is for hosts in network.private_hosts of policy.yaml)",
                permanent=True,
            )


@contextmanager
def web(
    asking: Asking,
    hosts: Collection[str],
    *,
    auth: tuple[str, str] | None = None,
    headers: Mapping[str, str] = {},
    wait: Callable[[float], None] | None = None,
) -> Iterator[Web]:
    """Open a tool for questions; `hosts` are those that its map names, `auth` is user and password (HTTP Basic).

    `wait` takes seconds, and is `asking.wait` where left out. No proxy, no .netrc: the environment is not read.
    """
    _refuse_unsendable(headers, asking)
    with httpx.Client(
        transport=CheckedTransport(asking.private_hosts),
        auth=auth,
        headers={**ASKED_WITH, **headers},
        timeout=TIMEOUT,
        trust_env=False,
    ) as client:
        yield Web(client, asking, hosts, wait or asking.wait)


def _refuse_unsendable(headers: Mapping[str, str], asking: Asking) -> None:
    """A secret that was kept with its line break would look like a tool that is down, tried five times over."""
    if not all(value.isascii() and value.isprintable() for value in headers.values()):
        raise SourceUnavailable(
            "a secret holds a line break, or a sign that no token has, and is not sent",
            where=asking.feed.code,
            do=f"set it anew: {', '.join(_secret_settings(asking))}",
            permanent=True,
        )


def host_of(address: str) -> str:
    """The host of an address that a map gives."""
    return _address(address).host


def authority_of(address: str) -> str:
    """Host and port of an address that a map gives: what listens at another port of it is not the tool."""
    return _address(address).netloc.decode("ascii")


def _address(url: str) -> httpx.URL:
    try:
        address = httpx.URL(url)
    except httpx.InvalidURL:
        raise SourceUnavailable("the tool gave an address that is none", permanent=True) from None
    return address.copy_with(userinfo=b"", fragment=None)


def _moved_to(request: httpx.Request, response: httpx.Response) -> httpx.URL:
    """Where a redirect leads: within the same origin only, so that no credential goes anywhere else."""
    try:
        target = request.url.join(response.headers["Location"]).copy_with(userinfo=b"", fragment=None)
    except (KeyError, httpx.InvalidURL):
        target = httpx.URL("")
    if _origin(target) != _origin(request.url) or (request.method != "GET" and response.status_code not in (307, 308)):
        raise SourceUnavailable(
            f"the tool sends us on to another address ({target.scheme}://{target.netloc.decode('ascii', 'replace')})",
            where=request.url.host,
            do="if it has moved, write the new address in the map's connect: section",
            permanent=True,
        )
    return target


def _origin(url: httpx.URL) -> tuple[str, str, int | None]:
    return url.scheme, url.host, url.port


def _no_answer(error: httpx.TransportError, told: Told) -> SourceUnavailable:
    if "CERTIFICATE_VERIFY_FAILED" in str(error):
        return SourceUnavailable(
            "the host's certificate cannot be trusted",
            where=told.host,
            do="if the council signs its own, name its authority's file in SSL_CERT_FILE",
            permanent=True,
        )
    what = f"no whole answer came ({type(error).__name__})"
    return SourceUnavailable(what, where=told.host, do="pull again later; is the host's name right?")


def _secret_settings(asking: Asking) -> tuple[str, ...]:
    """The settings of the map that name secrets: 'token (HEARDBACK_SECRET_…)'."""
    named = {key: str(value) for key, value in asking.feed.connect.items()}
    return tuple(f"{key} ({name})" for key, name in named.items() if name.startswith(SECRET))


def _may_pass(error: BaseException) -> bool:
    if not isinstance(error, SourceUnavailable) or error.permanent:
        return False
    return (error.retry_after or 0) <= LONGEST_WAIT


def _pause(state: RetryCallState) -> float:
    error = state.outcome.exception() if state.outcome else None
    asked = error.retry_after if isinstance(error, SourceUnavailable) else None
    return BACK_OFF(state) if asked is None else asked
