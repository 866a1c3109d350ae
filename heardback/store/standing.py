"""Where every loop stood at the end of a day, in columns: its last moves of each kind, found by the database (G11).

The rule is that of domain.effects, by which the ledger keeps a loop's row; a test compares the two on random histories.
"""

from datetime import date
from typing import Any

import pandas as pd
from sqlalchemy import and_, case, func, or_, select
from sqlalchemy.orm import Session, aliased

from heardback.domain.words import Outcome
from heardback.store.columns import as_day, columns_of
from heardback.store.loops import HistoryEntry, Loop
from heardback.store.services_then import services_then

DECISIONS = ("decide", "revise")
ANSWERS_ANEW = (*DECISIONS, "reopen", "restore")  # each forgets the answer before it
AFTER_AN_ANSWER = {"told_on": "tell", "agreed_on": "agree", "promise_kept_on": "keep"}
DAYS = ("owned_on", "decided_on", "promise_by", *AFTER_AN_ANSWER)


def standing_as_of(session: Session, as_of: date) -> pd.DataFrame:
    """One row a loop that any move had touched by then.

    Columns: loop_uid, service_code, state, outcome, reopened and has_change (booleans), and DAYS as datetime64[s].
    """
    table = columns_of(session, _query(as_of), days=DAYS, plain=("loop_uid", "reopened", "has_change"))
    table["outcome"] = table["outcome"].astype(object).fillna("")
    for flag in ("reopened", "has_change"):
        table[flag] = table[flag].astype(bool)
    moved = services_then(session, as_of)
    if moved:
        then = table["loop_uid"].map(moved)
        table["service_code"] = then.where(then.notna(), table["service_code"].astype(object)).astype("category")
    promised = (table["outcome"] == Outcome.WILL.value).to_numpy()
    table["promise_by"] = table["promise_by"].where(promised)
    return table


def _query(as_of: date) -> Any:
    marks = _marks(as_of).subquery()
    last, anew, owned = aliased(HistoryEntry), aliased(HistoryEntry), aliased(HistoryEntry)
    decided = and_(anew.sequence == marks.c.anew, anew.move.in_(DECISIONS))
    query = (
        select(
            marks.c.loop_uid,
            Loop.service_code,
            last.to_state.label("state"),
            anew.details["outcome"].as_string().label("outcome"),
            marks.c.reopened,
            marks.c.has_change,
            as_day(owned.on_date).label("owned_on"),
            as_day(anew.on_date).label("decided_on"),
            anew.details["by_date"].as_string().label("promise_by"),
        )
        .join(Loop, Loop.loop_uid == marks.c.loop_uid)
        .join(last, last.sequence == marks.c.last)
        .outerjoin(anew, decided)
        .outerjoin(owned, owned.sequence == marks.c.owned)
    )
    for column in AFTER_AN_ANSWER:
        after = aliased(HistoryEntry)
        since = func.coalesce(marks.c.anew, 0)
        query = query.outerjoin(after, and_(after.sequence == marks.c[column], marks.c[column] > since))
        query = query.add_columns(as_day(after.on_date).label(column))
    return query


def _marks(as_of: date) -> Any:
    """For each loop the number of its last move, of its last of each kind that matters, and what ever happened."""
    entry = HistoryEntry
    names_a_change = and_(entry.move.in_(DECISIONS), entry.details["change"].as_string() != "")
    return (
        select(
            entry.loop_uid,
            func.max(entry.sequence).label("last"),
            _last(ANSWERS_ANEW).label("anew"),
            _last(("own",)).label("owned"),
            func.max(case((entry.move == "reopen", 1), else_=0)).label("reopened"),
            func.max(case((or_(entry.move == "match", names_a_change), 1), else_=0)).label("has_change"),
            *(_last((move,)).label(column) for column, move in AFTER_AN_ANSWER.items()),
        )
        .where(entry.on_date <= as_of)
        .group_by(entry.loop_uid)
    )


def _last(moves: tuple[str, ...]) -> Any:
    return func.max(case((HistoryEntry.move.in_(moves), HistoryEntry.sequence)))
