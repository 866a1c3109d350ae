"""Whether answers say anything: a specific ask, a decision, a date, an owner, and words that a child can read."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from heardback.domain.measures.figures import Table, Unit, counted
from heardback.domain.measures.rates import share

PARTS = {
    "specific_ask": ("Name a specific ask", "The title names at least one thing that could be done or not done."),
    "says_what": ("Say what was decided", "The wording says more than that people were listened to."),
    "dated": ("Have a date", "The decision has its date, and a promise the date by which it will be kept."),
    "owned_by": ("Have an owner", "A named owner accepted it."),
    "readable": ("Can be read at nine", "Flesch and Kincaid's reading age of the wording is 9 years or less."),
}


@dataclass(frozen=True)
class AnswerChecks:
    """What is true of one answer, in the order of PARTS."""

    specific_ask: bool
    says_what: bool
    dated: bool
    owned_by: bool
    readable: bool


def response_quality(answers: Sequence[AnswerChecks], *, population: str = "") -> Table:
    """Of the loops decided in a period, the share whose answer has each part."""
    kept = np.array([[getattr(each, part) for part in PARTS] for each in answers]).reshape(-1, len(PARTS))
    rows = [counted("answered", len(answers), unit=Unit.LOOPS, label="Loops decided", within=())]
    rows += [
        share(
            part, int(kept[:, place].sum()), len(answers), label=label, definition=meaning, base="answered", within=()
        )
        for place, (part, (label, meaning)) in enumerate(PARTS.items())
    ]
    return Table("response_quality", "Quality of the answers", tuple(rows), "", population)
