"""What stays behind may be a disclosure: it is screened when it lands and not before, so it is looked through here."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Self

import pandas as pd

from heardback.checks.gate import Quarantined
from heardback.domain.plurals import some
from heardback.domain.screening import FLAGGED
from heardback.landing.checked import Checked
from heardback.landing.reading import Reading

REASON = "its words may need a trained reader: see to it before the others"
NOTE = "in quarantine may need a trained reader: heardback quarantine list --reason 'trained reader'"


@dataclass(frozen=True)
class Urgency:
    """Which quarantined rows are to be seen to first: those whose comments screening would hold.

    `comments` are the headers of comments; in a broken row any cell may be one, `broken` has all of its cells.
    """

    comments: Collection[str]
    broken: dict[int, tuple[str, ...]]
    reading: Reading

    @classmethod
    def of(cls, checked: Checked, reading: Reading) -> Self:
        """For the rows of one table."""
        placed = [place for place in checked.mapper.outline.placed if place.question.role == "comment"]
        broken = {row.row_number: row.cells for row in checked.mapper.table.broken}
        return cls({column for place in placed for column in place.columns}, broken, reading)

    def among(self, rows: Sequence[Quarantined]) -> set[int]:
        """The numbers of the urgent ones among these."""
        said = [(row.row_number, words) for row in rows for words in self._words(row) if words.strip()]
        if not said:
            return set()
        read = self.reading.of(pd.Series([words for _, words in said], dtype="str"))
        return {number for (number, _), verdict in zip(said, read["verdict"], strict=True) if verdict == FLAGGED}

    def _words(self, row: Quarantined) -> Sequence[str]:
        kept = [cell for column, cell in row.cells.items() if column in self.comments]
        return self.broken.get(row.row_number, kept)


def note_of(rows: int) -> list[dict[str, str]]:
    """What a pull says of so many urgent rows; nothing where there is none."""
    return [{"code": "urgent", "what": f"{some(rows, 'row')} {NOTE}"}] if rows else []
