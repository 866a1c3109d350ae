"""Pages over HTTP, with no more of it than they need: forms, one cookie, and headers that let nothing in."""

import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlsplit

from heardback.errors import HeardbackError
from heardback.messages.desk_page import style
from heardback.messages.page_styles import style_hash

if TYPE_CHECKING:
    from fastapi import FastAPI
    from starlette.requests import Request
    from starlette.responses import Response

log = logging.getLogger("heardback.listen")
MOST_BYTES = 64_000  # of a form; its longest text is 600 characters
OURS = ("", "same-origin", "none")  # '' from a browser too old to say
BROKEN = "Something went wrong here. Nothing was recorded; try again in a minute.\n"


@dataclass(frozen=True)
class Asked:
    """One request. `is_ours` is False where a browser says that another site made it."""

    path: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)
    fields: Mapping[str, str] = field(default_factory=dict)
    cookie: str = ""
    is_ours: bool = True


@dataclass(frozen=True)
class Shown:
    """A page, or the address `to` go on to. `cookie` is set where it is given; '' takes it away.

    `styles` are the style sheets in it, where they are not our pages' own.
    """

    html: str = ""
    status: int = 200
    to: str = ""
    cookie: str | None = None
    styles: tuple[str, ...] = ()


Show = Callable[[Asked], Shown]


@dataclass(frozen=True)
class Site:
    """Where the pages stand for whoever visits: the council's own address, which a proxy passes on to us."""

    address: str

    @property
    def is_secure(self) -> bool:
        """Whether people reach it by TLS only."""
        return self.address.startswith("https://")

    @property
    def base(self) -> str:
        """What stands before every path of ours in a visitor's address bar."""
        return urlsplit(self.address).path.rstrip("/")

    @property
    def cookie_name(self) -> str:
        """With a prefix by which browsers hold to `Secure` and to this one host."""
        return "__Host-heardback" if self.is_secure else "heardback"

    def headers(self, styles: Sequence[str] = ()) -> dict[str, str]:
        """Sent with every page: nothing is fetched, framed, kept or told to anybody, and its own style is let in."""
        let_in = " ".join(f"'{style_hash(one)}'" for one in styles or (style(),))
        policy = f"default-src 'none'; style-src {let_in}; form-action 'self'"
        headers = {
            "Content-Security-Policy": f"{policy}; base-uri 'none'; frame-ancestors 'none'",
            "X-Frame-Options": "DENY",
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "same-origin",
            "Cross-Origin-Opener-Policy": "same-origin",
            "Cross-Origin-Resource-Policy": "same-origin",
            "Cache-Control": "no-store",
            "X-Robots-Tag": "noindex, nofollow",
        }
        return headers | ({"Strict-Transport-Security": "max-age=31536000"} if self.is_secure else {})


def serve(app: "FastAPI", site: Site, pages: Mapping[tuple[str, str], Show]) -> None:
    """Give an app these pages, by method and path. What breaks in one is told by its kind alone."""
    for (method, path), show in pages.items():
        app.add_route(path, _endpoint(site, show), methods=[method])


def _endpoint(site: Site, show: Show) -> Callable[["Request"], "Awaitable[Response]"]:
    async def answer(request: "Request") -> "Response":
        from starlette.concurrency import run_in_threadpool
        from starlette.responses import PlainTextResponse

        asked = await _asked(site, request)
        if asked is None:
            return PlainTextResponse("too long\n", 413, headers=site.headers())
        try:
            return _response(site, await run_in_threadpool(show, asked))
        except Exception as error:  # a server would print it with all that it holds
            log.error("a page could not be shown: %s", type(error).__name__)
            status = 503 if isinstance(error, HeardbackError) else 500
        return PlainTextResponse(BROKEN, status, headers=site.headers())

    return answer


async def _asked(site: Site, request: "Request") -> Asked | None:
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > MOST_BYTES:
            return None
    pairs = parse_qsl(body.decode("utf-8", "replace"), max_num_fields=50)
    return Asked(
        path={name: str(value) for name, value in request.path_params.items()},
        query=dict(request.query_params),
        fields={name: value.replace("\r\n", "\n").strip() for name, value in pairs if value.strip()},
        cookie=request.cookies.get(site.cookie_name, ""),
        is_ours=request.headers.get("sec-fetch-site", "") in OURS,
    )


def _response(site: Site, shown: Shown) -> "Response":
    from starlette.responses import HTMLResponse, RedirectResponse

    headers = site.headers(shown.styles)
    response: Response = (
        RedirectResponse(f"{site.base}{shown.to}", 303, headers=headers)
        if shown.to
        else HTMLResponse(shown.html, shown.status, headers=headers)
    )
    if shown.cookie is not None:
        how = {"path": "/", "httponly": True, "secure": site.is_secure, "samesite": "strict"}
        response.set_cookie(site.cookie_name, shown.cookie, max_age=None if shown.cookie else 0, **how)  # type: ignore[arg-type]
    return response
