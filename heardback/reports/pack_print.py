"""The board pack and its summary of two pages as PDF: what the templates print, worked out of the same figures."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from heardback.domain.measures.figures import TOTAL, Figure, Table, Unit, table_of
from heardback.domain.plurals import some
from heardback.domain.words import Outcome
from heardback.reports.cells import Printed, base_in_words, interval_in_words, minus, printed
from heardback.reports.content import Answer, Exceptions, LoopLine, PackContent, Quality
from heardback.reports.grids import grid
from heardback.reports.labels import LABELS
from heardback.reports.method import method
from heardback.reports.pdf import write_pdf
from heardback.reports.rendering import in_words, month_in_words

COUNTING = (
    "Rates count comments: one comment, one voice. c stands where a number is not shown because it is so small that it "
    "could identify a child, or would give another such number away."
)
GAPS = (
    "The gap is a group’s share closed less that of everyone else. Where its interval holds 0, the figures do not show "
    "a gap. With many groups, about one interval in twenty misses by chance."
)
STILL_OPEN = "Comments that are still open count as still open. A median of the closed ones alone would flatter."
IN_SUMMARY, LONGEST, SERVICES = 3, 72, 8  # so many lines, letters and services fit the second page
LONGEST_OF_STORY = 300
Values = Mapping[str, Any]


def write_pack_pdf(folder: Path, content: PackContent, values: Values) -> Path:
    """board-pack-YYYY-MM.pdf from what the page's own template is given."""
    return write_pdf(
        folder / f"board-pack-{content.period.label}.pdf", "pack.typ", _pack(content, values), content.as_of
    )


def write_summary_pdf(folder: Path, content: PackContent, values: Values) -> Path:
    """summary-YYYY-MM.pdf: two pages, always."""
    path = folder / f"summary-{content.period.label}.pdf"
    return write_pdf(path, "summary.typ", _summary(content, values), content.as_of)


def card(figure: Figure, *, defined: bool = True) -> Printed:
    """One of the figures at the top."""
    days = " working days" if figure.unit == Unit.WORKING_DAYS and figure.value is not None else ""
    none = "none to count" if figure.unit == Unit.SHARE and figure.n == 0 else base_in_words(figure)
    interval = interval_in_words(figure)
    when = f"Heard in {month_in_words(figure.group)}, the newest month that can be shown" if figure.group else ""
    lines = [none, f"95 % interval {interval}" if interval else "", when or figure.note]
    return {
        "label": figure.label,
        "value": minus(figure.shown_value),
        "unit": days,
        "lines": [line for line in lines if line],
        "definition": figure.definition if defined else "",
    }


def _shared(content: PackContent) -> dict[str, object]:
    as_of = in_words(content.as_of)
    return {
        "council": content.council,
        "sentence": content.sentence,
        "footer": f"{content.council}. {content.period.words}, as known at the end of {as_of}.",
        "known": f"As it was known at the end of {as_of}. No child’s words are in this pack.",
    }


def _pack(content: PackContent, values: Values) -> dict[str, object]:
    """The parts of the pack in the order of the page."""
    return _shared(content) | _measured(content, values) | _named(content, values) | _vouched(content, values)


def _measured(content: PackContent, values: Values) -> dict[str, object]:
    """Figures, their pictures and what they say of whom."""
    pictures = {name: {"svg": svg, "words": values["captions"][name]} for name, svg in values["pictures"].items()}
    reach = {"heading": "Who spoke, and how far it reached", "words": [],
             "grids": [printed(each) for each in values["reach"]]}  # fmt: skip
    return {
        "title": f"What became of what children and families said, {content.period.words}",
        "counting": COUNTING,
        "cards": [card(figure) for figure in values["cards"]],
        "left_out": _listed(values["left_out"], "What became of them", "Comments"),
        "verdict": values["verdict"],
        "pictures": pictures,
        "months": printed(values["months"]),
        "funnel": _listed(values["funnel"], "Step", "Comments"),
        "times": [*values["times"], STILL_OPEN],
        "services": [printed(each) for each in values["services"]],
        "for_whom": values["for_whom"],
        "gap_words": GAPS,
        "equity": [printed(each) for each in values["equity"]],
        "too_few": values["too_few"],
        "more": [reach],
    }


def _named(content: PackContent, values: Values) -> dict[str, object]:
    """Single loops and sources: exceptions, stories and the sample to audit."""
    return {
        "exceptions": _exceptions(content.exceptions),
        "quiet": [
            [quiet.source, in_words(quiet.last_heard) or "Never", quiet.expected]
            for quiet in content.exceptions.quiet_sources
        ],
        "stories": [_story(answer) for answer in content.stories],
        "audit_words": values["audit_words"],
        "sample": [_to_audit(answer, values["OUTCOMES"]) for answer in values["sample"]],
    }


def _vouched(content: PackContent, values: Values) -> dict[str, object]:
    """What the figures rest on: the data, the answers, definitions and method."""
    return {
        "quality": _quality(content.quality, content.period.words, values["hidden"], values["figures"]),
        "fates": printed(values["fates"]),
        "answers_checked": [printed(each) for each in values["answers_checked"]],
        "definitions": list(values["definitions"].items()),
        "method": method(content),
    }


def _summary(content: PackContent, values: Values) -> dict[str, object]:
    services = table_of(content.tables, "rates_by_service_code")
    names = {"heard": "Heard", "decided": "Decided", "closed": "Closed"}
    lines = [*content.exceptions.oldest_open[:IN_SUMMARY], *content.exceptions.promises_broken[:IN_SUMMARY]]
    return _shared(content) | {
        "title": f"What became of what was said, {content.period.words}: two pages",
        "cards": [card(figure, defined=False) for figure in values["cards"]],
        "verdict": values["verdict"],
        "picture": {"svg": values["pictures"]["closure"], "words": values["captions"]["closure"]},
        "gaps": values["for_whom"],
        "services": printed(grid("Closed, by service", [_lowest(services)], names, content.names)),
        "exceptions": [
            [line.loop_uid, _short(_title(line)), _short(line.owner_role), in_words(line.since), _short(line.detail)]
            for line in lines
        ],
        "story": _story(content.stories[0], short=True) if content.stories else None,
        "reading": " ".join(f"{heading}: {text}" for heading, text in method(content)[1:4]),
    }


def _lowest(services: Table) -> Table:
    """Everyone and the services that can be shown, the lowest share closed first; at most SERVICES of them."""
    closed = {row.group: row.value for row in services.rows if row.code == "closed" and row.value is not None}
    groups = [TOTAL, *sorted((group for group in closed if group != TOTAL), key=lambda group: closed[group])[:SERVICES]]
    return services.with_rows(row for group in groups for row in services.rows if row.group == group)


def _listed(table: Table, corner: str, heading: str) -> Printed:
    """A table whose rows are steps or kinds: its first column its labels."""
    rows = [{"name": row.label, "cells": [{"value": row.shown_count, "details": _share(row)}]} for row in table.rows]
    return {"caption": table.title, "headings": [corner, heading], "rows": rows, "not_shown": ""}


def _share(row: Figure) -> str:
    if not row.has_base or row.value is None:
        return ""
    return f"{row.shown_value} · {interval_in_words(row)}"


def _exceptions(exceptions: Exceptions) -> list[dict[str, object]]:
    return [
        _list(exceptions.oldest_open, "Oldest open loops", "Heard on", "Working days open", "Where it stands",
              "No loop is open."),
        _list(exceptions.promises_broken, "Promises broken", "Promised for", "Working days late", "What was promised",
              "No promise is past its date."),
        _list(exceptions.refusals, "Refusals", "Decided on", "", "The reason given", "Nothing was refused."),
    ]  # fmt: skip


def _list(
    lines: Sequence[LoopLine], caption: str, since: str, ago: str, detail: str, nothing: str
) -> dict[str, object]:
    detailed = any(line.detail for line in lines)
    headings = ["Number", "What it is about", "Service", "Who answers for it", since]
    headings += ([ago] if ago else []) + ([detail] if detailed else [])
    rows = [
        [line.loop_uid, _title(line), line.service, line.owner_role, in_words(line.since)]
        + ([f"{line.working_days}"] if ago else [])
        + ([line.detail] if detailed else [])
        for line in lines
    ]
    return {"caption": caption, "headings": headings, "rows": rows, "detailed": detailed, "nothing": nothing}


def _story(answer: Answer, *, short: bool = False) -> dict[str, object]:
    cut = _story_cut if short else str
    by = f", by {in_words(answer.by_date)}" if answer.outcome == "will" and answer.by_date else ""
    told = f"Told on {in_words(answer.told_on)}" if answer.told_on else "Nobody has been told yet"
    told += f": {answer.told}" if answer.told_on and answer.told else ""
    return {
        "service": answer.service,
        "parts": [
            ["You said", cut(answer.title)],
            [LABELS[Outcome(answer.outcome)] + by, cut(answer.wording)],
            ["The difference", cut(answer.difference or "It cannot be told yet.")],
        ],
        "about": f"{answer.loop_uid}, decided on {in_words(answer.decided_on)}. {told}.",
    }


def _to_audit(answer: Answer, outcomes: Mapping[Any, str]) -> list[str]:
    told = in_words(answer.told_on) + (f": {answer.told}" if answer.told else "")
    said = f"{answer.title or 'No title written yet'} ({answer.service})"
    return [answer.loop_uid, said, f"{outcomes[answer.outcome]}. {answer.wording}", told, "", ""]


def _quality(quality: Quality, month: str, hidden: int, figures: int) -> list[str]:
    rows = (
        f"{some(quality.unaccounted, 'row is', 'rows are')} unaccounted for. The figures above cannot be relied on "
        "until this is found."
        if quality.unaccounted
        else "Every row read is accounted for: each ended in a loop, as a duplicate, in quarantine, withheld, diverted "
        "or not counted."
    )
    oldest = in_words(quality.oldest_quarantined_on)
    precision = quality.precision
    matching = (
        f"{precision.label} {precision.shown_value} ({precision.shown_count} of {precision.shown_n}; 95 % interval "
        f"{precision.shown_interval})."
        if precision
        else "no suggested match has been judged by a person yet, so its precision is not known."
    )
    return [
        rows,
        f"Quarantine: the oldest row has waited since {oldest}." if oldest else "Quarantine: no row is waiting.",
        (
            f"Coverage: heard from in {month} were, of the services, {quality.services_heard} of {quality.services}; "
            f"of the sources, {quality.sources_heard} of {quality.sources}."
        ),
        f"Disclosure: {hidden} of the {figures} figures in this pack are not shown, or only in part.",
        f"Matching: {matching}",
    ]


def _title(line: LoopLine) -> str:
    return line.title or "No title written yet"


def _short(words: str, longest: int = LONGEST) -> str:
    """Cut between two words."""
    return words if len(words) <= longest else f"{words[: longest - 1].rsplit(' ', 1)[0].rstrip(',;.')}…"


def _story_cut(words: str) -> str:
    return _short(words, LONGEST_OF_STORY)
