"""Whether it all adds up: the state of things, the rows, the history, the configuration."""

import typer

from flows.commands.options import AsJson, At, now
from flows.showing import counted, in_columns, show


def check(as_json: AsJson = False) -> None:
    """Check the configuration: sources, services, owners, policy, secrets; every fault with file and line."""
    from tasks.configuration import check_configuration

    found = check_configuration()
    show(found, as_json, found.faults or found.summary)
    if found.faults:
        raise typer.Exit(1)


def status(as_json: AsJson = False, at: At = None) -> None:
    """Loops by state, what is overdue, sources and their last runs."""
    from tasks.status import status as status_of

    found = status_of(now(at))
    waiting = (
        f"{found.overdue} overdue, {found.withheld_to_read} withheld to read, {found.quarantined} rows in quarantine"
    )
    sources = in_columns(found.sources, ["source", "last_status", "last_run", "last_heard_on", "quarantined", "silent"])
    show(found, as_json, [found.council, f"loops: {counted(found.loops)}", waiting, "", *sources])


def reconcile(as_json: AsJson = False) -> None:
    """Rows in = rows accounted for, pull by pull; exit 1 with the pull's name where they are not."""
    from tasks.assurance import reconcile as recount

    found = recount()
    rows = sum(account.rows_read for account in found.accounts)
    show(found, as_json, found.problems or [f"{len(found.accounts)} pulls, {rows} rows: every one accounted for"])
    if found.problems:
        raise typer.Exit(1)


def verify(as_json: AsJson = False) -> None:
    """The history's hash chain from its first entry to its last; exit 1 with the row where it is broken."""
    from tasks.assurance import verify as follow_chain

    found = follow_chain()
    show(found, as_json, found.problems or [f"{found.entries} history entries: every one as it was written"])
    if found.problems:
        raise typer.Exit(1)


def migrate(as_json: AsJson = False) -> None:
    """Bring the database to this version of Heardback."""
    from tasks.configuration import migrate_store

    version = migrate_store()
    show({"version": version}, as_json, [f"the database is at version {version}"])
