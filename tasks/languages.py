"""The languages of a loop's comments, beside the loop: who answers it may need a translation first."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TypeVar

from sqlalchemy.orm import Session

from heardback.domain.languages import in_words
from heardback.domain.nudging.open_loops import OpenLoop
from heardback.store.languages import languages_of

RowT = TypeVar("RowT")


def with_languages(session: Session, rows: Sequence[RowT]) -> list[RowT]:
    """The same rows of a digest; a loop in which anything is not in English says in what it is written."""
    loops = {row.loop_uid: row for row in rows if isinstance(row, OpenLoop)}
    found = {
        loop_uid: replace(loops[loop_uid], written=in_words(counts, loops[loop_uid].voices))
        for loop_uid, counts in languages_of(session, list(loops)).items()
    }
    return [found.get(row.loop_uid, row) if isinstance(row, OpenLoop) else row for row in rows]
