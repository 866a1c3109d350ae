"""Every comment into exactly one loop: one that says the same already, or a new one."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

import pandas as pd
from sqlalchemy import select
from sqlalchemy.orm import Session

from heardback.domain.lifecycle import OPEN
from heardback.domain.words import LoopState
from heardback.landing.screened import WAYS_IN
from heardback.ledger import Ledger, Opening
from heardback.store import Comment, Loop, Membership
from heardback.store.chunks import in_chunks

Key = tuple[str, str]
Said = Mapping[Any, Any]
Voices = dict[str, list[tuple[str, date]]]
UNANSWERED = OPEN - {LoopState.MATCHED}
NEEDED = [
    "comment_uid", "service_code", "channel", "heard_on", "fate", "fate_reason", "fingerprint", "reasons", "priority",
    "about_staff",
]  # fmt: skip


def open_loops(
    session: Session,
    ledger: Ledger,
    comments: pd.DataFrame,
    joinable: Collection[LoopState],
    shared: dict[Key, str],
) -> None:
    """Open or join a loop for each comment; `comments` has the columns NEEDED.

    Only a loop in a state of `joinable` is joined. A matched one has an answer already: to join it links a comment that
    nobody has read, so that is for the council's policy to allow. `shared` are the loops that earlier parts of the same
    file joined, which stand while it lands: it is added to, and no voice of those is looked at again.
    """
    waiting = {**_loops_that_say_the_same(session, comments, joinable, shared), **shared}
    opening, joining = _told_apart(comments, waiting)
    opened = ledger.open([_opening(comment) for _, comment in opening])
    waiting |= {key: loop_uid for (key, _), loop_uid in zip(opening, opened, strict=True) if key}
    joins: Voices = {}
    for key, comment in joining:
        shared[key] = waiting[key]
        joins.setdefault(waiting[key], []).append((str(comment["comment_uid"]), comment["heard_on"]))
    ledger.join(joins)


def _told_apart(
    comments: pd.DataFrame, waiting: Collection[Key]
) -> tuple[list[tuple[Key | None, Said]], list[tuple[Key, Said]]]:
    """Who opens a loop, and who joins one that waits, or that somebody before them opens."""
    opening: list[tuple[Key | None, Said]] = []
    joining: list[tuple[Key, Said]] = []
    known = set(waiting)
    for cells in zip(*(comments[name].tolist() for name in NEEDED), strict=True):  # a quarter of to_dict's time
        comment = dict(zip(NEEDED, cells, strict=True))
        key = _key(comment)
        if key and key in known:
            joining.append((key, comment))
        else:
            opening.append((key, comment))
            known |= {key} if key else set()
    return opening, joining


def _key(comment: Mapping[Any, Any]) -> Key | None:
    """What makes two comments the same ask: one service, the same words. Only what is owed an answer is grouped."""
    if comment["fate"] != "loop" or not comment["fingerprint"]:
        return None
    return str(comment["service_code"]), str(comment["fingerprint"])


def _opening(comment: Mapping[Any, Any]) -> Opening:
    details: dict[str, Any] = {}
    if comment["fate"] in ("withheld", "diverted"):
        details = {"reasons": comment["reasons"] or [comment["fate_reason"]], "priority": int(comment["priority"] or 1)}
        details |= {"about_staff": True} if comment["about_staff"] else {}
    elif comment["fate"] == "not_counted":
        details = {"reason": comment["fate_reason"]}
    return Opening(
        str(comment["service_code"]),
        str(comment["channel"]),
        comment["heard_on"],
        str(comment["comment_uid"]),
        WAYS_IN[comment["fate"]],
        details,
    )


def _loops_that_say_the_same(
    session: Session, comments: pd.DataFrame, joinable: Collection[LoopState], but: Collection[Key]
) -> dict[Key, str]:
    owed = comments.loc[comments["fate"] == "loop", ["service_code", "fingerprint"]]
    prints = sorted(
        {print_ for service, print_ in owed.itertuples(index=False) if print_ and (service, print_) not in but}
    )
    said = _loops_that_hold(session, prints)
    found: dict[Key, str] = {}
    for chunk in in_chunks(sorted(said)):
        query = select(Loop.service_code, Loop.loop_uid, Loop.state).where(Loop.loop_uid.in_(chunk))
        for service, loop_uid, state in session.execute(query.order_by(Loop.loop_uid.desc())):
            found |= {(service, print_): loop_uid for print_ in said[loop_uid]} if state in joinable else {}
    return found


def _loops_that_hold(session: Session, prints: Sequence[str]) -> dict[str, list[str]]:
    """The wordings of these that a loop's voices have, by loop, whatever its state.

    A state is asked of those alone: asked in one query, SQLite went through every open loop that there is.
    """
    said: dict[str, list[str]] = {}
    for chunk in in_chunks(prints):
        query = (
            select(Membership.loop_uid, Comment.fingerprint)
            .join(Comment, Comment.comment_uid == Membership.comment_uid)
            .where(Comment.fingerprint.in_(chunk), Membership.left_on.is_(None))
            .distinct()  # of many voices, one row
        )
        for loop_uid, print_ in session.execute(query):
            said.setdefault(loop_uid, []).append(print_)
    return said
