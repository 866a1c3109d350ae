"""What each chart shows, in a sentence, by rule: its caption, and all that somebody hears who cannot see it."""

from collections.abc import Mapping, Sequence

from heardback.domain.measures.answer import and_all, gap_in_words, group_in_words
from heardback.domain.measures.control_chart import Chart
from heardback.domain.measures.figures import NOT_KNOWN, TOTAL, Figure, Table
from heardback.domain.plurals import some
from heardback.reports.grids import name_of
from heardback.reports.rendering import month_in_words

HIDDEN_MEDIAN = ": too few are behind it to show, or a number that is not shown could be worked out"


def of_control_chart(chart: Chart) -> str:
    """From July 2025 to September 2026, closed within 20 working days ran from 52% to 61%; the newest month is 58%."""
    if not chart.points:
        return "No month can be drawn yet."
    first, newest = chart.points[0], chart.points[-1]
    values = [point.value for point in chart.points]
    what = chart.label[:1].lower() + chart.label[1:]
    span = f"From {month_in_words(first.group)} to {month_in_words(newest.group)}, {what} ran from "
    limits = f", around a mean of {chart.limits.mean:.0%}" if chart.limits else ""
    signalled = [month_in_words(point.group) for point in chart.points if point.signals]
    signs = f"{and_all(signalled)} show a signal" if signalled else "no month shows a signal"
    signs = signs.replace(" show ", " shows ") if len(signalled) == 1 else signs
    return f"{span}{min(values):.0%} to {max(values):.0%}{limits}; the newest month is {newest.value:.0%}; {signs}."


def of_funnel(table: Table) -> str:
    """Of 120 comments heard, 110 were owned, 100 decided, 84 closed (decided and told) and 20 agreed."""
    heard, *steps = [row for row in table.rows if row.has_count]
    if heard.count is None:
        return "Too few comments were heard to show how far they have come."
    told = [f"{_counted(step)} {step.label.lower()}" for step in steps]
    return f"Of {some(heard.count, 'comment')} heard, {and_all(told)}." if heard.count else "No comment was heard."


def of_groups(table: Table, code: str, names: Mapping[str, str]) -> str:
    """Lowest is Transport at 20%, highest Youth hubs at 80%; 2 of 5 cannot be shown."""
    rows = [row for row in table.rows if row.code == code and row.group != TOTAL]
    shown = [row for row in rows if row.value is not None]
    hidden = len(rows) - len(shown)
    left = f"{hidden} of {len(rows)} cannot be shown" if hidden else ""
    if not shown:
        return "No group is large enough to be shown."
    lowest, highest = min(shown, key=_value), max(shown, key=_value)
    if _value(lowest) == _value(highest):
        said = f"{_names(list(shown), names)}: {lowest.shown_value}"
    else:
        said = f"Lowest is {name_of(lowest.group, names)} at {lowest.shown_value}, "
        said += f"highest {name_of(highest.group, names)} at {highest.shown_value}"
    return "; ".join(part for part in (said, left) if part) + "."


def of_median(row: Figure, month: str, what: str) -> str:
    """Half of the comments heard in July 2026 were closed within 12 working days (95 % interval 10 to 15; of 120)."""
    if row.value is None:
        why = HIDDEN_MEDIAN if row.suppressed else f": {row.note}" if row.note else ""
        return f"The median time until they were {what} cannot be told{why}."
    base = f"; {some(row.n, 'comment')}" if row.n is not None else ""
    interval = f" (95 % interval {row.shown_interval}{base})"
    within = f"within {row.shown_value} working days{interval}"
    return f"Half of the comments heard in {month} were {what} {within}."


def of_gaps(tables: Sequence[Table]) -> str:
    """Which groups were answered less than everyone else, beyond what chance explains; or that none is known to be."""
    rows = [(table.dimension, row) for table in tables for row in table.rows if row.group != NOT_KNOWN]
    behind = [(dimension, row) for dimension, row in rows if row.high is not None and row.high < 0]
    if not behind:
        hidden = any(row.suppressed for _, row in rows)
        note = " Groups that are too small to show may be." if hidden else ""
        return f"No group that can be shown was answered less than everyone else beyond what chance explains.{note}"
    worst = sorted(behind, key=lambda found: (_value(found[1]), found[0], found[1].group))
    said = [f"{group_in_words(dimension, row.group)} ({gap_in_words(row)})" for dimension, row in worst]
    return f"Answered less than everyone else, beyond what chance explains: {'; '.join(said)}."


def _value(row: Figure) -> float:
    return row.value or 0.0


def _counted(step: Figure) -> str:
    return "a number that cannot be shown is" if step.count is None else f"{step.count} are"


def _names(rows: Sequence[Figure], names: Mapping[str, str]) -> str:
    return and_all([name_of(row.group, names) for row in rows])
