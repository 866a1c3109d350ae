"""Screening for disclosures of harm: measured on labelled comments, and learned from them."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from flows.commands.options import AsJson
from flows.showing import in_columns, show, some

app = typer.Typer(no_args_is_help=True, help="Screening for disclosures of harm.")
SHARES = {"what": "", "held": "held back", "n": "of", "share": "share", "low": "from", "high": "to"}
REASONS = {"reason": "reason", "disclosures": "disclosures", "others": "others"}
IN_A_LINE = 10


@app.callback()
def screen() -> None:
    """Screening for disclosures of harm."""


@app.command()
def evaluate(
    comments: Annotated[Path, typer.Option(help="Labelled comments as JSON lines {id, text, label}.")],
    predictions: Annotated[Path | None, typer.Option(help="Write what came of each comment here.")] = None,
    as_json: AsJson = False,
) -> None:
    """Measure on labelled comments (disclosure or not) what is held back. Misses are named by id, never by word."""
    from tasks.screen import evaluate_screening

    figures = evaluate_screening(comments, predictions)
    show(figures, as_json, _lines(figures))


@app.command()
def learn(
    comments: Annotated[
        list[Path] | None, typer.Option(help="A council's own examples, beside those that are shipped.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Learn from labelled comments what words weigh, and write it into the configuration."""
    from tasks.screen import learn_weights

    learned = learn_weights(comments or [])
    examples = f"{some(learned['disclosures'], 'disclosure')} and {some(learned['others'], 'other')}"
    told = f"{learned['weights']} weights and the places of {learned['words']} words from {examples}"
    show(learned, as_json, [f"{learned['file']}: {told}"])


def _lines(figures: Mapping[str, Any]) -> list[str]:
    shares = [("recall", figures["recall"]), ("false alarms", figures["false_alarms"])]
    return [
        f"{some(figures['comments'], 'comment')}, screened by {figures['edition']} in {figures['seconds']:.1f} seconds",
        "",
        *in_columns([{"what": name, **share} for name, share in shares], SHARES),
        "",
        *in_columns(figures["by_reason"], REASONS),
        *_ids("missed", figures["missed"]),
        *_ids("held back in vain", figures["held_in_vain"]),
    ]


def _ids(title: str, ids: Sequence[str]) -> list[str]:
    rows = [ids[start : start + IN_A_LINE] for start in range(0, len(ids), IN_A_LINE)]
    return ["", f"{title}:", *("  " + ", ".join(row) for row in rows)] if ids else []
