"""Which file of a source is the newer one, by its name alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heardback.errors import Unreadable
from heardback.sources.folders.ordering import day_in_name, place_of
from tests.sources.samples import a_shape

DATED = a_shape(date_in_name=r"(\d{4}-\d\d-\d\d)")


def in_order(*names: str, **shape: object) -> list[str]:
    return sorted(names, key=lambda name: place_of(a_shape(**shape), name))


@pytest.mark.parametrize(
    "names",
    [
        ["export.csv", "export (1).csv", "export (2).csv", "export (10).csv"],
        ["export.csv", "export - Copy.csv", "export - Copy (2).csv"],
        ["export.csv", "export (1).csv", "export 2.csv", "export 2 - Copy.csv", "export 3.csv"],
        ["results-9.csv", "results-10.csv", "results-100.csv"],
        ["2025-12.csv", "2026-02.csv", "2026-10.csv"],
        ["2026.csv", "export.csv"],
        ["Q1²3.csv", "Q2.csv"],
    ],
)
def test_names_are_ordered_as_a_person_counts(names: list[str]) -> None:
    assert in_order(*reversed(names)) == names


def test_the_day_in_the_name_goes_before_everything_else_where_the_map_knows_it() -> None:
    names = ["zz 2026-01-02.csv", "b 2026-01-09.csv", "a 2026-02-01.csv"]
    assert sorted(names, key=lambda name: place_of(DATED, name)) == names


def test_a_day_that_is_none_is_told_when_it_is_asked_for_and_does_not_stop_the_ordering() -> None:
    assert place_of(DATED, "a 2026-13-45.csv")[0] == ""
    with pytest.raises(Unreadable, match="is no day"):
        day_in_name(DATED, "a 2026-13-45.csv")


@given(st.lists(st.text("ab12 ().-", min_size=1, max_size=12).map(lambda stem: stem + ".csv"), unique=True))
def test_the_order_is_the_same_however_the_folder_lists_its_files(names: list[str]) -> None:
    assert in_order(*names) == in_order(*reversed(names))
