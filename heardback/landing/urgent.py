"""What nobody hears may be a disclosure: rows that stay behind, and words that the map does not list.

Both are screened when they land and not before, so they are looked through here.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Self

import pandas as pd

from heardback.checks.gate import Quarantined
from heardback.domain.plurals import some
from heardback.domain.record import Mapped
from heardback.domain.screening.judging import FLAGGED, screen
from heardback.domain.table import Note, add_up, note_rows, told
from heardback.landing.checked import Checked
from heardback.landing.reading import Reading
from heardback.sources.mapping.own_words import words_finder
from heardback.store import Pull

REASON = "its words may need a trained reader: see to it before the others"
UNHEARD = (
    "words that the map does not list, and nobody hears, may need a trained reader: list the question's options and "
    "write `own_words: yes` below them, then run heardback pull {source} --again"
)
UNKNOWN = (
    "words in a column that the map does not know, and nobody hears, may need a trained reader: give it a question of "
    "role comment, then run heardback pull {source} --again"
)
NOTE = "in quarantine may need a trained reader: heardback quarantine list --reason 'trained reader'"


@dataclass(frozen=True)
class Urgency:
    """Which quarantined rows are to be seen to first: those whose comments screening would hold.

    `comments` are the headers of comments, each with what finds the words in its cell: of a choice, what is none of its
    options. In a broken row any cell may be one, `broken` has all of its cells.
    """

    comments: dict[str, Callable[[str], str]]
    broken: dict[int, tuple[str, ...]]
    reading: Reading

    @classmethod
    def of(cls, checked: Checked, reading: Reading) -> Self:
        """For the rows of one table."""
        placed = [(place.question, column) for place in checked.mapper.outline.placed for column in place.columns]
        finders = {column: words_finder(question, column) for question, column in placed if question.role == "choice"}
        finders |= {column: str for question, column in placed if question.role == "comment"}
        broken = {row.row_number: row.cells for row in checked.mapper.table.broken}
        return cls(finders, broken, reading)

    def among(self, rows: Sequence[Quarantined]) -> set[int]:
        """The numbers of the urgent ones among these."""
        said = [(row.row_number, words) for row in rows for words in self._words(row) if words.strip()]
        if not said:
            return set()
        flagged = _flagged(pd.Series([words for _, words in said], dtype="str"), self.reading)
        return {number for (number, _), urgent in zip(said, flagged, strict=True) if urgent}

    def _words(self, row: Quarantined) -> Sequence[str]:
        kept = [self.comments[column](cell.strip()) for column, cell in row.cells.items() if column in self.comments]
        return self.broken.get(row.row_number, kept)


def note_urgent(pull: Pull, rows: int) -> None:
    """Have a pull say that so many of its rows are urgent; nothing where none is."""
    if rows:
        pull.add_note("urgent", f"{some(rows, 'row')} {NOTE}")


@dataclass(frozen=True)
class Unheard:
    """What is landing and beside it has words that no question hears: looked through, and told by counts alone.

    They stand in a choice that does not list them, or in a column that the map does not know: a form's new question.
    """

    source: str
    reading: Reading
    found: list[list[Note]] = field(default_factory=list)

    def look(self, part: Mapped, landing: pd.DataFrame) -> None:
        """Look through the words of those responses that are new or changed and no tests."""
        counted = landing.loc[landing["completion"] != "test", "row_number"]
        for unheard, what in ((part.unlisted, UNHEARD), (part.unknown, UNKNOWN)):
            if not unheard.empty:
                self.found.append(list(self._notes(unheard[unheard["row_number"].isin(counted)], what)))

    def told(self) -> list[Note]:
        """What the pull says of them; nothing where there is none."""
        return told(add_up(self.found))

    def _notes(self, unheard: pd.DataFrame, what: str) -> Iterator[Note]:
        if unheard.empty:
            return
        different = unheard["text"].drop_duplicates()
        urgent = unheard["text"].isin(different[_flagged(different, self.reading)])
        for column, rows in urgent.groupby(unheard["column"], sort=False):
            by_row = rows.set_axis(unheard.loc[rows.index, "row_number"])
            yield from note_rows("unheard", what.format(source=self.source), by_row, str(column))


def _flagged(texts: pd.Series, reading: Reading) -> "pd.Series[bool]":
    """Which of these screening would hold back; nothing else is read in them."""
    return screen(texts, reading.phrases)["verdict"] == FLAGGED
