"""Letters that came back into a mailbox that is pulled: their people are told by another way, or stand on the list."""

from collections.abc import Sequence
from datetime import datetime

from heardback.sources.connector import Drop
from heardback.sources.feed import Feed
from heardback.sources.mail.bounces import bounces_in
from heardback.store.bounces import note_bounce
from heardback.store.session import transaction
from tasks.workplace import Workplace


def note_bounces(work: Workplace, feed: Feed, drops: Sequence[Drop], at: datetime) -> int:
    """Note every letter of ours that came back among what a mailbox handed over; returns how many were ours.

    Whether the mails land as well is another matter: noted twice, it is as if noted once.
    """
    if feed.connect.get("to") != "mailbox":
        return 0
    found = [bounce for drop in drops for bounce in bounces_in(getattr(drop, "content", b""))]
    if not found:
        return 0
    with transaction(work.store) as session:
        return sum(note_bounce(session, one.message_id, one.address, one.status, at) for one in found)
