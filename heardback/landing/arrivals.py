"""New, changed or known already: the responses of a batch beside those that are stored."""

from dataclasses import dataclass
from typing import Any

import pandas as pd
from sqlalchemy import select
from sqlalchemy.orm import Session

from heardback.store import Response
from heardback.store.chunks import in_chunks
from heardback.store.erasures import erased_among

STORED = ["stored_hash", "stored_revision", "stored_withdrawn_at"]


@dataclass(frozen=True)
class Arrivals:
    """The responses of one batch by what they mean for the store; of those that are `known`, so many were `erased`."""

    new: pd.DataFrame
    changed: pd.DataFrame
    known: int
    erased: int = 0

    @property
    def landing(self) -> pd.DataFrame:
        """All that will be written, with its `revision`."""
        return pd.concat([self.new, self.changed])


def sort_arrivals(session: Session, responses: pd.DataFrame, *, revise: bool = True) -> Arrivals:
    """Sort by the content hash on record; a withdrawn response that is there again counts as changed.

    One that was erased is known, whatever it says by now: nothing of it lands again.
    `revise` False takes every stored response for known (an old snapshot).
    """
    on_record = _on_record(session, list(responses["response_uid"]))
    joined = responses.join(on_record, on="response_uid")
    is_erased = joined["response_uid"].isin(erased_among(session, joined["response_uid"]))
    is_new = joined["stored_hash"].isna() & ~is_erased
    is_back = joined["stored_withdrawn_at"].notna()
    differs = is_back | (joined["stored_hash"] != joined["content_hash"])
    is_changed = ~is_new & ~is_erased & differs & revise
    joined["revision"] = joined["stored_revision"].fillna(0).astype(int) + 1
    frame = joined.drop(columns=STORED)
    return Arrivals(frame[is_new], frame[is_changed], int((~is_new & ~is_changed).sum()), int(is_erased.sum()))


def _on_record(session: Session, response_uids: list[str]) -> pd.DataFrame:
    rows: list[Any] = []
    for chunk in in_chunks(response_uids):
        query = select(Response.response_uid, Response.content_hash, Response.revision, Response.withdrawn_at)
        rows += session.execute(query.where(Response.response_uid.in_(chunk))).all()
    frame = pd.DataFrame(rows, columns=["response_uid", *STORED])
    return frame.set_index("response_uid").astype({"stored_hash": "str"})
