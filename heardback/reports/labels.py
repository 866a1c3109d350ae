"""What an outcome is called wherever people read it."""

from collections.abc import Mapping

from heardback.domain.words import Outcome

LABELS: Mapping[Outcome, str] = {
    Outcome.DONE: "We did",
    Outcome.WILL: "We will",
    Outcome.PARTLY: "We did part of it",
    Outcome.CANNOT: "We can’t, because",
    Outcome.ALREADY: "It is already here",
}
