"""Every comment into exactly one loop: one that says the same already, or a new one."""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

import pandas as pd
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from heardback.domain.lifecycle import OPEN
from heardback.domain.words import LoopState
from heardback.landing.arrivals import in_chunks
from heardback.landing.screened import WAYS_IN
from heardback.ledger import Ledger, Opening
from heardback.store import Comment, Loop, Membership

Key = tuple[str, str]
Voices = dict[str, list[tuple[str, date]]]
UNANSWERED = OPEN - {LoopState.MATCHED}
NEEDED = [
    "comment_uid", "service_code", "channel", "heard_on", "fate", "fate_reason", "fingerprint", "reasons", "priority",
    "about_staff",
]  # fmt: skip


def open_loops(
    session: Session, ledger: Ledger, comments: pd.DataFrame, joinable: Collection[LoopState] = UNANSWERED
) -> None:
    """Open or join a loop for each comment; `comments` has the columns NEEDED.

    Only a loop in a state of `joinable` is joined. A matched one has an answer already: to join it links a comment that
    nobody has read, so that is for the council's policy to allow.
    """
    waiting = _loops_that_say_the_same(session, comments, joinable)
    joins: Voices = {}
    openings: list[Opening] = []
    opening_keys: list[Key | None] = []
    joining: list[tuple[Key, str, date]] = []
    for comment in comments[NEEDED].to_dict("records"):
        key = _key(comment)
        if key is None or key not in waiting:
            openings.append(_opening(comment))
            opening_keys.append(key)
            waiting |= {key: ""} if key else {}
        else:
            joining.append((key, str(comment["comment_uid"]), comment["heard_on"]))
    waiting |= {key: loop for key, loop in zip(opening_keys, ledger.open(openings), strict=True) if key}
    for key, comment_uid, heard_on in joining:
        joins.setdefault(waiting[key], []).append((comment_uid, heard_on))
    ledger.join(joins)


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
    session: Session, comments: pd.DataFrame, joinable: Collection[LoopState]
) -> dict[Key, str]:
    prints = sorted({print_ for print_ in comments.loc[comments["fate"] == "loop", "fingerprint"] if print_})
    found: dict[Key, str] = {}
    for chunk in in_chunks(prints):
        query = (
            select(Loop.service_code, Comment.fingerprint, func.min(Loop.loop_uid))  # of many voices, one row
            .join(Membership, Membership.loop_uid == Loop.loop_uid)
            .join(Comment, Comment.comment_uid == Membership.comment_uid)
            .where(Comment.fingerprint.in_(chunk), Membership.left_on.is_(None), Loop.state.in_(joinable))
            .group_by(Loop.service_code, Comment.fingerprint)
        )
        found |= {(service, print_): loop_uid for service, print_, loop_uid in session.execute(query)}
    return found
