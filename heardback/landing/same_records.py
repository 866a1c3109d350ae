"""Whether the ids of a file name the answers that they name on record.

A form that is copied for another year counts its answers from 1 again, as does a sheet whose rows were numbered anew:
taken for edits, they would write over what other children said. A map that was given another natural key knows none of
the answers on record, and would have each heard a second time.
"""

from collections import defaultdict
from collections.abc import Set
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Self

import pandas as pd
from sqlalchemy import select
from sqlalchemy.orm import Session

from config.maps import SourceMap
from heardback.domain.plurals import some
from heardback.errors import PullRefused
from heardback.landing.batch import Arriving
from heardback.sources.mapping.columns import keys_of
from heardback.store import Comment, Pull, Response
from heardback.store.chunks import in_chunks
from heardback.store.pull_records import note_known_by

Said = Set[tuple[pd.Timestamp, str]]  # a day, and words

FEWEST = 3  # of one or two, people may well have thought again
OTHERS = "{others} of {known} answers whose ids are on record are of another day, and say something else altogether"
ANOTHER = (
    "is it another form, whose ids begin at 1 again, or were the rows numbered anew? Give another form a source of its "
    "own, or it writes over what others said. If these are edits, raise gate.max_vanished_share in policy.yaml for "
    "this pull"
)
A_FEW = (
    "of another day and in other words altogether, taken for edits by the ids; if it is another form, whose ids begin "
    "at 1 again, give it a source of its own"
)
TWICE = "{twice} of {new} answers that are new by {now} stand on record by {before}, and would be heard a second time"
BY_WORDS = "what they say"
AS_IT_WAS = (
    "write natural_key in the map as it was. If it has to change, give the source another name, for its answers under "
    "the old one stay as they are"
)


@dataclass(frozen=True)
class Ids:
    """The ids of one file, held against those on record: more than `max_share` of its answers may not belie them.

    `known_by` are the columns by which responses are known, `before` those by which they were ('' for what they say).
    """

    session: Session
    pull: Pull
    max_share: float
    known_by: str
    before: str

    @classmethod
    def of(cls, session: Session, source: SourceMap, pull: Pull, max_share: float) -> Self:
        """Of the file of a pull under its map; from now on responses are known as it says."""
        known_by = ", ".join(keys_of(source))
        return cls(session, pull, max_share, known_by, note_known_by(session, source.source, known_by, pull.started_at))

    def check(self, arriving: Arriving) -> None:
        """Raise PullRefused where the answers with known ids are others than those on record, or where the map was
        given another key and those on record would be heard a second time. A few others are noted.
        """
        self._check_known(arriving)
        if self.known_by != self.before:
            self._check_new(arriving)

    def _check_known(self, arriving: Arriving) -> None:
        arrivals = arriving.arrivals
        others, known = (
            _others(self.session, arriving.batch.comments, arrivals.changed),
            arrivals.known + len(arrivals.changed),
        )
        if self._are_many(others, known):
            raise PullRefused(OTHERS.format(others=others, known=known), where=self.pull.file_name, do=ANOTHER)
        if others:
            self.pull.add_note("others", f"{some(others, 'answer')} {A_FEW}")

    def _check_new(self, arriving: Arriving) -> None:
        new = arriving.arrivals.new
        twice = _said_in(self._said, arriving.batch.comments, new)
        if self._are_many(twice, len(new)):
            before, now = self.before or BY_WORDS, self.known_by or BY_WORDS
            what = TWICE.format(twice=twice, new=len(new), before=before, now=now)
            raise PullRefused(what, where=self.pull.file_name, do=AS_IT_WAS)

    @cached_property
    def _said(self) -> Said:
        """Every comment of the source with its day, as they stood before the first part of the file was written."""
        query = (
            select(Response.submitted_on, Comment.text)
            .join(Comment, Comment.response_uid == Response.response_uid)
            .where(Response.source_id == self.pull.source_id, Response.withdrawn_at.is_(None), Comment.text != "")
        )
        return {(pd.to_datetime(day), text) for day, text in self.session.execute(query)}

    def _are_many(self, found: int, of: int) -> bool:
        return found >= FEWEST and found / of > self.max_share


def _said_in(said: Said, comments: pd.DataFrame, new: pd.DataFrame) -> int:
    """How many new responses say on the same day what was said before."""
    days = dict(zip(new["response_uid"], pd.to_datetime(new["submitted_on"]), strict=True))
    uids = comments.loc[comments["response_uid"].isin(days), ["response_uid", "text"]]
    return len({uid for uid, text in zip(uids["response_uid"], uids["text"], strict=True) if (days[uid], text) in said})


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
