"""What goes wrong, told on standard error: what, where and what to do; never a value that somebody wrote."""

import traceback
from pathlib import Path

import typer

FAULT_OF_OURS = 70  # sysexits' EX_SOFTWARE: neither bad input (2) nor a failed check (1)
STOPPED = 130  # as shells have it of what Ctrl-C ended: 128 and the number of the signal


def tell(error: Exception) -> int:
    """Print one clear message; returns the exit code that the command ends with."""
    from tasks.failures import HeardbackError

    # a step hides what broke it behind its own kind of error, and Python keeps the first one as its context
    origin = error.__context__ if isinstance(error.__context__, (OSError, UnicodeDecodeError)) else error
    if isinstance(error, HeardbackError):
        what, code = str(error), error.exit_code
    elif isinstance(origin, OSError):
        what, code = _of_the_system(origin), 2
    elif isinstance(origin, UnicodeDecodeError):
        what, code = "a file that was named is not UTF-8 text\n  → save it as UTF-8, and run this again", 2
    else:
        what, code = _of_ours(error), FAULT_OF_OURS
    typer.echo(f"heardback: {what}", err=True)
    return code


def tell_stopped() -> None:
    """Say what somebody leaves behind who stopped a command."""
    what = "stopped before its end; nothing in the database is half-written"
    typer.echo(f"heardback: {what}\n  → run it again: what was done is not done twice", err=True)


def _of_the_system(error: OSError) -> str:
    """A file or folder that could not be read or written."""
    place = f"{error.filename}: " if error.filename else ""
    return f"{place}{error.strerror or type(error).__name__}\n  → correct the path or its rights, and run this again"


def _of_ours(error: Exception) -> str:
    """The places in the code, and not the message: what a library says of a value may hold a child's words."""
    frames = traceback.extract_tb(error.__traceback__)
    places = [f"    {_short(frame.filename)}:{frame.lineno} in {frame.name}" for frame in frames]
    kind = type(error.__context__ or error).__name__
    what = f"a fault in Heardback itself ({kind}); what it was about to store, it did not"
    return "\n".join([what, *places, "  → report these lines; they hold no word of any comment"])


def _short(path: str) -> str:
    parts = Path(path).parts
    start = parts.index("site-packages") + 1 if "site-packages" in parts else -3
    return str(Path(*parts[start:]))
