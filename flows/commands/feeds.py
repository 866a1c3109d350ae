"""What comes in: pull sources, pull registers of changes, match them."""

from pathlib import Path
from typing import Annotated, Any

import typer

from flows.commands.options import AsJson, At, now
from flows.showing import counted, show

match_app = typer.Typer(invoke_without_command=True, help="Match what is new on either side.")


def pull(
    sources: Annotated[list[str] | None, typer.Argument(help="Sources to pull (default: all).")] = None,
    as_json: AsJson = False,
    at: At = None,
) -> None:
    """Pull, validate and land: every file of every source that has not landed yet."""
    from tasks.pull import pull_source, source_ids

    _report([pull_source(source, now(at)) for source in sources or source_ids()], as_json)


def changes(as_json: AsJson = False, at: At = None) -> None:
    """Pull the registers of changes."""
    from tasks.pull import pull_register, register_ids

    _report([pull_register(register, now(at)) for register in register_ids()], as_json)


@match_app.callback()
def match(context: typer.Context, as_json: AsJson = False, at: At = None) -> None:
    """Match new comments with every change, and new changes with every open loop."""
    if context.invoked_subcommand:
        return
    from tasks.match import match_new

    report = match_new(now(at))
    met = f"{report.comments} new comments, {report.changes} new changes"
    found = f"{report.loops_with_a_suggestion} loops with a suggestion, {report.loops_without} with an honest nothing"
    show(report, as_json, [f"{met}: {found}; {report.proposed} new suggestions"])


@match_app.command()
def evaluate(
    comments: Annotated[Path, typer.Option(help="Comments as JSON lines.")],
    changes: Annotated[Path, typer.Option(help="Changes as JSON lines.")],
    links: Annotated[Path | None, typer.Option(help="Labelled links as JSON lines, instead of gold.")] = None,
    predictions: Annotated[Path | None, typer.Option(help="Write each comment's candidates here.")] = None,
    as_json: AsJson = False,
) -> None:
    """Measure the matcher on labelled data."""
    from tasks.evaluate import evaluate_matcher

    figures = evaluate_matcher(comments, changes, links, predictions)
    show(figures, as_json, _flat(figures))


def _report(reports: list[Any], as_json: bool) -> None:
    failed = any(report.failed for report in reports)
    files = [(report.source, file) for report in reports for file in report.files]
    landed = sum(file.rows_read for _, file in files)
    found = {"rows_read": landed, "failed": failed, "sources": reports}
    show(found, as_json, [line for source, file in files for line in _lines_of(source, file)])
    for source, file in files:
        if file.status == "failed":
            typer.echo(f"heardback: {source}: {file.error}", err=True)
    if failed:
        raise typer.Exit(1)


def _lines_of(source: str, file: Any) -> list[str]:
    if file.status == "failed":
        return [f"{source}: {file.file}: nothing landed, see the error"]
    if file.status == "unchanged":
        return [f"{source}: {file.file}: nothing new; it has landed before"]
    withdrawn = f"; {file.withdrawn} withdrawn" if file.withdrawn else ""
    rows = f"{source}: {file.file}: {file.rows_read} rows = {counted(file.fates)}{withdrawn}"
    return [rows, *(f"    {note}" for note in file.notes)]


def _flat(figures: dict[str, Any], before: str = "") -> list[str]:
    lines = []
    for name, value in figures.items():
        label = f"{before}{name}"
        lines += _flat(value, f"{label} · ") if isinstance(value, dict) else [f"{label}: {value}"]
    return lines
