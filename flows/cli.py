"""The command line: the same steps that the flows run, by hand and without a server."""

import sys

import typer

from flows.commands import (
    acting,
    assuring,
    complaints,
    demo,
    feeds,
    forgetting,
    listening,
    loops,
    maps,
    quarantine,
    redact,
    safeguarding,
    screen,
    telling,
)

COMMANDS = (
    demo.demo, maps.init, assuring.check, feeds.pull, feeds.changes, acting.nudge, acting.report, acting.board,
    telling.told_back, telling.action_plan, telling.practice,
    telling.board_wording,
    assuring.status, assuring.reconcile, assuring.verify, forgetting.forget, assuring.migrate,
    listening.listen,
)  # fmt: skip
GROUPS = {
    "map": maps.app, "match": feeds.match_app, "loop": loops.app, "quarantine": quarantine.app,
    "safeguarding": safeguarding.app, "redact": redact.app, "screen": screen.app, "complaints": complaints.app,
}  # fmt: skip


def make_app() -> typer.Typer:
    """The whole command line, commands in the order in which a newcomer meets them."""
    app = typer.Typer(
        name="heardback",
        help="Closes the feedback loop in public services for children and families.",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
    )
    for command in COMMANDS:
        app.command()(command)
    for name, group in GROUPS.items():
        app.add_typer(group, name=name)
    return app


def main() -> None:
    """Run the command line; what goes wrong is one clear message on standard error."""
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(errors="backslashreplace")  # a terminal without UTF-8 is no reason to stop half-way
    try:
        make_app()()
    except SystemExit as end:
        from flows.failing import STOPPED, tell_stopped

        if end.code == STOPPED:
            tell_stopped()
        raise
    except Exception as error:
        from flows.failing import tell

        raise SystemExit(tell(error)) from None
