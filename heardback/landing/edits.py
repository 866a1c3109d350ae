"""A response that was edited where it came from: its words follow, and an answer that no longer fits is reopened."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from heardback.domain.lifecycle import ANSWERED, OPEN, PARTABLE
from heardback.domain.screening.judging import FLAGGED
from heardback.ledger import SYSTEM, Ledger
from heardback.store import Comment, Loop, Membership
from heardback.store.access import note_edited
from heardback.store.chunks import in_chunks
from heardback.store.rereading import LEFT_OUT
from heardback.store.waiting import mark_matched

SINCE = "\n\n[edited since, to:]\n"
EDITED = "what was said was edited"


@dataclass(frozen=True)
class Untouched:
    """What of a response on record no edit touches: its answers to questions that the file does not ask (`unasked`,
    their codes), its words from columns that are `gone` while others of their question are there (codes and places),
    and words that retention has taken, for they were `heard_before` that day.
    """

    unasked: frozenset[str] = frozenset()
    gone: frozenset[tuple[str, int]] = frozenset()
    heard_before: date = date.min


def apply_edits(
    session: Session, ledger: Ledger, changed: pd.DataFrame, comments: pd.DataFrame, untouched: Untouched
) -> pd.DataFrame:
    """Rewrite the edited comments of changed responses; returns the comments that have no row yet.

    Words that retention has taken come back only where they have to be held back.
    """
    stored = _stored(session, list(changed["response_uid"]))
    is_stored = comments["comment_uid"].isin(stored.index)
    edited = _edited(comments[is_stored], stored, untouched.heard_before)
    rows = [_as_kept(comment, stored.loc[comment["comment_uid"]]) for comment in edited.to_dict("records")]
    names = [column.key for column in Comment.__mapper__.columns]
    if rows:
        session.bulk_update_mappings(Comment.__mapper__, [{name: row[name] for name in names} for row in rows])
    loops = {row["comment_uid"]: _follow(session, ledger, stored.loc[row["comment_uid"]], row) for row in rows}
    mark_matched(session, set(loops.values()), None)  # other words may have other answers
    note_edited(session, loops, ledger.at, SYSTEM.name)  # and nobody has read them
    stands = stored["question_code"].isin(untouched.unasked) | _is_from(stored, untouched.gone)
    gone = stored.loc[~stored.index.isin(comments["comment_uid"]) & ~stands, "loop_uid"].sort_index()
    loops_left = dict(zip(map(str, gone.index), map(str, gone), strict=True))
    withdraw_comments(session, ledger, loops_left, LEFT_OUT)
    return comments[~is_stored]


def _is_from(stored: pd.DataFrame, places: Collection[tuple[str, int]]) -> pd.Series:
    stood = zip(stored["question_code"], stored["repeat_index"], strict=True)
    return pd.Series([place in places for place in stood], index=stored.index, dtype=bool)


def withdraw_comments(session: Session, ledger: Ledger, comments: Mapping[str, str], reason: str) -> None:
    """Forget the words of these comments (comment → loop) and withdraw them; other voices of their loops stay.

    What is held back keeps its words until a trained person has read it, whatever became of it at its source.
    """
    by_loop: dict[str, list[str]] = defaultdict(list)
    for comment_uid, loop_uid in comments.items():
        by_loop[loop_uid].append(comment_uid)
    for loop_uid, going in sorted(by_loop.items()):
        if session.get_one(Loop, loop_uid).state != "withheld":
            _forget(session, going)
            _withdraw(session, ledger, loop_uid, sorted(going), reason)


def _withdraw(session: Session, ledger: Ledger, loop_uid: str, going: Sequence[str], reason: str) -> None:
    loop = session.get_one(Loop, loop_uid)
    if loop.voices > len(going):
        if loop.state not in PARTABLE:
            return  # aside, with other voices in it: there is nothing to take back
        loop_uid = ledger.split(loop_uid, going, reason=reason)
    if session.get_one(Loop, loop_uid).state != "withdrawn":
        ledger.move(loop_uid, "withdraw", reason=reason)


def _forget(session: Session, comment_uids: Sequence[str]) -> None:
    blank = {"text": "", "fingerprint": "", "reasons": [], "identifying": [], "written_in": ""}
    for chunk in in_chunks(comment_uids):
        session.execute(update(Comment).where(Comment.comment_uid.in_(chunk)).values(blank))


def _edited(comments: pd.DataFrame, stored: pd.DataFrame, heard_before: date) -> pd.DataFrame:
    before = comments["comment_uid"].map(stored["text"]).fillna("").astype("str")
    appended = [old.endswith(SINCE + new) for old, new in zip(before, comments["text"], strict=True)]
    rewritten = (comments["text"] != before) & ~pd.Series(appended, index=comments.index, dtype=bool)
    went_by_itself = (before == "") & (comments["comment_uid"].map(stored["state"]) != "withdrawn")
    forgotten = went_by_itself & (comments["heard_on"] < heard_before) & (comments["verdict"] != FLAGGED)
    return comments[(rewritten & ~forgotten) | _newly_concerned(comments, stored)]


def _newly_concerned(comments: pd.DataFrame, stored: pd.DataFrame) -> pd.Series:
    """The words are the same, and an answer beside them is now one that the map marks: nobody has read them so."""
    told = comments["comment_uid"].map(stored["reasons"])
    new = [
        concerned and not {*reasons} <= {*before}
        for concerned, reasons, before in zip(comments["concerned"], comments["reasons"], told, strict=True)
    ]
    held = comments["comment_uid"].map(stored["state"]) == "withheld"
    return pd.Series(new, index=comments.index, dtype=bool) & ~held


def _as_kept(comment: Mapping[Any, Any], stored: Any) -> dict[str, Any]:
    """The comment as it will stand: what is held back keeps its words until they were read, the new ones below them."""
    row = {str(name): value for name, value in comment.items()}
    if stored["state"] != "withheld" or not stored["text"]:
        return row
    reasons = list(dict.fromkeys([*stored["reasons"], *row["reasons"]]))
    priority = min(int(stored["priority"]), int(row["priority"]))
    held = {"text": stored["text"] + SINCE + row["text"], "verdict": FLAGGED, "fingerprint": ""}
    return row | held | {"reasons": reasons, "priority": priority}


def _follow(session: Session, ledger: Ledger, stored: Any, comment: Mapping[str, Any]) -> str:
    """What an edit means for the comment's loop; returns the loop that it is in then."""
    loop = session.get_one(Loop, str(stored["loop_uid"]))
    says_another = comment["fingerprint"] != stored["fingerprint"]
    still_asks_nothing = loop.state == "not_counted" and comment["fate"] == "not_counted"
    if loop.voices > 1 and loop.state in PARTABLE and says_another and not still_asks_nothing:
        # It no longer says what the others say: neither their answer, nor that it needs none, nor its flag is shared.
        loop = session.get_one(Loop, ledger.split(loop.loop_uid, [comment["comment_uid"]], reason=EDITED))
    _move_on(ledger, loop, str(comment["fate"]))
    if comment["about_staff"] and not loop.kept_from_service:
        ledger.move(loop.loop_uid, "keep_from_service", reason=EDITED)
    return loop.loop_uid


def _move_on(ledger: Ledger, loop: Loop, fate: str) -> None:
    if loop.state == "withdrawn":
        ledger.move(loop.loop_uid, "restore", reason="there again where it came from")
    if fate == "withheld":
        if loop.state != "withheld":
            ledger.move(loop.loop_uid, "withhold", reason="flagged after an edit")
        return
    if loop.state in ANSWERED:
        ledger.move(loop.loop_uid, "reopen", reason=EDITED)
    elif loop.state == "not_counted" and fate != "not_counted":
        ledger.move(loop.loop_uid, "count_again", reason="an edit asks for something")
    if fate == "diverted" and loop.state in OPEN:
        ledger.move(loop.loop_uid, "divert", reason="a complaint since it was edited")
    # An open ask stays open: whether it has gone away is for a person to say.


def _stored(session: Session, response_uids: list[str]) -> pd.DataFrame:
    columns = [
        Comment.comment_uid,
        Comment.question_code,
        Comment.repeat_index,
        Comment.text,
        Comment.fingerprint,
        Comment.priority,
        Comment.reasons,
    ]
    rows: list[Any] = []
    for chunk in in_chunks(response_uids):
        query = (
            select(*columns, Membership.loop_uid, Loop.state)
            .join(Membership, (Membership.comment_uid == Comment.comment_uid) & Membership.left_on.is_(None))
            .join(Loop, Loop.loop_uid == Membership.loop_uid)
            .where(Comment.response_uid.in_(chunk))
        )
        rows += session.execute(query).all()
    names = [column.key for column in columns]
    return pd.DataFrame(rows, columns=[*names, "loop_uid", "state"]).set_index("comment_uid")
