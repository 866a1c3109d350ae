"""Slack: a message posted at most once, and found again by its key when nobody knows whether it was."""

import re
from collections.abc import Callable, Mapping
from http import HTTPStatus
from http.client import HTTPException
from socket import gaierror
from typing import TYPE_CHECKING, Any
from urllib.error import URLError

from heardback.errors import SendFailed
from heardback.messages.message import EVENT_TYPE, Message, Receipt

if TYPE_CHECKING:
    from slack_sdk.errors import SlackApiError
    from slack_sdk.web import SlackResponse

SLACK = "https://slack.com/api/"
HISTORY_PAGE = 200
WAIT_UNASKED = 60.0  # seconds, where Slack says "too many" without saying for how long
# Slack's documentation: with these, some part of the work may have been done before the error.
IN_DOUBT = frozenset({"internal_error", "fatal_error", "request_timeout", "service_unavailable", "team_added_to_org"})
TOO_MANY = frozenset({"ratelimited", "rate_limited"})
CREDENTIALS = frozenset(
    {
        "invalid_auth",
        "not_authed",
        "token_revoked",
        "token_expired",
        "account_inactive",
        "missing_scope",
        "no_permission",
    }
)
ADVICE = {
    "token": "check HEARDBACK_SLACK_TOKEN and the app's scopes; no message goes out until then",
    "payload": "the message breaks one of Slack's rules: lower nudge.digest_cap in policy.yaml",
    "address": "correct the person's slack id in services.yaml; until then e-mail, or the exception list",
}


class SlackSender:
    """Posts to people (U…, W…: a direct message is opened first) and to channels. Holds the token, never shows it."""

    def __init__(self, token: str, base_url: str = "", timeout_seconds: int = 10) -> None:
        from slack_sdk import WebClient

        # slack-sdk's default handlers post again after a dropped connection: the reader would get it twice
        self._client = WebClient(token=token, base_url=base_url or SLACK, timeout=timeout_seconds, retry_handlers=[])

    def send(self, message: Message, address: str) -> Receipt:
        """Post once. Raises SendFailed; where its `fate_unknown` is set, ask `find` before anything else."""
        channel = self._channel(address)
        answer = _asked("chat.postMessage", lambda: self._client.chat_postMessage(**message.payload(channel)))
        return Receipt(channel, str(answer["ts"]))

    def find(self, address: str, nudge_uid: str) -> Receipt | None:
        """The message with this key in all of a conversation's history. Raises SendFailed: then nothing is known."""
        channel, cursor = self._channel(address), ""
        while True:
            page = self._history(channel, cursor)
            for posted in page["messages"]:
                if _carries(posted, nudge_uid):
                    return Receipt(channel, str(posted["ts"]))
            cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                return None

    def update(self, message: Message, place: Receipt) -> None:
        """Put a message in the place of one that stands there. Raises SendFailed."""
        sent = {name: part for name, part in message.payload(place.channel).items() if not name.startswith("unfurl")}
        _asked("chat.update", lambda: self._client.chat_update(**sent, ts=place.ts))

    def whisper(self, channel: str, user: str, text: str) -> None:
        """Say something that one person sees. Raises SendFailed."""
        _asked(
            "chat.postEphemeral",
            lambda: self._client.chat_postEphemeral(channel=channel, user=user, text=text, markdown_text=None),
        )

    def open_form(self, trigger: str, view: dict[str, Any]) -> None:
        """Open a form for whoever has just pressed. Raises SendFailed."""
        _asked("views.open", lambda: self._client.views_open(trigger_id=trigger, view=view))

    def _channel(self, address: str) -> str:
        if not address.startswith(("U", "W")):
            return address
        answer = _asked("conversations.open", lambda: self._client.conversations_open(users=address))
        return str(answer["channel"]["id"])

    def _history(self, channel: str, cursor: str) -> Any:
        return _asked(
            "conversations.history",
            lambda: self._client.conversations_history(
                channel=channel, cursor=cursor or None, limit=HISTORY_PAGE, include_all_metadata=True
            ),
        )


def _carries(posted: dict[str, Any], nudge_uid: str) -> bool:
    metadata = posted.get("metadata") or {}
    return metadata.get("event_type") == EVENT_TYPE and (metadata.get("event_payload") or {}).get("key") == nudge_uid


def _asked(method: str, ask: "Callable[[], SlackResponse]") -> Any:
    """Slack's answer, or SendFailed; raised outside the handler, so that the other side's text is in no traceback."""
    from slack_sdk.errors import SlackApiError

    try:
        return ask()
    except SlackApiError as error:
        failure = _refusal(method, error)
    except (OSError, HTTPException, ValueError, AttributeError) as error:  # the last two: an answer that is no answer
        failure = _broken_off(method, error)
    raise failure


def _refusal(method: str, error: "SlackApiError") -> SendFailed:
    """Slack answered, and not with ok."""
    status, code = int(error.response.status_code), _code(error.response.data)
    if status == HTTPStatus.TOO_MANY_REQUESTS or code in TOO_MANY:
        wait = _retry_after(error.response.headers)
        do = f"wait {wait:.0f} seconds and send again"
        return SendFailed("Slack asks to wait", where=method, do=do, code=code or "ratelimited", retry_after=wait)
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR or code in IN_DOUBT or not code:
        what = f"Slack could not say whether it was done ({status} {code or 'unreadable'})"
        return _in_doubt(method, what, code or str(status))
    advice = ADVICE["token" if code in CREDENTIALS else "payload" if "block" in code else "address"]
    return SendFailed(f"Slack refused: {code}", where=method, do=advice, permanent=True, code=code)


def _broken_off(method: str, error: Exception) -> SendFailed:
    """No answer. Only where nobody took the call is it certain that nothing was posted."""
    reason = error.reason if isinstance(error, URLError) else error
    if isinstance(reason, ConnectionRefusedError | gaierror):
        do = "check the network and HEARDBACK_SLACK_URL; it is tried again"
        return SendFailed("Slack was not reached", where=method, do=do, code="unreachable")
    return _in_doubt(method, f"the connection to Slack broke off ({type(reason).__name__})", "broken_off")


def _in_doubt(method: str, what: str, code: str) -> SendFailed:
    posting = method == "chat.postMessage"
    do = "look in the channel's history before sending again" if posting else "try again later"
    return SendFailed(what, where=method, do=do, code=code, fate_unknown=posting)


def _code(answer: object) -> str:
    """Slack's own word for the error; '' where the body was no answer of Slack's."""
    code = answer.get("error") if isinstance(answer, dict) else None
    return code if isinstance(code, str) and re.fullmatch(r"[a-z][a-z0-9_:]*", code) else ""


def _retry_after(headers: Mapping[str, str]) -> float:
    try:
        return float(headers.get("Retry-After", WAIT_UNASKED))
    except ValueError:
        return WAIT_UNASKED
