"""docs/commands.md, written from the command line itself: `python -m flows.reference > docs/commands.md`."""

from collections.abc import Iterator
from typing import Any

import typer

from flows.cli import make_app

OPENING = """# The command line

Every command, written from the code by `python -m flows.reference`. The same steps run as Prefect flows; by hand they
need no server. With `--json` a command prints one JSON object on standard output; logs and errors go to standard error.

Exit codes: 0 done; 1 a check failed, or something would be or was refused; 2 bad input, configuration or database;
70 a fault in Heardback itself; 130 stopped by Ctrl-C. Nothing half-done is kept in any of these cases.

Where things are is said by the environment: `HEARDBACK_HOME` (default `var/`), `HEARDBACK_CONFIG` (default `config/`),
`HEARDBACK_DATABASE_URL` (default: a SQLite file in `HEARDBACK_HOME`), `HEARDBACK_SLACK_TOKEN`,
`HEARDBACK_SLACK_APP_TOKEN` and `HEARDBACK_SLACK_URL`.
"""


def commands_page() -> str:
    """The page as Markdown, commands in the order of `heardback --help`."""
    root = typer.main.get_command(make_app())
    return "\n".join([OPENING, *_sections(root, None)])


def _sections(command: Any, parent: Any) -> Iterator[str]:
    context = command.make_context(command.name or "heardback", [], parent=parent, resilient_parsing=True)
    if parent is not None and _runs_by_itself(command):
        yield from _section(command, context)
    for child in getattr(command, "commands", {}).values():
        yield from _sections(child, context)


def _runs_by_itself(command: Any) -> bool:
    """A group does only where it may be called without one of its commands."""
    return getattr(command, "invoke_without_command", True)


def _section(command: Any, context: Any) -> Iterator[str]:
    yield f"## `{context.command_path}`\n"
    yield f"{command.help}\n"
    yield f"```\n{command.get_usage(context).removeprefix('Usage: ')}\n```\n"
    records = [_described(parameter, context) for parameter in command.get_params(context)]
    rows = [f"| `{name}` | {_in_a_cell(what)} |" for name, what in records if name != "--help"]
    if rows:
        yield "\n".join(["| Give | Meaning |", "|---|---|", *rows, ""])


def _described(parameter: Any, context: Any) -> tuple[str, str]:
    record = parameter.get_help_record(context)
    return (record[0], record[1]) if record else (parameter.make_metavar(context), "")


def _in_a_cell(text: str) -> str:
    return text.replace("|", "\\|")


if __name__ == "__main__":
    typer.echo(commands_page().rstrip())
