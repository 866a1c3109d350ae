"""The quality assurance board's pack for one month: a page, and every figure on it as CSV and JSON."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from heardback.domain.measures.control_chart import NO_CHANGE, TOO_EARLY
from heardback.domain.measures.figures import DEFINITIONS, LABELS, NOT_KNOWN, TOTAL, Figure, Table, Unit, table_of
from heardback.domain.measures.rates import LOOPS
from heardback.domain.plurals import some
from heardback.domain.words import Outcome
from heardback.reports import sentences
from heardback.reports.cells import base_in_words, parts_of, value_of
from heardback.reports.content import PackContent
from heardback.reports.figure_files import write_csv, write_json
from heardback.reports.grids import (
    SERVICE,
    compared,
    corner_of,
    equity,
    gaps_of,
    grid,
    own_columns,
    services_side_by_side,
)
from heardback.reports.method import HIDING, method
from heardback.reports.pack_print import write_pack_pdf, write_summary_pdf
from heardback.reports.reaching import answers_checked, reach, stages_of
from heardback.reports.rendering import render, write_text
from heardback.reports.workbook import write_workbook

OUTCOMES = {
    Outcome.DONE: "Done",
    Outcome.WILL: "Will do",
    Outcome.PARTLY: "Partly",
    Outcome.CANNOT: "Cannot",
    Outcome.ALREADY: "Already in place",
}
CARDS = (
    ("funnel", "heard"),
    ("rates", "closed"),
    ("time_to_close", "days_to_close"),
    ("rates", "agreed"),
    ("answers", "promise_kept"),
    ("answers", "reopened"),
)
VERDICTS = {
    TOO_EARLY: "Too early to tell: the limits are provisional until twelve months have set them.",
    NO_CHANGE: "No change: the newest month lies within what this process has always done.",
}
# what the page calls by its name whatever the month
NAMES: Mapping[str, object] = {
    "OUTCOMES": OUTCOMES, "HIDING": HIDING, "Unit": Unit, "base_in_words": base_in_words, "value_of": value_of,
    "parts_of": parts_of,
}  # fmt: skip


def page_name(month: str) -> str:
    """What the page of a month (YYYY-MM) is called in its folder."""
    return f"board-pack-{month}.html"


def write_pack(folder: Path, content: PackContent) -> list[Path]:
    """Write board-pack-YYYY-MM.html, figures-YYYY-MM.csv, .json and .xlsx, board-pack-YYYY-MM.pdf, summary-YYYY-MM.pdf.

    Returns their paths in that order.

    The same content gives the same bytes. Raises NotFound where a table of `measures.measure` is missing.
    """
    month = content.period.label
    tables = every_table(content)
    values = page_values(content, tables)
    return [
        write_text(folder / page_name(month), render("pack.html", values)),
        write_csv(folder / f"figures-{month}.csv", tables),
        write_json(folder / f"figures-{month}.json", content, tables),
        write_workbook(folder / f"figures-{month}.xlsx", content, tables),
        write_pack_pdf(folder, content, values),
        write_summary_pdf(folder, content, values),
    ]


def every_table(content: PackContent) -> list[Table]:
    """The tables of the pack with those that it works out itself: the gaps, and the matcher's precision if judged."""
    precision = content.quality.precision
    judged = [Table("matching", "Matches that people judged", (precision,))] if precision else []
    return [*content.tables, *gaps_of(content.tables), stages_of(content), content.quality.rows_by_fate, *judged]


def cards(content: PackContent) -> list[Figure]:
    """The figures at the top, each with its definition, base and interval.

    The second is the newest month on the chart that is no later than the pack's own.
    """
    chosen = [table_of(content.tables, table).figure(code) for table, code in CARDS]
    by_month = table_of(content.tables, "closure_by_month").rows
    reached = [point.group for point in content.chart.points if point.group <= content.period.label]
    newest = reached[-1] if reached else None
    on_chart = [row for row in by_month if row.group == newest and row.label == content.chart.label]
    return [*chosen[:2], *on_chart, *chosen[2:]]


def definitions(tables: Sequence[Table]) -> dict[str, str]:
    """What every figure means, by what it is called; those counted in loops are told once, in the method."""
    known = set(DEFINITIONS.values())
    others = (row for table in tables for row in table.rows if row.definition and not row.code.endswith(LOOPS))
    own = {row.label: row.definition for row in others if row.definition not in known}
    return {LABELS.get(code, code): definition for code, definition in DEFINITIONS.items()} | own


def page_values(content: PackContent, tables: Sequence[Table]) -> dict[str, object]:
    """Everything that the page names; `tables` are those of `every_table`."""
    return {**NAMES, "content": content, **_figures(content, tables), **_grids(content), **_words(content)}


def _figures(content: PackContent, tables: Sequence[Table]) -> dict[str, object]:
    figures = [row for table in tables for row in table.rows]
    return {
        "cards": cards(content),
        "left_out": table_of(content.tables, "left_out"),
        "funnel": table_of(content.tables, "funnel"),
        "time_to_close": table_of(content.tables, "time_to_close"),
        "sample": content.closures,
        "definitions": definitions(tables),
        "hidden": sum(figure.suppressed for figure in figures),
        "figures": len(figures),
    }


def _grids(content: PackContent) -> dict[str, object]:
    by_month, rows_by_fate = table_of(content.tables, "closure_by_month"), content.quality.rows_by_fate
    captions = ("Closed, by month heard (immature: not yet old enough to count)", "Rows read, by where they ended")
    months, fates = (
        grid(caption, [table], own_columns(table), content.names)
        for caption, table in zip(captions, (by_month, rows_by_fate), strict=True)
    )
    return {
        "months": months,
        "fates": fates,
        "services": services_side_by_side(content.tables, content.names),
        "equity": equity(_comparable(content.tables), content.names),
        "reach": reach(content),
        "answers_checked": answers_checked(content),
    }


def _words(content: PackContent) -> dict[str, object]:
    """What is said of the figures, and their pictures."""
    return {
        "verdict": VERDICTS.get(content.chart.verdict, f"A signal: {content.chart.verdict} than before."),
        "too_few": _too_few(content.tables),
        "pictures": _pictures(content),
        "captions": _captions(content),
        "times": _times(content),
        "for_whom": sentences.of_gaps(gaps_of(content.tables)),
        "audit_words": _audit_words(content),
        "method": method(content),
    }


def _comparable(tables: Sequence[Table]) -> list[Table]:
    """All but those by a characteristic of which no group can be shown: a page of hidden rows tells nobody anything."""
    hidden = {rates.code for rates, _ in compared(tables) if not _has_a_group(rates)}
    return [table for table in tables if table.code not in hidden]


def _has_a_group(table: Table) -> bool:
    return any(
        row.value is not None for row in table.rows if row.code == "closed" and row.group not in (TOTAL, NOT_KNOWN)
    )


def _too_few(tables: Sequence[Table]) -> str:
    named = [corner_of(rates.dimension).lower() for rates, _ in compared(tables) if not _has_a_group(rates)]
    return f"No group is large enough to be shown by: {', '.join(named)}. The workbook lists them." if named else ""


def _pictures(content: PackContent) -> dict[str, str]:
    """The charts as SVG by name; empty where there is nothing to draw."""
    from heardback.reports import charts  # altair and its renderer take a second to load

    by_service = [table for table in content.tables if table.code == f"rates_by_{SERVICE}"]
    return {
        "closure": charts.control_chart(content.chart),
        "funnel": charts.funnel_chart(table_of(content.tables, "funnel")),
        "services": charts.groups_chart(by_service[0], "closed", content.names)
        if by_service and _has_a_group(by_service[0])
        else "",
    }


def _captions(content: PackContent) -> dict[str, str]:
    """What each chart shows, in a sentence."""
    by_service = [table for table in content.tables if table.code == f"rates_by_{SERVICE}"]
    return {
        "closure": sentences.of_control_chart(content.chart),
        "funnel": sentences.of_funnel(table_of(content.tables, "funnel")),
        "services": sentences.of_groups(by_service[0], "closed", content.names) if by_service else "",
    }


def _times(content: PackContent) -> list[str]:
    wanted = (("time_to_decide", "decided on"), ("time_to_close", "closed"))
    return [
        sentences.of_median(row, content.period.words, what)
        for code, what in wanted
        for row in table_of(content.tables, code).rows
    ]


def _audit_words(content: PackContent) -> str:
    return (
        f"{len(content.closures)} of the {some(content.closed_loops, 'loop')} closed in {content.period.words}, drawn "
        "at random; the draw depends on the month alone, so that nobody chooses. Ask those who were told: is it true, "
        "and did they hear of it?"
    )
