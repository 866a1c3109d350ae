"""Nested answers (pages, questions, answers) laid out as a table: a row for each response, a column for each question.

{"id": 7, "pages": [{"questions": [{"title": "What helped?",        id  What helped?
  "answers": [{"choice": "Clubs"}, {"choice": "Trips"}]}]}]}    →   7   Clubs;Trips
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from heardback.domain.table import Note, Table
from heardback.errors import Unreadable
from heardback.sources.tables.headers import clean_header, name_columns
from heardback.sources.tables.repair import repair

Key = tuple[str, ...]  # what a column is about: a fact's name, or a question's id and the part of it


@dataclass
class AnswerSheet:
    """Filled row by row; columns stand in the order in which they were named, and stay blank where nobody answered."""

    delimiter: str
    notes: list[Note] = field(default_factory=list)
    _headers: dict[Key, str] = field(default_factory=dict)
    _labels: dict[Key, str] = field(default_factory=dict)
    _rows: list[dict[Key, list[str]]] = field(default_factory=list)

    def column(self, key: Key, header: str, label: str = "") -> None:
        """Name a column, unless it has a name; `label` is the question's text where the header is a code."""
        self._headers.setdefault(key, header)
        if label and label != header:
            self._labels.setdefault(key, label)

    def row(self, facts: Mapping[str, object]) -> None:
        """Begin the row of a response with what is known beside its answers."""
        self._rows.append({})
        for name, value in facts.items():
            self.column((name,), name)
            self.put((name,), value)

    def put(self, key: Key, value: object) -> None:
        """One answer of the response begun last; several in one place are joined by the delimiter."""
        if text := text_of(value):
            self._rows[-1].setdefault(key, []).append(text)

    def note(self, note: Note) -> None:
        """Say something of the whole, once."""
        if note not in self.notes:
            self.notes.append(note)

    def has(self, key: Key) -> bool:
        """Whether a column has been named."""
        return key in self._headers

    def table(self, name: str) -> Table:
        """All of it; the row number is the response's place in the drop, from 1."""
        headers = name_columns([list(self._headers.values())])
        cells = [[self.delimiter.join(dict.fromkeys(row.get(key, []))) for key in self._headers] for row in self._rows]
        index = pd.RangeIndex(1, len(cells) + 1).astype("int64")
        frame, repaired = repair(pd.DataFrame(cells, columns=headers.names, index=index, dtype="str"))
        named = dict(zip(self._headers, headers.names, strict=True))
        return Table(
            frame,
            name=name,
            encoding="utf-8",
            notes=[*headers.notes, *self.notes, *repaired],
            labels={named[key]: label for key, label in self._labels.items()},
        )


def header_of(question: str, *parts: str) -> str:
    """`Rate us [Welcome]`: a question and the part of it, as in a file with two header rows."""
    spoken = [part for part in parts if part]
    return f"{question} [{' / '.join(spoken)}]" if spoken else question


def plain(label: object) -> str:
    """A question's or an option's text without the HTML that the tool's editor put there."""
    return clean_header(text_of(label))


def text_of(value: object) -> str:
    """A value of JSON as a cell: nothing for null, yes or no, a number as written; halves of characters replaced."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value).encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def parts_of(value: Any, key: str) -> list[dict[str, Any]]:
    """The objects in a list within an object; none where it has none."""
    found = value.get(key) if isinstance(value, dict) else None
    return [part for part in found if isinstance(part, dict)] if isinstance(found, list) else []


def objects_in(lists: Iterable[Any]) -> list[dict[str, Any]]:
    """The objects of several lists. Raises TypeError where one is no list, or holds anything else: it would be lost."""
    found = [entry for each in lists for entry in each]
    if not all(isinstance(entry, dict) for entry in found):
        raise TypeError
    return found


def object_of(value: Any, key: str) -> dict[str, Any]:
    """The object within an object; an empty one where it has none."""
    found = value.get(key) if isinstance(value, dict) else None
    return found if isinstance(found, dict) else {}


def not_as_documented(name: str, tool: str) -> Unreadable:
    """The refusal of a document whose shape is not the tool's."""
    return Unreadable(
        f"this is not what {tool} sends", where=name, do="pull again; if it stays so, its API has changed"
    )
