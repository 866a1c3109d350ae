"""How well identifying details are hidden, measured on labelled comments; no figure carries a word of them."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from heardback.domain.identifying.redaction import Span

Figures = dict[str, Any]
NAMES = ("name", "person")
OTHER_NAMES = ("user", "school", "place", "gamer", "screen")


@dataclass(frozen=True)
class Label:
    """Where somebody who read a comment saw something identifying: characters `start` up to `end`."""

    start: int
    end: int
    kind: str

    @property
    def is_name(self) -> bool:
        """Whether its kind is a person's name, whatever the labeller calls it."""
        kind = self.kind.lower()
        return any(word in kind for word in NAMES) and not any(word in kind for word in OTHER_NAMES)


@dataclass(frozen=True)
class Judged:
    """One comment, what a reader labelled in it, and what was found."""

    comment_id: str
    text: str
    labels: tuple[Label, ...]
    found: tuple[Span, ...]


def redaction_figures(comments: Sequence[Judged]) -> Figures:
    """Recall and precision in all, of names, of the rest and by kind; None where there is nothing to measure.

    A labelled span counts as found where any of its characters is hidden, and as whole where all of them are, the
    spaces between aside. A hidden span counts as right where any of its characters is labelled, whatever its kind.
    """
    labels = [(judged, label) for judged in comments for label in judged.labels]
    kinds = sorted({label.kind for _, label in labels})
    return {
        "comments": len(comments),
        **_recall(labels),
        "recall_characters": _share(*_characters(comments, of_labels=True)),
        **_precision(comments),
        "precision_characters": _share(*_characters(comments, of_labels=False)),
        "names": _recall([(judged, label) for judged, label in labels if label.is_name]),
        "without_names": _recall([(judged, label) for judged, label in labels if not label.is_name]),
        "by_kind": {kind: _recall([pair for pair in labels if pair[1].kind == kind]) for kind in kinds},
        "hidden_by_kind": _hidden_by_kind(comments),
        "hard_negatives": _hard_negatives(comments),
        "misses": [_place(judged, label) for judged, label in labels if not _is_found(judged, label)],
        "partly": [_place(judged, label) for judged, label in labels if _is_partly(judged, label)],
        "in_vain": [
            _place(judged, span) for judged in comments for span in judged.found if not _is_right(judged, span)
        ],
    }


def _recall(labels: Sequence[tuple[Judged, Label]]) -> Figures:
    found = sum(_is_found(judged, label) for judged, label in labels)
    whole = sum(_is_whole(judged, label) for judged, label in labels)
    counts = {"spans": len(labels), "found": found, "whole": whole}
    return {**counts, "recall": _share(found, len(labels)), "recall_whole": _share(whole, len(labels))}


def _precision(comments: Sequence[Judged]) -> Figures:
    hidden = sum(len(judged.found) for judged in comments)
    right = sum(_is_right(judged, span) for judged in comments for span in judged.found)
    return {"hidden": hidden, "right": right, "precision": _share(right, hidden)}


def _hidden_by_kind(comments: Sequence[Judged]) -> dict[str, Figures]:
    hidden = Counter(code_of(span) for judged in comments for span in judged.found)
    right = Counter(code_of(span) for judged in comments for span in judged.found if _is_right(judged, span))
    return {
        kind: {"hidden": hidden[kind], "right": right[kind], "precision": _share(right[kind], hidden[kind])}
        for kind in sorted(hidden)
    }


def _hard_negatives(comments: Sequence[Judged]) -> Figures:
    """Comments without a label in which something was hidden all the same."""
    without = [judged for judged in comments if not judged.labels]
    touched = [judged.comment_id for judged in without if judged.found]
    return {
        "comments": len(without),
        "touched": len(touched),
        "share": _share(len(touched), len(without)),
        "ids": touched,
    }


def _characters(comments: Sequence[Judged], *, of_labels: bool) -> tuple[int, int]:
    """Characters that are labelled and hidden, and those labelled (or those hidden)."""
    both = total = 0
    for judged in comments:
        labelled, hidden = _covered(judged.labels), _covered(judged.found)
        both += len(labelled & hidden)
        total += len(labelled if of_labels else hidden)
    return both, total


def _covered(spans: Iterable[Label | Span]) -> set[int]:
    return {place for span in spans for place in range(span.start, span.end)}


def _is_found(judged: Judged, label: Label) -> bool:
    return any(span.start < label.end and label.start < span.end for span in judged.found)


def _is_whole(judged: Judged, label: Label) -> bool:
    left = _covered([label]) - _covered(judged.found)
    return all(judged.text[place].isspace() for place in left)


def _is_partly(judged: Judged, label: Label) -> bool:
    return _is_found(judged, label) and not _is_whole(judged, label)


def _is_right(judged: Judged, span: Span) -> bool:
    return any(span.start < label.end and label.start < span.end for label in judged.labels)


def code_of(span: Span) -> str:
    """A kind as files and figures name it: `nhs_number`."""
    return span.kind.name.lower()


def _place(judged: Judged, span: Label | Span) -> Figures:
    kind = span.kind if isinstance(span, Label) else code_of(span)
    return {"id": judged.comment_id, "start": span.start, "end": span.end, "kind": kind}


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None
