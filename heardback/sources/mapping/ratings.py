"""Answers on a scale become a score from 0 (worst) to 1 (best), as the map states the scale."""

import pandas as pd

from config.questions import Question
from heardback.domain.record import RATING
from heardback.domain.table import Note, note_rows
from heardback.sources.mapping.columns import Placed
from heardback.sources.mapping.facts import look_up
from heardback.sources.mapping.naming import rest_of

DECIMAL_ZERO = r"^(-?\d+)\.0+$"
NUMERIC = r"^-?\d+(?:\.\d+)?$"


def ratings_of(cells: pd.DataFrame, placed: list[Placed], uids: pd.Series) -> tuple[pd.DataFrame, list[Note]]:
    """One rating for each filled cell. Off the scale: the score is unknown, and flagged; words are not kept."""
    pieces = [pd.DataFrame(columns=list(RATING))]
    notes: list[Note] = []
    for place in placed:
        if place.question.role != "rating":
            continue
        for column in place.columns:
            answered = cells[column][cells[column] != ""].str.replace(DECIMAL_ZERO, r"\1", regex=True)
            piece = _piece(answered, place.question, uids)
            if len(place.columns) > 1:
                piece["question_code"] = f"{place.question.code}_{rest_of(place.question.match, column)}"
            off = pd.Series(piece["score"].isna().array, index=answered.index)
            notes += note_rows("off_scale", "an answer is not on the map's scale; its score is unknown", off, column)
            pieces.append(piece)
    return pd.concat([piece for piece in pieces if len(piece)] or pieces, ignore_index=True), notes


def direction_of(scale: dict[str, float]) -> str:
    """Which end of the raw answers is best: 'higher_is_better', 'lower_is_better', or 'stated' where they are words."""
    raw = pd.to_numeric(pd.Series(list(scale)), errors="coerce")
    if raw.isna().any():
        return "stated"
    slope = raw.corr(pd.Series(list(scale.values()), dtype="float64"))
    return "higher_is_better" if slope > 0 else "lower_is_better" if slope < 0 else "stated"


def _points(answered: pd.Series, scale: dict[str, float]) -> pd.Series:
    """The points of each answer; a scale of which only its two ends are written has all the numbers between them."""
    listed = pd.to_numeric(look_up(answered, {raw: str(score) for raw, score in scale.items()}))
    ends = pd.to_numeric(pd.Series(list(scale)), errors="coerce")
    if len(scale) != 2 or ends.isna().any():
        return listed
    (low, at_low), (high, at_high) = sorted(zip(ends, scale.values(), strict=True))
    number = pd.to_numeric(answered, errors="coerce")
    between = number.where(number.between(low, high))
    return listed.fillna(at_low + (between - low) * (at_high - at_low) / (high - low))


def _piece(answered: pd.Series, question: Question, uids: pd.Series) -> pd.DataFrame:
    lowest, highest = min(question.scale.values()), max(question.scale.values())
    points = _points(answered, question.scale)
    keepable = points.notna() | answered.str.contains(NUMERIC, regex=True)
    return pd.DataFrame(
        {
            "response_uid": uids.loc[answered.index].array,
            "question_code": question.code,
            "raw_value": answered.where(keepable, "").array,
            "score": ((points - lowest) / (highest - lowest)).array,
            "scale_min": lowest,
            "scale_max": highest,
            "direction": direction_of(question.scale),
        }
    )
