"""One screen after a run: rows and where each ended, loops by state, closure, who is nudged, and where to look."""

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from fnmatch import fnmatch
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.columns import Columns
from rich.console import Console, Group, RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from tasks.plurals import some

if TYPE_CHECKING:
    from flows.demo import DemoRun

WIDTH = 110
FATES = {
    "loop": "opened or joined a loop",
    "withheld": "withheld for a trained reader",
    "diverted": "complaints, to their own procedure",
    "not_counted": "ask for nothing, tests, empty",
    "duplicate": "known already",
    "quarantine": "in quarantine, with reasons",
}
STATES = (
    "heard",
    "owned",
    "matched",
    "decided",
    "told",
    "agreed",
    "reopened",
    "withheld",
    "diverted",
    "not_counted",
    "merged",
)
PAPERS = {
    "board pack": "board-pack-*.html",
    "the same to print": "board-pack-*.pdf",
    "on two pages": "summary-*.pdf",
    "every figure": "figures-*.xlsx",
}
RATES = {"owned": "taken on", "decided": "decided", "closed": "decided and told", "agreed": "agreed"}


def draw(run: "DemoRun", out: Path, now: datetime) -> str:
    """The screen as text, coloured where standard output is a terminal."""
    page = StringIO()
    Console(width=WIDTH, file=page, force_terminal=Console().is_terminal).print(screen_of(run, out, now))
    return page.getvalue().rstrip()


def picture(run: "DemoRun", out: Path, now: datetime) -> str:
    """The screen as an SVG picture."""
    console = Console(width=WIDTH, file=StringIO(), record=True, force_terminal=True)
    console.print(screen_of(run, out, now))
    drawn = console.export_svg(title="make run")
    return re.sub(r"@font-face \{[^}]*\}\s*", "", drawn)  # Rich would fetch its font from somebody's server


def screen_of(run: "DemoRun", out: Path, now: datetime) -> RenderableType:
    """Everything on the screen."""
    heading = Text.assemble(
        (f"{run.status.council}", "bold"),
        f", a sample council, as on {now:%A %-d %B %Y}. ",
        (run.pack.sentence, "italic"),
    )
    return Group(
        Panel(heading, title="Heardback", title_align="left"),
        Columns([_rows(run), _loops(run), _closure(run)], padding=(0, 1)),
        Columns([_nudged(run), _where(run, out)], padding=(0, 1)),
        _promise(run),
    )


def _rows(run: "DemoRun") -> Table:
    counts: dict[str, int] = {}
    for account in run.reconciliation.accounts:
        for fate, rows in account.fates.items():
            counts[fate] = counts.get(fate, 0) + rows
    table = _table("Rows read, and where each ended", "right", "left")
    _add(table, ((counts.get(fate, 0), words) for fate, words in FATES.items()))
    read = sum(account.rows_read for account in run.reconciliation.accounts)
    table.add_section()
    table.add_row(str(sum(counts.get(fate, 0) for fate in FATES)), "responses accounted for", style="bold")
    table.add_row(str(counts.get("change", 0)), "changes of registers")
    table.add_row(str(read), "rows read")
    return table


def _loops(run: "DemoRun") -> Table:
    table = _table("Loops by state", "right", "left")
    _add(table, ((run.status.loops.get(state, 0), state.replace("_", " ")) for state in STATES))
    return table


def _closure(run: "DemoRun") -> Table:
    table = _table(f"Heard in {run.pack.month}, and since", "right", "left")
    _add(table, ((run.pack.rates[code]["shown"], words) for code, words in RATES.items()))
    if any(rate["value"] is None for rate in run.pack.rates.values()):
        table.add_row("c", "not shown: it could point to a child", style="italic")
    table.add_row("", "In all, in this run", style="bold")
    _add(
        table,
        (
            (run.matched.loops_with_a_suggestion, "loops met a possible answer"),
            (run.matched.loops_without, "met an honest nothing"),
            (run.journal.recorded, "notes that staff made, recorded"),
            (run.status.overdue, "loops overdue"),
            (len(run.nudged.exceptions), "on the board's exception list"),
        ),
    )
    return table


def _nudged(run: "DemoRun") -> Table:
    table = _table(f"Nudged in {run.nudged.window}: one digest an owner", "left", "right")
    _add(table, ((run.status.people[owner], some(loops, "loop")) for owner, loops in run.nudged.recipients.items()))
    return table


def _where(run: "DemoRun", out: Path) -> Table:
    table = _table("Look at", "left", "left")
    pages = {
        **{name: path for name, end in PAPERS.items() for path in run.pack.paths if fnmatch(path.name, end)},
        "public board": run.board.paths[0],
        **_posters(run),
        "nudges as Slack shows them": run.nudged.preview,
        "and the board's summary": out / "outbox" / "board-summary.html",
        "messages as sent": out / "outbox",
        "database": out / "heardback.db",
    }
    _add(table, ((name, str(path)) for name, path in pages.items()))
    return table


def _posters(run: "DemoRun") -> dict[str, object]:
    posters = [path for path in run.board.paths if path.suffix == ".pdf"]
    return {some(len(posters), "poster (A3)", "posters (A3)"): posters[0].parent} if posters else {}


def _promise(run: "DemoRun") -> Text:
    pulls, problems = len(run.reconciliation.accounts), len(run.reconciliation.problems)
    rows = sum(account.rows_read for account in run.reconciliation.accounts)
    if problems:
        return Text(f"{some(problems, 'pull does', 'pulls do')} not balance: heardback reconcile", style="bold red")
    return Text(
        f"{some(pulls, 'pull')}, {some(rows, 'row')}, every one accounted for; the history as it was written.",
        style="green",
    )


def _table(title: str, *sides: Any) -> Table:
    table = Table(title=title, title_justify="left", title_style="bold", show_header=False, box=None, pad_edge=False)
    table.min_width = len(title) + 1  # or the title would break
    for side in sides:
        table.add_column(justify=side, no_wrap=True)
    return table


def _add(table: Table, rows: Iterable[tuple[object, object]] | Mapping[str, object]) -> None:
    for first, second in rows.items() if isinstance(rows, Mapping) else rows:
        table.add_row(str(first), str(second))
