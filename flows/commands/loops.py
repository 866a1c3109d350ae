"""The loop desk: look at loops and move them, each move through the ledger."""

from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from flows.commands.options import AsJson, At, By, On, now, parse_day
from flows.showing import in_a_line, in_columns, in_pairs
from flows.showing import show as answer

app = typer.Typer(no_args_is_help=True, help="Look at loops and move them.")
LISTED = {
    "loop_uid": "loop", "state": "state", "service_code": "service", "voices": "voices", "heard_from": "heard from",
    "heard_to": "to", "title": "title", "outcome": "outcome",
}  # fmt: skip
ALIKE = {"into": "loop", "into_voices": "voices", "loop": "may take in", "voices": "its voices", "service": "service",
         "title": "title", "reason": "because"}  # fmt: skip
MOVED = {"on_date": "on", "move": "move", "to_state": "state then", "actor": "by", "role": "as", "reason": "why"}
DAYS = ("until", "by_date")
OPTIONS = ("on", "reason", "version", "by", "role", "at")
Number = Annotated[str, typer.Argument(metavar="LOOP", help="A loop's number, e.g. L-0142.")]
Role = Annotated[str, typer.Option("--role", help="The role in which you act.")]
Reason = Annotated[str, typer.Option(help="Why; stands in the history.")]
Seen = Annotated[int | None, typer.Option("--version", help="Refuse if the loop has moved since this version.")]


@app.command("list")
def list_loops(
    state: Annotated[str, typer.Option(help="Only this state.")] = "",
    service: Annotated[str, typer.Option(help="Only this service.")] = "",
    limit: Annotated[int, typer.Option(help="At most so many.", min=1)] = 50,
    by: Annotated[str, typer.Option("--by", metavar="NAME", help="Only what this person may see; on record.")] = "",
    as_json: AsJson = False,
) -> None:
    """List loops; without --by all but those that accuse staff."""
    from tasks.shown_loops import list_loops as loops_like
    from tasks.vocabulary import check_loop_filter

    check_loop_filter(state, service)
    rows = loops_like(state, service, limit, to=by, at=now())
    more = [f"the first {limit}; for more: --limit, --state, --service"] if len(rows) == limit else []
    answer({"loops": rows}, as_json, [*in_columns(rows, LISTED), *more])


@app.command()
def show(
    number: Number,
    words: Annotated[bool, typer.Option("--words", help="Show what was said, identifying details hidden.")] = False,
    by: Annotated[str, typer.Option("--by", metavar="NAME", help="Who looks; it is on record.")] = "",
    as_json: AsJson = False,
) -> None:
    """Show one loop: where it stands, what may answer it, and its history."""
    from tasks.shown_loops import show_loop

    if words and not by:
        raise typer.BadParameter("say who looks: --by NAME")
    view = show_loop(number, to=by, words_to=by if words else "", at=now())
    history = ["", "what happened:", *in_columns(view.history, MOVED)]
    answer(view, as_json, [*in_pairs(_facts(view)), *_candidates(view), *_said(view, asked=words), *history])


@app.command()
def decide(
    number: Number,
    outcome: Annotated[str, typer.Option(help="done, will, partly, cannot or already.")],
    wording: Annotated[str, typer.Option(help="What young people are told, in their words.")],
    by: By,
    by_date: Annotated[
        date | None, typer.Option(parser=parse_day, metavar="DAY", help="For will: done by then.")
    ] = None,
    change: Annotated[str, typer.Option(help="The change that answers it.")] = "",
    reason: Reason = "",
    role: Role = "service_manager",
    on: On = None,
    version: Seen = None,
    as_json: AsJson = False,
    at: At = None,
) -> None:
    """Record what was decided; a loop that nobody has taken on becomes its owner's."""
    _move(number, "decide", by, role, on, at, as_json, reason=reason, version=version,
          outcome=outcome, wording=wording, by_date=by_date, change=change)  # fmt: skip


@app.command()
def tell(
    number: Number,
    how: Annotated[str, typer.Option(help="board, session, letter, message, report or other.")],
    where: Annotated[str, typer.Option(help="Where people were told.")],
    by: By,
    whom: Annotated[str, typer.Option(help="Who was told.")] = "",
    role: Role = "service_manager",
    on: On = None,
    version: Seen = None,
    as_json: AsJson = False,
    at: At = None,
) -> None:
    """Record how people were told what came of it."""
    _move(number, "tell", by, role, on, at, as_json, version=version, how=how, where=where, whom=whom)


@app.command()
def match(
    number: Number,
    change: str,
    by: By,
    role: Role = "service_manager",
    on: On = None,
    as_json: AsJson = False,
    at: At = None,
) -> None:
    """Confirm that a change answers a loop."""
    _move(number, "match", by, role, on, at, as_json, change=change)


@app.command()
def reject(number: Number, change: str, by: By, as_json: AsJson = False, at: At = None) -> None:
    """Say that a change does not answer a loop; the pair is never offered again."""
    from tasks.loops import By as Mover
    from tasks.loops import reject_match

    reject_match(number, change, Mover(by), now(at))
    answer({"loop": number, "rejected": change}, as_json, [f"{number}: {change} is not its answer"])


@app.command()
def alike(
    by: By,
    service: Annotated[str, typer.Option(help="Only this service.")] = "",
    as_json: AsJson = False,
) -> None:
    """List open loops that say the same, for `loop merge`: nothing is merged by itself."""
    from tasks.merging import loops_that_say_the_same

    rows = loops_that_say_the_same(by, now(), service)
    answer({"loops": rows}, as_json, in_columns(rows, ALIKE) if rows else ["no open loops say the same"])


@app.command()
def merge(
    into: Number,
    others: list[str],
    by: By,
    reason: Reason = "",
    role: Role = "service_manager",
    as_json: AsJson = False,
    at: At = None,
) -> None:
    """Put the voices of other loops of the same service into one."""
    from tasks.loops import merge_loops, mover
    from tasks.vocabulary import check_role

    check_role(role)
    _show_loop(merge_loops(into, others, mover(by, role), now(at), reason), as_json)


@app.command()
def split(
    number: Number,
    comments: list[str],
    by: By,
    reason: Reason = "",
    role: Role = "service_manager",
    as_json: AsJson = False,
    at: At = None,
) -> None:
    """Give some of a loop's comments a loop of their own."""
    from tasks.loops import mover, split_loop
    from tasks.vocabulary import check_role

    check_role(role)
    new = split_loop(number, comments, mover(by, role), now(at), reason)
    answer({"loop": number, "new": new}, as_json, [f"{number}: split off {new}"])


@app.command()
def reassign(
    number: Number,
    by: By,
    reason: Annotated[str, typer.Option(help="Why it is not theirs; stands in the history.")],
    to: Annotated[str, typer.Option(metavar="NAME", help="A person, by short name.")] = "",
    service: Annotated[str, typer.Option(help="Another service; whoever owns it becomes the loop's owner.")] = "",
    role: Role = "service_manager",
    version: Seen = None,
    as_json: AsJson = False,
    at: At = None,
) -> None:
    """Give a loop to somebody else, or to another service, with a reason."""
    if not (to or service):
        raise typer.BadParameter("say whose it is: --to NAME, or --service CODE")
    given = {key: value for key, value in (("owner", to), ("service", service)) if value}
    _move(number, "reassign", by, role, None, at, as_json, reason=reason, version=version, **given)


@app.command()
def move(
    number: Number,
    name: Annotated[str, typer.Argument(help="A move of docs/states.md, e.g. own, agree, reopen, release, keep.")],
    by: By,
    details: Annotated[list[str] | None, typer.Argument(help="What the move requires, as key=value.")] = None,
    reason: Reason = "",
    role: Role = "service_manager",
    on: On = None,
    version: Seen = None,
    as_json: AsJson = False,
    at: At = None,
) -> None:
    """Make any other move of the table."""
    given = dict(_detail(text) for text in details or [])
    _move(number, name, by, role, on, at, as_json, reason=reason, version=version, **given)


@app.command()
def journal(
    path: Annotated[Path, typer.Argument(help="Decisions as JSON lines.")], as_json: AsJson = False, at: At = None
) -> None:
    """Record decisions and tellings that staff wrote down elsewhere. Exit 1 where a line was refused."""
    from tasks.journal import record_journal

    report = record_journal(str(path), now(at))
    answer(report, as_json, [f"{report.recorded} recorded, {len(report.refused)} refused"])
    for line in report.refused:
        typer.echo(f"heardback: {line}", err=True)
    if report.refused:
        raise typer.Exit(1)


def _move(number: str, name: str, by: str, role: str, on: date | None, at: Any, as_json: bool, **given: Any) -> None:
    from tasks.loops import move_loop, mover
    from tasks.vocabulary import check_move

    check_move(name, role, given)
    _show_loop(move_loop(number, name, mover(by, role, on), now(at), **given), as_json)


def _show_loop(loop: dict[str, Any], as_json: bool) -> None:
    answer(loop, as_json, [f"{loop['loop_uid']}: {loop['state']} (version {loop['version']})"])


def _detail(text: str) -> tuple[str, Any]:
    """One key=value; a value that is a day is read as one, and what has an option of its own is sent there."""
    key, separator, value = text.partition("=")
    if not separator or not key.isidentifier():
        raise typer.BadParameter(f"'{text}' is not key=value")
    if key in OPTIONS or key in ("name", "loop_uid"):
        raise typer.BadParameter(f"'{key}' is no detail of a move" + (f"; use --{key}" if key in OPTIONS else ""))
    return key, parse_day(value) if key in DAYS else value


def _facts(view: Any) -> dict[str, Any]:
    shown = view.loop | ({"written": view.written} if view.written else {})
    return {name.removesuffix("_uid").removesuffix("_code").replace("_", " "): fact for name, fact in shown.items()}


def _candidates(view: Any) -> list[str]:
    lines = ["", "possible answers:" if view.matches else "possible answers: none"]
    for match in view.matches:
        title = match["title"] or "(without a title)"
        lines.append(f"  {match['change_uid']}  {match['probability']:.0%}, {match['standing']}: {title}")
        lines += [f"      {reason}" for reason in match["reasons"]]
    return lines


def _said(view: Any, *, asked: bool) -> list[str]:
    if not asked:
        return []
    return [
        "",
        "what was said:",
        *([f"  “{in_a_line(text)}”" for text in view.words] or ["  its words are not shown here"]),
    ]
