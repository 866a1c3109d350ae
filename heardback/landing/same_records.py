"""Whether records under known ids are the ones on record, or another form's whose ids began at 1 again.

A form that is copied for another year counts its answers from 1, as does a sheet whose rows were numbered anew. Taken
for edits, its answers would write over what other children said.
"""

from collections import defaultdict
from datetime import date

import pandas as pd
from sqlalchemy import select
from sqlalchemy.orm import Session

from heardback.errors import PullRefused
from heardback.landing.batch import Arriving
from heardback.store import Comment, Response
from heardback.store.chunks import in_chunks

FEWEST = 3  # of one or two, people may well have thought again
OTHERS = "{others} of {known} answers whose ids are on record are of another day, and say something else altogether"
ANOTHER = (
    "is it another form, whose ids begin at 1 again, or were the rows numbered anew? Give another form a source of its "
    "own, or it writes over what others said. If these are edits, raise gate.max_vanished_share in policy.yaml for "
    "this pull"
)


def require_same_records(session: Session, arriving: Arriving, max_share: float, where: str) -> None:
    """Raise PullRefused where more than `max_share` of the answers with known ids are others than those on record."""
    others = _others(session, arriving.batch.comments, arriving.arrivals.changed)
    known = arriving.arrivals.known + len(arriving.arrivals.changed)
    if others >= FEWEST and others / known > max_share:
        raise PullRefused(OTHERS.format(others=others, known=known), where=where, do=ANOTHER)


def _others(session: Session, comments: pd.DataFrame, changed: pd.DataFrame) -> int:
    """How many of the changed responses have another day, where both have one, and hardly a word in common."""
    now = dict(zip(changed["response_uid"], pd.to_datetime(changed["submitted_on"]), strict=True))
    says = comments[comments["response_uid"].isin(now)].groupby("response_uid")["text"].agg(" ".join)
    before = _said_before(session, list(says.index))
    return sum(
        _is_another_day(day, now[uid]) and _is_unlike(" ".join(texts), says[uid])
        for uid, (day, texts) in before.items()
    )


def _said_before(session: Session, response_uids: list[str]) -> dict[str, tuple[date | None, list[str]]]:
    """The day and the words on record, of those that have words."""
    query = select(Response.response_uid, Response.submitted_on, Comment.text).join(
        Comment, Comment.response_uid == Response.response_uid
    )
    days: dict[str, date | None] = {}
    texts: dict[str, list[str]] = defaultdict(list)
    for chunk in in_chunks(response_uids):
        for uid, day, text in session.execute(query.where(Response.response_uid.in_(chunk), Comment.text != "")):
            days[uid] = day
            texts[uid].append(text)
    return {uid: (days[uid], texts[uid]) for uid in days}


def _is_another_day(before: date | None, now: pd.Timestamp) -> bool:
    """Where one of them has none, the words alone must tell."""
    return before is None or pd.Timestamp(before) != now  # NaT is like no day


def _is_unlike(before: str, now: str) -> bool:
    """Whether less than half of the words of the shorter stand in the longer."""
    one, other = ({*words.lower().split()} for words in (before, now))
    return 2 * len(one & other) < min(len(one), len(other))
