"""One answer in words, the same on board, poster, list and digest: what came of it, by when, what changed since."""

from datetime import date

from heardback.domain.words import Outcome
from heardback.reports.entries import BoardEntry
from heardback.reports.labels import LABELS
from heardback.reports.rendering import in_words

NOT_KNOWN = "We do not know yet. Tell us if it helped."


def kind_of(entry: BoardEntry, as_of: date) -> Outcome:
    """Its outcome; a promise that was kept by then is done."""
    kept = entry.outcome == Outcome.WILL and entry.kept_on is not None and entry.kept_on <= as_of
    return Outcome.DONE if kept else Outcome(entry.outcome)


def label_of(entry: BoardEntry, as_of: date) -> str:
    """`We did`, or `We will, by 4 December 2026`."""
    kind = kind_of(entry, as_of)
    return LABELS[kind] + (f", by {in_words(entry.by_date)}" if kind == Outcome.WILL else "")


def lines_of(entry: BoardEntry, as_of: date) -> list[str]:
    """The answer; that a promise was kept, or is late; and why the rest cannot be had."""
    promised, is_kept = in_words(entry.by_date), kind_of(entry, as_of) != entry.outcome
    done = [f"We said by {promised}. It was done on {in_words(entry.kept_on)}."] if is_kept else []
    late = [f"This is late. We said {promised}."] if is_late(entry, as_of) else []
    rest = [f"We can’t do the rest, because: {entry.because}"] if entry.because else []
    return [entry.wording, *done, *late, *rest]


def is_late(entry: BoardEntry, as_of: date) -> bool:
    """Whether a promise is past its date and not kept."""
    promised = entry.outcome == Outcome.WILL and entry.by_date is not None
    return promised and entry.kept_on is None and entry.by_date < as_of  # type: ignore[operator]


def difference_of(entry: BoardEntry) -> str:
    """What is known of the change since, as the page says it."""
    if entry.difference:
        return entry.difference
    promised = entry.outcome == Outcome.WILL and entry.kept_on is None
    if promised:
        return " ".join(["None yet. It is not done.", *_agreed(entry, "the plan answers it")])
    nobody_asked = "Nothing has changed. Now you know why." if entry.outcome == Outcome.CANNOT else NOT_KNOWN
    return next(iter(_agreed(entry, "this answers it")), nobody_asked)


def _agreed(entry: BoardEntry, it_does: str) -> list[str]:
    """What those told said of it, where they were asked."""
    if entry.agreed is None:
        return []
    return [f"People we told said {it_does if entry.agreed else 'this is not enough yet'}."]
