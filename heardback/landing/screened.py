"""Comments as they will be stored: screened, their identifying details flagged, and what they ask for known."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Self

import pandas as pd

from heardback.domain.languages import ENGLISH
from heardback.domain.screening.judging import FLAGGED
from heardback.landing.readers import Readers
from heardback.landing.reading import Reading

WAYS_IN = {"withheld": "open_withheld", "diverted": "open_diverted", "not_counted": "open_not_counted", "loop": "open"}


@dataclass(frozen=True)
class Said:
    """Comments, and what there is to read in them: each text once, for what two said alike is read once."""

    comments: pd.DataFrame
    texts: pd.Series
    read: Callable[[], pd.DataFrame]

    @classmethod
    def of(cls, comments: pd.DataFrame, reading: Reading | Readers) -> Self:
        """With the reading begun, where there is somebody to read beside this process."""
        texts = comments["text"].drop_duplicates()
        return cls(comments, texts, reading.begin(texts))


def screen_comments(said: Said, raised: pd.DataFrame, *, hold_all: bool) -> pd.DataFrame:
    """The same comments with verdict, priority, reasons, identifying, written_in, fingerprint, about_staff, concerned,
    fate and fate_reason. `concerned` are those whose response has an answer that its map marks.

    `raised` are those answers: response_uid, priority, reason, about_staff. The phrases only order the reading queue;
    they never clear a comment.
    """
    comments, places = said.comments, pd.Index(said.texts).get_indexer(pd.Index(said.comments["text"]))
    found = said.read().take(places).set_axis(comments.index)
    marked = _with_concerns(comments.join(found), raised)
    return _with_fates(marked, hold_all).drop(columns=["says_nothing", "only_praises"])


def _with_concerns(screened: pd.DataFrame, raised: pd.DataFrame) -> pd.DataFrame:
    """What a response's ticked answers raise stands before what its words do, with each of its comments."""
    urgent = raised.sort_values("priority", kind="stable")
    whose = screened["response_uid"]
    concerned = whose.isin(raised["response_uid"])
    reasons = whose.map(urgent.groupby("response_uid")["reason"].agg(list))
    told = [
        list(dict.fromkeys([*marked, *said])) if marks else said
        for marks, marked, said in zip(concerned, reasons, screened["reasons"], strict=True)
    ]
    accusing = whose.isin(raised.loc[raised["about_staff"].astype(bool), "response_uid"])
    soonest = whose.map(urgent.groupby("response_uid")["priority"].min()).fillna(screened["priority"])
    return screened.assign(
        concerned=concerned,
        about_staff=screened["about_staff"] | accusing,
        reasons=pd.Series(told, index=screened.index, dtype=object),
        priority=screened["priority"].where(~concerned, soonest.clip(upper=screened["priority"])).astype(int),
        verdict=screened["verdict"].mask(concerned, FLAGGED),
    )


def _with_fates(screened: pd.DataFrame, hold_all: bool) -> pd.DataFrame:
    fate = pd.Series("loop", index=screened.index, dtype="str")
    reason = pd.Series("", index=screened.index, dtype="str")
    # The words of praise are English: in another language one may stand by chance, and what was wrong be set aside.
    only_praises = screened["only_praises"] & (screened["written_in"] == ENGLISH)
    for flagged, ending, why in (
        (only_praises, "not_counted", "praise that asks for nothing"),
        (screened["says_nothing"], "not_counted", "no answer given"),
        (screened["verdict"] == "complaint", "diverted", "a complaint"),
        ((screened["verdict"] == "flagged") | hold_all, "withheld", "held for a trained reader"),
    ):
        fate, reason = fate.mask(flagged, ending), reason.mask(flagged, why)
    return screened.assign(fate=fate, fate_reason=reason)
