"""Recall and precision of hiding, worked out by hand; and what the labelled sets of this project come to."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from config.privacy import PrivacyLists
from heardback.domain.identifying.redaction import Kind, Redactor, Span
from heardback.domain.identifying.redaction_figures import Judged, Label, redaction_figures

HERE = Path(__file__).parents[1]
SHOWN = yaml.safe_load((HERE.parents[1] / "config" / "privacy.yaml").read_text(encoding="utf-8"))["shown"]
SETS = ("identifying_dev", "identifying_measured", "identifying_fresh", "identifying_last")
#        0123456789012345678901234567890
SAID = "ask josh taylor on 07700 900123"
NAME, PHONE = Label(4, 15, "name"), Label(19, 31, "phone")


def figures_of(name: str) -> dict[str, Any]:
    """Of a labelled set, with the helplines and titles that are shipped as shown."""
    redactor = Redactor.of(PrivacyLists(shown=tuple(SHOWN)))
    comments = []
    for line in (HERE / f"{name}.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        labels = tuple(Label(**span) for span in row["spans"])
        comments.append(Judged(row["id"], row["text"], labels, tuple(redactor.find(row["text"]))))
    return redaction_figures(comments)


def judged(*found: Span, labels: tuple[Label, ...] = (NAME, PHONE), name: str = "c1", text: str = SAID) -> Judged:
    return Judged(name, text, labels, found)


def test_what_is_hidden_whole_in_part_or_not_at_all_is_told_apart() -> None:
    """
    labelled   josh taylor, 07700 900123      (11 and 12 characters)
    hidden     josh                           (4)
    """
    figures = redaction_figures([judged(Span(4, 8, Kind.NAME))])
    assert (figures["spans"], figures["found"], figures["whole"]) == (2, 1, 0)
    assert (figures["recall"], figures["recall_whole"], figures["precision"]) == (0.5, 0.0, 1.0)
    assert figures["recall_characters"] == round(4 / 23, 4)
    assert figures["precision_characters"] == 1.0
    assert figures["misses"] == [{"id": "c1", "start": 19, "end": 31, "kind": "phone"}]
    assert figures["partly"] == [{"id": "c1", "start": 4, "end": 15, "kind": "name"}]


def test_spaces_between_hidden_words_do_not_make_a_name_less_than_whole() -> None:
    figures = redaction_figures([judged(Span(4, 8, Kind.NAME), Span(9, 15, Kind.NAME))])
    assert figures["names"] == {"spans": 1, "found": 1, "whole": 1, "recall": 1.0, "recall_whole": 1.0}


def test_names_stand_apart_whatever_a_labeller_calls_them() -> None:
    labels = (NAME, PHONE, Label(0, 3, "username"), Label(0, 3, "PERSON"), Label(0, 3, "school_name"))
    figures = redaction_figures([judged(labels=labels)])
    assert (figures["names"]["spans"], figures["without_names"]["spans"]) == (2, 3)
    assert set(figures["by_kind"]) == {"name", "phone", "username", "PERSON", "school_name"}


def test_hiding_what_nobody_labelled_costs_precision_and_is_named_by_its_place() -> None:
    clean = judged(Span(0, 3, Kind.SCHOOL), labels=(), name="c2")
    figures = redaction_figures([judged(Span(4, 15, Kind.NAME)), clean, judged(labels=(), name="c3")])
    assert figures["precision"] == 0.5
    assert figures["hidden_by_kind"]["school"] == {"hidden": 1, "right": 0, "precision": 0.0}
    assert figures["hard_negatives"] == {"comments": 2, "touched": 1, "share": 0.5, "ids": ["c2"]}
    assert figures["in_vain"] == [{"id": "c2", "start": 0, "end": 3, "kind": "school"}]


def test_a_span_of_another_kind_still_hides() -> None:
    figures = redaction_figures([judged(Span(0, 31, Kind.HANDLE))])
    assert (figures["recall_whole"], figures["precision"]) == (1.0, 1.0)


def test_nothing_to_measure_gives_no_figure() -> None:
    figures = redaction_figures([judged(labels=())])
    assert (figures["recall"], figures["precision"], figures["names"]["recall"]) == (None, None, None)


@pytest.mark.parametrize("name", SETS)
def test_the_labelled_sets_keep_what_was_reached(name: str) -> None:
    """So that a change to a pattern or a list cannot lose it unseen; how each set came about: docs/redaction.md."""
    figures = figures_of(name)
    assert figures["spans"] >= 90
    assert figures["hard_negatives"]["comments"] >= 70
    assert figures["recall"] >= 0.95
    assert figures["names"]["recall"] >= 0.95
    assert figures["precision"] >= 0.95
    assert figures["hard_negatives"]["share"] <= 0.05
    assert min(kind["recall"] for kind in figures["by_kind"].values()) >= 0.85


def test_odd_shapes_are_found_and_few_words_that_only_look_like_them_are_hidden() -> None:
    figures = figures_of("identifying_odd")
    assert (figures["spans"], figures["hard_negatives"]["comments"]) == (262, 60)
    assert figures["recall"] >= 0.95
    assert figures["names"]["recall"] >= 0.95
    assert figures["hard_negatives"]["touched"] <= 2
