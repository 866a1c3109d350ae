"""What groups and boards are told beside the pack: a group's own list, and that it was told it."""

from datetime import date
from typing import Annotated, Any

import typer

from flows.commands.acting import AsOf
from flows.commands.options import AsJson, At, HomeOut, On, now, parse_day
from flows.showing import counted, show, some

Since = Annotated[
    date | None,
    typer.Option(parser=parse_day, metavar="DATE", help="The day of its last meeting (default: the one on record)."),
]


def told_back(
    group: Annotated[str, typer.Argument(metavar="GROUP", help="A group of services.yaml, e.g. parents_forum.")],
    out: HomeOut = None,
    since: Since = None,
    as_of: AsOf = None,
    version: Annotated[str, typer.Option(help="Beside it, its answers in this version of wordings.yaml.")] = "",
    met: Annotated[str, typer.Option("--met", metavar="PLACE", help="Record that it was told at this place.")] = "",
    by: Annotated[str, typer.Option("--by", metavar="NAME", help="Met: who told them.")] = "",
    role: Annotated[str, typer.Option("--role", help="Met: the role in which they act.")] = "participation_officer",
    on: On = None,
    as_json: AsJson = False,
    at: At = None,
) -> None:
    """Write a group's own list for its next meeting, or record that it was told there: that makes its loops told."""
    from tasks.told_back import write_list
    from tasks.vocabulary import folder_at_home

    if met:
        _record(group, met, since, by, role, on, at, as_json)
        return
    written = write_list(group, as_of or now().date(), str(out or folder_at_home("told-back")), since, version)
    shown, off, waiting = len(written.shown), len(written.kept_off), len(written.waiting)
    counts = f"{some(shown, 'answer')} shown, {off} kept off; {some(waiting, 'loop')} still waiting"
    kept_off = [f"    {loop_uid}: {reason}" for loop_uid, reason in written.kept_off.items()]
    show(written, as_json, [counts, *kept_off, *(f"wrote {path}" for path in written.paths)])


def _record(
    group: str, place: str, since: date | None, by: str, role: str, on: date | None, at: Any, as_json: bool
) -> None:
    from tasks.loops import mover
    from tasks.told_back import record_meeting
    from tasks.vocabulary import check_role

    if not by:
        raise typer.BadParameter("say who told them: --by NAME")
    check_role(role)
    found = record_meeting(group, place, mover(by, role, on), now(at), since)
    counts = {"told": len(found.told), "told once more": len(found.told_again), "on record before": found.known}
    show(found, as_json, [f"{group} at {place}: {counted(counts)}"])


def action_plan(out: HomeOut = None, as_of: AsOf = None, as_json: AsJson = False) -> None:
    """Write how far each recommendation of an action plan has come, for Scrutiny and the board."""
    from tasks.action_plan import write_plan
    from tasks.vocabulary import folder_at_home

    written = write_plan(as_of or now().date(), str(out or folder_at_home("reports")))
    show(written, as_json, [written.sentence, *(f"wrote {path}" for path in written.paths)])


def practice(out: HomeOut = None, as_of: AsOf = None, as_json: AsJson = False, at: At = None) -> None:
    """Write the practice digest of the last six weeks, and post it where practitioners have a channel."""
    from tasks.practice import write_digest
    from tasks.vocabulary import folder_at_home

    when = now(at)
    written = write_digest(as_of or when.date(), str(out or folder_at_home("practice")), when)
    counts = f"{written.weeks}: {some(written.shown, 'answer')} shown, {written.unchecked} still being checked"
    posted = [f"the practitioners' channel: {written.told.replace('_', ' ')}"] if written.told else []
    show(written, as_json, [counts, *(f"wrote {path}" for path in written.paths), *posted])


def board_wording(
    number: Annotated[str, typer.Argument(metavar="LOOP", help="A loop's number, e.g. L-0142.")],
    version: Annotated[str, typer.Option(help="A version of wordings.yaml: an age band or a language.")],
    said: Annotated[str, typer.Option(help="What was asked, in these words.")],
    answer: Annotated[str, typer.Option(help="What came of it, in these words.")],
    by: Annotated[str, typer.Option("--by", metavar="NAME", help="Who checked it, and can read it.")],
    checked_by: Annotated[str, typer.Option("--checked-by", metavar="NAME", help="Another who did.")],
    because: Annotated[str, typer.Option(help="Why the rest cannot be had.")] = "",
    as_json: AsJson = False,
    at: At = None,
) -> None:
    """Keep a public answer in other words, for an age band or in another language; the board shows it in a section."""
    from tasks.wordings import keep_wording

    kept = keep_wording(number, version, said, answer, (by, checked_by), now(at), because)
    show(kept, as_json, [f"{kept.loop} in {kept.version}, for the decision of {kept.decided_on}", f"wrote {kept.path}"])
