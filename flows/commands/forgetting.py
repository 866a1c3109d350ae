"""What is forgotten: by the clock, at somebody's wish, and what is held from both."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Annotated, Any

import typer

from flows.commands.options import AsJson, At, now
from flows.showing import in_columns, show, some

WHY = {"kind": "kind", "source": "source", "rule": "rule", "before": "older than", "due": "due", "of": "of"}
HOLDS = {"what": "held", "id": "id", "since": "since", "by": "by"}
IDS_SHOWN = 5
DryRun = Annotated[bool, typer.Option("--dry-run", help="Only say what would be forgotten by the clock, and why.")]
Named = Annotated[str, typer.Option(metavar="ID", help="Erase a response: its id, SOURCE:RECORD, or a loop's number.")]
Code = Annotated[
    str,
    typer.Option(metavar="CODE", help="Erase the response whose writer chose this code; - reads it from the input."),
]
Hold = Annotated[str, typer.Option(metavar="ID", help="Hold a response or a source from being forgotten.")]
Lift = Annotated[str, typer.Option(metavar="ID", help="Let go of what was held.")]
By = Annotated[str, typer.Option("--by", metavar="NAME", help="Who erases, holds or lifts; it is on record.")]
Reason = Annotated[str, typer.Option(help="Why; no child's words. A hold needs one.")]


def forget(
    dry_run: DryRun = False,
    response: Named = "",
    code: Code = "",
    hold: Hold = "",
    lift: Lift = "",
    by: By = "",
    reason: Reason = "",
    as_json: AsJson = False,
    at: At = None,
) -> None:
    """Forget what the policy no longer keeps; or erase one response, or hold something from both."""
    wishes = [name for name, value in {"response": response, "code": code, "hold": hold, "lift": lift}.items() if value]
    _check(wishes, by, dry_run=dry_run)
    if not wishes:
        _by_the_clock(now(at), as_json, dry_run=dry_run)
    elif wishes[0] in ("hold", "lift"):
        _hold_or_lift(wishes[0], hold or lift, by, now(at), reason, as_json)
    else:
        _erase(response, code, by, now(at), reason, as_json)


def _check(wishes: list[str], by: str, *, dry_run: bool) -> None:
    if len(wishes) > 1 or (wishes and dry_run):
        raise typer.BadParameter("one at a time: --dry-run, --response, --code, --hold or --lift")
    if wishes and not by:
        raise typer.BadParameter("say who does it: --by NAME")


def _by_the_clock(at: datetime, as_json: bool, *, dry_run: bool) -> None:
    from tasks.forget import forget as forget_what_is_due

    found = forget_what_is_due(at, dry_run=dry_run)
    due = {
        "comment": len(found.comments),
        "raw file": len(found.raw_files),
        "quarantined row": len(found.quarantined),
        "verdict": len(found.verdicts),
    }
    show(found, as_json, [f"{'forgotten' if found.done else 'due to be forgotten'}: {_some_of(due)}", *_why(found)])


def _some_of(counts: Mapping[str, int]) -> str:
    """`1 comment, 2 raw files`, of what there is any of."""
    return ", ".join(some(count, one) for one, count in counts.items() if count) or "nothing"


def _why(found: Any) -> Iterator[str]:
    rules = [
        {"kind": due.kind, "source": due.source or "all", "rule": due.rule, "before": due.before, "due": len(due.ids)}
        | {"of": due.of, "ids": due.ids}
        for due in found.why
    ]
    if rules:
        yield from ["", *in_columns(rules, WHY)]
        yield from ["", *(f"{rule['kind']} of {rule['source']}: {_first(rule['ids'])}" for rule in rules)]
        yield f"words in backups until {found.backups_until:%d %B %Y}, as the policy says that you keep them"
    if found.kept.unread:
        yield f"kept, for a trained reader has not settled them: {some(len(found.kept.unread), 'comment')}"
    if found.kept.holds:
        yield from ["", "under a legal hold:", *in_columns(found.kept.holds, HOLDS)]


def _first(ids: list[str]) -> str:
    more = f" and {len(ids) - IDS_SHOWN} more (--json has all)" if len(ids) > IDS_SHOWN else ""
    return ", ".join(one[:12] for one in ids[:IDS_SHOWN]) + more


def _hold_or_lift(what: str, about: str, by: str, at: datetime, reason: str, as_json: bool) -> None:
    from tasks.hold import lift_hold, place_hold

    steps: dict[str, Callable[..., dict[str, str]]] = {"hold": place_hold, "lift": lift_hold}
    noted = steps[what](about, by, at, reason)
    show(noted, as_json, [f"{noted['kind']} {noted['id']}: {'held' if what == 'hold' else 'no longer held'}"])


def _erase(response: str, code: str, by: str, at: datetime, reason: str, as_json: bool) -> None:
    from tasks.erase import erase_by_code, erase_response

    if code == "-":
        code = typer.get_text_stream("stdin").readline()
    erased = erase_by_code(code, by, at, reason) if code else erase_response(response, by, at, reason)
    gone = {
        "comment": erased.comments,
        "quarantined row": len(erased.quarantined),
        "raw file": len(erased.raw_files),
    }
    lines = [f"erased {erased.response_uid[:12]} of {erased.source}: {_some_of(gone)}", erased.still_yours]
    if not erased.scrubbed:
        lines.append("somebody was reading the database, so its log still holds it: run `heardback forget` again")
    show(erased, as_json, lines)
