"""Comments as they will be stored: screened, their identifying details flagged, and what they ask for known."""

from dataclasses import dataclass

import pandas as pd

from config.screening import ScreeningPhrases
from heardback.domain.privacy import Redactor
from heardback.domain.screening import is_non_answer, is_praise_only, screen
from heardback.matching.grouping import fingerprints

WAYS_IN = {"withheld": "open_withheld", "diverted": "open_diverted", "not_counted": "open_not_counted", "loop": "open"}


@dataclass(frozen=True)
class Screening:
    """How a council screens: its phrases, what finds identifying details, whether all is held until somebody read it."""

    phrases: ScreeningPhrases
    redactor: Redactor
    hold_all: bool = False


def screen_comments(comments: pd.DataFrame, screening: Screening) -> pd.DataFrame:
    """The same comments with verdict, priority, reasons, identifying, fingerprint, about_staff, fate and fate_reason.

    The phrases only order the reading queue; they never clear a comment.
    """
    texts, phrases = comments["text"], screening.phrases
    verdicts = screen(texts, phrases)
    screened = comments.assign(
        verdict=verdicts["verdict"],
        priority=verdicts["priority"],
        reasons=verdicts["reasons"],
        identifying=screening.redactor.kinds_in(texts),
        fingerprint=fingerprints(texts).fillna(""),
        screening_version=phrases.version,
        about_staff=[bool({*phrases.about_staff} & {*reasons}) for reasons in verdicts["reasons"]],
    )
    return _with_fates(screened, phrases, screening.hold_all)


def _with_fates(screened: pd.DataFrame, phrases: ScreeningPhrases, hold_all: bool) -> pd.DataFrame:
    fate = pd.Series("loop", index=screened.index, dtype="str")
    reason = pd.Series("", index=screened.index, dtype="str")
    praise, nothing = is_praise_only(screened["text"], phrases), is_non_answer(screened["text"], phrases)
    for flagged, ending, why in (
        (praise, "not_counted", "praise that asks for nothing"),
        (nothing, "not_counted", "no answer given"),
        (screened["verdict"] == "complaint", "diverted", "a complaint"),
        ((screened["verdict"] == "flagged") | hold_all, "withheld", "held for a trained reader"),
    ):
        fate, reason = fate.mask(flagged, ending), reason.mask(flagged, why)
    return screened.assign(fate=fate, fate_reason=reason)
