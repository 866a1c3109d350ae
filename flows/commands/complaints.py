"""The complaints desk: what went to the statutory procedure, by when its answer is due, and how it ended."""

from typing import Annotated, Any

import typer

from flows.commands.options import AsJson, At, By, On, now
from flows.showing import in_a_line, in_columns
from flows.showing import show as answer

app = typer.Typer(no_args_is_help=True, help="Complaints beside their statutory procedure.")
LISTED = {
    "loop_uid": "loop", "service_code": "service", "heard_on": "heard", "due": "due", "days_left": "working days left",
    "accepted_on": "accepted", "reference": "reference", "ended_on": "ended", "ended_as": "as",
}  # fmt: skip
Number = Annotated[str, typer.Argument(metavar="LOOP", help="A loop's number, e.g. L-0142.")]
Reference = Annotated[str, typer.Option(help="Its number in the complaints procedure; no child's words.")]


@app.command("list")
def list_them(as_json: AsJson = False, at: At = None) -> None:
    """List every complaint with its clock, the most urgent first; never the words."""
    from tasks.complaints import list_complaints

    rows = list_complaints(now(at))
    answer({"complaints": rows}, as_json, in_columns(rows, LISTED))


@app.command()
def read(number: Number, by: By, as_json: AsJson = False, at: At = None) -> None:
    """Show what a complaint says, as it was written; who read it is on record."""
    from tasks.complaints import read_complaint

    words = read_complaint(number, by, now(at))
    answer({"loop": number, "comments": words}, as_json, [f"“{in_a_line(text)}”" for text in words])


@app.command()
def accept(number: Number, by: By, reference: Reference, on: On = None, as_json: AsJson = False, at: At = None) -> None:
    """Note that the procedure has taken a complaint up."""
    from tasks.complaints import accept_complaint

    _show(accept_complaint(number, by, now(at), reference=reference, on=on), as_json)


@app.command()
def extend(
    number: Number,
    by: By,
    reason: Annotated[str, typer.Option(help="Why the answer takes longer.")],
    on: On = None,
    as_json: AsJson = False,
    at: At = None,
) -> None:
    """Note that the time for the answer was extended, once."""
    from tasks.complaints import extend_complaint

    _show(extend_complaint(number, by, now(at), reason=reason, on=on), as_json)


@app.command()
def end(
    number: Number,
    by: By,
    outcome: Annotated[str, typer.Option(help="upheld, partly_upheld, not_upheld, withdrawn or stage_2.")],
    reference: Reference,
    on: On = None,
    as_json: AsJson = False,
    at: At = None,
) -> None:
    """Note how the procedure ended."""
    from tasks.complaints import end_complaint

    _show(end_complaint(number, by, now(at), ended_as=outcome, reference=reference, on=on), as_json)


def _show(complaint: dict[str, Any], as_json: bool) -> None:
    answer(complaint, as_json, in_columns([complaint], LISTED))
