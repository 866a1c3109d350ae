"""What comes in: pull sources, pull registers of changes, match them."""

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from flows.commands import thesaurus
from flows.commands.options import AsJson, At, now
from flows.showing import FATES, counted, in_columns, show, some

match_app = typer.Typer(invoke_without_command=True, help="Match what is new on either side.")
FIGURES = {
    "what": "comments of kind", "with_gold": "with an answer", "recall_at_1": "first is right",
    "recall_at_3": "among 3", "recall_at_5": "among 5", "auc": "AUC", "brier": "Brier", "ece": "ECE",
}  # fmt: skip
BANDS = {"band": "what it would do", "n": "comments", "right": "right"}

match_app.command()(thesaurus.suggest_words)


def pull(
    sources: Annotated[list[str] | None, typer.Argument(help="Sources to pull (default: all).")] = None,
    again: Annotated[
        bool, typer.Option("--again", help="Read what has landed once more, from the kept bytes under the present map.")
    ] = False,
    as_json: AsJson = False,
    at: At = None,
) -> None:
    """Pull, validate and land: every file of every source that has not landed yet. Exit 1 where one did not land."""
    from tasks.pull import pull_again, pull_source
    from tasks.vocabulary import sources_named

    _pull_each(pull_again if again else pull_source, sources_named(sources or []), now(at), as_json)


def changes(as_json: AsJson = False, at: At = None) -> None:
    """Pull the registers of changes. Exit 1 where one did not land."""
    from tasks.pull import pull_register, register_ids

    _pull_each(pull_register, register_ids(), now(at), as_json)


@match_app.callback()
def match(context: typer.Context, as_json: AsJson = False, at: At = None) -> None:
    """Match new comments with every change, and new changes with every open loop."""
    if context.invoked_subcommand:
        return
    from tasks.match import match_new

    report = match_new(now(at))
    met = f"{some(report.comments, 'new comment')} and {some(report.changes, 'new change')}"
    if not (report.comments or report.changes):
        show(report, as_json, [f"{met}: nothing to match"])
        return
    found = f"{some(report.loops_with_a_suggestion, 'loop')} met a possible answer, {report.loops_without} none"
    show(report, as_json, [f"{met}: {found}; {some(report.proposed, 'new suggestion')}"])


@match_app.command()
def evaluate(
    comments: Annotated[Path, typer.Option(help="Comments as JSON lines.")],
    changes: Annotated[Path, typer.Option(help="Changes as JSON lines.")],
    links: Annotated[Path | None, typer.Option(help="Labelled links as JSON lines, instead of gold.")] = None,
    predictions: Annotated[Path | None, typer.Option(help="Write each comment's candidates here.")] = None,
    replay: Annotated[bool, typer.Option("--replay", help="In date order, learning from what came before.")] = False,
    no_model: Annotated[bool, typer.Option("--no-model", help="By words alone.")] = False,
    as_json: AsJson = False,
) -> None:
    """Measure the matcher on labelled data."""
    from tasks.evaluate import evaluate_matcher

    figures = evaluate_matcher(comments, changes, links, predictions, replay=replay, model=not no_model)
    show(figures, as_json, _figures(figures))


def _pull_each(pull_one: Callable[[str, datetime], Any], feeds: Iterable[str], when: datetime, as_json: bool) -> None:
    """One feed after another; one on which Heardback itself trips stops none of the others, and is told at the end."""
    from tasks.pull import SourceReport
    from tasks.step import Fault

    faults: list[Fault] = []

    def pulled(feed: str) -> Any:
        try:
            return pull_one(feed, when)
        except Fault as fault:
            if isinstance(fault.__context__, OSError):  # a path that no source can do without, told once
                raise
            faults.append(fault)
            return SourceReport.broken(feed, fault)

    failed = _report(map(pulled, feeds), as_json)
    if faults:
        raise faults[0]
    if failed:
        raise typer.Exit(1)


def _report(reports: Iterable[Any], as_json: bool) -> bool:
    """Each feed's lines as soon as it is done: all of them take a minute. Whether one did not land."""
    pulled = []
    for report in reports:
        pulled.append(report)
        if not as_json:
            show(report, as_json, [line for file in report.files for line in _lines_of(report.source, file)])
        for error in report.errors:
            typer.echo(f"heardback: {error}", err=True)
    files = [file for report in pulled for file in report.files]
    fates = sum((Counter(file.fates) for file in files), Counter[str]())
    found = {
        "rows_read": sum(file.rows_read for file in files),
        "fates": dict(fates),
        "files": dict(Counter(file.status for file in files)),
        "failed": any(report.failed for report in pulled),
        "sources": pulled,
    }
    show(found, as_json, [_in_sum(found)])
    return bool(found["failed"])


def _in_sum(found: dict[str, Any]) -> str:
    landed, failed = found["files"].get("landed", 0), found["files"].get("failed", 0)
    broken = f"; {some(failed, 'file')} did not land, see above" if failed else ""
    if not landed:
        return f"nothing new landed{broken}"
    rows = f"{some(landed, 'file')} landed, {some(found['rows_read'], 'row')}"
    return f"{rows} = {counted(found['fates'], FATES)}{broken}"


def _lines_of(source: str, file: Any) -> list[str]:
    if file.status == "failed":
        return [f"{source}: {file.file}: did not land"]
    if file.status == "unchanged":
        return [f"{source}: {file.file}: nothing new, it has landed before"]
    if file.status == "gone":
        return [f"{source}: {file.file}: its bytes are kept no longer, so it was not read again"]
    if file.status == "arriving":
        return [f"{source}: {file.file}: changed a moment ago; the next pull takes it"]
    withdrawn = f"; {file.withdrawn} withdrawn since" if file.withdrawn else ""
    rows = f"{source}: {file.file}: {some(file.rows_read, 'row')} = {counted(file.fates, FATES)}{withdrawn}"
    return [rows, *(f"    {note}{_times(times)}" for note, times in Counter(file.notes).items())]


def _times(times: int) -> str:
    return f", {times} times" if times > 1 else ""


def _figures(figures: dict[str, Any]) -> list[str]:
    """The figures in two tables: how good the candidates are, and what it would do with them."""
    cold = [("before anybody judged", figures["cold"])] if "cold" in figures else []
    kinds = [("all", figures), *cold, *figures.get("by_kind", {}).items()]
    rows = [{"what": name, **kind, **(kind.get("decision") or {})} for name, kind in kinds]
    bands = (figures.get("decision") or {}).get("bands", {})
    return [
        f"{some(figures['comments'], 'comment')}, {some(figures['changes'], 'change')}",
        "",
        *in_columns(rows, FIGURES),
        "",
        *in_columns([{"band": name, **band} for name, band in bands.items()], BANDS),
        "",
        _window(figures["window"]),
        f"by words and meaning ({figures['model']})" if figures["model"] else "by words",
        (
            f"{figures['seconds']:.1f} seconds and {figures['encoding']['seconds']:.1f} to encode "
            f"{some(figures['encoding']['texts'], 'text')}, {figures['peak_memory_mb']:.0f} MB at most"
        ),
    ]


def _window(window: dict[str, Any]) -> str:
    days = " and ".join(f"{part['before']} days before to {part['after']} after" for part in window["days"])
    why = "the labelled links lie outside the policy's" if window["from"] == "links" else "as in policy.yaml"
    return f"a change counts from {days} the comment: {why}"
