"""A message as it goes out, where it went, and what every way of sending one must do."""

from dataclasses import dataclass
from typing import Any, Protocol

EVENT_TYPE = "heardback_nudge"
Block = dict[str, Any]


@dataclass(frozen=True)
class Message:
    """Block Kit for one recipient. `to` is who it is for, in words, for a preview: it is no part of what is sent."""

    kind: str
    to: str
    text: str
    blocks: list[Block]
    metadata: dict[str, Any]
    sign_in: str = ""  # a link that opens once, for those who have no buttons; never part of what Slack gets

    @property
    def nudge_uid(self) -> str:
        """The key that travels in the metadata, by which the message is found again."""
        return str(self.metadata["event_payload"]["key"])

    def payload(self, channel: str) -> dict[str, Any]:
        """Exactly what chat.postMessage gets. Links are not unfurled: a preview would show more than was written."""
        return {
            "channel": channel,
            "text": self.text,
            "blocks": self.blocks,
            "metadata": self.metadata,
            "unfurl_links": False,
            "unfurl_media": False,
        }


@dataclass(frozen=True)
class Receipt:
    """Where a message stands: the channel and the timestamp that names it there."""

    channel: str
    ts: str


class Sender(Protocol):
    """A way of sending. An address is a person's or a channel's id on that way."""

    def send(self, message: Message, address: str) -> Receipt:
        """Send once, never twice. Raises SendFailed."""

    def find(self, address: str, nudge_uid: str) -> Receipt | None:
        """The message that carries this key, or None where it certainly does not stand there. Raises SendFailed."""


def nudge_metadata(nudge_uid: str) -> dict[str, Any]:
    """Slack's metadata with the key: there is no other way to ask whether a message was posted."""
    return {"event_type": EVENT_TYPE, "event_payload": {"key": nudge_uid}}
