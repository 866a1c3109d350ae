"""A message into a channel, once: claimed, posted, marked as those to people are (G4)."""

from datetime import datetime

from heardback.errors import DeliveryError
from heardback.messages.message import Message
from heardback.store.nudges import Claim, claim
from heardback.store.session import transaction
from tasks.deliver import Delivery
from tasks.ways import ways_to_channel
from tasks.workplace import Workplace


def post_once(work: Workplace, channel: str, window: str, message: Message, at: datetime) -> str:
    """Post under the message's own key; what it says of a window is said once, whatever is known later.

    Returns `sent`, `already_sent`, `being_sent`, `failed` or `unknown`, as it stands on record.
    """
    with transaction(work.store) as session:
        standing = claim(session, Claim(message.nudge_uid, message.kind, message.kind, window, []), at)
    if standing.word not in ("claimed", "unknown"):
        return standing.word
    return Delivery(work).deliver(message.kind, message, standing, at, ways=ways_to_channel(work, channel))


def check_posted(told: str, what: str, again: str) -> None:
    """Raises DeliveryError where a message did not reach its channel: whoever runs the flow is to hear of it."""
    if told in ("failed", "unknown"):
        raise DeliveryError(f"{what} is written; its message did not reach the channel", where=what, do=again)
