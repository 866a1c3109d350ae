"""Comments as they will be stored: screened, their identifying details flagged, and what they ask for known."""

from dataclasses import dataclass, field

import pandas as pd

from config.languages import LANGUAGES
from config.screening import ScreeningPhrases
from heardback.domain.languages import written_in
from heardback.domain.privacy import Redactor
from heardback.domain.screening import FLAGGED, judge
from heardback.landing.concerns import RAISED
from heardback.matching.grouping import fingerprints

WAYS_IN = {"withheld": "open_withheld", "diverted": "open_diverted", "not_counted": "open_not_counted", "loop": "open"}


@dataclass(frozen=True)
class Screening:
    """How a council screens: its phrases, what finds identifying details, whether all is held until it was read.

    `languages` are those, beside English, that its comments come in. `raised` are the answers of these responses that
    their map marks: response_uid, priority, reason, about_staff.
    """

    phrases: ScreeningPhrases
    redactor: Redactor
    hold_all: bool = False
    languages: tuple[str, ...] = tuple(LANGUAGES)
    raised: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(RAISED)))


def screen_comments(comments: pd.DataFrame, screening: Screening) -> pd.DataFrame:
    """The same comments with verdict, priority, reasons, identifying, written_in, fingerprint, about_staff, concerned,
    fate and fate_reason. `concerned` are those whose response has an answer that its map marks.

    The phrases only order the reading queue; they never clear a comment.
    """
    different, phrases = comments["text"].drop_duplicates(), screening.phrases  # what two said alike is read once
    read = judge(different, phrases).assign(
        identifying=screening.redactor.kinds_in(different),
        written_in=written_in(different, screening.languages),
        fingerprint=fingerprints(different).fillna(""),
        screening_version=phrases.edition,
    )
    read["about_staff"] = [bool({*phrases.about_staff} & {*reasons}) for reasons in read["reasons"]]
    found = read.take(pd.Index(different).get_indexer(pd.Index(comments["text"]))).set_axis(comments.index)
    marked = _with_concerns(comments.join(found), screening.raised)
    return _with_fates(marked, screening.hold_all).drop(columns=["says_nothing", "only_praises"])


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
    for flagged, ending, why in (
        (screened["only_praises"], "not_counted", "praise that asks for nothing"),
        (screened["says_nothing"], "not_counted", "no answer given"),
        (screened["verdict"] == "complaint", "diverted", "a complaint"),
        ((screened["verdict"] == "flagged") | hold_all, "withheld", "held for a trained reader"),
    ):
        fate, reason = fate.mask(flagged, ending), reason.mask(flagged, why)
    return screened.assign(fate=fate, fate_reason=reason)
