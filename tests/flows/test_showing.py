"""Answers as a terminal and a script see them."""

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.showing import FATES, counted, in_a_line, in_columns, in_pairs, show, some


@dataclass(frozen=True)
class Example:
    day: date
    path: Path
    parts: dict[str, Any]


def test_json_is_one_object_of_plain_values(capsys: pytest.CaptureFixture[str]) -> None:
    example = Example(
        date(2026, 11, 10),
        Path("a/b"),
        {"at": datetime(2026, 1, 2, tzinfo=UTC), "share": float("nan"), "of": {"b", "a"}},
    )
    show(example, True, ["never shown"])
    assert json.loads(capsys.readouterr().out) == {
        "day": "2026-11-10",
        "path": "a/b",
        "parts": {"at": "2026-01-02T00:00:00+00:00", "share": None, "of": ["a", "b"]},
    }


def test_columns_have_even_widths_and_numbers_stand_to_the_right() -> None:
    rows = [{"name": "a", "n": 5, "yes": True}, {"name": "longer", "n": 12, "yes": False}, {"name": None, "n": None}]
    assert in_columns(rows, {"name": "service", "n": "loops", "yes": "quiet"}) == [
        "service  loops  quiet",
        "a            5  yes",
        "longer      12  –",
        "–            –  –",
    ]


def test_no_rows_are_none() -> None:
    assert in_columns([], {"name": "service"}) == ["none"]


def test_pairs_leave_out_what_is_empty_and_keep_nought() -> None:
    assert in_pairs({"loop": "L-1", "owner": "", "voices": 0, "told": None, "by": ["a", "b"]}) == [
        "loop    L-1",
        "voices  0",
        "by      a; b",
    ]


def test_counts_read_as_a_phrase_in_their_own_order() -> None:
    assert counted({"quarantine": 1, "loop": 59, "withheld": 0}, FATES) == "59 in loops, 1 in quarantine"
    assert counted({"not_counted": 2}) == "2 not counted"
    assert counted({}) == "nothing"


def test_one_is_one_and_more_are_many() -> None:
    assert [some(1, "row"), some(2, "row"), some(0, "reply", "replies")] == ["1 row", "2 rows", "0 replies"]


@given(st.text())
def test_whatever_was_written_stays_on_one_line_and_steers_nothing(text: str) -> None:
    shown = in_a_line(text)
    assert "\n" not in shown
    assert "\x1b" not in shown
    assert not any(ord(letter) < 32 and letter != "\t" for letter in shown)


def test_a_reason_of_several_lines_is_one_line_without_their_indents() -> None:
    assert in_a_line("the folder does not exist\n  → make it") == "the folder does not exist / → make it"
