"""The charts as drawn: named, self-contained, and with nothing in them that the table hides."""

import re
from dataclasses import replace

import pytest

from heardback.domain.measures.control_chart import Chart, Limits, Point
from heardback.domain.measures.figures import Table, counted
from heardback.domain.measures.rates import share
from heardback.reports.charts import control_chart, funnel_chart, groups_chart
from tests.reports.pages import read

LIMITS = Limits(0.6, 0.4, 0.8, provisional=False)
CHART = Chart(
    "Closed within 20 working days",
    (Point("2026-06", 0.55), Point("2026-07", 0.95, ("outside the limits",), up=True), Point("2026-10", 0.1, ("x",))),
    LIMITS,
)
HIDDEN = replace(
    share("closed", 4, 12, group="hubs"), n=None, count=None, value=None, low=None, high=None, suppressed=True
)
SERVICES = Table(
    "rates_by_service_code", "Rates", (share("closed", 30, 60), share("closed", 9, 12, group="yjs"), HIDDEN)
)
FUNNEL = Table(
    "funnel", "From heard to agreed", (counted("heard", 40), share("owned", 30, 40), replace(HIDDEN, group=""))
)


def drawn() -> dict[str, str]:
    return {
        "control": control_chart(CHART),
        "funnel": funnel_chart(FUNNEL),
        "groups": groups_chart(SERVICES, "closed", {"yjs": "Youth Justice <Service>", "hubs": "Youth hubs"}),
    }


def words(svg: str) -> list[str]:
    return [element.text for element in read(svg).all("text")]


@pytest.mark.parametrize("name", ["control", "funnel", "groups"])
def test_a_chart_is_one_named_picture_without_an_address(name: str) -> None:
    svg = drawn()[name]
    picture, title, *_ = read(svg).elements
    assert (picture.name, picture.attributes["role"]) == ("svg", "img")
    assert (title.name, title.text) == ("title", picture.attributes["aria-label"])
    assert read(svg).unclosed == []
    assert "http" not in svg
    assert "<script" not in svg


def test_charts_are_the_same_each_time() -> None:
    assert drawn() == drawn()


def test_no_two_charts_on_one_page_can_share_an_id() -> None:
    assert not any(re.search(r"\bid=|url\(#", svg) for svg in drawn().values())


def test_the_control_chart_names_its_limits_and_leaves_a_place_for_the_months_between() -> None:
    said = words(control_chart(CHART))
    assert {"mean 60%", "upper limit 80%", "lower limit 40%"} <= set(said)
    assert "Aug 26" in said  # no point there, but a place
    assert {"signal, higher", "signal, lower"} <= set(said)


def test_a_chart_without_points_is_not_drawn() -> None:
    assert control_chart(Chart("x", (), None)) == ""
    assert groups_chart(Table("t", "T", (share("closed", 1, 2),)), "closed", {}) == ""


def test_a_chart_of_one_point_has_no_limits() -> None:
    said = words(control_chart(Chart("Closed", (Point("2026-06", 0.5),), None)))
    assert "Jun 26" in said
    assert not any(word.startswith("mean") for word in said)


def test_a_hidden_step_or_group_has_a_c_and_no_mark() -> None:
    assert words(funnel_chart(FUNNEL))[-3:].count("c") == 1
    svg = groups_chart(SERVICES, "closed", {"hubs": "Youth hubs"})
    assert "c: not shown" in words(svg)
    assert "Youth hubs" in words(svg)
    only_shown = groups_chart(SERVICES.with_rows(SERVICES.rows[:2]), "closed", {})
    assert marks(svg) == marks(only_shown) == 1


def marks(svg: str) -> int:
    """How many dots a chart has."""
    (group,) = re.findall(r'<g class="mark-symbol role-mark[^>]*>(.*?)</g>', svg)
    return len(re.findall(r"<path", group))


def test_the_line_of_everyone_is_named() -> None:
    assert "everyone 50%" in words(groups_chart(SERVICES, "closed", {}))
