"""The gap between a group and everyone else."""

from dataclasses import replace

import pytest

from heardback.domain.measures.figures import TOTAL, Table, Unit
from heardback.domain.measures.gaps import gaps, newcombe
from heardback.domain.measures.rates import share


def test_the_interval_is_newcombe_s_as_published() -> None:
    # Newcombe 1998, Statistics in Medicine 17:873, table II, method 10: 56/70 − 48/80
    assert newcombe(56, 70, 48, 80) == pytest.approx((0.2, 0.0524, 0.3339), abs=5e-5)


def table() -> Table:
    """56 of 70 disabled, 48 of 80 others, 104 of 150 together."""
    rows = (share("closed", 104, 150), share("closed", 56, 70, group="yes"), share("closed", 48, 80, group="no"))
    return Table("rates_by_char_disability", "Rates by disability", rows, "char_disability")


def test_each_group_is_held_against_everyone_else() -> None:
    found = gaps(table(), "closed")
    assert [(row.group, row.n, row.unit) for row in found.rows] == [("yes", 70, Unit.POINTS), ("no", 80, Unit.POINTS)]
    assert [row.value for row in found.rows] == pytest.approx([0.2, -0.2])
    assert found.rows[0].shown_interval == "+5 points to +33 points"


@pytest.mark.parametrize("hidden", [TOTAL, "yes"])
def test_there_is_no_gap_where_a_rate_is_hidden(hidden: str) -> None:
    veiled = (
        replace(row, count=None, value=None, suppressed=row.group == hidden or row.suppressed) for row in table().rows
    )
    rows = [veil if row.group == hidden else row for veil, row in zip(veiled, table().rows, strict=True)]
    gap = gaps(table().with_rows(rows), "closed").figure("gap", "yes")
    assert (gap.value, gap.low, gap.high, gap.suppressed) == (None, None, None, True)


def test_a_group_that_is_everyone_has_no_gap() -> None:
    alone = Table("rates", "", (share("closed", 5, 70), share("closed", 5, 70, group="yes")), "char_disability")
    assert gaps(alone, "closed").rows[0].value is None
