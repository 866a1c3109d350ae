"""The cells of a large file are packed, and come back as they were read."""

import tracemalloc
from itertools import pairwise

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from heardback.domain import packed
from heardback.domain.packed import Packed
from heardback.domain.table import Table

ANYTHING = st.text(st.characters(), max_size=8)  # lone surrogates and NUL among them
ROWS = st.lists(st.tuples(ANYTHING, ANYTHING), max_size=12)


def a_frame(rows: list[tuple[str, str]], first: int = 2) -> pd.DataFrame:
    cells = {name: pd.array([row[place] for row in rows], dtype="str") for place, name in enumerate(("say", "when"))}
    return pd.DataFrame(cells, index=pd.Index(range(first, first + len(rows)), dtype="int64"))


def in_parts(frame: pd.DataFrame, *ends: int) -> Packed:
    made = Packed(list(frame.columns))
    for start, end in pairwise((0, *ends, len(frame))):
        made.add(frame.iloc[start:end])
    return made


@given(ROWS, st.integers(1, 5))
def test_whatever_was_read_is_given_back(rows: list[tuple[str, str]], size: int) -> None:
    frame = a_frame(rows)
    table = Table(in_parts(frame, *range(size, len(rows), size)), "export")
    pd.testing.assert_frame_equal(table.frame, frame)
    pd.testing.assert_frame_equal(pd.concat(part.frame for part in table.parts()), frame)
    assert (table.columns, list(table.numbers), table.rows_read) == (["say", "when"], list(frame.index), len(rows))


@pytest.mark.parametrize("kind", ["packed", "frame"])
def test_single_rows_and_columns_are_picked_wherever_they_stand(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packed, "AT_ONCE", 2)
    frame = a_frame([("warm", "1"), ("dry", "2"), ("near", "3"), ("open", "4"), ("calm", "5")])
    table = Table(in_parts(frame, 2, 4) if kind == "packed" else frame, "export")
    picked = table.some(["say"], [6, 3])
    assert (list(picked.columns), picked["say"].to_dict()) == (["say"], {3: "dry", 6: "calm"})
    assert [len(part.cells) for part in table.parts()] == [2, 2, 1]


def test_columns_that_hold_nothing_are_left_out() -> None:
    cells = in_parts(a_frame([("warm", ""), ("dry", ""), ("near", "")]), 2).without({"when"})
    assert (cells.columns, len(cells), Table(cells, "export").frame["say"].to_list()) == (
        ["say"],
        3,
        ["warm", "dry", "near"],
    )


def test_without_a_row_there_is_one_part() -> None:
    table = Table(Packed(["say"]), "export")
    assert [len(part.cells) for part in table.parts()] == [0]
    assert (list(table.frame.columns), table.rows_read) == (["say"], 0)


def test_a_packed_row_takes_a_fraction_of_its_cells() -> None:
    """As Python's strings a row of 120 letters takes over 200 bytes, and a million of them leave no room for more."""
    said = "The hall was cold on day {} and nobody could say when it would be warm again, again and again"
    cells = Packed(["say", "when"])
    tracemalloc.start()
    try:
        for first in range(0, 4_000, 500):
            cells.add(a_frame([(said.format(day), f"{day}/10/2026") for day in range(first, first + 500)], first))
        assert tracemalloc.get_traced_memory()[0] / len(cells) < 80
    finally:
        tracemalloc.stop()
