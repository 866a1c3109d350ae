"""Hiding identifying details, measured."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from flows.commands.options import AsJson
from flows.showing import in_columns, show, some

app = typer.Typer(no_args_is_help=True, help="Identifying details in comments.")
FOUND = {"what": "kind", "spans": "labelled", "found": "found", "whole": "whole", "recall": "recall",
         "recall_whole": "whole recall"}  # fmt: skip
HIDDEN = {"what": "hidden as", "hidden": "hidden", "right": "right", "precision": "precision"}
PLACES = {"id": "comment", "kind": "kind", "start": "from", "end": "to"}


@app.callback()
def redact() -> None:
    """Identifying details in comments."""


@app.command()
def evaluate(
    comments: Annotated[Path, typer.Option(help="Labelled comments as JSON lines {id, text, spans}.")],
    predictions: Annotated[Path | None, typer.Option(help="Write what was found in each comment here.")] = None,
    as_json: AsJson = False,
) -> None:
    """Measure on labelled comments how well identifying details are hidden. Misses are named by place, not by word."""
    from tasks.redact import evaluate_redactor

    figures = evaluate_redactor(comments, predictions)
    show(figures, as_json, _lines(figures))


def _lines(figures: Mapping[str, Any]) -> list[str]:
    without = figures["hard_negatives"]
    kinds = [("all", figures), ("names", figures["names"]), ("all but names", figures["without_names"])]
    return [
        f"{some(figures['comments'], 'comment')}, {some(figures['spans'], 'labelled span')}",
        "",
        *in_columns([{"what": name, **row} for name, row in (*kinds, *figures["by_kind"].items())], FOUND),
        "",
        *in_columns(_hidden(figures), HIDDEN),
        "",
        f"{without['touched']} of {some(without['comments'], 'comment')} without a label had something hidden",
        f"{figures['seconds']:.1f} seconds",
        *_places("missed", figures["misses"]),
        *_places("hidden in part", figures["partly"]),
        *_places("hidden in vain", figures["in_vain"]),
    ]


def _hidden(figures: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [{"what": name, **row} for name, row in (("all", figures), *figures["hidden_by_kind"].items())]


def _places(title: str, places: Sequence[Mapping[str, Any]]) -> list[str]:
    return ["", f"{title}:", *in_columns(places, PLACES)] if places else []
