"""Screening for disclosures: measured on labelled comments, and learned from them."""

import json
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from config.reading import read_model
from config.screening import ScreeningPhrases, read_screening
from config.settings import from_environment
from config.weights import ASKS, EXAMPLES, SHIPPED, write_weights
from heardback.domain.screening.judging import CLEAR, FLAGGED, read_aloud, screen
from heardback.domain.screening.learning import learn
from heardback.domain.screening.learning_gist import learn_gist
from heardback.domain.screening.screening_figures import DISCLOSURE, LABELS, screening_figures
from heardback.errors import ConfigurationError, Unreadable
from heardback.matching.encoder import MiniLM, open_encoder
from heardback.matching.labelled import read_lines
from tasks.step import step


@step()
def evaluate_screening(comments: Path, predictions: Path | None) -> dict[str, Any]:
    """Figures of a file of JSON lines {id, text, label: disclosure | not}; one line a comment to `predictions`.

    Under the council's own list and weights where there are any, otherwise those that are shipped. Raises Unreadable
    with file and line, ConfigurationError. No figure, prediction or error carries a comment's words.
    """
    labelled = _read(comments)
    phrases = _phrases()
    started = time.perf_counter()
    judged = labelled.join(screen(labelled["text"], phrases))
    seconds = round(time.perf_counter() - started, 3)
    if predictions is not None:
        _write(predictions, judged)
    return {**screening_figures(judged), "edition": phrases.edition, "seconds": seconds}


@step()
def learn_weights(comments: Sequence[Path]) -> dict[str, Any]:
    """Learn from the shipped examples and from these, and write what was learned into the council's configuration.

    About a minute. Raises Unreadable with file and line; ConfigurationError, also where the sentence encoder's files
    are not there, which know how words are used.
    """
    folder = from_environment().config
    phrases, encoder = _list_alone(folder), _encoder()
    examples = pd.concat([_read(path) for path in (SHIPPED / EXAMPLES, *comments)], ignore_index=True)
    texts, labels = examples["text"].tolist(), (examples["label"] == DISCLOSURE).tolist()
    read, reasons, _ = read_aloud(texts, phrases)
    asks = _read_asks(phrases)
    read, reasons = [*read, *asks], [*reasons, *[[] for _ in asks]]
    is_disclosure = [*labels, *[False] * len(asks)]
    words = sorted({*encoder.words(), *(word for text in read for word in text.split() if word.isalpha())})
    weights, gist = (
        learn(read, reasons, is_disclosure),
        learn_gist(read, is_disclosure, words, encoder.word_vectors(words)),
    )
    counts = {"disclosures": sum(labels), "others": len(labels) - sum(labels), "asks": len(asks)}
    learned_from = "{disclosures} disclosures, {others} others and {asks} asks of services".format(**counts)
    path = write_weights(folder, weights, learned_from, gist)
    return {"file": str(path), **counts, "weights": len(weights), "words": len(words)}


def _read_asks(phrases: ScreeningPhrases) -> list[str]:
    """What the matcher's examples ask of services, as it is weighed: ordinary comments in which no phrase is found."""
    changes = map(json.loads, (SHIPPED / ASKS).read_text(encoding="utf-8").splitlines())
    asks = [comment["text"] for change in changes for comment in change["comments"]]
    read, _, verdicts = read_aloud(asks, phrases)
    return [ask for ask, verdict in zip(read, verdicts, strict=True) if verdict == CLEAR]


def _encoder() -> MiniLM:
    encoder = open_encoder()
    if encoder is None:
        raise ConfigurationError(["the sentence encoder is not installed; without it nothing can be learned"])
    return encoder


def _phrases() -> ScreeningPhrases:
    folder = from_environment().config
    phrases, faults = read_screening(folder if (folder / "screening.yaml").exists() else SHIPPED)
    if phrases is None:
        raise ConfigurationError(faults)
    return phrases


def _list_alone(folder: Path) -> ScreeningPhrases:
    """Without weights: they are what is to be written, and may be what is wrong."""
    phrases, _, faults = read_model(ScreeningPhrases, folder / "screening.yaml")
    if phrases is None:
        raise ConfigurationError(faults)
    return phrases


def _read(path: Path) -> pd.DataFrame:
    rows = []
    seen: dict[str, int] = {}
    for number, row in read_lines(path, ("id", "text", "label")):
        where = f"{path}:{number}"
        if row["id"] in seen:
            what = f"the id stands on line {seen[row['id']]} already"
            raise Unreadable(what, where=where, do="give each comment its own id")
        if row["label"] not in LABELS:
            raise Unreadable("the label is not known", where=where, do=f"write one of: {', '.join(LABELS)}")
        seen[row["id"]] = number
        rows.append({key: row[key] for key in ("id", "text", "label")})
    if not rows:
        raise Unreadable("no comment is in it", where=str(path), do="write one JSON object on each line")
    return pd.DataFrame(rows)


def _write(path: Path, judged: pd.DataFrame) -> None:
    """Which comments were held back, how soon they are read, and why: no words."""
    lines = [
        json.dumps(
            {
                "id": row["id"],
                "withheld": row["verdict"] == FLAGGED,
                "priority": int(row["priority"]),
                "reasons": row["reasons"],
            }
        )
        for row in judged.to_dict("records")
    ]
    try:
        path.write_text("".join(line + "\n" for line in lines), encoding="utf-8")
    except OSError:
        raise Unreadable(
            "the predictions could not be written there", where=str(path), do="name a file in a folder that is there"
        ) from None
