"""How figures read in print."""

import pytest

from heardback.domain.measures.figures import DEFINITIONS, LABELS, Figure, Table, Unit, counted, table_of
from heardback.domain.measures.rates import share
from heardback.errors import NotFound


def test_a_share_prints_its_base_count_percentage_and_interval() -> None:
    figure = share("decided", 8, 10)
    assert (figure.shown_n, figure.shown_count, figure.shown_value) == ("10", "8", "80%")
    assert figure.shown_interval == "49% to 94%"


def test_a_bare_count_has_no_base_and_no_interval() -> None:
    figure = counted("heard", 12)
    assert (figure.shown_n, figure.shown_count, figure.shown_value, figure.shown_interval) == ("–", "12", "12", "–")


def test_a_hidden_number_prints_as_c_and_a_missing_one_as_a_dash() -> None:
    hidden = Figure("decided", "Decided", "", 12, None, None, None, None, Unit.SHARE, suppressed=True)
    assert (hidden.shown_n, hidden.shown_count, hidden.shown_value, hidden.shown_interval) == ("12", "c", "c", "c")
    assert share("decided", 0, 0).shown_value == "–"


@pytest.mark.parametrize(
    ("value", "unit", "printed"),
    [(13.0, Unit.WORKING_DAYS, "13"), (12.5, Unit.WORKING_DAYS, "12.5"), (-0.034, Unit.POINTS, "-3 points")],
)
def test_a_value_prints_in_its_unit(value: float, unit: Unit, printed: str) -> None:
    assert Figure("x", "", "", None, None, value, value, None, unit).shown_value == printed


def test_an_interval_without_an_upper_end_says_so() -> None:
    assert Figure("x", "", "", 9, None, 23.0, 13.0, None, Unit.WORKING_DAYS).shown_interval == "13 or more"


def test_every_figure_with_a_label_has_a_definition() -> None:
    assert set(LABELS) == set(DEFINITIONS)


def test_a_figure_or_table_that_is_not_there_is_named() -> None:
    table = Table("rates", "Rates", (counted("heard", 3),))
    assert table_of([table], "rates").figure("heard").count == 3
    with pytest.raises(NotFound, match="no figure owned"):
        table.figure("owned")
    with pytest.raises(NotFound, match="no table funnel"):
        table_of([table], "funnel")
