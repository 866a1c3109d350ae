"""What goes out: nudges, the board pack, the public board; and what is forgotten."""

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from flows.commands.options import AsJson, At, Out, now, parse_day
from flows.showing import counted, in_columns, show

DryRun = Annotated[bool, typer.Option("--dry-run", help="Only say what would be done.")]
AsOf = Annotated[
    date | None,
    typer.Option("--as-of", parser=parse_day, metavar="DATE", help="As it was known on this day (default: today)."),
]


def nudge(dry_run: DryRun = False, as_json: AsJson = False, at: At = None) -> None:
    """Send the digests and escalations that are due."""
    from tasks.nudge import nudge as send

    report = send(now(at), dry_run=dry_run)
    if dry_run:
        lines = in_columns(report.explanations, ["loop", "verdict", "to", "why"])
    else:
        outcome = {"sent": len(report.sent), "sent already": len(report.already_sent), "failed": len(report.failed)}
        listed = f"{len(report.exceptions)} loops on the board's exception list"
        lines = [f"{report.window}: {counted(outcome)}; {listed}", f"preview: {report.preview or 'nothing to show'}"]
    show(report, as_json, lines)
    if report.failed:
        raise typer.Exit(1)


def report(
    month: Annotated[str, typer.Option(metavar="YYYY-MM", help="The month that the pack is about.")],
    out: Out = Path("var/reports"),
    as_of: AsOf = None,
    as_json: AsJson = False,
) -> None:
    """Write the board pack of a month; exit 1 where a small number could be worked out from it."""
    from tasks.report import write_report

    written = write_report(month, as_of or now().date(), str(out))
    show(written, as_json, [written.sentence, *map(str, written.paths)])


def board(out: Out = Path("var/board"), as_of: AsOf = None, as_json: AsJson = False) -> None:
    """Write the public You Said, We Did board."""
    from tasks.board import write_public_board

    written = write_public_board(as_of or now().date(), str(out))
    counts = f"{written.shown} answers shown, {len(written.refused)} kept off"
    show(written, as_json, [counts, *map(str, written.paths)])


def forget(dry_run: DryRun = False, as_json: AsJson = False, at: At = None) -> None:
    """Forget words, raw files and quarantined cells that the policy no longer keeps."""
    from tasks.forget import forget as forget_what_is_due

    found = forget_what_is_due(now(at), dry_run=dry_run)
    due = {
        "comments": len(found.comments),
        "raw files": len(found.raw_files),
        "quarantined rows": len(found.quarantined),
    }
    show(found, as_json, [f"{'forgotten' if found.done else 'due to be forgotten'}: {counted(due)}"])
