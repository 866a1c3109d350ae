"""The safeguarding desk: the queue of what a trained person has not read yet, and what came of reading it."""

from typing import Annotated

import typer

from flows.commands.options import AsJson, At, By, now
from flows.showing import in_a_line, in_columns, some
from flows.showing import show as answer

app = typer.Typer(no_args_is_help=True, help="What a trained person has to read, and what came of it.")
QUEUED = {
    "loop_uid": "loop", "priority": "priority", "state": "state", "service": "service", "heard_on": "heard",
    "reasons": "what the list found", "written_in": "written in", "outcome": "so far",
}  # fmt: skip
Number = Annotated[str, typer.Argument(metavar="LOOP", help="A loop's number, e.g. L-0142.")]


@app.command()
def queue(
    by: By,
    limit: Annotated[int, typer.Option(help="At most so many.", min=1)] = 50,
    as_json: AsJson = False,
    at: At = None,
) -> None:
    """List what waits to be read, the most urgent first; never the words."""
    from tasks.safeguarding import reading_queue

    found = reading_queue(by, now(at), limit)
    waiting = found["waiting"]
    heading = f"{some(waiting['all'], 'comment')} not read yet; the list found something in {waiting['flagged']}"
    answer(found, as_json, [heading, "", *in_columns(found["queue"], QUEUED)])


@app.command()
def read(number: Number, by: By, as_json: AsJson = False, at: At = None) -> None:
    """Show what was said in a loop, as it was written; who read it is on record."""
    from tasks.safeguarding import read_loop

    words = read_loop(number, by, now(at))
    answer({"loop": number, "comments": words}, as_json, [f"“{in_a_line(text)}”" for text in words.values()])


@app.command()
def alert(as_json: AsJson = False, at: At = None) -> None:
    """Tell whoever has to know what waits to be read, and nobody else. Exit 1 where somebody could not be told."""
    from tasks.alert import alert as send

    report = send(now(at))
    told = ", ".join(report.sent) or "nobody now"
    answer(report, as_json, [f"{some(len(report.waiting), 'loop')} not opened yet; told: {told}"])
    if report.failed:
        raise typer.Exit(1)


@app.command()
def take(
    number: Number,
    by: By,
    pass_on: Annotated[bool, typer.Option("--pass-on", help="To the deputy, who is told at once.")] = False,
    as_json: AsJson = False,
    at: At = None,
) -> None:
    """Say that you will review a loop, which stops its alerts for an hour; reading it ends them."""
    from tasks.alert import take as take_loops

    taken = take_loops([number], by, now(at), pass_on=pass_on)
    answer({"taken": taken}, as_json, [f"{number}: {'passed to the deputy' if pass_on else 'yours to review'}"])


@app.command()
def settle(
    number: Number,
    outcome: Annotated[str, typer.Option(help="not_a_concern, referred, needs_more or complaint.")],
    by: By,
    reference: Annotated[str, typer.Option(help="Why, or the reference of the referral; no child's words.")],
    about_staff: Annotated[
        bool | None,
        typer.Option("--about-staff/--not-about-staff", help="It accuses staff: kept from its service's own people."),
    ] = None,
    as_json: AsJson = False,
    at: At = None,
) -> None:
    """Say what came of reading a loop: it goes on to its service, or it stays held back."""
    from tasks.safeguarding import settle_reading

    settled = settle_reading(number, by, outcome, now(at), reference=reference, about_staff=about_staff)
    answer(settled, as_json, [f"{number}: {outcome}; {settled['state']}"])
