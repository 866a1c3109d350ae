"""Every comment and what had become of it by the end of a day, rebuilt from the history alone (G11), in columns."""

import json
from datetime import date

import numpy as np
import numpy.typing as npt
import pandas as pd
from sqlalchemy import Text, cast, or_, select
from sqlalchemy.orm import Session

from heardback.domain.measures.voices import CHARACTERISTIC, SCOPES
from heardback.domain.words import LoopState
from heardback.store.columns import as_day, columns_of
from heardback.store.loops import Membership
from heardback.store.responses import Comment, Response
from heardback.store.services_then import ever_handed_over
from heardback.store.standing import DAYS, standing_as_of

ASIDE = {
    LoopState.WITHHELD.value: "withheld",
    LoopState.DIVERTED.value: "diverted",
    LoopState.WITHDRAWN.value: "withdrawn",
    LoopState.NOT_COUNTED.value: "not_counted",
}
KEPT = ("owned_on", "decided_on", "told_on", "agreed_on", "outcome", "promise_by", "promise_kept_on")
OF_LOOPS = ["loop_uid", "state", "outcome", "reopened", *DAYS]


def voices_and_loops(session: Session, as_of: date) -> tuple[pd.DataFrame, pd.DataFrame]:
    """One row a comment heard by then, with the columns of `domain.voices.COLUMNS` and one `char_…` a characteristic;
    and one row for each loop that had a voice then (domain.past_loops.COLUMNS), by number.

    A comment's state is its loop's on that day, by the day on which moves took effect.
    """
    standing, comments = standing_as_of(session, as_of), _comments_as_of(session, as_of)
    voices = comments.merge(standing[OF_LOOPS], on="loop_uid", how="left")
    handed_over = voices["loop_uid"].isin(ever_handed_over(session))
    if handed_over.any():  # whoever was told of it, it is for the service that has it to close
        whose = voices["loop_uid"].map(standing.set_index("loop_uid")["service_code"].astype(object))
        told = voices["service_code"].astype(object)
        voices["service_code"] = whose.where(handed_over & whose.notna(), told).astype("category")
    # A comment that came late may have been heard before the loop that it joined was opened.
    state = voices["state"].astype(object).fillna(LoopState.HEARD.value)
    voices["reopened"] = voices["reopened"].eq(True)
    voices["outcome"] = voices["outcome"].fillna("").astype("category")
    voices["scope"] = pd.Categorical(state.map(ASIDE).fillna("in"), categories=SCOPES)
    voices["state"] = state.astype("category")
    return voices, _loops(voices, standing)


def _loops(voices: pd.DataFrame, standing: pd.DataFrame) -> pd.DataFrame:
    heard = voices.groupby("loop_uid", sort=True).agg(
        voices=("comment_uid", "size"), heard_from=("heard_on", "min"), told_of=("service_code", "first")
    )
    loops = heard.reset_index().merge(standing, on="loop_uid", how="left")
    loops["state"] = loops["state"].astype(object).fillna(LoopState.HEARD.value)
    loops["service_code"] = loops["service_code"].astype(object).fillna(loops.pop("told_of").astype(object))
    loops["outcome"] = loops["outcome"].fillna("")
    for flag in ("reopened", "has_change"):
        loops[flag] = loops[flag].eq(True)
    return loops


def _comments_as_of(session: Session, as_of: date) -> pd.DataFrame:
    query = (
        select(
            Comment.comment_uid,
            Membership.loop_uid,
            Response.service_code,
            Response.source_id,
            Response.channel,
            as_day(Response.heard_on).label("heard_on"),
            Response.completed_by,
            Response.completion,
            cast(Response.characteristics, Text).label("characteristics"),
        )
        .join(Response, Response.response_uid == Comment.response_uid)
        .join(Membership, Membership.comment_uid == Comment.comment_uid)
        .where(Response.heard_on <= as_of, Membership.joined_on <= as_of)
        .where(or_(Membership.left_on.is_(None), Membership.left_on > as_of))
    )
    table = columns_of(session, query, days=("heard_on",), plain=("comment_uid", "loop_uid"))
    return pd.concat([table.drop(columns="characteristics"), _bands(table["characteristics"])], axis=1).sort_values(
        "comment_uid", ignore_index=True
    )


def _bands(texts: pd.Series) -> pd.DataFrame:
    """A column for each characteristic: few combinations are many people's, so each is read once."""
    known = [json.loads(text) or {} for text in texts.cat.categories]
    names = sorted({name for bands in known for name in bands})
    codes = texts.cat.codes.to_numpy()
    return pd.DataFrame(
        {CHARACTERISTIC + name: _band([str(bands.get(name) or "") for bands in known], codes) for name in names}
    )


def _band(values: list[str], codes: npt.NDArray[np.integer]) -> pd.Categorical:
    places, categories = pd.factorize(pd.Index(values, dtype=object))
    return pd.Categorical.from_codes(places[codes], categories=categories)
