"""Every comment and what had become of it by the end of a day, rebuilt from the history alone (G11)."""

from collections.abc import Iterable
from datetime import date
from typing import Any

import pandas as pd
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from heardback.domain.effects import BLANK, effects_of
from heardback.domain.words import LoopState
from heardback.store.loops import HistoryEntry, Membership
from heardback.store.responses import Comment, Response

SCOPES = {
    LoopState.WITHHELD: "withheld",
    LoopState.DIVERTED: "diverted",
    LoopState.WITHDRAWN: "withdrawn",
    LoopState.NOT_COUNTED: "not_counted",
}
KEPT = ("owned_on", "decided_on", "told_on", "agreed_on", "outcome", "promise_by", "promise_kept_on")


def voices_as_of(session: Session, as_of: date) -> pd.DataFrame:
    """One row a comment heard by then, with the columns of `domain.voices.COLUMNS` and one `char_…` a characteristic.

    A comment's service is its loop's; its state is its loop's on that day, by the day on which moves took effect.
    """
    loops = _loops_as_of(session, as_of)
    comments = _comments_as_of(session, as_of)
    # A comment that came late may have been heard before the loop that it joined was opened.
    voices = comments.merge(loops, on="loop_uid", how="left")
    voices["state"] = voices["state"].fillna(str(LoopState.HEARD))
    voices["reopened"] = voices["reopened"].eq(True)
    voices["outcome"] = voices["outcome"].fillna("")
    bands = pd.DataFrame(list(voices.pop("characteristics")), index=voices.index)
    bands.columns = [f"char_{code}" for code in bands.columns]
    known = bands.reindex(columns=sorted(bands.columns)).fillna("")
    voices["scope"] = voices["state"].map({str(state): scope for state, scope in SCOPES.items()}).fillna("in")
    return pd.concat([voices, known], axis=1).sort_values("comment_uid", ignore_index=True)


def _comments_as_of(session: Session, as_of: date) -> pd.DataFrame:
    query = (
        select(
            Comment.comment_uid,
            Membership.loop_uid,
            Response.service_code,
            Response.source_id,
            Response.channel,
            Response.heard_on,
            Response.completed_by,
            Response.completion,
            Response.characteristics,
        )
        .join(Response, Response.response_uid == Comment.response_uid)
        .join(Membership, Membership.comment_uid == Comment.comment_uid)
        .where(Response.heard_on <= as_of, Membership.joined_on <= as_of)
        .where(or_(Membership.left_on.is_(None), Membership.left_on > as_of))
    )
    columns = [column.key for column in query.selected_columns]
    return pd.DataFrame(session.execute(query).all(), columns=columns)


def _loops_as_of(session: Session, as_of: date) -> pd.DataFrame:
    query = (
        select(
            HistoryEntry.loop_uid, HistoryEntry.move, HistoryEntry.to_state, HistoryEntry.on_date, HistoryEntry.details
        )
        .where(HistoryEntry.on_date <= as_of)
        .order_by(HistoryEntry.sequence)
        .execution_options(yield_per=10_000)
    )
    loops = _fold(session.execute(query))
    columns = ["loop_uid", "state", "reopened", *KEPT]
    return pd.DataFrame([{"loop_uid": uid, **loop} for uid, loop in loops.items()], columns=columns)


def _fold(entries: Iterable[Any]) -> dict[str, dict[str, Any]]:
    """Each loop as its moves left it: the same rule by which the ledger keeps the loop's row."""
    loops: dict[str, dict[str, Any]] = {}
    for entry in entries:
        loop = loops.setdefault(entry.loop_uid, {"reopened": False, **{name: BLANK[name] for name in KEPT}})
        effects = effects_of(entry.move, entry.details, entry.on_date)
        loop |= {name: value for name, value in effects.items() if name in KEPT}
        loop["state"] = entry.to_state
        loop["reopened"] |= entry.move == "reopen"
    return loops
