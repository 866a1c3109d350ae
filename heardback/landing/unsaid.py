"""What an edit leaves of a response as it was: when it first came, and what its file has no column for."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self

import pandas as pd
from sqlalchemy import select
from sqlalchemy.orm import Session

from config.maps import SourceMap
from heardback.sources.mapping.columns import Placed
from heardback.store import Response
from heardback.store.chunks import in_chunks

DAYS = {"submitted_on", "submitted_at"}
FIELDS: dict[str, tuple[str, ...]] = {
    "record_id": ("source_record_id",),
    "service": ("service_code",),
    "consent_publish": ("consent_to_publish",),
    "completion": ("completion",),
    "completed_by": ("completed_by",),
    "language": ("language",),
    "deletion_code": ("deletion_code",),
}
OF_DAYS = ("submitted_on", "submitted_at", "date_precision")


@dataclass(frozen=True)
class Unsaid:
    """The fields of a response, and the codes of its `bands`, for which a map has a question and a file no column.

    A blank answer takes back what was said; a column that is gone says nothing.
    """

    fields: tuple[str, ...] = ()
    bands: frozenset[str] = frozenset()

    @classmethod
    def of(cls, source: SourceMap, placed: Sequence[Placed]) -> Self:
        """By the questions that found their columns."""
        asked = {(place.question.role, place.question.code) for place in placed}
        roles = {role for role, _ in asked}
        gone = [one for one in source.questions if (one.role, one.code) not in asked]
        lost = {question.role for question in gone} - roles
        fields = [field for role in FIELDS if role in lost for field in FIELDS[role]]
        days = OF_DAYS if lost & DAYS and not roles & DAYS else ()
        return cls((*fields, *days), frozenset(one.code for one in gone if one.role == "characteristic"))

    def kept(self, session: Session, changed: pd.DataFrame) -> pd.DataFrame:
        """Responses that stand on record already, with what is not to be changed of them."""
        if changed.empty:
            return changed
        stored = self._stored(session, list(changed["response_uid"]))
        kept = {name: _like(stored[name], changed[name]) for name in ("received_at", *self.fields)}
        bands = zip(stored["characteristics"], changed["characteristics"], strict=True)
        said = [{**{code: then[code] for code in self.bands & then.keys()}, **now} for then, now in bands]
        return changed.assign(**kept, characteristics=pd.Series(said, index=changed.index, dtype=object))

    def _stored(self, session: Session, uids: list[str]) -> pd.DataFrame:
        names = ["response_uid", "received_at", "characteristics", *self.fields]
        query = select(*(getattr(Response, name) for name in names))
        rows: list[Any] = []
        for chunk in in_chunks(uids):
            rows += session.execute(query.where(Response.response_uid.in_(chunk))).all()
        return pd.DataFrame(rows, columns=names, dtype=object).set_index("response_uid").loc[uids]


def _like(stored: pd.Series, said: pd.Series) -> pd.Series:
    """The stored values in the place and of the kind of what was said."""
    values = pd.Series(stored.to_numpy(), index=said.index, dtype=object)
    is_instant = isinstance(said.dtype, pd.DatetimeTZDtype)
    read = pd.to_datetime(values, utc=is_instant) if said.dtype.kind == "M" else values
    return read.astype(said.dtype)
