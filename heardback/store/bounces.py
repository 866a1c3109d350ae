"""Letters that came back: the one that did is no longer sent, and its address is not written to for a while."""

from datetime import datetime, timedelta

from sqlalchemy import func, update
from sqlalchemy.orm import Session

from heardback.store.deadlines import marked, set_mark
from heardback.store.messages import Nudge
from heardback.store.nudges import NO_WAY_LEFT

BELIEVED_FOR = timedelta(days=30)  # then it is tried again: a full or a locked mailbox may have been seen to


def note_bounce(session: Session, message_id: str, address: str, status: str, at: datetime) -> bool:
    """Note that a letter of ours came back from the address that it went to; False where it is none of ours.

    Both must fit what was sent, so that nobody who makes up such a mail silences an address of their choice.
    """
    ours = (Nudge.receipt == message_id) & (func.lower(Nudge.channel) == address.lower())
    values = {"state": "failed", "via": NO_WAY_LEFT, "error": f"the letter came back ({status})"}
    query = update(Nudge).where(ours, Nudge.state == "sent").values(values).returning(Nudge.nudge_uid)
    if session.scalar(query) is None:
        return False
    set_mark(session, _name(address), at)
    return True


def comes_back(session: Session, address: str, at: datetime) -> bool:
    """Whether letters to an address have come back of late; another address is another matter."""
    since = marked(session, _name(address))
    return since is not None and at - since < BELIEVED_FOR


def _name(address: str) -> str:
    return f"came back: {address.lower()}"
