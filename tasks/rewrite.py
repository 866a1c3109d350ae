"""Write messages in Slack anew where they stand, once an act anywhere has made them say too little (G9).

Claim, update, mark, as for posts; an update is the same however often it is made, so a kill costs nothing but a repeat.
"""

from collections.abc import Collection
from datetime import datetime

from heardback.errors import SendFailed
from heardback.messages.message import Receipt
from heardback.messages.slack import SlackSender
from heardback.store import Nudge
from heardback.store.nudges import nudge_at
from heardback.store.rewrites import WAY, behind, claim_rewrite, note_not_rewritten, note_rewritten
from heardback.store.session import reading, transaction
from tasks.deliver import OURS_ALONE, Delivery, patiently
from tasks.refresh import fresh_message
from tasks.step import step
from tasks.ways import Way
from tasks.workplace import Workplace, open_workplace

# a fault of ours, and not of the message: it is tried again once that is mended
OURS_TO_MEND = OURS_ALONE | {"invalid_blocks", "msg_too_long", "msg_blocks_too_long"}


@step(retries=2)
def rewrite_messages(at: datetime, loops: Collection[str] | None = None, place: Receipt | None = None) -> int:
    """Write anew every message that shows less than has happened (of `loops` alone, where given); returns how many.

    `place` is a message that somebody has pressed: that one in any case. What Slack refuses is left to the next run,
    and where it will never take it, for good; nobody is told twice of anything by it.
    """
    with open_workplace() as work:
        if not work.settings.slack_token:
            return 0
        delivery, written = Delivery(work), 0
        sender = SlackSender(work.settings.slack_token, work.settings.slack_url)
        for nudge_uid in _wanted(work, at, loops, place):
            if WAY in delivery.shut:
                break
            written += _rewrite(delivery, sender, nudge_uid, at)
        return written


def _wanted(work: Workplace, at: datetime, loops: Collection[str] | None, place: Receipt | None) -> list[str]:
    with reading(work.store) as session:
        pressed = nudge_at(session, place.channel, place.ts) if place and place.ts else None
        found = [pressed.nudge_uid] if pressed else []
        return found + [uid for uid in behind(session, at, loops) if uid not in found]


def _rewrite(delivery: Delivery, sender: SlackSender, nudge_uid: str, at: datetime) -> bool:
    """One message; no transaction is open while Slack is asked."""
    work = delivery.work
    with transaction(work.store) as session:
        happened = claim_rewrite(session, nudge_uid, at)
        nudge = session.get_one(Nudge, nudge_uid)
    if happened is None:
        return False
    message, place = fresh_message(work, nudge_uid, at), Receipt(nudge.channel, nudge.receipt)
    try:
        if message is not None:
            patiently(lambda: sender.update(message, place))
    except SendFailed as failure:
        why_for_good = failure.code if failure.permanent and failure.code not in OURS_TO_MEND else ""
        delivery.note(failure, Way(WAY, sender, nudge.channel), at)
        if failure.retry_after is not None:
            delivery.shut.add(WAY)  # it has asked all of us to wait
        with transaction(work.store) as session:
            note_not_rewritten(session, nudge_uid, why_for_good)
        return False
    with transaction(work.store) as session:
        note_rewritten(session, nudge_uid, happened)
    return message is not None
