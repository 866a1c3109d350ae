"""Which comment of a question is which, where several columns have it: a column keeps its place, wherever it stands.

A comment is known by its response, its question and its column's place among the question's columns. A form that gets
an option, or a question more, moves the columns behind it; who said what in them is still the same.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import count

from sqlalchemy.orm import Session

from config.questions import Question
from heardback.domain.record import Mapped
from heardback.domain.table import Note
from heardback.sources.mapping.columns import Placed
from heardback.sources.mapping.comments import comment_uids
from heardback.store.columns_on_record import note_places, places_on_record

STANDS = "on record and not among the columns; what was said there stands"

Heading = tuple[str, str]  # a question's code, and the header of one of its columns
Place = tuple[str, int]  # a question's code, and a place among its columns


@dataclass(frozen=True)
class Places:
    """Where the columns of a file's comments stand on record: those that `moved`, by the place that they keep.

    `gone` are places whose columns (their headers) the file has not: that says nothing of what was said in them. The
    columns of a repeat are not among them, which are there only where somebody filled them in.
    """

    moved: Mapping[Heading, int] = field(default_factory=dict)
    gone: Mapping[Place, str] = field(default_factory=dict)

    @property
    def notes(self) -> list[Note]:
        """What to say of the columns that are gone."""
        return [Note("column_gone", STANDS, None, header) for header in self.gone.values()]


def places_of(session: Session, source_id: str, placed: Sequence[Placed], headers: Collection[str]) -> Places:
    """The places of a file's columns, all of whose headers are given. What is new of them is put on record."""
    on_record, moved, gone = places_on_record(session, source_id), dict[Heading, int](), dict[Place, str]()
    for place in placed:
        if code := _code_of_words(place.question):
            known = on_record.get(code, {})
            kept = kept_places(place.columns, known)
            new = {column: at for column, at in kept.items() if known.get(column) != at}
            note_places(session, source_id, {(code, column): at for column, at in new.items()})
            moved |= {(code, column): kept[column] for at, column in enumerate(place.columns) if kept[column] != at}
            left = {at: column for column, at in known.items() if column not in headers and at not in kept.values()}
            gone |= {} if place.question.repeats else {(code, at): column for at, column in left.items()}
    return Places(moved, gone)


def _code_of_words(question: Question) -> str:
    """The code that comments from a question's columns have; '' where none come from it."""
    return question.code if question.role == "comment" else question.words_code


def kept_places(columns: Sequence[str], on_record: Mapping[str, int]) -> dict[str, int]:
    """The place of each column: the one that it has on record, otherwise the one that it stands at.

    Where that is a column's that is here too, it gets one that nobody has. That of a column that is gone is free, so a
    header that was reworded stays in its place.
    """
    known = set(on_record.values())
    spare = (place for place in count(len(columns)) if place not in known)
    holders = {on_record[column]: column for column in reversed(columns) if column in on_record}
    for at, column in enumerate(columns):
        if holders.get(on_record.get(column, -1)) != column:
            holders[at if at not in holders else next(spare)] = column
    return {column: place for place, column in holders.items()}


def at_places(part: Mapped, moved: Mapping[Heading, int]) -> Mapped:
    """The same with its comments known by these places."""
    comments = part.comments
    if not moved or comments.empty:
        return part
    stands = zip(comments["question_code"], comments["heading"], comments["repeat_index"], strict=True)
    at_place = comments.assign(repeat_index=[moved.get((code, heading), at) for code, heading, at in stands])
    return replace(part, comments=at_place.assign(comment_uid=comment_uids(at_place)))
