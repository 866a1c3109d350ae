"""Free text: every filled cell of a comment question is one comment."""

import re

import pandas as pd

from heardback.domain.record import COMMENT
from heardback.domain.table import Note, note_rows
from heardback.sources.columns import Placed
from heardback.sources.keys import BETWEEN, hashed

UNREAD = r"can.?t read|can ?not read|illegible|unreadable"
ILLEGIBLE = rf"\[(?:{UNREAD}|\?+)[^\]]*\]|\((?:illegible|unreadable|(?:{UNREAD})(?: (?:it|this|that|word))?)\)"


def comments_of(
    cells: pd.DataFrame, placed: list[Placed], uids: pd.Series, labels: dict[str, str]
) -> tuple[pd.DataFrame, list[Note]]:
    """The comments, in the order of the map; columns of one `match` are repeats 0, 1, … of one question."""
    pieces = [pd.DataFrame(columns=list(COMMENT))]
    notes: list[Note] = []
    for place in placed:
        if place.question.role != "comment":
            continue
        for repeat, column in enumerate(place.columns):
            text = cells[column][cells[column] != ""]
            unread = text.str.contains(ILLEGIBLE, flags=re.IGNORECASE, regex=True)
            notes += note_rows("illegible", "whoever typed it could not read all of it", unread, column)
            asked = place.question.text or labels.get(column, column)
            pieces.append(_piece(text, uids, place.question.code, asked, repeat))
    return pd.concat(pieces, ignore_index=True), notes


def comment_uids(comments: pd.DataFrame) -> list[str]:
    """The sha256 of response, question and repeat, for each comment."""
    repeat = comments["repeat_index"].astype("str")
    return hashed(comments["response_uid"] + BETWEEN + comments["question_code"] + BETWEEN + repeat)


def _piece(text: pd.Series, uids: pd.Series, code: str, asked: str, repeat: int) -> pd.DataFrame:
    piece = pd.DataFrame(
        {
            "response_uid": uids.loc[text.index].array,
            "question_code": code,
            "question_text": asked,
            "text": text.array,
            "repeat_index": repeat,
        },
        columns=list(COMMENT),
    )
    return piece.assign(comment_uid=comment_uids(piece))
