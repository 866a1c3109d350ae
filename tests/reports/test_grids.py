"""Figures side by side, under the names that people read."""

from dataclasses import replace

from heardback.domain.measures.figures import NOT_KNOWN, TOTAL, Figure, Table, Unit, counted
from heardback.domain.measures.rates import share
from heardback.reports.cells import cell
from heardback.reports.grids import compared, corner_of, equity, grid, name_of, services_side_by_side
from heardback.reports.sentences import of_median

AGES = Table(
    "rates_by_char_age_band",
    "Rates by age band",
    tuple(share("closed", 6, 12, group=group) for group in (TOTAL, "12-15", "4-7", NOT_KNOWN, "under 4")),
    "char_age_band",
)


def test_a_code_without_a_name_is_put_in_words() -> None:
    assert name_of("online_survey", {}) == "Online survey"
    assert name_of("yjs", {"yjs": "Youth Justice Service"}) == "Youth Justice Service"
    assert name_of(TOTAL, {}) == "Everyone"


def test_a_characteristic_heads_its_column_without_its_prefix() -> None:
    assert corner_of("char_age_band") == "Age band"
    assert corner_of("service_code") == "Service"


def test_ages_stand_by_number_the_total_first_and_not_known_last() -> None:
    """-> Everyone, Under 4, 4-7, 12-15, Not known"""
    shown = grid("Ages", [AGES], {"closed": "Closed"}, {})
    assert [name for name, _ in shown.rows] == ["Everyone", "Under 4", "4-7", "12-15", "Not known"]


def test_figures_of_several_tables_stand_beside_each_other_and_a_missing_one_is_none() -> None:
    """
    rates: yjs closed, hubs closed; counts: yjs heard  ->  yjs | closed | heard;  hubs | closed | None
    """
    rates = Table("a", "A", (share("closed", 6, 12, group="yjs"), share("closed", 7, 12, group="hubs")), "service_code")
    counts = Table("b", "B", (counted("heard", 12, group="yjs"),), "service_code")
    shown = grid("Both", [rates, counts], {"closed": "Closed", "heard": "Heard"}, {})
    assert shown.columns == ("Closed", "Heard")
    assert [(name, [figure and figure.count for figure in row]) for name, row in shown.rows] == [
        ("Yjs", [6, 12]),
        ("Hubs", [7, None]),
    ]


def test_months_are_written_out() -> None:
    months = Table("m", "M", (counted("heard", 12, group="2025-12"),), "month")
    assert grid("Months", [months], {"heard": "Heard"}, {}).rows[0][0] == "December 2025"


def test_services_are_compared_with_each_other_and_all_else_with_everyone() -> None:
    services = Table(
        "rates_by_service_code", "S", (share("closed", 6, 12), share("closed", 6, 9, group="yjs")), "service_code"
    )
    assert [rates.code for rates, _ in compared([services, AGES])] == ["rates_by_char_age_band"]
    assert services_side_by_side([services, AGES], {})[0].caption == "Comments, by service"
    assert [each.caption for each in equity([services, AGES], {})] == ["Closed, by age band"]


def hidden(figure: Figure) -> Figure:
    return replace(figure, n=None, count=None, value=None, low=None, high=None, suppressed=True)


def test_a_group_of_which_nothing_may_be_shown_is_named_below_and_has_no_row() -> None:
    nought = replace(hidden(share("closed", 0, 4, group="yjs")), count=0)
    rates = Table("a", "A", (share("closed", 6, 12), nought), "service_code")
    shown = grid("Closed", [rates], {"closed": "Closed"}, {"yjs": "Youth Justice"})
    assert [name for name, _ in shown.rows] == ["Everyone"]
    why = "They are too few, or would give such a number away."
    assert shown.not_shown == f"Nothing can be shown of: Youth Justice. {why}"
    assert grid("Closed", [AGES], {"closed": "Closed"}, {}).not_shown == ""


def test_a_month_of_which_nothing_may_be_shown_keeps_its_row() -> None:
    months = Table("m", "M", (hidden(share("closed", 3, 4, group="2025-12")),), "month")
    assert [name for name, _ in grid("Months", [months], {"closed": "Closed"}, {}).rows] == ["December 2025"]


def test_counts_on_a_base_too_small_for_a_share_stand_alone_and_say_why() -> None:
    """A `c` beside “8 of 9” hides what everybody can read."""
    few = replace(share("decided", 8, 9), value=None, low=None, high=None, suppressed=True)
    assert cell(few) == {"value": "8 of 9", "details": "too few for a share"}
    assert cell(hidden(few)) == {"value": "c", "details": ""}
    assert cell(replace(few, count=None)) == {"value": "c", "details": "of 9"}


def test_a_median_that_is_hidden_says_that_it_is_and_one_that_there_is_not_says_why() -> None:
    median = Figure("days_to_close", "", "", 20, None, 12.0, 10.0, 15.0, Unit.WORKING_DAYS)
    assert of_median(median, "July 2026", "closed") == (
        "Half of the comments heard in July 2026 were closed within 12 working days "
        "(95 % interval 10 to 15; 20 comments)."
    )
    none = replace(median, value=None, low=None, high=None)
    open_yet = replace(none, note="more than half are still open")
    start = "The median time until they were closed cannot be told: "
    assert of_median(open_yet, "July 2026", "closed") == f"{start}more than half are still open."
    assert of_median(replace(none, suppressed=True), "", "closed").startswith(f"{start}too few are behind it to show")
