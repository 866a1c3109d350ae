"""Configuration for a new source or a new council: draft a map, rehearse it, start a configuration."""

from pathlib import Path
from typing import Annotated

import typer

from flows.commands.options import AsJson
from flows.showing import show

app = typer.Typer(no_args_is_help=True, help="Draft and rehearse the map of a source.")


@app.command()
def draft(file: Annotated[Path, typer.Argument(help="An export of the tool.")], as_json: AsJson = False) -> None:
    """Propose a map for an export, with samples and what it is unsure of."""
    from tasks.configuration import draft_map

    text = draft_map(file)
    show({"map": text}, as_json, [text])


@app.command()
def check(
    source: Annotated[str, typer.Argument(help="A configured source, or the path of a map.")],
    file: Annotated[Path, typer.Argument(help="An export of the tool.")],
    as_json: AsJson = False,
) -> None:
    """Rehearse a pull of a file under a map; nothing is stored. Exit 1 where it would be rejected."""
    from tasks.configuration import rehearse

    rehearsed = rehearse(source, file)
    show(rehearsed.result, as_json, rehearsed.lines)


def init(folder: Annotated[Path, typer.Argument(metavar="DIR", help="A new folder.")], as_json: AsJson = False) -> None:
    """Write a commented starter configuration into a new folder."""
    from tasks.configuration import write_starter

    written = write_starter(folder)
    advice = f"next: edit them, then HEARDBACK_CONFIG={folder} heardback check"
    show({"written": written}, as_json, [*(f"wrote {path}" for path in written), advice])
