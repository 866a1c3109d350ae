"""Claims on messages: who may send which, once (G4)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, insert, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from heardback.store.messages import Nudge, NudgedLoop

ABANDONED_AFTER = timedelta(minutes=2)  # no sending takes as long: whoever claimed it has died


@dataclass(frozen=True)
class Claim:
    """One message that somebody wants to send."""

    nudge_uid: str
    kind: str
    recipient: str
    window: str
    loops: list[str]


def claim(session: Session, wanted: Claim, at: datetime) -> str:
    """Claim a message. `claimed`: send it now. `unknown`: an earlier attempt may have sent it, look first.

    `already_sent`: it went out in this window. `being_sent`: another run has claimed it a moment ago.
    """
    nudge = session.get(Nudge, wanted.nudge_uid, with_for_update=True)
    if nudge is None:
        return "claimed" if _write(session, wanted, at) else "being_sent"
    if nudge.state == "sent":
        return "already_sent"
    if nudge.state == "claimed" and at - nudge.claimed_at < ABANDONED_AFTER:
        return "being_sent"
    if nudge.state == "failed":
        session.execute(delete(NudgedLoop).where(NudgedLoop.nudge_uid == wanted.nudge_uid))
        _write_loops(session, wanted)  # nothing of it went out, so it is written anew, of the loops that wait now
        nudge.state, nudge.claimed_at = "claimed", at
        return "claimed"
    # It stays unknown while it is looked for: should we die doing that, the next run looks again.
    nudge.state, nudge.claimed_at = "claimed", at
    return "unknown"


def mark(session: Session, nudge_uid: str, state: str, channel: str, receipt: str, error: str, at: datetime) -> None:
    """Note what became of a message: sent, failed, or unknown."""
    values = {"state": state, "channel": channel, "receipt": receipt, "error": error}
    sent = {"sent_at": at} if state == "sent" else {}
    session.execute(update(Nudge).where(Nudge.nudge_uid == nudge_uid).values(values | sent))


def _write(session: Session, wanted: Claim, at: datetime) -> bool:
    """Write the claim; False where another run wrote it in the meantime (only the first can: it is the key)."""
    nudge = Nudge(
        nudge_uid=wanted.nudge_uid, kind=wanted.kind, recipient=wanted.recipient, time_window=wanted.window,
        state="claimed", claimed_at=at, sent_at=None, channel="", receipt="", error="",
    )  # fmt: skip
    try:
        with session.begin_nested():
            session.add(nudge)
    except IntegrityError:
        return False
    _write_loops(session, wanted)
    return True


def _write_loops(session: Session, wanted: Claim) -> None:
    rows = [{"nudge_uid": wanted.nudge_uid, "loop_uid": loop_uid} for loop_uid in wanted.loops]
    if rows:
        session.execute(insert(NudgedLoop), rows)
