"""Charts as inline SVG: drawn offline, the same bytes each time; each stands beside a table that says the same."""

import re
from collections.abc import Mapping, Sequence
from html import escape

import altair as alt
import pandas as pd
import vl_convert

from heardback.domain.measures.control_chart import Chart
from heardback.domain.measures.figures import HIDDEN, TOTAL, Figure, Table
from heardback.reports.grids import name_of

INK, SOFT, LINE, MARK, PALE, WARM, COOL = "#1d2433", "#4b5565", "#d5d9e0", "#0b5c8a", "#e3eef5", "#a33b00", "#005ea8"
FONT = "Arial, Helvetica, sans-serif"
WIDTH, BAR, LETTER = 800, 34, 8.2
SIGNALS = {
    "no signal": ("circle", INK),
    "signal, higher": ("triangle-up", COOL),
    "signal, lower": ("triangle-down", WARM),
}
PADDING = {"left": 8, "top": 8, "right": 36, "bottom": 8}  # words at the right end may be wider than measured
NO_SIGNAL, HIGHER, LOWER = SIGNALS

OPENING = re.compile(r"<svg [^>]*?(width=\"[^\"]+\")[^>]*?(viewBox=\"[^\"]+\")[^>]*>")
# a chart is one picture with one name; the roles that Vega gives its parts have none
ROLES = re.compile(r' (?:role="graphics-[a-z]+"|aria-roledescription="[^"]*")')

Layers = alt.LayerChart | alt.FacetChart


def control_chart(chart: Chart) -> str:
    """The XmR chart of one figure by month: mean, limits, and a shape for each kind of signal; empty without points."""
    if not chart.points:
        return ""
    shown = pd.DataFrame(
        {
            "month": [point.group for point in chart.points],
            "share": [point.value for point in chart.points],
            "signal": [(HIGHER if point.up else LOWER) if point.signals else NO_SIGNAL for point in chart.points],
        }
    )
    months = _months(chart.points[0].group, chart.points[-1].group)
    base = alt.Chart(shown).encode(
        x=alt.X("month:O", title="Month heard", scale=alt.Scale(domain=months), axis=_month_axis()),
        y=alt.Y("share:Q", title=chart.label, scale=alt.Scale(domain=[0, 1]), axis=alt.Axis(format="%", tickCount=6)),
    )
    layers = [*_limits(chart, months[-1]), base.mark_line(color=INK, strokeWidth=1.5), _points(base)]
    drawn = alt.layer(*layers).properties(width=WIDTH - 190, height=300)
    return _svg(drawn, f"Control chart: {chart.label}, by month heard")


def funnel_chart(table: Table) -> str:
    """A bar for each step, with its count and share written at the end; a hidden step has a `c` and no bar."""
    rows = [row for row in table.rows if row.has_count]
    steps = pd.DataFrame(
        {
            "step": [row.label for row in rows],
            "count": [row.count or 0 for row in rows],
            "words": [_count_in_words(row) for row in rows],
        }
    )
    base = alt.Chart(steps).encode(
        y=alt.Y("step:N", sort=[row.label for row in rows], title=None, axis=_names_axis([row.label for row in rows])),
        x=alt.X("count:Q", title="Comments", axis=alt.Axis(tickMinStep=1, tickCount=6)),
    )
    words = base.mark_text(align="left", dx=6, color=INK, fontSize=14, fontWeight="bold").encode(text="words:N")
    bars = alt.layer(base.mark_bar(color=MARK, height=22), words)
    return _svg(bars.properties(width=WIDTH - 290, height=BAR * len(rows)), table.title)


def groups_chart(table: Table, code: str, names: Mapping[str, str]) -> str:
    """One figure by group: a dot, its interval, and a line at everyone's; a hidden group has a `c` and no dot."""
    figures = [row for row in table.rows if row.code == code and row.group != TOTAL]
    if not figures:
        return ""
    groups = [name_of(row.group, names) for row in figures]
    shown = pd.DataFrame(
        {
            "group": groups,
            "value": [row.value for row in figures],
            "low": [row.low for row in figures],
            "high": [row.high for row in figures],
            "instead": [_instead_of_value(row) for row in figures],
        }
    )
    across = alt.X(
        "low:Q", title=figures[0].label, scale=alt.Scale(domain=[0, 1]), axis=alt.Axis(format="%", tickCount=6)
    )
    base = alt.Chart(shown).encode(y=alt.Y("group:N", sort=groups, title=None, axis=_names_axis(groups)))
    layers = [
        *_everyone(table, code),
        base.mark_rule(strokeWidth=3, color=MARK).encode(x=across, x2="high:Q"),
        base.mark_point(filled=True, size=110, opacity=1, color=INK).encode(x="value:Q"),
        base.mark_text(align="left", x=6, color=SOFT, fontSize=13).encode(text="instead:N"),
    ]
    drawn = alt.layer(*layers).properties(width=WIDTH - 330, height=BAR * len(figures))
    return _svg(drawn, f"{figures[0].label}, by group, with 95 % intervals")


def _points(base: alt.Chart) -> alt.Chart:
    shapes, colours = zip(*SIGNALS.values(), strict=True)
    shape = alt.Scale(domain=list(SIGNALS), range=list(shapes))
    colour = alt.Scale(domain=list(SIGNALS), range=list(colours))
    legend = alt.Legend(orient="top", symbolSize=110, title=None, columnPadding=40)
    points: alt.Chart = base.mark_point(filled=True, size=95, opacity=1).encode(
        shape=alt.Shape("signal:N", scale=shape, legend=legend),
        color=alt.Color("signal:N", scale=colour, legend=legend),
    )
    return points


def _limits(chart: Chart, last: str) -> list[alt.Chart]:
    """A band between the limits, and the mean and both limits as lines that carry their names at the right end."""
    limits = chart.limits
    if limits is None:
        return []
    named = {"mean": limits.mean, "upper limit": limits.high, "lower limit": limits.low}
    words = [f"{name} {at:.0%}" for name, at in named.items()]
    lines = alt.Chart(pd.DataFrame({"at": list(named.values()), "name": words, "month": last})).encode(y="at:Q")
    band = alt.Chart(pd.DataFrame({"low": [limits.low], "high": [limits.high]})).mark_rect(color=PALE)
    return [
        band.encode(y="low:Q", y2="high:Q"),
        lines.mark_rule(color=MARK, strokeDash=[6, 4], strokeWidth=1.5),
        lines.mark_text(align="left", x=WIDTH - 182, color=MARK, fontSize=13).encode(text="name:N"),
    ]


def _everyone(table: Table, code: str) -> list[alt.Chart]:
    """A line at the rate of everyone, where it can be shown."""
    whole = [row for row in table.rows if (row.code, row.group) == (code, TOTAL) and row.value is not None]
    if not whole:
        return []
    line = alt.Chart(pd.DataFrame({"at": [whole[0].value], "name": f"everyone {whole[0].shown_value}"})).encode(
        x="at:Q"
    )
    words = line.mark_text(color=SOFT, y=-8, fontSize=13).encode(text="name:N")
    return [line.mark_rule(color=SOFT, strokeDash=[5, 4]), words]


def _instead_of_value(figure: Figure) -> str:
    if figure.value is not None:
        return ""
    return f"{HIDDEN}: not shown" if figure.suppressed else "none heard"


def _count_in_words(figure: Figure) -> str:
    share = f" ({figure.shown_value})" if figure.has_base and figure.value is not None else ""
    return f"{figure.shown_count}{share}"


def _months(first: str, last: str) -> Sequence[str]:
    """Every month from one to the other, both YYYY-MM: one that is left out leaves a gap."""
    return [f"{month}" for month in pd.period_range(first, last, freq="M")]


def _month_axis() -> alt.Axis:
    # parts of a date, not a parsed one: a parsed one would depend on the machine's time zone
    parts = "utcFormat(utc(+slice(datum.value, 0, 4), +slice(datum.value, 5) - 1, 1), '%b %y')"
    return alt.Axis(labelExpr=parts, labelAngle=0, labelOverlap=True, titlePadding=10)


def _names_axis(names: Sequence[str]) -> alt.Axis:
    # the room is set by the number of letters: measured in one font, a name would be cut off in a wider one
    room = LETTER * max(map(len, names))
    return alt.Axis(ticks=False, domain=False, labelLimit=0, labelPadding=8, minExtent=room)


def _svg(chart: Layers, title: str) -> str:
    """The chart as an SVG element named for screen readers, scaling to its place, with no address in it."""
    styled = (
        chart.configure(font=FONT, aria=False, background="white", padding=PADDING)
        .configure_axis(labelColor=INK, titleColor=INK, labelFontSize=13, titleFontSize=13, gridColor=LINE)
        .configure_view(stroke=None)
        .configure_legend(labelFontSize=13, labelColor=INK)
    )
    drawn = ROLES.sub("", vl_convert.vegalite_to_svg(styled.to_dict()))
    name = escape(title)
    opening = f'<svg class="chart" role="img" aria-label="{name}" '
    return OPENING.sub(lambda size: f"{opening}{size[1]} {size[2]}><title>{name}</title>", drawn, count=1)
