"""What goes out: nudges, the board pack, the public board."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Annotated, Any

import typer

from flows.commands.options import AsJson, At, HomeOut, On, now, parse_day, parse_month
from flows.showing import counted, in_columns, show, some

DryRun = Annotated[bool, typer.Option("--dry-run", help="Only say what would be done.")]
ClockIsRight = Annotated[
    bool, typer.Option("--clock-is-right", help="Go on although the date is far from anything on record.")
]
AsOf = Annotated[
    date | None,
    typer.Option("--as-of", parser=parse_day, metavar="DATE", help="As it was known on this day (default: today)."),
]
Month = Annotated[
    str, typer.Option("--month", parser=parse_month, metavar="YYYY-MM", help="The month that the pack is about.")
]
HOW_LATE = re.compile(r"\d+ working days overdue")
WHY = {"loops": "loops", "verdict": "verdict", "to": "to", "why": "why", "first": "first of them"}


def nudge(
    dry_run: DryRun = False, clock_is_right: ClockIsRight = False, as_json: AsJson = False, at: At = None
) -> None:
    """Send the digests and escalations that are due, write earlier ones anew. Exit 1 where one could not be sent."""
    from tasks.nudge import nudge as send
    from tasks.overdue import note_overdue
    from tasks.rewrite import rewrite_messages

    when = now(at)
    report = send(when, dry_run=dry_run, clock_is_right=clock_is_right)
    if not dry_run:
        note_overdue(when)  # after the clock has been found to be one that can be believed
        rewrite_messages(when)
    show(report, as_json, _would_be_told(report) if dry_run else _told(report))
    if report.failed:
        raise typer.Exit(1)


def report(month: Month, out: HomeOut = None, as_of: AsOf = None, as_json: AsJson = False) -> None:
    """Write the board pack of a month; exit 1 where a small number could be worked out from it."""
    from tasks.report import write_report
    from tasks.vocabulary import folder_at_home

    written = write_report(month, as_of or now().date(), str(out or folder_at_home("reports")))
    posted = [f"the board's channel: {written.told.replace('_', ' ')}"] if written.told else []
    show(written, as_json, [written.sentence, "", *(f"wrote {path}" for path in written.paths), *posted])


def board(
    out: HomeOut = None,
    as_of: AsOf = None,
    posted: Annotated[str, typer.Option("--posted", metavar="PLACE", help="Record that it hangs at this place.")] = "",
    service: Annotated[str, typer.Option(help="Posted: the service whose poster it is.")] = "",
    version: Annotated[
        str,
        typer.Option("--version", help="A version of wordings.yaml: its posters alone, or the one that was posted."),
    ] = "",
    by: Annotated[str, typer.Option("--by", metavar="NAME", help="Posted: who put it up.")] = "",
    role: Annotated[str, typer.Option("--role", help="Posted: the role in which they act.")] = "participation_officer",
    on: On = None,
    as_json: AsJson = False,
    at: At = None,
) -> None:
    """Write the public You Said, We Did board, or record where it was put up: that makes its loops told."""
    from tasks.board import write_posters_of, write_public_board
    from tasks.vocabulary import folder_at_home

    if posted:
        _post(posted, service, version, by, role, on, at, as_json)
        return
    if version:
        posters = write_posters_of(version, as_of or now().date(), str(out or folder_at_home("board") / "posters"))
        show({"paths": posters}, as_json, [f"wrote {path}" for path in posters])
        return
    written = write_public_board(as_of or now().date(), str(out or folder_at_home("board")))
    kept_off = [f"    {refusal.loop_uid}: {refusal.reason}" for refusal in written.refused]
    counts = f"{some(written.shown, 'answer')} shown, {len(written.refused)} kept off"
    show(written, as_json, [counts, *kept_off, *(f"wrote {path}" for path in written.paths)])


def _post(place: str, service: str, version: str, by: str, role: str, on: date | None, at: Any, as_json: bool) -> None:
    from tasks.loops import mover
    from tasks.posting import record_posting
    from tasks.vocabulary import check_role

    if not (service and by):
        raise typer.BadParameter("say whose poster it is and who put it up: --service CODE --by NAME")
    check_role(role)
    found = record_posting(service, place, mover(by, role, on), now(at), version)
    counts = {"told": len(found.told), "told once more": len(found.told_again), "on record before": found.known}
    show(found, as_json, [f"{service} at {place}: {counted(counts)}"])


def _told(report: Any) -> list[str]:
    outcome = {"sent": len(report.sent), "sent before": len(report.already_sent), "failed": len(report.failed)}
    board = f"{some(len(report.exceptions), 'loop')} on the board's exception list"
    looked = [f"as people see them: {report.preview}"] if report.preview else []
    lost = (
        [f"no way reaches {', '.join(report.unreachable)}: their loops are on the list"] if report.unreachable else []
    )
    return [f"{report.window}: {_or_nothing(outcome)}; {board}", *lost, *looked]


def _or_nothing(outcome: Mapping[str, int]) -> str:
    return f"messages: {counted(outcome)}" if any(outcome.values()) else "no message was due"


def _would_be_told(report: Any) -> list[str]:
    digests = [{"owner": owner, "loops": loops} for owner, loops in report.recipients.items()]
    return [
        f"{report.window}: {some(len(digests), 'digest')} would be sent",
        *(in_columns(digests, {"owner": "owner", "loops": "loops"}) if digests else []),
        "",
        *in_columns(_alike(report.explanations), WHY),
        "",
        "every loop by its number: --json",
    ]


def _alike(explanations: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Hundreds of loops share a dozen reasons, whatever their age: one line for each, the commonest first."""
    alike: dict[tuple[str, ...], list[str]] = {}
    for item in explanations:
        why = HOW_LATE.sub("overdue", item["why"])
        alike.setdefault((item["verdict"], ", ".join(item["to"]), why), []).append(item["loop"])
    lines = [
        {"loops": len(loops), "verdict": verdict.replace("_", " "), "to": to, "why": why, "first": min(loops)}
        for (verdict, to, why), loops in alike.items()
    ]
    return sorted(lines, key=lambda line: -int(line["loops"]))
