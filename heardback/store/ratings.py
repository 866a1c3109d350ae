"""How services were rated, and when changes came: to say what a change did."""

from collections.abc import Collection
from datetime import date

import pandas as pd
from sqlalchemy import select
from sqlalchemy.orm import Session

from heardback.store.changes import Change
from heardback.store.columns import as_day, columns_of
from heardback.store.responses import Rating, Response


def ratings_of(session: Session, service_code: str, as_of: date) -> pd.DataFrame:
    """`heard_on` and `score` (0 worst to 1 best, None where there is none) of every rating of a service up to a day."""
    query = (
        select(as_day(Response.heard_on).label("heard_on"), Rating.score)
        .join(Response, Response.response_uid == Rating.response_uid)
        .where(Response.service_code == service_code, Response.heard_on <= as_of)
    )
    return columns_of(session, query, days=("heard_on",), plain=("score",))


def changed_on(session: Session, change_uids: Collection[str]) -> dict[str, date]:
    """The day of each of these changes that has one."""
    query = select(Change.change_uid, Change.changed_on).where(
        Change.change_uid.in_(sorted(change_uids)), Change.changed_on.is_not(None)
    )
    return {uid: day for uid, day in session.execute(query) if day is not None}
