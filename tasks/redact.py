"""Hiding identifying details, measured on labelled comments under the council's own lists where there are any."""

import json
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from config.directory import Directory
from config.privacy import PrivacyLists
from config.reading import read_model
from config.settings import from_environment
from heardback.domain.identifying.redaction import Redactor
from heardback.domain.identifying.redaction_figures import Judged, Label, code_of, redaction_figures
from heardback.errors import ConfigurationError, Unreadable
from heardback.matching.labelled import read_lines
from tasks.step import step

SPAN = 'write each as {"start": 3, "end": 15, "kind": "phone"}, characters counted from 0'


@step()
def evaluate_redactor(comments: Path, predictions: Path | None) -> dict[str, Any]:
    """Figures of a file of JSON lines {id, text, spans: [{start, end, kind}]}; one line a comment to `predictions`.

    Raises Unreadable with file and line where a file is not as it should be, ConfigurationError where the council's
    own lists are not. No figure, prediction or error carries a comment's words.
    """
    labelled = list(_read(comments))
    redactor = _redactor()
    started = time.perf_counter()
    judged = [Judged(name, text, labels, tuple(redactor.find(text))) for name, text, labels in labelled]
    seconds = round(time.perf_counter() - started, 3)
    if predictions is not None:
        _write(predictions, judged)
    return {**redaction_figures(judged), "seconds": seconds}


def _redactor() -> Redactor:
    """With privacy.yaml and the directory's names, each where there is one."""
    folder = from_environment().config
    lists, _, faults = read_model(PrivacyLists, folder / "privacy.yaml")
    if lists is None and (folder / "privacy.yaml").exists():
        raise ConfigurationError(faults)
    directory, _, faults = read_model(Directory, folder / "services.yaml")
    if directory is None and (folder / "services.yaml").exists():
        raise ConfigurationError(faults)
    people = directory.people.values() if directory else ()
    return Redactor.of(lists, [person.name for person in people])


def _read(path: Path) -> Iterator[tuple[str, str, tuple[Label, ...]]]:
    seen: dict[str, int] = {}
    for number, row in read_lines(path, ("id", "text")):
        if row["id"] in seen:
            what = f"the id stands on line {seen[row['id']]} already"
            raise Unreadable(what, where=f"{path}:{number}", do="give each comment its own id")
        seen[row["id"]] = number
        yield row["id"], row["text"], tuple(_labels(path, number, row))
    if not seen:
        raise Unreadable("no comment is in it", where=str(path), do="write one JSON object on each line")


def _labels(path: Path, number: int, row: dict[str, Any]) -> Iterator[Label]:
    spans = row.get("spans")
    if not isinstance(spans, list):
        raise Unreadable("'spans' is not a list", where=f"{path}:{number}", do="write [] where nothing is identifying")
    for place, span in enumerate(spans, start=1):
        if fault := _fault(span, len(row["text"])):
            raise Unreadable(f"span {place}: {fault}", where=f"{path}:{number}", do=SPAN)
        yield Label(span["start"], span["end"], span["kind"])


def _fault(span: object, length: int) -> str:
    """What is wrong with one labelled span of a text so many characters long; empty where nothing is."""
    if not isinstance(span, dict):
        return "not an object"
    start, end, kind = span.get("start"), span.get("end"), span.get("kind")
    if type(start) is not int or type(end) is not int:
        return "'start' and 'end' are not both whole numbers"
    if not 0 <= start < end <= length:
        return f"{start} to {end} lies outside the text, which has {length} characters, or is empty"
    return "" if isinstance(kind, str) and kind.strip() else "'kind' is not text"


def _write(path: Path, comments: Sequence[Judged]) -> None:
    lines = (
        {
            "id": judged.comment_id,
            "spans": [{"start": span.start, "end": span.end, "kind": code_of(span)} for span in judged.found],
        }
        for judged in comments
    )
    path.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines), encoding="utf-8")
