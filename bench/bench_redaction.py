"""How fast identifying details are found: 100,000 comments, and one hostile comment of 30,000 characters per shape.

The comments are the labelled ones of the tests, over and over: half of them hold something identifying, far more than
in life, and each takes longer for it. Seconds are those of one core at work, whatever else the machine does.
"""

import json
import time
from itertools import cycle, islice
from pathlib import Path

from heardback.domain.identifying.redaction import Redactor

COMMENTS, LENGTH = 100_000, 30_000
LABELLED = Path(__file__).parents[1] / "tests" / "domain"
HOSTILE = {
    "names": "Josh ",
    "figures": "0 1 ",
    "doors": "12 A ",
    "at": "a@",
    "schools": "Oak School ",
    "unlisted": "Zyv and ",
}


def draw() -> list[str]:
    """The labelled comments, repeated."""
    lines = [
        line for path in sorted(LABELLED.glob("identifying_*.jsonl")) for line in path.read_text("utf-8").splitlines()
    ]
    return list(islice(cycle(json.loads(line)["text"] for line in lines), COMMENTS))


def say(name: str, seconds: float, note: str = "") -> None:
    """One line of the result."""
    print(f"{name:<44} {seconds:6.2f} s   {note}")  # noqa: T201


def main() -> None:
    """Measure and print; each line says what it is a measure of."""
    started = time.process_time()
    redactor = Redactor.of()
    say("the shipped lists read", time.process_time() - started)
    texts = draw()
    started = time.process_time()
    found = sum(len(redactor.find(text)) for text in texts)
    seconds = time.process_time() - started
    letters = sum(map(len, texts)) / len(texts)
    say(f"n = {len(texts):,} comments of {letters:.0f} characters", seconds, f"{found:,} spans found")
    for name, piece in HOSTILE.items():
        text = (piece * LENGTH)[:LENGTH]
        started = time.process_time()
        redactor.find(text)
        say(f"one comment of {LENGTH:,} characters: {name}", time.process_time() - started)


if __name__ == "__main__":
    main()
