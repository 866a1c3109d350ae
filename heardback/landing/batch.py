"""One file's accepted rows into the store, in the caller's transaction: all of it or none (G1, G3)."""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

import pandas as pd
from sqlalchemy import delete
from sqlalchemy.orm import Session

from heardback.domain.words import Fate, LoopState
from heardback.landing.arrivals import Arrivals, sort_arrivals
from heardback.landing.edits import Untouched, apply_edits
from heardback.landing.loops import Key, open_loops
from heardback.landing.readers import Readers
from heardback.landing.reading import Reading
from heardback.landing.screened import Said, screen_comments
from heardback.landing.unsaid import Unsaid
from heardback.ledger import LONDON, SYSTEM, Ledger
from heardback.store import Base, Choice, Comment, Rating, Response, Revision
from heardback.store.bulk import insert_columns
from heardback.store.chunks import in_chunks

# the first that applies to any comment of a row is the row's fate
FATE_ORDER = (Fate.WITHHELD, Fate.DIVERTED, Fate.LOOP, Fate.NOT_COUNTED)


@dataclass(frozen=True)
class Batch:
    """The accepted rows of one pull: the four frames of the canonical record; `responses` have `heard_on`.

    `raised` are the answers that the map marks, as `screen_comments` takes them.
    """

    pull_uid: str
    responses: pd.DataFrame
    comments: pd.DataFrame
    ratings: pd.DataFrame
    choices: pd.DataFrame
    raised: pd.DataFrame


@dataclass(frozen=True)
class Arriving:
    """A batch beside what is stored, without the answers that were known, and what is to be read in it."""

    batch: Batch
    arrivals: Arrivals
    said: Said


@dataclass(frozen=True)
class Terms:
    """How the parts of one file land: as the council's policy and the source's map say.

    `hold_all` holds back every comment until somebody has read it. A comment joins a loop in a state of `joinable`
    alone; `shared` is what `open_loops` remembers between the parts.
    """

    hold_all: bool
    joinable: Collection[LoopState]
    untouched: Untouched
    shared: dict[Key, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Landed:
    """What a landing did, in rows. `known` were stored already, word for word.

    Of those, `erased` were erased on request. `waiting` are bad rows that an earlier export brought just so: they are
    in quarantine once.
    """

    fates: dict[str, int]
    known: int
    comments: int
    waiting: int = 0
    erased: int = 0


def arrive(
    session: Session, batch: Batch, reading: Reading | Readers, unsaid: Unsaid | None = None, *, revise: bool = True
) -> Arriving:
    """Look up what of a batch is new or changed, and have its comments read. Nothing is written."""
    arrivals = sort_arrivals(session, batch.responses, revise=revise)
    arrivals = replace(arrivals, changed=with_heard_on((unsaid or Unsaid()).kept(session, arrivals.changed)))
    uids = arrivals.landing["response_uid"]
    comments, ratings, choices = (
        frame[frame["response_uid"].isin(uids)] for frame in (batch.comments, batch.ratings, batch.choices)
    )
    said = Said.of(_counted(arrivals.landing, comments), reading)
    return Arriving(replace(batch, comments=comments, ratings=ratings, choices=choices), arrivals, said)


def land(session: Session, arriving: Arriving, at: datetime, terms: Terms) -> Landed:
    """Store what is new or changed, with its comments screened, and open or join their loops; returns the counts."""
    batch, arrivals = arriving.batch, arriving.arrivals
    ledger, changed = Ledger(session, SYSTEM, at), arrivals.changed
    comments = screen_comments(arriving.said, batch.raised, hold_all=terms.hold_all)
    responses = _with_fates(arrivals.landing, comments)
    _write_responses(session, changed, responses, comments, batch, terms.untouched)
    fresh = apply_edits(session, ledger, changed, comments, terms.untouched)
    _insert(session, Comment, fresh[_columns_of(Comment)])
    _insert(session, Rating, batch.ratings)
    _insert(session, Choice, batch.choices)
    open_loops(session, ledger, fresh, terms.joinable, terms.shared)
    fates = {str(fate): int(rows) for fate, rows in responses["fate"].value_counts().items()}
    return Landed(fates, arrivals.known, len(comments), erased=arrivals.erased)


def total(landings: Iterable[Landed]) -> Landed:
    """What the landings of a file's parts come to."""
    fates, known, comments, erased = Counter[str](), 0, 0, 0
    for landed in landings:
        fates.update(landed.fates)
        known, comments, erased = known + landed.known, comments + landed.comments, erased + landed.erased
    return Landed(dict(fates), known, comments, erased=erased)


def with_heard_on(responses: pd.DataFrame) -> pd.DataFrame:
    """The day that a loop ages from: the day it was said, or the day it was received where nobody knows."""
    received = responses["received_at"].dt.tz_convert(LONDON).dt.tz_localize(None).dt.normalize()
    heard = pd.to_datetime(responses["submitted_on"]).fillna(received)
    return responses.assign(heard_on=pd.Series(_moments(heard, days=True), index=responses.index, dtype=object))


def _counted(responses: pd.DataFrame, comments: pd.DataFrame) -> pd.DataFrame:
    """The comments of responses that are no tests, beside what their loops need to know of those."""
    counted = responses[responses["completion"] != "test"]
    return comments.merge(counted[["response_uid", "service_code", "channel", "heard_on"]], on="response_uid")


def _with_fates(responses: pd.DataFrame, comments: pd.DataFrame) -> pd.DataFrame:
    """Where each row ended, and why where it is not counted."""
    fates = list(map(str, FATE_ORDER))
    worst = comments["fate"].map(fates.index).groupby(comments["response_uid"]).min()
    reasons = comments.drop_duplicates("response_uid").set_index("response_uid")["fate_reason"]
    uids = responses["response_uid"]
    fate = uids.map(worst).fillna(fates.index(Fate.NOT_COUNTED)).map(dict(enumerate(fates))).astype("str")
    why = uids.map(reasons).astype("str").fillna("no comment")
    why = responses["not_counted"].where(responses["not_counted"] != "", why)
    return responses.assign(fate=fate, reason=why.where(fate == Fate.NOT_COUNTED, ""))


def _write_responses(
    session: Session,
    changed: pd.DataFrame,
    responses: pd.DataFrame,
    comments: pd.DataFrame,
    part: Batch,
    untouched: Untouched,
) -> None:
    columns = [name for name in _columns_of(Response) if name != "withdrawn_at"]
    is_changed = responses["response_uid"].isin(changed["response_uid"])
    _insert(session, Response, responses.loc[~is_changed, columns].assign(withdrawn_at=None))
    _replace(session, responses.loc[is_changed, columns], untouched)
    counts = {
        name: responses["response_uid"].map(parts["response_uid"].value_counts()).fillna(0).astype(int)
        for name, parts in (("comments", comments), ("ratings", part.ratings), ("choices", part.choices))
    }
    revisions = responses.assign(pull_uid=part.pull_uid, **counts)
    _insert(session, Revision, revisions[_columns_of(Revision)])


def _replace(session: Session, responses: pd.DataFrame, untouched: Untouched) -> None:
    for chunk in in_chunks(list(responses["response_uid"])):
        for table in (Rating, Choice):
            answered = table.response_uid.in_(chunk) & table.question_code.not_in(untouched.unasked)
            session.execute(delete(table).where(answered))
    if len(responses):
        session.bulk_update_mappings(Response.__mapper__, plain_records(responses.assign(withdrawn_at=None)))


def _insert(session: Session, table: type[Base], frame: pd.DataFrame) -> None:
    insert_columns(session, table, _plain_columns(frame))


def _columns_of(table: type[Base]) -> list[str]:
    return [column.key for column in table.__mapper__.columns]


def plain_records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows as the database takes them: no NaN, no NaT, no numpy."""
    columns = _plain_columns(frame)
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def _plain_columns(frame: pd.DataFrame) -> dict[str, list[Any]]:
    return {str(name): _plain(frame[name], str(name)) for name in frame.columns}


def _plain(cells: pd.Series, name: str) -> list[Any]:
    """One column as Python's own values; a column of moments that is named …_on becomes days."""
    if cells.dtype.kind == "M":
        return _moments(cells, days=name.endswith("_on"))
    missing = cells.isna()
    return (cells.astype(object).where(~missing, None) if missing.any() else cells).tolist()


def _moments(cells: pd.Series, *, days: bool) -> list[Any]:
    """Moments or days; the same ones are made once, for a file has few days."""
    places, different = pd.factorize(cells)
    moments = pd.DatetimeIndex(different)
    made = [*(moments.date if days else moments.to_pydatetime()), None]  # None stands last: the place -1
    return [made[place] for place in places.tolist()]
