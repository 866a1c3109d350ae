"""The quarantine desk: rows that broke their contract, repaired or discarded."""

from typing import Annotated

import typer

from flows.commands.options import AsJson, At, By, now
from flows.showing import in_columns, in_pairs
from flows.showing import show as answer

app = typer.Typer(no_args_is_help=True, help="Rows that broke their contract.")
NO_CELLS = "no cell is kept of this row: look at it in the file, correct it there and pull it again"
ENDED = {
    "loop": "landed, in a loop",
    "withheld": "landed, withheld for a trained reader",
    "diverted": "landed, a complaint for its own procedure",
    "not_counted": "landed, not counted",
    "duplicate": "known already, nothing new landed",
}
LISTED = {"quarantine_id": "number", "source_id": "source or register", "file_name": "file", "row_number": "row",
          "reasons": "why"}  # fmt: skip
Number = Annotated[int, typer.Argument(metavar="NUMBER", help="The number that `quarantine list` shows.")]


@app.command("list")
def list_rows(
    source: Annotated[str, typer.Option(help="Only this source.")] = "",
    state: Annotated[str, typer.Option(help="open, released or discarded.")] = "open",
    as_json: AsJson = False,
) -> None:
    """List rows with their reasons; their cells are not shown."""
    from tasks.quarantine import list_quarantine
    from tasks.vocabulary import check_quarantine_filter

    check_quarantine_filter(source, state)
    rows = list_quarantine(source, state)
    answer({"rows": rows}, as_json, in_columns(rows, LISTED))


@app.command()
def show(number: Number, as_json: AsJson = False) -> None:
    """Show one row with its raw cells. They may hold a child's words: mind who looks on."""
    from tasks.quarantine import show_row

    row = show_row(number)
    heading = f"{row['file_name']}, row {row['row_number']}: {'; '.join(row['reasons'])}"
    answer(row, as_json, [heading, "", *(in_pairs(row["cells"]) or [NO_CELLS])])


@app.command()
def release(
    number: Number,
    set_: Annotated[list[str] | None, typer.Option("--set", metavar="COLUMN=VALUE", help="A repaired cell.")] = None,
    discard: Annotated[str, typer.Option(metavar="REASON", help="Do not run it again: put it aside for good.")] = "",
    by: By = "data team",
    as_json: AsJson = False,
    at: At = None,
) -> None:
    """Run a row again under its source's present map, with repaired cells where given. Exit 1 where it stays."""
    from tasks.quarantine import discard_row, release_row

    repairs = dict(_pair(text) for text in set_ or [])
    released = discard_row(number, by, now(at), discard) if discard else release_row(number, by, now(at), repairs)
    ended = "put aside for good" if discard else ENDED.get(released.fate, "stays in quarantine")
    answer(released, as_json, [f"{number}: {ended}", *(f"    {reason}" for reason in released.reasons)])
    if released.reasons:
        raise typer.Exit(1)


def _pair(text: str) -> tuple[str, str]:
    column, separator, value = text.partition("=")
    if not separator:
        raise typer.BadParameter(f"'{text}' is not COLUMN=VALUE")
    return column, value
