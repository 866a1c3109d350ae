"""LimeSurvey's RemoteControl 2 as citric speaks it, sent the way that everything is sent: see `client`.

This module needs the extra `limesurvey`; the connector imports it when it asks.
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any, cast

import requests
from citric import Client
from citric.exceptions import LimeSurveyError, ResponseMismatchError
from requests.adapters import BaseAdapter

from heardback.errors import SourceUnavailable
from heardback.sources.web.client import Web

NO_RESPONSES = "no data, could not get max id"
# What LimeSurvey says with a 200, from its own source: what that means, what to do, and whether it stays so.
REFUSED = "invalid user name or password"
REFUSALS: Mapping[str, tuple[str, str, bool]] = {
    REFUSED: (
        "LimeSurvey does not let us in",
        "check 'user', 'sign_in' and {secret}",
        True,
    ),
    "you have exceeded the number of": (
        "LimeSurvey has locked the user after failed log-ins",
        "pull again later",
        False,
    ),
    "no permission": (
        "the user may not export the survey's responses, or there is no such survey",
        "check 'survey', the number in its address; give the user its permission 'Responses: export' in LimeSurvey",
        True,
    ),
    "invalid session key": ("LimeSurvey ended the session amid the question", "pull again", False),
    "no data, survey table does not exist": (
        "the survey is not active, so it has no responses to give",
        "activate it; if it is over, export its archived responses and take the map out",
        True,
    ),
    "language code not found": ("the survey has no such language", "correct 'language', or leave it out", True),
    "error: invalid survey": ("there is no such survey", "correct 'survey', the number in its address", True),
}
UNKNOWN = ("LimeSurvey answers with an error that Heardback does not know", "look into LimeSurvey's own log", True)
UNDOCUMENTED = (ResponseMismatchError, LookupError, TypeError, ValueError)  # how citric trips over another answer
SWITCHED_OFF = "it ends with /admin/remotecontrol, and LimeSurvey's global settings (Interfaces) must offer JSON-RPC"


@dataclass(frozen=True)
class Account:
    """Where and as whom we ask; `secret` is the name of the password's environment variable."""

    url: str
    user: str
    secret: str
    password: str = field(repr=False)
    plugin: str


class _Sent(BaseAdapter):
    """Takes what citric hands to requests, and has it sent by `client` with all of its rules."""

    def __init__(self, tool: Web) -> None:
        super().__init__()
        self._tool = tool

    def send(self, request: requests.PreparedRequest, *_args: Any, **_options: Any) -> requests.Response:
        page = self._tool.post_json(str(request.url), json.loads(cast("str", request.body)))
        response = requests.Response()
        response.status_code, response.url, response.request = 200, str(request.url), request
        response.encoding = "utf-8"  # left to itself, requests would guess it from every byte of the export
        response._content = page.content
        return response

    def close(self) -> None:
        """Nothing is kept open."""


def export(tool: Web, account: Account, survey: int, **wanted: Any) -> bytes | None:
    """The bytes of an export, as `wanted` by citric's names; None where the survey is empty.

    Raises SourceUnavailable where LimeSurvey refuses or answers something else.
    """
    with _understood(account), _signed_in(tool, account) as client:
        try:
            return client.export_responses(survey, **wanted)
        except LimeSurveyError as error:
            if str(error).lower().startswith(NO_RESPONSES):
                return None  # which LimeSurvey calls an error
            raise


def knock(tool: Web, account: Account) -> None:
    """Log in, and out again. Raises SourceUnavailable."""
    with _understood(account), _signed_in(tool, account):
        return


@contextmanager
def _signed_in(tool: Web, account: Account) -> Iterator[Client]:
    """A session, given back at its end."""
    client = _open(tool, account)
    there = True
    try:
        yield client
    except SourceUnavailable as error:
        there = error.permanent  # who does not answer hears no goodbye either; the key runs out by itself
        raise
    finally:
        if there:
            _give_back(client)


def _open(tool: Web, account: Account) -> Client:
    session = requests.Session()
    session.trust_env = False
    session.mount("https://", _Sent(tool))
    session.mount("http://", _Sent(tool))
    try:
        return Client(account.url, account.user, account.password, requests_session=session, auth_plugin=account.plugin)
    except LimeSurveyError as error:
        if _refusal(error):
            raise
        # Whatever else is said here is the plugin's own word for a refusal: AuthLDAP says "Invalid credentials".
        raise LimeSurveyError(REFUSED) from None
    except SourceUnavailable as error:
        if not error.permanent:
            raise
        do = f"{error.do}; {SWITCHED_OFF}"
        raise SourceUnavailable(error.what, where=error.where, do=do, permanent=True) from None


def _give_back(client: Client) -> None:
    """An export that came is not lost because the goodbye was not heard."""
    with suppress(SourceUnavailable, LimeSurveyError, *UNDOCUMENTED):
        client.close()


def _refusal(error: LimeSurveyError) -> tuple[str, str, bool] | None:
    said = str(error).lower()
    return next((REFUSALS[start] for start in REFUSALS if said.startswith(start)), None)


@contextmanager
def _understood(account: Account) -> Iterator[None]:
    """What LimeSurvey says, in our words. Its own are not repeated: an error of PHP's may quote an answer."""
    try:
        yield
    except LimeSurveyError as error:
        what, do, permanent = _refusal(error) or UNKNOWN
        do = do.replace("{secret}", f"the secret {account.secret}")
        raise SourceUnavailable(what, where=account.url, do=do, permanent=permanent) from None
    except UNDOCUMENTED:
        raise SourceUnavailable(
            "LimeSurvey's answer is not as its RemoteControl 2 is documented",
            where=account.url,
            do="check 'url'; it ends with /admin/remotecontrol",
            permanent=True,
        ) from None
