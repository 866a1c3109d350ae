"""Claims on messages: who may send which, once (G4)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from heardback.store.messages import Nudge, NudgedLoop

ABANDONED_AFTER = timedelta(minutes=2)  # no sending takes as long: whoever claimed it has died
NO_WAY_LEFT = "none"  # as `via`: every way of reaching somebody has failed for good


class Line(NamedTuple):
    """A loop in a message: the version that was told of, on which rung, and whether it is shown or only counted.

    Of an alert, `version` also counts who has seen the loop (`rewrites.happened_to`).
    """

    loop_uid: str
    version: int
    rung: str = ""
    shown: bool = True


@dataclass(frozen=True)
class Claim:
    """One message that somebody wants to send."""

    nudge_uid: str
    kind: str
    recipient: str
    window: str
    loops: Sequence[Line]


class Standing(NamedTuple):
    """What a claim came to, and the way on which an earlier attempt was made ('' where there was none).

    `claimed`: send it now. `unknown`: an earlier attempt may have sent it, look first. `already_sent`: it went out in
    this window. `being_sent`: another run has claimed it a moment ago.
    """

    word: str
    via: str = ""
    attempts: int = 0


def claim(session: Session, wanted: Claim, at: datetime) -> Standing:
    """Claim a message for this window; the row's key and its lock let one run through."""
    nudge = session.get(Nudge, wanted.nudge_uid, with_for_update=True)
    if nudge is None:
        return Standing("claimed" if _write(session, wanted, at) else "being_sent")
    if nudge.state == "sent":
        return Standing("already_sent")
    if nudge.state == "claimed" and at - nudge.claimed_at < ABANDONED_AFTER:
        return Standing("being_sent")
    if nudge.state == "failed":
        session.execute(delete(NudgedLoop).where(NudgedLoop.nudge_uid == wanted.nudge_uid))
        _write_loops(session, wanted)  # nothing of it went out, so it is written anew, of the loops that wait now
        nudge.state, nudge.claimed_at = "claimed", at
        return Standing("claimed", nudge.via, nudge.attempts)
    # It stays unknown while it is looked for: should we die doing that, the next run looks again.
    nudge.state, nudge.claimed_at = "claimed", at
    return Standing("unknown", nudge.via, nudge.attempts)


def mark(session: Session, nudge_uid: str, state: str, channel: str, receipt: str, error: str, at: datetime) -> None:
    """Note what became of a message: sent, failed, or unknown."""
    values = {"state": state, "channel": channel, "receipt": receipt, "error": error}
    sent = {"sent_at": at} if state == "sent" else {"attempts": Nudge.attempts + 1}
    session.execute(update(Nudge).where(Nudge.nudge_uid == nudge_uid).values(values | sent))


def note_way(session: Session, nudge_uid: str, via: str) -> None:
    """Note the way on which a message is tried next, before it is: a kill leaves word of where to look."""
    session.execute(update(Nudge).where(Nudge.nudge_uid == nudge_uid).values(via=via))


def unreachable(session: Session, window: str) -> dict[str, list[str]]:
    """People whom no way reaches in a window, and the loops that they were to be told of."""
    query = (
        select(Nudge.recipient, NudgedLoop.loop_uid)
        .join(NudgedLoop, NudgedLoop.nudge_uid == Nudge.nudge_uid)
        .where(Nudge.time_window == window, Nudge.state == "failed", Nudge.via == NO_WAY_LEFT)
        .order_by(Nudge.recipient, NudgedLoop.loop_uid)
    )
    found: dict[str, list[str]] = {}
    for recipient, loop_uid in session.execute(query):
        found.setdefault(recipient, []).append(loop_uid)
    return found


def out_in(session: Session, window: str) -> dict[str, frozenset[str]]:
    """Keys of the messages of a window that are out, and the loops in each."""
    query = (
        select(Nudge.nudge_uid, NudgedLoop.loop_uid)
        .join(NudgedLoop, NudgedLoop.nudge_uid == Nudge.nudge_uid)
        .where(Nudge.time_window == window, Nudge.state == "sent")
    )
    found: dict[str, set[str]] = {}
    for nudge_uid, loop_uid in session.execute(query):
        found.setdefault(nudge_uid, set()).add(loop_uid)
    return {nudge_uid: frozenset(loops) for nudge_uid, loops in found.items()}


def nudge_at(session: Session, channel: str, receipt: str) -> Nudge | None:
    """The message that stands at a place, where it is one of ours."""
    return session.scalar(select(Nudge).where(Nudge.channel == channel, Nudge.receipt == receipt))


def lines_of(session: Session, nudge_uid: str) -> list[Line]:
    """The loops of a message in their order."""
    query = select(NudgedLoop).where(NudgedLoop.nudge_uid == nudge_uid).order_by(NudgedLoop.position)
    return [Line(row.loop_uid, row.version, row.rung, row.shown) for row in session.scalars(query)]


def _write(session: Session, wanted: Claim, at: datetime) -> bool:
    """Write the claim; False where another run wrote it in the meantime (only the first can: it is the key)."""
    nudge = Nudge(
        nudge_uid=wanted.nudge_uid, kind=wanted.kind, recipient=wanted.recipient, time_window=wanted.window,
        state="claimed", claimed_at=at, sent_at=None, channel="", receipt="", error="", via="", attempts=0,
        rewriting_at=None, stays_as_it_is="",
    )  # fmt: skip
    try:
        with session.begin_nested():
            session.add(nudge)
    except IntegrityError:
        return False
    _write_loops(session, wanted)
    return True


def _write_loops(session: Session, wanted: Claim) -> None:
    rows = [
        {"nudge_uid": wanted.nudge_uid, "position": position, "stands_at": line.version, **line._asdict()}
        for position, line in enumerate(wanted.loops)
    ]
    if rows:
        session.execute(insert(NudgedLoop), rows)
