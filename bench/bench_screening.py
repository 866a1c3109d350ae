"""How fast comments are screened: 100,000 of them, and one comment more, however many there were before it.

The comments are the labelled ones of the tests and the examples, each with a number behind it so that no two are the
same; four in ten of them are disclosures, far more than in life. Seconds are those of one core at work, whatever else
the machine does. The aim is 60.
"""

import json
import time
from itertools import cycle, islice
from pathlib import Path

import pandas as pd

from config.screening import read_screening
from heardback.domain.screening.judging import screen

COMMENTS = 100_000
ROOT = Path(__file__).parents[1]
LABELLED = [
    *sorted((ROOT / "tests" / "domain").glob("screening_*.jsonl")),
    ROOT / "config" / "screening_examples.jsonl",
]


def draw() -> pd.Series:
    """Labelled comments, over and over, no two alike."""
    lines = [line for path in LABELLED for line in path.read_text("utf-8").splitlines()]
    texts = cycle(json.loads(line)["text"] for line in lines)
    return pd.Series([f"{text} {number}" for number, text in enumerate(islice(texts, COMMENTS))])


def say(name: str, seconds: float, note: str = "") -> None:
    """One line of the result."""
    print(f"{name:<52} {seconds:7.3f} s   {note}")  # noqa: T201


def main() -> None:
    """Measure and print; each line says what it is a measure of."""
    started = time.process_time()
    phrases, faults = read_screening(ROOT / "config")
    if phrases is None:
        raise SystemExit(str(faults[0]))
    screen(pd.Series(["ready"]), phrases)
    say("the list and the weights read and made ready", time.process_time() - started)
    texts = draw()
    started = time.process_time()
    held = int((screen(texts, phrases)["verdict"] == "flagged").sum())
    letters = texts.str.len().mean()
    say(f"n = {COMMENTS:,} comments of {letters:.0f} characters", time.process_time() - started, f"{held:,} held back")
    started = time.process_time()
    screen(texts[:1], phrases)
    say(f"one comment more, after {COMMENTS:,}", time.process_time() - started)


if __name__ == "__main__":
    main()
