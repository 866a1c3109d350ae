"""The table that every measure reads: one row a comment, as it was known at the end of the as-of day."""

from collections.abc import Sequence
from datetime import date

import numpy as np
import numpy.typing as npt
import pandas as pd

from heardback.domain.lifecycle import ANSWERED, CLOSED
from heardback.domain.measures.figures import NOT_KNOWN
from heardback.domain.measures.period import Period
from heardback.domain.words import Completion, LoopState
from heardback.errors import NotFound

Flags = pd.DataFrame

COLUMNS = (
    "comment_uid",
    "loop_uid",
    "service_code",
    "source_id",
    "channel",
    "completed_by",
    "completion",  # complete | partial
    "scope",  # in | withheld | diverted | withdrawn | not_counted
    "state",
    "outcome",
    "reopened",  # ever, true or false
    # days, as datetime64 of any resolution or as datetime.date; missing is NaT or None
    "heard_on",
    "owned_on",
    "decided_on",
    "told_on",
    "agreed_on",
    "promise_by",
    "promise_kept_on",
)
STEPS = ("owned", "decided", "closed", "agreed")
IN_SCOPE = "in"
SCOPES = (IN_SCOPE, "withheld", "diverted", "withdrawn", "not_counted", "partial")
CHARACTERISTIC = "char_"  # char_age_band and so on; '' is not known


def check_columns(voices: pd.DataFrame) -> pd.DataFrame:
    """The frame itself. Raises NotFound with the columns that it lacks."""
    missing = [column for column in COLUMNS if column not in voices.columns]
    if missing:
        raise NotFound(f"columns are missing: {', '.join(missing)}", where="voices", do="see domain.voices.COLUMNS")
    return voices


def dimensions(voices: pd.DataFrame) -> list[str]:
    """The columns by which rates are compared, characteristics last and in alphabetical order."""
    characteristics = sorted(column for column in voices.columns if column.startswith(CHARACTERISTIC))
    return ["service_code", "channel", "completed_by", *characteristics]


def heard_in(voices: pd.DataFrame, period: Period) -> pd.DataFrame:
    """The voices heard in the period, whatever became of them."""
    heard = days(voices, "heard_on")
    return _plain(voices[(heard >= _day(period.first)) & (heard <= _day(period.last))])


def _plain(voices: pd.DataFrame) -> pd.DataFrame:
    """A part of the voices without categories, which would bring groups along that have no voice in it."""
    categories = voices.select_dtypes("category").columns
    return voices.astype(dict.fromkeys(categories, object))


def scope_of(voices: pd.DataFrame) -> pd.Series:
    """One of SCOPES for each voice: partial forms are answered, and stay outside the rates."""
    partial = (voices["scope"] == IN_SCOPE) & (voices["completion"] == Completion.PARTIAL.value)
    return voices["scope"].where(~partial, "partial")


def in_scope(voices: pd.DataFrame) -> pd.DataFrame:
    """The voices that rates are about."""
    return voices[scope_of(voices) == IN_SCOPE]


def steps(voices: pd.DataFrame) -> Flags:
    """One boolean column for each of STEPS: whether the voice's loop stands past it now.

    A loop that was reopened has lost its decision, and one whose decision was revised has lost its telling, although
    the old days are still known. Whoever decides has owned. So agreed ⊆ closed ⊆ decided ⊆ owned.
    """
    decided = _in_state(voices, ANSWERED) & ~np.isnat(days(voices, "decided_on"))
    closed = decided & _in_state(voices, CLOSED) & ~np.isnat(days(voices, "told_on"))
    agreed = closed & _in_state(voices, [LoopState.AGREED])
    owned = decided | ~np.isnat(days(voices, "owned_on"))
    return pd.DataFrame({"owned": owned, "decided": decided, "closed": closed, "agreed": agreed}, index=voices.index)


def closed_on(voices: pd.DataFrame) -> npt.NDArray[np.datetime64]:
    """The day on which a voice was both decided and told; NaT while it is not."""
    day = np.maximum(days(voices, "decided_on"), days(voices, "told_on"))
    day[~steps(voices)["closed"].to_numpy()] = np.datetime64("NaT")
    return day


def decided_on(voices: pd.DataFrame) -> npt.NDArray[np.datetime64]:
    """The day of the decision that stands; NaT where there is none."""
    day = days(voices, "decided_on").copy()
    day[~steps(voices)["decided"].to_numpy()] = np.datetime64("NaT")
    return day


def days(voices: pd.DataFrame, column: str) -> npt.NDArray[np.datetime64]:
    """One column as datetime64[D]."""
    return pd.to_datetime(voices[column]).to_numpy().astype("datetime64[D]")


def groups_of(voices: pd.DataFrame, dimension: str) -> pd.Series:
    """The group of each voice; a blank is NOT_KNOWN, and is a group like any other."""
    return voices[dimension].fillna("").astype(str).replace("", NOT_KNOWN)


def _in_state(voices: pd.DataFrame, states: Sequence[LoopState] | frozenset[LoopState]) -> npt.NDArray[np.bool_]:
    return voices["state"].isin([state.value for state in states]).to_numpy()


def _day(day: date) -> np.datetime64:
    return np.datetime64(day, "D")
