"""Comments as they will be stored: screened, their identifying details flagged, and what they ask for known."""

from dataclasses import dataclass

import pandas as pd

from config.screening import ScreeningPhrases
from heardback.domain.privacy import Redactor
from heardback.domain.screening import judge
from heardback.matching.grouping import fingerprints

WAYS_IN = {"withheld": "open_withheld", "diverted": "open_diverted", "not_counted": "open_not_counted", "loop": "open"}


@dataclass(frozen=True)
class Screening:
    """How a council screens: its phrases, what finds identifying details, whether all is held until it was read."""

    phrases: ScreeningPhrases
    redactor: Redactor
    hold_all: bool = False


def screen_comments(comments: pd.DataFrame, screening: Screening) -> pd.DataFrame:
    """The same comments with verdict, priority, reasons, identifying, fingerprint, about_staff, fate and fate_reason.

    The phrases only order the reading queue; they never clear a comment.
    """
    different, phrases = comments["text"].drop_duplicates(), screening.phrases  # what two said alike is read once
    read = judge(different, phrases).assign(
        identifying=screening.redactor.kinds_in(different),
        fingerprint=fingerprints(different).fillna(""),
        screening_version=phrases.edition,
    )
    read["about_staff"] = [bool({*phrases.about_staff} & {*reasons}) for reasons in read["reasons"]]
    found = read.take(pd.Index(different).get_indexer(pd.Index(comments["text"]))).set_axis(comments.index)
    return _with_fates(comments.join(found), screening.hold_all).drop(columns=["says_nothing", "only_praises"])


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
