"""Labelled comments and changes as JSON lines, read whole or refused with file and line."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from heardback.errors import Unreadable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

Row = dict[str, Any]


@dataclass(frozen=True)
class Labelled:
    """Comments and changes in the columns that `match` takes; `gold` holds the right changes of each judged comment.

    `comments` has two more columns: kind (what sort of comment, may be empty) and group (comments that belong together
    and must not be split between learning and measuring).
    """

    comments: pd.DataFrame
    changes: pd.DataFrame
    gold: dict[str, frozenset[str]]


def read_labelled(comments_path: Path, changes_path: Path, links_path: Path | None = None) -> Labelled:
    """Read {id, service, date, text, gold?, kind?, group?}, {id, service, date, text or we_did, you_said?, title?} and,
    instead of gold, {comment, change}. A line that is not so raises Unreadable; no message carries a text.
    """
    changes = _read_unique(changes_path, ("id", "service", "date"))
    for number, row in changes:
        if "text" not in row and "we_did" not in row:
            raise _fault(changes_path, number, "neither 'text' nor 'we_did' is there", "say what the change was")
    comments = _read_unique(comments_path, ("id", "service", "date", "text"))
    known = {row["id"] for _, row in changes}
    if links_path is None:
        gold = _gold_of_rows(comments_path, comments, known)
    else:
        gold = _gold_of_links(links_path, {row["id"] for _, row in comments}, known)
    return Labelled(_comments([row for _, row in comments]), _changes([row for _, row in changes]), gold)


def _read_unique(path: Path, keys: Sequence[str]) -> list[tuple[int, Row]]:
    seen: dict[str, int] = {}
    rows = []
    for number, row in read_lines(path, keys):
        _check_date(path, number, row)
        if row["id"] in seen:
            raise _fault(path, number, f"the id stands on line {seen[row['id']]} already", "give each row its own id")
        seen[row["id"]] = number
        rows.append((number, row))
    return rows


def read_lines(path: Path, keys: Sequence[str]) -> Iterator[tuple[int, Row]]:
    """Each row with its line number; every key in `keys` is there and is text (or null: empty)."""
    try:
        lines = path.read_text(encoding="utf-8-sig").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        what = (
            "the file is missing" if isinstance(error, FileNotFoundError) else "the file cannot be read as UTF-8 text"
        )
        raise Unreadable(what, where=str(path), do="name a file of JSON lines") from None
    for number, line in enumerate(lines, start=1):
        if line.strip():
            yield number, _parse(path, number, line, keys)


def _parse(path: Path, number: int, line: str, keys: Sequence[str]) -> Row:
    try:
        row = json.loads(line)
    except ValueError:
        row = None
    if not isinstance(row, dict):
        raise _fault(path, number, "not a JSON object", "write one JSON object on each line")
    for key in keys:
        if key not in row:
            raise _fault(path, number, f"the key '{key}' is missing", f"each row needs {', '.join(keys)}")
    for key in {*keys, "text", "title", "you_said", "we_did", "kind", "group"} & set(row):
        row[key] = "" if row[key] is None else row[key]
        if not isinstance(row[key], str):
            raise _fault(path, number, f"'{key}' is not text", "put it in quotation marks")
    return row


def _check_date(path: Path, number: int, row: Row) -> None:
    if row["date"] and pd.isna(pd.to_datetime(row["date"], errors="coerce", format="ISO8601")):
        raise _fault(path, number, "'date' is not a date", "write it as 2026-11-21, or leave it empty")


def _gold_of_rows(path: Path, comments: list[tuple[int, Row]], known: set[str]) -> dict[str, frozenset[str]]:
    gold = {}
    for number, row in comments:
        if row.get("gold") is None:
            continue
        if not isinstance(row["gold"], list) or not all(isinstance(change, str) for change in row["gold"]):
            raise _fault(path, number, "'gold' is not a list of change ids", 'write it as ["C-1"], or [] for none')
        if strangers := sorted(set(row["gold"]) - known):
            raise _fault(path, number, f"'gold' names {strangers[0]}, which is no change", "name a change of the file")
        gold[row["id"]] = frozenset(row["gold"])
    return gold


def _gold_of_links(path: Path, comments: set[str], changes: set[str]) -> dict[str, frozenset[str]]:
    gold: dict[str, frozenset[str]] = dict.fromkeys(comments, frozenset())
    for number, row in read_lines(path, ("comment", "change")):
        for key, known in (("comment", comments), ("change", changes)):
            if row[key] not in known:
                raise _fault(path, number, f"'{key}' is {row[key]}, which is not there", f"name a {key} of its file")
        gold[row["comment"]] |= {row["change"]}
    return gold


def _comments(rows: list[Row]) -> pd.DataFrame:
    columns = {"comment_uid": "id", "service_code": "service", "heard_on": "date", "text": "text"}
    frame = pd.DataFrame({column: [row[key] for row in rows] for column, key in columns.items()}, dtype="str")
    return frame.assign(
        kind=[row.get("kind", "") for row in rows], group=[row.get("group") or row["id"] for row in rows]
    )


def _changes(rows: list[Row]) -> pd.DataFrame:
    columns = {"change_uid": "id", "service_code": "service", "changed_on": "date"}
    frame = pd.DataFrame({column: [row[key] for row in rows] for column, key in columns.items()}, dtype="str")
    return frame.assign(
        title=[row.get("title", "") for row in rows],
        you_said=[row.get("you_said", "") for row in rows],
        we_did=[row.get("we_did") or row.get("text", "") for row in rows],
    )


def _fault(path: Path, number: int, what: str, do: str) -> Unreadable:
    return Unreadable(what, where=f"{path}:{number}", do=do)
