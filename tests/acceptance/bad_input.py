"""What each of the 70 cases of bad input must come to: how it is made, its fate, and what is told of it."""

import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

from tests.desk import Desk

REJECTED, QUARANTINED, FLAGGED, NORMALISED = "R", "Q", "F", "N"
CANARY = "zebra"  # stands in what is said; no message may repeat it
HEADER = "id,when,stars,helped,say,ok"
SURVEY: dict[str, Any] = {
    "source": "survey",
    "name": "Survey",
    "tool": "other",
    "channel": "online_survey",
    "service": "youth",
    "dates": ["%d/%m/%Y"],
    "natural_key": ["id"],
    "file": {"path": "../inbox/survey/*"},
    "questions": [
        {"column": "id", "role": "record_id"},
        {"column": "when", "role": "submitted_on"},
        {"column": "stars", "role": "rating", "code": "stars", "scale": {"1": 1, "5": 5}},
        {"column": "helped", "role": "choice", "code": "helped", "multi": "delimited", "delimiter": ";",
         "options": ["Staff", "Trips", "Food"]},
        {"column": "say", "role": "comment", "code": "say"},
        {"column": "ok", "role": "consent_publish", "true_values": ["Yes"], "false_values": ["No"]},
    ],
}  # fmt: skip
Drops = Mapping[str, bytes]
Check = Callable[[Desk], None]


@dataclass(frozen=True)
class Case:
    """One case: what is dropped for each pull, and what becomes of the last file of the last of them.

    `told` stands in the error of a rejected file, in the reasons of a quarantined row, and in the notes of what was
    flagged or normalised. `fates` are those of the file's rows, and sum to what was read. `then` looks at more.
    """

    number: int
    title: str
    fate: str
    pulls: Sequence[Drops]
    told: str = ""
    fates: Mapping[str, int] = field(default_factory=dict)
    map: Mapping[str, Any] = field(default_factory=dict)
    file: Mapping[str, Any] = field(default_factory=dict)
    policy: Mapping[str, Any] = field(default_factory=dict)
    status: str = "landed"
    blank_rows: int = 0
    then: Check | None = None

    @property
    def source(self) -> dict[str, Any]:
        return {**SURVEY, **self.map, "file": {**SURVEY["file"], **self.file}}


def one(number: int, title: str, fate: str, content: bytes | str, told: str = "", **more: Any) -> Case:
    """A case of one file, `export.csv` unless `name` says otherwise."""
    name = more.pop("name", "export.csv")
    return Case(number, title, fate, [{name: as_bytes(content)}], told, **more)


def as_bytes(content: bytes | str) -> bytes:
    return content if isinstance(content, bytes) else content.encode()


def line(number: int | str, say: str = f"{CANARY} more seats", when: str = "01/09/2026", **cells: str) -> str:
    """A row of the survey."""
    row = {"stars": "", "helped": "", "ok": "", **cells}
    return ",".join([str(number), when, row["stars"], row["helped"], say, row["ok"]])


def table(*lines: str, header: str = HEADER) -> str:
    """A file of these rows."""
    return "\n".join([header, *lines]) + "\n"


def question(column: str, role: str, **more: Any) -> dict[str, Any]:
    return {"column": column, "role": role, **more}


def with_question(column: str, /, **more: Any) -> dict[str, Any]:
    """A map whose question for one column is another."""
    asked = [{**known, **more} if known["column"] == column else known for known in SURVEY["questions"]]
    return {"questions": asked}


def zipped(**members: bytes) -> bytes:
    """A zip of these files; `_` in a name stands for a dot."""
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name.replace("_", "."), content)
    return buffer.getvalue()
