"""screening_weights.tsv: what words weigh, as `heardback screen learn` wrote it from labelled examples."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from config.reading import Fault

NAME = "screening_weights.tsv"
EXAMPLES = "screening_examples.jsonl"
SHIPPED = Path(__file__).parent
CLASSES = "screening_classes.tsv"
HEADER = "# sign\tweight"


@dataclass(frozen=True)
class Weights:
    """Weights by sign (a word, its class, two neighbours, a run of letters), known by the digest of their file."""

    digest: str
    by_sign: Mapping[str, float] = field(compare=False, repr=False)


def read_weights(folder: Path) -> tuple[Weights | None, list[Fault]]:
    """The council's own weights where its folder has some, otherwise those that are shipped."""
    path = next(place / NAME for place in (folder, SHIPPED) if place == SHIPPED or (place / NAME).exists())
    try:
        content = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return None, [Fault(str(path), 1, "the file cannot be read; `heardback screen learn` writes it anew")]
    weights: dict[str, float] = {}
    for number, line in enumerate(content.splitlines(), start=1):
        if line.startswith("#"):
            continue
        sign, separator, weight = line.partition("\t")
        if not separator or not _is_number(weight):
            what = "not a sign, a tab and a number; `heardback screen learn` writes the file anew"
            return None, [Fault(str(path), number, what)]
        weights[sign] = float(weight)
    return Weights(sha256(content.encode()).hexdigest()[:8], weights), []


def read_classes() -> dict[str, int]:
    """By word the class it is of: words that are used alike. `bench/screening_classes.py` wrote the file."""
    lines = (SHIPPED / CLASSES).read_text(encoding="utf-8").splitlines()
    told = [line.split("\t") for line in lines if not line.startswith("#")]
    return {word: int(number) for number, words in told for word in words.split()}


def write_weights(folder: Path, weights: Mapping[str, float], learned_from: str) -> Path:
    """Write weights into a configuration folder; `learned_from` says what they come from. Returns the file."""
    lines = [f"# Written by `heardback screen learn` from {learned_from}. Not for editing: edit the examples.", HEADER]
    lines += [f"{sign}\t{weight:g}" for sign, weight in sorted(weights.items())]
    path = folder / NAME
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def _is_number(text: str) -> bool:
    try:
        return math.isfinite(float(text))
    except ValueError:
        return False
