"""A question as the draft of a map proposes it, and what of a column's cells stands beside it."""

import re
from dataclasses import dataclass, field

FEW = 12  # different answers that one question has
LONGEST_OPTION = 60  # characters
WHOLE = re.compile(r"^-?\d{1,2}(?:\.0)?$")


@dataclass
class Guess:
    """A question for the draft: its keys, what a person must fill in, what is unsure, and a word on its cells."""

    keys: dict[str, object]
    seen: str = ""
    unsure: list[str] = field(default_factory=list)
    fill: dict[str, str] = field(default_factory=dict)


def samples(distinct: list[str]) -> str:
    """The first of the different cells."""
    return "e.g. " + ", ".join(_short(cell) for cell in distinct[:3]) if distinct else "every cell is empty"


def seen_few(distinct: list[str]) -> str:
    """As many of them as a question has options."""
    return ", ".join(_short(cell) for cell in distinct[:FEW])


def _short(cell: str) -> str:
    flat = " ".join(cell.split())
    return f'"{flat if len(flat) <= 40 else flat[:39] + "…"}"'
