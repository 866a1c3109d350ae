"""Whether it all adds up: the state of things, the rows, the history, the configuration."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from flows.commands.options import AsJson, At, now
from flows.showing import counted, in_a_line, in_columns, show, some

if TYPE_CHECKING:
    from tasks.status import Status

STATES = {
    "heard": "heard", "owned": "owned", "matched": "matched", "decided": "decided", "told": "told", "agreed": "agreed",
    "reopened": "reopened", "withheld": "withheld", "diverted": "diverted", "not_counted": "not counted",
    "withdrawn": "withdrawn", "merged": "merged into others",
}  # fmt: skip
SOURCES = {"source": "source or register", "last_status": "last run", "last_run": "at", "last_heard_on": "last heard",
           "quarantined": "in quarantine", "told": "alarm"}  # fmt: skip
BUILD = "`heardback status --docs` builds them"
ALARMS = {
    "silent": "{what} quiet for {count} days",
    "empty": "no row where {count} came before",
    "shorter": "a snapshot {count} rows shorter than the last",
}


def check(
    ask: Annotated[
        bool,
        typer.Option(
            "--ask", help="Ask every tool, mailbox and folder elsewhere whether it lets us in; fetches no answer."
        ),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Check the configuration: sources, services, owners, policy, secrets; every fault with file and line."""
    from tasks.configuration import check_configuration

    found = check_configuration(now(None) if ask else None)
    closed = [f"closed: {door}" for door in found.closed]
    faults = [f"{some(len(found.faults), 'fault')}:", *found.faults] if found.faults else []
    show(found, as_json, faults or [*found.summary, *closed])
    if found.faults or found.closed:
        raise typer.Exit(1)


def status(
    docs: Annotated[bool, typer.Option("--docs", help="Build the data docs first; takes some seconds.")] = False,
    as_json: AsJson = False,
    at: At = None,
) -> None:
    """Loops by state, what is overdue, sources and their last runs; where the data docs lie."""
    from tasks.status import status as status_of

    if docs:
        from tasks.data_docs import build_data_docs

        build_data_docs(now(at))
    found = status_of(now(at))
    lines = [
        found.council,
        f"loops: {counted(found.loops, STATES)}",
        f"waiting: {_waiting(found)}",
        *([f"not in English: {counted(found.languages)}"] if found.languages else []),
        f"data docs: {_where(found)}",
        "",
        *in_columns([source | {"told": _told(source["alarms"])} for source in found.sources], SOURCES),
        *_broken(found.sources),
    ]
    show(found, as_json, lines)


def _waiting(found: "Status") -> str:
    waiting = [
        (found.overdue, "loop overdue", "loops overdue"),
        (found.withheld_to_read, "withheld loop for a trained reader", "withheld loops for a trained reader"),
        (found.withheld_too_long, "of them held for too long", "of them held for too long"),
        (found.unread["all"], "comment that nobody trained has read", "comments that nobody trained has read"),
        (found.complaints["open"], "complaint", "complaints"),
        (found.complaints["overdue"], "of them overdue", "of them overdue"),
        (found.quarantined, "row in quarantine", "rows in quarantine"),
    ]
    return ", ".join(some(*each) for each in waiting if each[0]) or "nothing"


def _broken(sources: list[dict[str, Any]]) -> list[str]:
    """Why the feeds that failed last did, below the table: a reason is longer than a column."""
    reasons = [f"{source['source']}: {in_a_line(source['error'])}" for source in sources if source["error"]]
    return ["", *reasons] if reasons else []


def _where(found: "Status") -> str:
    if not found.data_docs:
        return f"not built yet; {BUILD}"
    return found.data_docs if found.data_docs_show_the_newest_pull else f"{found.data_docs} (older; {BUILD})"


def _told(alarms: list[dict[str, Any]]) -> list[str]:
    return [ALARMS[alarm["kind"]].format(what=alarm["box"] or "gone", count=alarm["measure"]) for alarm in alarms]


def reconcile(as_json: AsJson = False) -> None:
    """Rows in = rows accounted for, pull by pull; exit 1 with the pull's name where they are not."""
    from tasks.assurance import reconcile as recount

    found = recount()
    rows = sum(account.rows_read for account in found.accounts)
    sound = f"{some(len(found.accounts), 'pull')}, {some(rows, 'row')}: every one accounted for"
    show(found, as_json, found.problems or [sound])
    if found.problems:
        raise typer.Exit(1)


def verify(as_json: AsJson = False) -> None:
    """The history's hash chain from its first entry to its last; exit 1 with the row where it is broken."""
    from tasks.assurance import verify as follow_chain

    found = follow_chain()
    entries = some(found.entries, "entry of the history", "entries of the history")
    show(found, as_json, found.problems or [f"{entries}: every one as it was written"])
    if found.problems:
        raise typer.Exit(1)


def migrate(
    rotate_key: Annotated[
        bool, typer.Option("--rotate-key", help="Then seal every word anew with the first of the environment's keys.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Bring the database to this version of Heardback."""
    from tasks.configuration import migrate_store
    from tasks.configuration import rotate_key as rotate

    version = migrate_store()
    sealed = rotate() if rotate_key else {}
    told = [f"sealed anew: {counted(sealed)}"] if rotate_key else []
    show({"version": version, "sealed": sealed}, as_json, [f"the database is at version {version}", *told])
