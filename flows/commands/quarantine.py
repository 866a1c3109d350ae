"""The quarantine desk: rows that broke their contract, repaired or discarded."""

from collections import Counter
from datetime import datetime
from typing import Annotated, Any

import typer

from flows.commands.options import AsJson, At, By, now
from flows.showing import counted, in_columns, in_pairs, some
from flows.showing import show as answer

app = typer.Typer(no_args_is_help=True, help="Rows that broke their contract.")
NO_CELLS = "no cell is kept of this row: look at it in the file, correct it there and pull it again"
ENDED = {
    "loop": "landed, in a loop",
    "withheld": "landed, withheld for a trained reader",
    "diverted": "landed, a complaint for its own procedure",
    "not_counted": "landed, not counted",
    "duplicate": "known already, nothing new landed",
    "change": "recorded as a change",
}
STAYS = "stays in quarantine"
DONE = {"at": "at", "actor": "who", "action": "what", "note": "note"}
LISTED = {"quarantine_id": "number", "source_id": "source or register", "pull_uid": "pull", "file_name": "file",
          "row_number": "row", "reasons": "why"}  # fmt: skip
HIDDEN = "what stands in them: heardback quarantine show {} --show-text --by NAME"
Number = Annotated[int, typer.Argument(metavar="NUMBER", help="The number that `quarantine list` shows.")]
Source = Annotated[str, typer.Option(help="Only this source or register.")]
Pull = Annotated[str, typer.Option(metavar="PULL", help="Only this pull, by the id that `quarantine list` shows.")]
Reason = Annotated[str, typer.Option(metavar="TEXT", help="Only rows with a reason in which this stands.")]


@app.command("list")
def list_rows(
    source: Source = "",
    state: Annotated[str, typer.Option(help="open, released or discarded.")] = "open",
    pull: Pull = "",
    reason: Reason = "",
    as_json: AsJson = False,
) -> None:
    """List rows with their reasons; their cells are not shown."""
    from tasks.quarantine import list_quarantine
    from tasks.vocabulary import check_quarantine_filter

    check_quarantine_filter(source, state)
    rows = list_quarantine(source, state, pull, reason)
    answer({"rows": rows}, as_json, in_columns(rows, LISTED))


@app.command()
def show(
    number: Number,
    show_text: Annotated[bool, typer.Option("--show-text", help="The cells too, names and the like hidden.")] = False,
    by: Annotated[str, typer.Option("--by", metavar="NAME", help="Who looks at the cells; it is on record.")] = "",
    as_json: AsJson = False,
) -> None:
    """Show one row: why it stays, how long its cells are, what was done with it. Its cells may be a child's words."""
    from tasks.quarantine import show_row

    if show_text and not by:
        raise typer.BadParameter("say who looks: --by NAME")
    row = show_row(number, text_to=by if show_text else "", at=now())
    heading = f"{row['file_name']}, row {row['row_number']}: {'; '.join(row['reasons'])}"
    answer(row, as_json, [heading, "", *_cells(row, number), *_audit(row["audit"])])


@app.command()
def release(
    number: Annotated[
        int | None, typer.Argument(metavar="[NUMBER]", help="One row; or say which by an option.")
    ] = None,
    set_: Annotated[list[str] | None, typer.Option("--set", metavar="COLUMN=VALUE", help="A repaired cell.")] = None,
    discard: Annotated[
        str | None, typer.Option(metavar="REASON", help="Do not run it again: put it aside for good.")
    ] = None,
    source: Source = "",
    pull: Pull = "",
    reason: Reason = "",
    by: By = "data team",
    as_json: AsJson = False,
    at: At = None,
) -> None:
    """Run a row again under its source's present map, with repaired cells where given; or all of a source or pull.

    Exit 1 where one stays.
    """
    repairs = dict(_pair(text) for text in set_ or [])
    if (number is None) == (not (source or pull or reason)):
        raise typer.BadParameter("name one row by its number, or several by --source, --pull or --reason")
    if number is None and (repairs or discard is not None):
        raise typer.BadParameter("--set and --discard are for one row: name its number")
    if repairs and discard is not None:
        raise typer.BadParameter("--set repairs a row and --discard gives it up: one of them")
    if number is None:
        _release_several(source, pull, reason, by, now(at), as_json)
    else:
        _release_one(number, repairs, discard, by, now(at), as_json)


def _release_one(
    number: int, repairs: dict[str, str], discard: str | None, by: str, when: datetime, as_json: bool
) -> None:
    from tasks.quarantine import discard_row, release_row

    given_up = discard is not None
    released = discard_row(number, by, when, discard or "") if given_up else release_row(number, by, when, repairs)
    ended = "put aside for good" if given_up else ENDED.get(released.fate, STAYS)
    answer(released, as_json, [f"{number}: {ended}", *(f"    {reason}" for reason in released.reasons)])
    if released.reasons:
        raise typer.Exit(1)


def _release_several(source: str, pull: str, reason: str, by: str, when: datetime, as_json: bool) -> None:
    from tasks.quarantine import release_rows
    from tasks.vocabulary import check_quarantine_filter

    check_quarantine_filter(source, "open")
    released = release_rows(by, when, source_id=source, pull_uid=pull, reason=reason)
    fates = Counter(row.fate for row in released)
    reasons = Counter(reason for row in released for reason in row.reasons)
    found = {"released": released, "fates": dict(fates), "reasons": dict(reasons)}
    lines = [f"{some(len(released), 'row')} run again: {counted(fates, {**ENDED, 'quarantine': STAYS})}"]
    answer(found, as_json, lines + [f"    {reason}: {some(rows, 'row')}" for reason, rows in reasons.most_common()])
    if reasons:
        raise typer.Exit(1)


def _cells(row: dict[str, Any], number: int) -> list[str]:
    if not row["characters"]:
        return [NO_CELLS]
    if "cells" in row:
        return in_pairs(row["cells"])
    lengths = {column: some(count, "character") if count else "empty" for column, count in row["characters"].items()}
    return [*in_pairs(lengths), "", HIDDEN.format(number)]


def _audit(entries: list[dict[str, Any]]) -> list[str]:
    return ["", *in_columns(entries, DONE)] if entries else []


def _pair(text: str) -> tuple[str, str]:
    column, separator, value = text.partition("=")
    if not separator:
        raise typer.BadParameter(f"'{text}' is not COLUMN=VALUE")
    return column, value
