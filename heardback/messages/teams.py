"""Teams, and whatever else apprise can reach: a text and a link, for people whom neither Slack nor e-mail reaches."""

import logging
from html import unescape

from heardback.errors import SendFailed
from heardback.messages.letter import plain_of, subject_of
from heardback.messages.message import Message, Receipt


class TeamsSender:
    """Sends through one webhook. Apprise says yes or no, and nothing more: a no is in doubt, and never repeated."""

    def __init__(self, webhook: str, council: str) -> None:
        self._webhook, self._council = webhook, council

    def send(self, message: Message, address: str) -> Receipt:
        """Hand it over once. Raises SendFailed: for good where the address is none, otherwise in doubt."""
        from apprise import Apprise

        logging.getLogger("apprise").setLevel(logging.CRITICAL)  # it would log the webhook's address, a secret
        post = Apprise()
        if not post.add(self._webhook):
            raise SendFailed("the webhook is no address that apprise knows", where=address, permanent=True,
                             do=f"correct {address} in the environment", code="no_address")  # fmt: skip
        body = unescape(plain_of(message, self._council))
        if not post.notify(title=subject_of(message), body=body, body_format="text"):
            raise SendFailed("the webhook did not say yes", where=address, do="look whether the message stands there",
                             code="no_answer", fate_unknown=True)  # fmt: skip
        return Receipt(address, message.nudge_uid)

    def find(self, address: str, nudge_uid: str) -> Receipt | None:  # noqa: ARG002  a webhook takes and never shows
        """Never known."""
        raise SendFailed("nobody can look behind a webhook", where=address, do="ask whoever it was for")
