"""Configuration for a new source or a new council: draft a map, rehearse it, start a configuration."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from flows.commands.options import AsJson
from flows.showing import CONTROL, counted, in_a_line, in_columns, in_pairs, show, some

app = typer.Typer(no_args_is_help=True, help="Draft and rehearse the map of a source.")
ENDINGS = {
    "loop": "would open or join a loop",
    "withheld": "would be withheld for a trained reader",
    "diverted": "are complaints, to their own procedure",
    "not_counted": "would not be counted",
    "duplicate": "are known already",
    "quarantine": "would go to quarantine",
}
WHY = {"rows": "rows", "why": "why", "first_row": "first in row"}


@app.command()
def draft(file: Annotated[Path, typer.Argument(help="An export of the tool.")], as_json: AsJson = False) -> None:
    """Propose a map for an export, with samples and what it is unsure of."""
    from tasks.configuration import draft_map

    text = draft_map(file)
    show({"map": text}, as_json, [CONTROL.sub("", text.rstrip())])


@app.command()
def check(
    source: Annotated[str, typer.Argument(help="A configured source, or the path of a map.")],
    file: Annotated[Path, typer.Argument(help="An export of the tool.")],
    as_json: AsJson = False,
    show_text: Annotated[
        bool, typer.Option("--show-text", help="The first three comments of each question too, names hidden.")
    ] = False,
) -> None:
    """Rehearse a pull of a file under a map; nothing is stored. Exit 1 where it would be rejected.

    The file is held against its map alone: what a pull would take back of what is on record, it finds out itself.
    """
    from tasks.rehearsal import rehearse

    rehearsed = rehearse(source, file, show_text=show_text)
    show(rehearsed, as_json, [] if rehearsed.rejected else _lines(rehearsed))
    if rehearsed.rejected:
        typer.echo(f"heardback: {rehearsed.source}: {rehearsed.rejected}", err=True)
        raise typer.Exit(1)


def init(folder: Annotated[Path, typer.Argument(metavar="DIR", help="A new folder.")], as_json: AsJson = False) -> None:
    """Write a commented starter configuration into a new folder."""
    from tasks.configuration import write_starter

    written = write_starter(folder)
    advice = f"next: edit them, then HEARDBACK_CONFIG={folder} heardback check"
    show({"written": written}, as_json, [*(f"wrote {path}" for path in written), advice])


def _lines(rehearsed: Any) -> list[str]:
    blank = f", and {some(rehearsed.blank_rows, 'blank one')} passed over" if rehearsed.blank_rows else ""
    ends = [
        {"rows": rows, "why": ENDINGS[fate], "first_row": rehearsed.first_rows.get(fate)}
        for fate, rows in rehearsed.rows.items()
        if rows
    ]
    return [
        f"{rehearsed.file} under {rehearsed.source}: {some(rehearsed.rows_read, 'row')} read{blank}",
        "nothing was stored, and what is on record was not asked: a pull refuses what would take back too much of it",
        "",
        *in_columns(ends, WHY | {"why": "what would become of them"}),
        *_reasons("not counted", rehearsed.not_counted),
        *_reasons("to quarantine", rehearsed.reasons),
        "",
        *in_pairs(_facts(rehearsed.facts)),
        *_texts(rehearsed.texts),
    ]


def _reasons(title: str, reasons: Mapping[str, Mapping[str, int]]) -> list[str]:
    lines = [{"why": why, **counts} for why, counts in reasons.items()]
    return ["", f"{title}:", *in_columns(lines, WHY)] if lines else []


def _facts(facts: Mapping[str, Any]) -> dict[str, Any]:
    found = {name: facts[name] for name in ("comments", "ratings", "choices")}
    return {
        "found": counted(found),
        "own words": _own_words(facts["own_words"]),
        "services": facts["services"],
        "may be published": facts["consent"],
        "rows with a date": facts["dated"],
        "sheet": facts["sheet"],
        "encoding": facts["encoding"],
        "notes": facts["told"],
    }


def _own_words(comments: int) -> str:
    return f"{comments} of the comments, written beside a choice's options" if comments else ""


def _texts(texts: Mapping[str, list[str]] | None) -> list[str]:
    if texts is None:
        return []
    said = [
        line
        for question, first in texts.items()
        for line in (f"{question}:", *(f"  “{in_a_line(text)}”" for text in first))
    ]
    return ["", "the first comments, without those that screening holds back:", *(said or ["none"])]
