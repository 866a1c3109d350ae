"""A response that was edited where it came from: its words follow, and an answer that no longer fits is reopened."""

from collections.abc import Mapping
from typing import Any

import pandas as pd
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from heardback.domain.lifecycle import ANSWERED
from heardback.landing.arrivals import in_chunks
from heardback.ledger import Ledger
from heardback.store import Comment, Loop, Membership


def apply_edits(
    session: Session, ledger: Ledger, changed: pd.DataFrame, comments: pd.DataFrame, columns: list[str]
) -> pd.DataFrame:
    """Rewrite the edited comments of changed responses; returns the comments that have no row yet."""
    stored = _stored(session, list(changed["response_uid"]))
    is_stored = comments["comment_uid"].isin(stored.index)
    edited = comments[is_stored & (comments["text"] != comments["comment_uid"].map(stored["text"]))]
    if len(edited):
        rows = [{column: row[column] for column in columns} for row in edited.to_dict("records")]
        session.bulk_update_mappings(Comment.__mapper__, rows)
    loops = stored["loop_uid"].to_dict()
    for comment in edited.to_dict("records"):
        _follow(session, ledger, str(loops[comment["comment_uid"]]), comment)
    gone = stored.index.difference(pd.Index(comments["comment_uid"]))
    withdraw_comments(session, ledger, {str(uid): str(loops[uid]) for uid in gone}, "left out when it was edited")
    return comments[~is_stored]


def withdraw_comments(session: Session, ledger: Ledger, comments: Mapping[str, str], reason: str) -> None:
    """Forget the words of these comments (comment → loop); a loop that loses its only voice is withdrawn."""
    for chunk in in_chunks(list(comments)):
        blank = {"text": "", "fingerprint": "", "reasons": [], "identifying": []}
        session.execute(update(Comment).where(Comment.comment_uid.in_(chunk)).values(blank))
    for loop_uid in sorted(set(comments.values())):
        loop = session.get_one(Loop, loop_uid)
        if loop.voices == 1 and loop.state not in ("withdrawn", "merged"):
            ledger.move(loop_uid, "withdraw", reason=reason)


def _follow(session: Session, ledger: Ledger, loop_uid: str, comment: Mapping[Any, Any]) -> None:
    """What an edit means for the comment's loop."""
    state = session.get_one(Loop, loop_uid).state
    if comment["fate"] == "withheld" and state not in ("withheld", "withdrawn", "merged"):
        ledger.move(loop_uid, "withhold", reason="flagged after an edit")
    elif state in ANSWERED:
        ledger.move(loop_uid, "reopen", reason="what was said was edited")
    elif state == "not_counted" and comment["fate"] == "loop":
        ledger.move(loop_uid, "count_again", reason="an edit asks for something")
    # An open ask stays open: whether it has gone away is for a person to say.


def _stored(session: Session, response_uids: list[str]) -> pd.DataFrame:
    rows: list[Any] = []
    for chunk in in_chunks(response_uids):
        query = (
            select(Comment.comment_uid, Comment.text, Membership.loop_uid)
            .join(Membership, (Membership.comment_uid == Comment.comment_uid) & Membership.left_on.is_(None))
            .where(Comment.response_uid.in_(chunk))
        )
        rows += session.execute(query).all()
    frame = pd.DataFrame(rows, columns=["comment_uid", "text", "loop_uid"])
    return frame.set_index("comment_uid")
