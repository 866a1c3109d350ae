"""A token in the place of a mailbox's password: Microsoft 365 has taken no password over IMAP since 2022.

By OAuth 2.0's client credentials (RFC 6749, 4.4): an app of the council's directory signs in by itself; its secret
stays in the environment, the token is asked for at each pull, lives an hour, and is never kept.
"""

from dataclasses import dataclass

from heardback.errors import SourceUnavailable
from heardback.sources.connector import Asking
from heardback.sources.web.client import host_of, web
from heardback.sources.web.paging import unexpected

SCOPE = "https://outlook.office365.com/.default"


@dataclass(frozen=True)
class TokenGiver:
    """Where tokens come from, for which app; `secret` names the variable of the app's secret."""

    url: str
    client_id: str
    secret: str
    scope: str


def access_token(giver: TokenGiver, asking: Asking) -> str:
    """A token for the mailbox. Raises SourceUnavailable where none is given; says then what to look at."""
    form = {
        "grant_type": "client_credentials",
        "client_id": giver.client_id,
        "client_secret": asking.secret(giver.secret),
        "scope": giver.scope,
    }
    try:
        with web(asking, [host_of(giver.url)]) as door:
            page = door.post_form(giver.url, form)
    except SourceUnavailable as error:
        if not error.permanent:
            raise
        do = f"check token_url, client_id, scope and the secret {giver.secret}, which the directory lets run out"
        raise SourceUnavailable(
            f"no token for the mailbox: {error.what}", where=error.where, do=do, permanent=True
        ) from None
    token = page.json.get("access_token") if isinstance(page.json, dict) else None
    if not isinstance(token, str) or not token.isascii():
        raise unexpected(page)
    return token
