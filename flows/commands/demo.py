"""The demo: the sample council end to end, and one screen that says what happened."""

import sys
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer

from flows.commands.options import AsJson, Out
from flows.showing import show

SAMPLE_NOW = datetime(2026, 11, 10, 9, 30, tzinfo=ZoneInfo("Europe/London"))
SAMPLE_MONTH = "2026-07"


Svg = Annotated[Path | None, typer.Option("--picture", metavar="SVG", help="Draw the last screen into this file too.")]


def demo(out: Out = Path("var/demo"), as_json: AsJson = False, svg: Svg = None) -> None:
    """Run the whole path on the sample council and show what came of it."""
    from flows.surroundings import isolate, prepare
    from flows.temporary_server import temporary_server

    try:
        sample = isolate(out)
    except FileExistsError as error:
        raise typer.BadParameter(str(error)) from None
    prepare(out)
    with _progress() as progress, temporary_server(out / "prefect" / "server.log") as wait:
        progress("starting a temporary Prefect server")
        run_demo = _imported_meanwhile()

        wait()
        run = run_demo(out, sample, SAMPLE_NOW, SAMPLE_MONTH, progress)
    from flows.screen import draw, picture

    if svg:
        svg.write_text(picture(run, out, SAMPLE_NOW), encoding="utf-8")
    show(run, as_json, [draw(run, out, SAMPLE_NOW)])
    for failure in run.failures:
        typer.echo(f"heardback: {failure}", err=True)
    if run.failures:
        raise typer.Exit(1)


def _imported_meanwhile() -> Callable[..., Any]:
    """The run, with everything that it will need: to import it takes as long as the server takes to start."""
    from flows.demo import run_demo

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # what Great Expectations' own dependencies deprecate
        import_module("great_expectations")
    return run_demo


@contextmanager
def _progress() -> Iterator[Callable[[str], None]]:
    """A line that moves on a terminal; nothing in a pipe."""
    from rich.console import Console

    console = Console(stderr=True)
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    with console.status("…") as spinner:
        yield lambda what: _step(console, spinner, what)


def _step(console: Any, spinner: Any, what: str) -> None:
    console.print(f"[green]·[/] {what}")
    spinner.update(what)
