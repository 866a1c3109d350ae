"""Free text: every filled cell of a comment question is one comment."""

import re
from collections.abc import Iterator, Sequence

import pandas as pd

from heardback.domain.record import COMMENT
from heardback.domain.table import Note, note_rows
from heardback.sources.mapping.columns import Placed
from heardback.sources.mapping.keys import BETWEEN, hashed
from heardback.sources.mapping.own_words import Beside

Written = tuple[str, Placed, str, int, pd.Series]  # the code, the question, the column, its place, texts by row number

UNREAD = r"can.?t read|can ?not read|illegible|unreadable"
ILLEGIBLE = rf"\[(?:{UNREAD}|\?+)[^\]]*\]|\((?:illegible|unreadable|(?:{UNREAD})(?: (?:it|this|that|word))?)\)"


def comments_of(
    cells: pd.DataFrame,
    placed: list[Placed],
    uids: pd.Series,
    labels: dict[str, str],
    beside: Sequence[Beside] = (),
) -> tuple[pd.DataFrame, list[Note]]:
    """The comments, and own words beside options after them; columns of one `match` are repeats 0, 1, … of one
    question.
    """
    pieces = [pd.DataFrame(columns=list(COMMENT))]
    notes: list[Note] = []
    for code, place, column, repeat, text in [*_free_text(cells, placed), *_own_words(beside)]:
        unread = text.str.contains(ILLEGIBLE, flags=re.IGNORECASE, regex=True)
        notes += note_rows("illegible", "whoever typed it could not read all of it", unread, column)
        asked = place.question.text or labels.get(column, column)
        pieces.append(_piece(text, uids, code, asked, column, repeat))
    return pd.concat(pieces, ignore_index=True), notes


def _free_text(cells: pd.DataFrame, placed: list[Placed]) -> Iterator[Written]:
    for place in placed:
        if place.question.role == "comment":
            for repeat, column in enumerate(place.columns):
                yield place.question.code, place, column, repeat, cells[column][cells[column] != ""]


def _own_words(beside: Sequence[Beside]) -> Iterator[Written]:
    """Of the choices whose map has them heard."""
    for each in beside:
        if code := each.place.question.words_code:
            yield code, each.place, each.column, each.repeat, each.text


def comment_uids(comments: pd.DataFrame) -> list[str]:
    """The sha256 of response, question and repeat, for each comment."""
    repeat = comments["repeat_index"].astype("str")
    return hashed(comments["response_uid"] + BETWEEN + comments["question_code"] + BETWEEN + repeat)


def _piece(text: pd.Series, uids: pd.Series, code: str, asked: str, column: str, repeat: int) -> pd.DataFrame:
    piece = pd.DataFrame(
        {
            "response_uid": uids.loc[text.index].array,
            "question_code": code,
            "question_text": asked,
            "heading": column,
            "text": text.array,
            "repeat_index": repeat,
        },
        columns=list(COMMENT),
    )
    return piece.assign(comment_uid=comment_uids(piece))
