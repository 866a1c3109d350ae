"""What `heardback screen learn` wrote from labelled examples: what words weigh, and the gist beside them."""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from config import gist as gists
from config.reading import Fault

NAME = "screening_weights.tsv"
EXAMPLES = "screening_examples.jsonl"
ASKS = "matching_examples.jsonl"
SHIPPED = Path(__file__).parent
HEADER = "# sign\tweight"
BESIDE = re.compile(rf"^# Beside {re.escape(gists.NAME)} ([0-9a-f]{{8}})$", re.MULTILINE)
AGAIN = "`heardback screen learn` writes both anew"


@dataclass(frozen=True)
class Weights:
    """Weights by sign (a word, two neighbours, a run of letters), known by the digest of their file.

    That file names the gist that was learned with them, so that the digest says which both are.
    """

    digest: str
    by_sign: Mapping[str, float] = field(compare=False, repr=False)
    gist: gists.Gist | None = field(default=None, compare=False, repr=False)


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
    gist, faults = _gist_beside(path, content)
    return (None if faults else Weights(gists.digest_of(content.encode()), weights, gist)), faults


def _gist_beside(path: Path, content: str) -> tuple[gists.Gist | None, list[Fault]]:
    """The gist that the weights name, which lies in their folder; None where they name none."""
    named, place = BESIDE.search(content), path.parent / gists.NAME
    if named is None:
        return None, []
    try:
        gist, digest = gists.read_gist(place)
    except (OSError, ValueError, KeyError):
        return None, [Fault(str(place), 1, f"the file cannot be read; {AGAIN}")]
    if digest != named[1]:
        return None, [Fault(str(place), 1, f"not the one that {NAME} was learned with; {AGAIN}")]
    return gist, []


def write_weights(folder: Path, weights: Mapping[str, float], learned_from: str, gist: gists.Gist) -> Path:
    """Write both into a configuration folder; `learned_from` says what they come from. Returns the weights' file."""
    packed = gists.pack_gist(gist)
    (folder / gists.NAME).write_bytes(packed)
    lines = [f"# Written by `heardback screen learn` from {learned_from}. Not for editing: edit the examples."]
    lines += [f"# Beside {gists.NAME} {gists.digest_of(packed)}", HEADER]
    lines += [f"{sign}\t{weight:g}" for sign, weight in sorted(weights.items())]
    path = folder / NAME
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def _is_number(text: str) -> bool:
    try:
        return math.isfinite(float(text))
    except ValueError:
        return False
