"""The months that reports speak of."""

from datetime import date

import pytest

from heardback.domain.measures.period import Period, month
from heardback.errors import NotFound


def test_a_month_runs_from_its_first_to_its_last_day() -> None:
    assert month("2028-02") == Period(date(2028, 2, 1), date(2028, 2, 29), "2028-02", "February 2028")


@pytest.mark.parametrize("label", ["2026-13", "October", "2026-1"])
def test_what_is_no_month_is_refused(label: str) -> None:
    with pytest.raises(NotFound, match="is not a month"):
        month(label)
